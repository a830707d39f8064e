package io.fanfare.nats.history;

import io.fanfare.nats.history.Event.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What shared queues promise: a message with a RECEIPT is settled or still there, what an ACK's RECEIPT has confirmed
 * never comes again, a message has one consumer at a time, one that comes again says so, and those that come for the
 * first time are in the order of their publisher.
 */
final class QueueCheck {

    private static final String TWO = "two";
    private static final String NOT_REDELIVERED = "not redelivered";
    private static final String AGAIN_AT_ONCE = "again at once";

    /** What comes again sooner was delivered to two, of whom the first has been quick with its ACK. */
    private static final long AT_ONCE = TimeUnit.SECONDS.toNanos(1);

    private final List<Violation> violations = new ArrayList<>();
    private final Map<String, Event> sent = new LinkedHashMap<>();
    private final Map<String, Event> confirmed = new HashMap<>();
    private final Set<String> ackBegun = new HashSet<>();

    /** When a message came for the first time. */
    private final Map<String, Long> seen = new HashMap<>();

    /** The place of the last new message of a publisher at a connection, by both. */
    private final Map<String, Long> places = new HashMap<>();

    /** The connection that has a message now, by message. */
    private final Map<String, String> holders = new HashMap<>();

    /** Messages that came to another connection while this one, by what the history says, had them. */
    private final List<Overlap> overlaps = new ArrayList<>();

    private final Map<String, Long> ends = new HashMap<>();

    /**
     * A message with two consumers, unless the end of the first one's connection was only on its way to it.
     *
     * @param at when the other one got it
     */
    private record Overlap(String message, String holder, String other, long at) {}

    /** How long a client may not know that the broker has ended its connection. */
    private static final long END_IS_KNOWN = TimeUnit.SECONDS.toNanos(3);

    private QueueCheck() {}

    /**
     * Looks for what must not be.
     *
     * @param events of one queue, and the ends of connections; behind the last fault, consumers have taken all that was there
     * @return each violation
     */
    static List<Violation> violations(List<Event> events) {
        QueueCheck check = new QueueCheck();
        events.forEach(check::take);
        check.sent.forEach((message, event) -> {
            if (!check.ackBegun.contains(message)) {
                check.violations.add(Violation.of(
                        "lost", event, message + " had its RECEIPT, and was neither settled nor there at the end"));
            }
        });
        check.overlaps.forEach(check::overlapped);
        return check.violations;
    }

    private void overlapped(Overlap overlap) {
        Long end = ends.get(overlap.holder());
        if (end == null || end - overlap.at() > END_IS_KNOWN) {
            violations.add(new Violation(
                    TWO,
                    overlap.message() + " came to " + overlap.other() + " while " + overlap.holder() + " had it",
                    overlap.other(),
                    overlap.message(),
                    overlap.at()));
        }
    }

    private void take(Event event) {
        switch (event.kind()) {
            case SENT -> sent.put(event.message(), event);
            case RECEIVED -> received(event);
            case ACK -> {
                ackBegun.add(event.message());
                holders.remove(event.message(), event.client());
            }
            case NACK -> holders.remove(event.message(), event.client());
            case ACKED -> confirmed.put(event.message(), event);
            case CLOSED -> {
                holders.values().removeIf(event.client()::equals);
                ends.putIfAbsent(event.client(), event.at());
            }
            case CONNECTED, SEND, UNKNOWN, SUBSCRIBE, SUBSCRIBED, FAULT, MENDED -> {}
        }
    }

    private void received(Event event) {
        String message = event.message();
        Long first = seen.putIfAbsent(message, event.at());
        if (confirmed.containsKey(message)) {
            violations.add(Violation.of(
                    first != null && event.at() - first < AT_ONCE ? AGAIN_AT_ONCE : "again",
                    event,
                    message + " came to " + event.client() + " behind the RECEIPT of its ACK at "
                            + confirmed.get(message).client()));
        }
        String holder = holders.put(message, event.client());
        if (holder != null && !holder.equals(event.client())) {
            overlaps.add(new Overlap(message, holder, event.client(), event.at()));
        }
        if (first == null && !event.flag()) {
            inOrder(event);
        }
        if (first != null && !event.flag()) {
            violations.add(Violation.of(
                    NOT_REDELIVERED, event, message + " came again to " + event.client() + " and does not say so"));
        }
    }

    private void inOrder(Event event) {
        Long last = places.put(event.client() + " " + event.publisher(), event.place());
        if (last != null && last > event.place()) {
            violations.add(Violation.of(
                    "order",
                    event,
                    event.client() + " got " + event.message() + " as a new one behind number " + last));
        }
    }

    /** Whether a violation is that a message came to another consumer, or again, as if for the first time. */
    static boolean isStepBack(Violation violation) {
        return Set.of(TWO, NOT_REDELIVERED, AGAIN_AT_ONCE).contains(violation.kind());
    }

    /** The kinds of events that this looks at. */
    static boolean isAbout(Event event, String queue) {
        return event.kind() == Kind.CLOSED || event.destination().equals(queue);
    }
}
