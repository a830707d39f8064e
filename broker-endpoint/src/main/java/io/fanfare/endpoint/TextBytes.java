package io.fanfare.endpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Encodes text as UTF-8 that comes in parts: a container may cut it anywhere, between the two halves of a surrogate pair
 * too. Used by one thread at a time.
 */
final class TextBytes {

    private String before = "";

    /** The bytes of all whole characters so far that were not returned before. */
    byte[] encode(String part) {
        String all = before.isEmpty() ? part : before + part;
        int end = all.length();
        if (end > 0 && Character.isHighSurrogate(all.charAt(end - 1))) {
            end--;
        }
        before = all.substring(end);
        return all.substring(0, end).getBytes(UTF_8);
    }
}
