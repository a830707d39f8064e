package io.fanfare.nats.history;

import io.fanfare.nats.history.Event.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What topics promise: the order of each publisher, and that what is sent behind the RECEIPT of a SUBSCRIBE arrives, or the
 * subscriber's connection ends.
 */
final class TopicCheck {

    /** What a subscriber has, from the RECEIPT of its SUBSCRIBE to the end of its connection. */
    private static final class Stay {
        private final String client;
        private final long from;
        private boolean ended;
        private final Set<String> messages = new HashSet<>();
        private final Map<String, Long> last = new HashMap<>();

        Stay(String client, long from) {
            this.client = client;
            this.from = from;
        }
    }

    private final List<Violation> violations = new ArrayList<>();
    private final Map<String, Stay> stays = new LinkedHashMap<>();

    /** When the SENDs began whose RECEIPTs have come. */
    private final Map<String, Event> begun = new LinkedHashMap<>();

    private final List<Event> sent = new ArrayList<>();

    private TopicCheck() {}

    /**
     * Looks for what must not be.
     *
     * @param events of one topic, and the ends of connections; behind the last SEND there was time for it to arrive
     * @return each violation
     */
    static List<Violation> violations(List<Event> events) {
        TopicCheck check = new TopicCheck();
        events.forEach(check::take);
        check.sent.forEach(check::arrived);
        return check.violations;
    }

    private void take(Event event) {
        switch (event.kind()) {
            case SEND -> begun.put(event.message(), event);
            // the sender knows that a message went to its own node alone
            case SENT -> {
                if (event.number() != 1) {
                    sent.add(event);
                }
            }
            case SUBSCRIBED -> stays.put(event.client(), new Stay(event.client(), event.at()));
            case RECEIVED -> received(event);
            case CLOSED -> {
                Stay stay = stays.get(event.client());
                if (stay != null) {
                    stay.ended = true;
                }
            }
            case CONNECTED, SUBSCRIBE, UNKNOWN, ACK, ACKED, NACK, FAULT, MENDED -> {}
        }
    }

    private void received(Event event) {
        // a message may come before its SUBSCRIBE's RECEIPT
        Stay stay = stays.computeIfAbsent(event.client(), client -> new Stay(client, Long.MAX_VALUE));
        if (!stay.messages.add(event.message())) {
            violations.add(Violation.of("twice", event, event.client() + " got " + event.message() + " again"));
        }
        Long last = stay.last.put(event.publisher(), event.place());
        if (last != null && last > event.place()) {
            violations.add(Violation.of(
                    "order", event, event.client() + " got " + event.message() + " behind number " + last));
        }
    }

    private void arrived(Event receipt) {
        Event send = begun.get(receipt.message());
        if (send == null) {
            throw new IllegalArgumentException("a RECEIPT without its SEND: " + receipt);
        }
        for (Stay stay : stays.values()) {
            boolean mustHave = !stay.ended && stay.from < send.at();
            if (mustHave && !stay.messages.contains(send.message())) {
                violations.add(new Violation(
                        "missing",
                        stay.client + " was subscribed and stayed, and never got " + send.message(),
                        stay.client,
                        send.message(),
                        send.at()));
            }
        }
    }

    /** The kinds of events that this looks at. */
    static boolean isAbout(Event event, String topic) {
        return event.kind() == Kind.CLOSED || event.destination().equals(topic);
    }
}
