package io.fanfare.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.frame.Headers;
import java.util.Optional;

/**
 * A message that the broker has taken, from a client or from this JVM.
 *
 * @param destination such as {@code /topic/prices} or {@code /user/ALICE/queue/news}
 * @param headers as receivers get them, {@code destination} among them
 * @param body the octets; not to be changed
 */
public record PublishedMessage(String destination, Headers headers, byte[] body) {

    private static final int SHOWN_BODY_CHARS = 200;

    /** The body read as UTF-8. */
    public String text() {
        return new String(body, UTF_8);
    }

    /** The value of the first header of this name. */
    public Optional<String> header(String name) {
        return headers.find(name);
    }

    /** For failures: the destination, the headers and the beginning of the body. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder(destination);
        for (int i = 0; i < headers.size(); i++) {
            if (!headers.name(i).equals("destination")) {
                out.append(' ').append(headers.name(i)).append(':').append(headers.value(i));
            }
        }
        String text = text();
        return out.append(" \"")
                .append(text.length() > SHOWN_BODY_CHARS ? text.substring(0, SHOWN_BODY_CHARS) + "..." : text)
                .append('"')
                .toString();
    }
}
