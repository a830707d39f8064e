package io.fanfare.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.regex.Pattern;

/** STOMP as text: {@code ^@} is the NUL, as in the STOMP specification. */
final class Transcript {

    private Transcript() {}

    static byte[] bytes(String transcript) {
        return transcript.replace("^@", "\0").getBytes(UTF_8);
    }

    static String text(byte[] bytes) {
        return new String(bytes, UTF_8).replace("\0", "^@");
    }

    /** A pattern from a transcript in which {@code *} stands for anything within a line. */
    static Pattern pattern(String transcript) {
        StringBuilder regex = new StringBuilder();
        for (String part : transcript.split("\\*", -1)) {
            regex.append(regex.isEmpty() ? "" : "[^\n]*").append(part.isEmpty() ? "(?:)" : Pattern.quote(part));
        }
        return Pattern.compile(regex.toString());
    }
}
