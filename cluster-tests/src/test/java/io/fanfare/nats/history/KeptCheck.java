package io.fanfare.nats.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What kept topics promise beyond {@link TopicCheck}: one order for all subscribers of all nodes, and resumes whose verdict is
 * true.
 */
final class KeptCheck {

    private final List<Violation> violations = new ArrayList<>();

    /** The messages by their place, as subscribers have told. */
    private final NavigableMap<Long, String> order = new TreeMap<>();

    /** The last place that each connection has got. */
    private final Map<String, Long> reached = new HashMap<>();

    /** Connections that were promised everything behind a place, with what they got behind it. */
    private final Map<String, NavigableMap<Long, String>> resumed = new HashMap<>();

    private final Map<String, Long> from = new HashMap<>();

    /** When they were promised it. */
    private final Map<String, Long> since = new HashMap<>();

    private KeptCheck() {}

    /**
     * Looks for what must not be.
     *
     * @param events of one kept topic
     * @return each violation
     */
    static List<Violation> violations(List<Event> events) {
        KeptCheck check = new KeptCheck();
        events.forEach(check::take);
        check.from.forEach(check::resumed);
        return check.violations;
    }

    private void take(Event event) {
        switch (event.kind()) {
            case SUBSCRIBED -> {
                if (event.flag()) {
                    from.put(event.client(), event.number());
                    since.put(event.client(), event.at());
                    resumed.putIfAbsent(event.client(), new TreeMap<>());
                }
            }
            case RECEIVED -> received(event);
            case CONNECTED, SUBSCRIBE, SEND, SENT, UNKNOWN, ACK, ACKED, NACK, CLOSED, FAULT, MENDED -> {}
        }
    }

    private void received(Event event) {
        String other = order.putIfAbsent(event.number(), event.message());
        if (other != null && !other.equals(event.message())) {
            violations.add(Violation.of(
                    "two orders",
                    event,
                    "at " + event.number() + " " + event.client() + " got " + event.message() + ", another subscriber "
                            + other));
        }
        Long last = reached.put(event.client(), event.number());
        if (last != null && last >= event.number()) {
            violations.add(Violation.of("back", event, event.client() + " got " + event.number() + " behind " + last));
        }
        resumed.computeIfAbsent(event.client(), client -> new TreeMap<>()).put(event.number(), event.message());
    }

    /** Everything that others have seen between the place and the last one that the connection got. */
    private void resumed(String client, long place) {
        NavigableMap<Long, String> got = resumed.getOrDefault(client, new TreeMap<>());
        if (got.isEmpty()) {
            return;
        }
        SortedMap<Long, String> due = order.subMap(place, false, got.lastKey(), true);
        due.forEach((number, message) -> {
            if (!got.containsKey(number)) {
                violations.add(new Violation(
                        "false verdict",
                        client + " was recovered behind " + place + " and missed " + message + " at " + number,
                        client,
                        message,
                        since.getOrDefault(client, 0L)));
            }
        });
    }
}
