package io.fanfare.nats.history;

import io.fanfare.nats.history.Event.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Tells what surrounds a violation, so that one run says enough about it. */
final class Report {

    /** Faults are told from so long before to so long behind. */
    private static final long BEFORE = Duration.ofSeconds(12).toNanos();

    private static final long BEHIND = Duration.ofSeconds(1).toNanos();

    private static final Set<Kind> OF_CONNECTIONS =
            Set.of(Kind.CONNECTED, Kind.SUBSCRIBE, Kind.SUBSCRIBED, Kind.CLOSED);
    private static final Set<Kind> OF_FAULTS = Set.of(Kind.FAULT, Kind.MENDED);

    private final History history;
    private final List<Event> events;

    /** The node of each connection. */
    private final Map<String, Long> nodes = new HashMap<>();

    Report(History history) {
        this.history = history;
        this.events = history.events();
        for (Event event : events) {
            if (event.kind() == Kind.CONNECTED) {
                nodes.put(event.client(), event.number());
            }
        }
    }

    /** The violation, and below it all events of its message, those of the two connections, and the faults before. */
    String explain(Violation violation) {
        return events.stream()
                .filter(event -> isAbout(violation, event))
                .map(event -> "  " + line(event))
                .collect(Collectors.joining("\n", violation + "\n", "\n"));
    }

    private boolean isAbout(Violation violation, Event event) {
        if (OF_FAULTS.contains(event.kind())) {
            return event.at() > violation.at() - BEFORE && event.at() < violation.at() + BEHIND;
        }
        String message = violation.message();
        if (OF_CONNECTIONS.contains(event.kind())) {
            return event.client().equals(violation.client()) || message.startsWith(event.client() + ":");
        }
        return !message.isEmpty() && event.message().equals(message);
    }

    private String line(Event event) {
        StringBuilder out = new StringBuilder();
        out.append(history.time(event.at())).append(' ').append(event.kind());
        Long node = nodes.get(event.client());
        if (node != null) {
            out.append(' ').append(event.client()).append("@").append(node);
        }
        out.append(' ').append(event.destination()).append(' ').append(event.message());
        out.append(" number=").append(event.number()).append(" flag=").append(event.flag());
        return out.toString();
    }

    /** Writes all events and the logs into a directory, which is made. */
    void save(Path directory, Map<String, List<String>> logs) {
        try {
            Files.createDirectories(directory);
            Files.write(directory.resolve("events.txt"), (Iterable<String>)
                    events.stream().map(this::line)::iterator);
            for (Map.Entry<String, List<String>> log : logs.entrySet()) {
                Files.write(directory.resolve(log.getKey() + ".log"), log.getValue());
            }
            System.out.println("history: all events and logs are in " + directory.toAbsolutePath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
