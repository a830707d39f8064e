package io.fanfare.broker;

import io.fanfare.frame.Printable;
import io.fanfare.frame.ProtocolException;
import java.nio.charset.StandardCharsets;

/**
 * Where a message goes, read from a {@code destination} header.
 *
 * @param kind topic or queue, by the prefix alone
 * @param name what follows the prefix; words separated by {@code .} or {@code /}
 */
record Destination(Kind kind, String name) {

    /** The kinds, by their prefix. */
    enum Kind {
        TOPIC("/topic/"),
        QUEUE("/queue/");

        final String prefix;

        Kind(String prefix) {
            this.prefix = prefix;
        }
    }

    private static final String QUEUE_ALIAS = "/amq/queue/";

    /**
     * Reads a destination.
     *
     * @throws ProtocolException when it has no known prefix, breaks a limit or holds what no name may hold
     */
    static Destination parse(String text, BrokerOptions options) {
        Destination destination = split(text);
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > options.maxDestinationBytes()) {
            throw invalid(
                    text,
                    "it has " + bytes + " B, more than " + options.maxDestinationBytes() + " (max_destination_bytes)");
        }
        checkName(text, destination.name, options.maxDestinationWords());
        return destination;
    }

    private static Destination split(String text) {
        for (Kind kind : Kind.values()) {
            if (text.startsWith(kind.prefix)) {
                return new Destination(kind, text.substring(kind.prefix.length()));
            }
        }
        if (text.startsWith(QUEUE_ALIAS)) {
            return new Destination(Kind.QUEUE, text.substring(QUEUE_ALIAS.length()));
        }
        throw invalid(text, "a destination begins with /topic/ or /queue/");
    }

    private static void checkName(String text, String name, int maxWords) {
        int words = 1;
        int wordStart = 0;
        for (int i = 0; i <= name.length(); i++) {
            boolean atEnd = i == name.length();
            if (atEnd || name.charAt(i) == '.' || name.charAt(i) == '/') {
                if (i == wordStart) {
                    throw invalid(text, "a word of its name is empty");
                }
                wordStart = i + 1;
                words += atEnd ? 0 : 1;
            } else if (isInvisible(name.charAt(i))) {
                throw invalid(text, "it holds a control or invisible character");
            }
        }
        if (words > maxWords) {
            throw invalid(text, "it has " + words + " words, more than " + maxWords + " (max_destination_words)");
        }
    }

    private static boolean isInvisible(char c) {
        return Character.isISOControl(c)
                || Character.getType(c) == Character.FORMAT
                || Character.getType(c) == Character.LINE_SEPARATOR
                || Character.getType(c) == Character.PARAGRAPH_SEPARATOR;
    }

    private static ProtocolException invalid(String text, String why) {
        return new ProtocolException("invalid destination", "invalid destination " + Printable.of(text) + ": " + why);
    }

    /** Prefix and name. */
    @Override
    public String toString() {
        return kind.prefix + name;
    }
}
