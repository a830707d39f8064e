package io.fanfare.frame;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The WebSocket sub-protocols for STOMP, in order of preference. */
public final class SubProtocols {

    public static final List<String> SUPPORTED = List.of("v12.stomp", "v11.stomp", "v10.stomp", "stomp");

    private SubProtocols() {}

    /** Splits lines of {@code Sec-WebSocket-Protocol} into the names that they offer. */
    public static List<String> split(List<String> headerLines) {
        return headerLines.stream()
                .flatMap(line -> Arrays.stream(line.split(",")))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }

    /**
     * Chooses the preferred one of the names offered, spelled as the client did (RFC 6455 4.2.2: one of those it sent).
     *
     * @return empty when none of them is known
     */
    public static Optional<String> choose(List<String> offered) {
        for (String supported : SUPPORTED) {
            for (String name : offered) {
                if (name.toLowerCase(Locale.ROOT).equals(supported)) {
                    return Optional.of(name);
                }
            }
        }
        return Optional.empty();
    }
}
