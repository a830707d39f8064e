package io.fanfare.server.internal.websocket;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A client's offers of permessage-deflate, in {@code Sec-WebSocket-Extensions} (RFC 7692 7.1), and the answer to them. An
 * offer with a parameter that is unknown, comes twice, has a value that it must not have, or can't be honoured is declined;
 * what is no offer at all is passed over. Immutable; any thread may ask.
 */
final class CompressionOffers {

    private static final String EXTENSION = "permessage-deflate";

    /**
     * No context in either direction: what is sent is shared by clients that have got different messages before, and what
     * is received would need 40 KiB for each connection. A server may demand the second although nobody has offered it
     * (RFC 7692 7.1.1.2).
     */
    private static final String AGREED = EXTENSION + "; server_no_context_takeover; client_no_context_takeover";

    /** RFC 7692 7.1.2: a decimal number from 8 to 15 without leading zeros. */
    private static final Pattern WINDOW_BITS = Pattern.compile("[89]|1[0-5]");

    private static final int MAX_WINDOW_BITS = 15;

    /** Of all windows smaller than the largest. Each size is an encoding more; and still smaller ones save little. */
    private static final int SMALL_WINDOW_BITS = 12;

    /**
     * What a handshake has agreed on.
     *
     * @param windowBits the window of what is sent to the client
     * @param answer the value of {@code Sec-WebSocket-Extensions} in the answer
     */
    record Agreement(int windowBits, String answer) {}

    private CompressionOffers() {}

    /**
     * Accepts the first offer that can be.
     *
     * @param lines of the header, which count as one list (RFC 6455 9.1)
     * @return empty: none
     */
    static Optional<Agreement> accept(List<String> lines) {
        return lines.stream()
                .flatMap(line -> split(line, ',').stream())
                .map(CompressionOffers::acceptOne)
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<Agreement> acceptOne(String offer) {
        List<String> parts = split(offer, ';');
        if (!parts.get(0).equals(EXTENSION)) {
            return Optional.empty();
        }
        int windowBits = MAX_WINDOW_BITS;
        boolean isAsked = false;
        Set<String> names = new HashSet<>();
        for (String parameter : parts.subList(1, parts.size())) {
            int equals = parameter.indexOf('=');
            String name =
                    equals < 0 ? parameter : parameter.substring(0, equals).strip();
            Optional<String> value = equals < 0
                    ? Optional.empty()
                    : Optional.of(unquoted(parameter.substring(equals + 1).strip()));
            if (!isValid(name, value) || !names.add(name)) {
                return Optional.empty();
            }
            if (name.equals("server_max_window_bits")) {
                isAsked = true;
                windowBits = Integer.parseInt(value.orElseThrow());
            }
        }
        if (windowBits < SMALL_WINDOW_BITS) {
            return Optional.empty();
        }
        int window = windowBits < MAX_WINDOW_BITS ? SMALL_WINDOW_BITS : MAX_WINDOW_BITS;
        return Optional.of(new Agreement(window, isAsked ? AGREED + "; server_max_window_bits=" + window : AGREED));
    }

    private static boolean isValid(String name, Optional<String> value) {
        return switch (name) {
            case "server_no_context_takeover", "client_no_context_takeover" -> value.isEmpty();
            case "server_max_window_bits" -> value.isPresent() && isWindow(value.get());
            // any is right: what clients send is inflated with the largest window
            case "client_max_window_bits" -> value.isEmpty() || isWindow(value.get());
            default -> false;
        };
    }

    private static boolean isWindow(String bits) {
        return WINDOW_BITS.matcher(bits).matches();
    }

    private static String unquoted(String value) {
        boolean isQuoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return isQuoted ? value.substring(1, value.length() - 1) : value;
    }

    /** The parts between separators that do not stand in quotes (RFC 9110 5.6.4), without the blanks round them. */
    private static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        boolean isQuoted = false;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                isQuoted = !isQuoted;
            } else if (c == '\\' && isQuoted) {
                i++;
            } else if (c == separator && !isQuoted) {
                parts.add(text.substring(start, i).strip());
                start = i + 1;
            }
        }
        parts.add(text.substring(start).strip());
        return parts;
    }
}
