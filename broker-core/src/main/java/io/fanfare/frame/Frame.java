package io.fanfare.frame;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * One STOMP frame.
 *
 * @param body the octets between the empty line and the NUL; shared, never to be changed
 */
public record Frame(Command command, Headers headers, byte[] body) {

    private static final byte[] NO_BODY = new byte[0];

    /** A frame without a body. */
    public static Frame of(Command command, Headers headers) {
        return new Frame(command, headers, NO_BODY);
    }

    /** A frame with a UTF-8 body. */
    public static Frame of(Command command, Headers headers, String body) {
        return new Frame(command, headers, body.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The value of a header that must be there.
     *
     * @throws ProtocolException when it is not
     */
    public String required(String header) {
        String value = headers.get(header);
        if (value == null) {
            throw new ProtocolException(
                    "missing " + header, command.withArticle() + " frame needs the header " + header);
        }
        return value;
    }

    /** The body read as UTF-8; malformed bytes become U+FFFD. */
    public String bodyAsString() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** Frames are equal when their bodies have the same octets; a record alone would ask for the same array. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Frame that
                && command == that.command
                && headers.equals(that.headers)
                && Arrays.equals(body, that.body);
    }

    @Override
    public int hashCode() {
        return Objects.hash(command, headers, Arrays.hashCode(body));
    }

    /** Command and headers for logs and test failures; not the wire format. */
    @Override
    public String toString() {
        return command + " " + headers + (body.length == 0 ? "" : " + " + body.length + " B");
    }
}
