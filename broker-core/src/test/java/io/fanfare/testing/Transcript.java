package io.fanfare.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.regex.Pattern;

/** STOMP as text: {@code ^@} is the NUL, as in the STOMP specification. */
public final class Transcript {

    private Transcript() {}

    public static byte[] bytes(String transcript) {
        return transcript.replace("^@", "\0").getBytes(UTF_8);
    }

    public static String text(byte[] bytes) {
        return new String(bytes, UTF_8).replace("\0", "^@");
    }

    /** Texts with raw octets between them. */
    public static byte[] join(Object... textsAndOctets) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Object part : textsAndOctets) {
            out.writeBytes(part instanceof String text ? bytes(text) : (byte[]) part);
        }
        return out.toByteArray();
    }

    public static byte[] octets(int... values) {
        byte[] octets = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            octets[i] = (byte) values[i];
        }
        return octets;
    }

    /** A pattern from a transcript in which {@code *} stands for anything within a line. */
    public static Pattern pattern(String transcript) {
        StringBuilder regex = new StringBuilder();
        for (String part : transcript.split("\\*", -1)) {
            regex.append(regex.isEmpty() ? "" : "[^\n]*").append(part.isEmpty() ? "(?:)" : Pattern.quote(part));
        }
        return Pattern.compile(regex.toString());
    }
}
