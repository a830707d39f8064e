package io.fanfare.nats.internal.kept;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Makes tokens of NATS subjects, and parts of names of streams, of any text. */
final class SubjectTokens {

    /** Longer ones are cut, and end with a fingerprint: NATS takes 4 KiB for a subject with what stands beside it. */
    private static final int MAX_CHARS = 400;

    private static final int FINGERPRINT_BYTES = 8;

    private SubjectTokens() {}

    /** One token, by which people know the text; different ones for different texts. */
    static String token(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (byte each : text.getBytes(UTF_8)) {
            if (isPlain(each)) {
                out.append((char) each);
            } else {
                out.append('=').append(HexFormat.of().toHexDigits(each));
            }
        }
        return out.length() <= MAX_CHARS ? out.toString() : out.substring(0, MAX_CHARS) + "==" + fingerprint(text);
    }

    private static boolean isPlain(byte character) {
        return (character >= 'a' && character <= 'z')
                || (character >= 'A' && character <= 'Z')
                || (character >= '0' && character <= '9')
                || character == '-'
                || character == '_'
                || character == '/';
    }

    /** Some digits that stand for a text of an operator. */
    static String fingerprint(String text) {
        return HexFormat.of().formatHex(sha256(text), 0, FINGERPRINT_BYTES);
    }

    /** Digits that stand for a text of a client, which looks in vain for another one with the same. */
    static String hash(String text) {
        return HexFormat.of().formatHex(sha256(text));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
