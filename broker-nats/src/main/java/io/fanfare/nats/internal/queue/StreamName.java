package io.fanfare.nats.internal.queue;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.message.Destination;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Names of a shared queue at the engine.
 *
 * @param stream the name of its stream
 * @param subject the one subject of that stream
 */
record StreamName(String stream, String subject) {

    /** Names of streams are names of folders. */
    private static final int MAX_TOKEN = 160;

    /** The names of a queue's stream in the cluster of this name. */
    static StreamName of(String cluster, Destination queue) {
        String token = token(queue.name());
        return new StreamName(prefix(cluster) + token, subjects(cluster) + token);
    }

    /** What the names of all streams of queues of a cluster begin with. */
    static String prefix(String cluster) {
        return "fanfare_" + cluster + "_queue_";
    }

    /** What the subjects of all queues of a cluster begin with. */
    static String subjects(String cluster) {
        return "fanfare." + cluster + ".queue.";
    }

    /** One token of a subject: letters, digits, and {@code -} stay, other octets are {@code _} and two digits of base 16. */
    private static String token(String name) {
        StringBuilder token = new StringBuilder();
        for (byte octet : name.getBytes(UTF_8)) {
            boolean stays = (octet >= 'a' && octet <= 'z')
                    || (octet >= 'A' && octet <= 'Z')
                    || (octet >= '0' && octet <= '9')
                    || octet == '-';
            if (stays) {
                token.append((char) octet);
            } else {
                token.append('_').append(HexFormat.of().toHexDigits(octet));
            }
        }
        if (token.length() <= MAX_TOKEN) {
            return token.toString();
        }
        String hash = hash(name);
        return token.substring(0, MAX_TOKEN - hash.length() - 1) + "_" + hash;
    }

    /** A text of 64 digits that no other text has. */
    static String hash(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
