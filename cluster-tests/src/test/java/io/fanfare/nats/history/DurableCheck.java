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
 * What durable subscriptions to kept topics promise: each message with a RECEIPT that is sent behind the RECEIPT of the
 * first SUBSCRIBE comes at least once, whichever node the client is at, and again until it is acknowledged; what an
 * ACK's RECEIPT has confirmed never comes again; what comes again says so; and a connection gets all of it in the
 * topic's order.
 */
final class DurableCheck {

    /** A connection that has the subscription, or had it. */
    private static final class Holder {
        private final String client;

        /** When its SUBSCRIBE was begun. */
        private final long from;

        /** When its RECEIPT came. */
        private long since = Long.MAX_VALUE;

        /** Messages that came, and when last. */
        private final Map<String, Event> messages = new LinkedHashMap<>();

        private final Set<String> givenBack = new HashSet<>();
        private final Map<String, Long> publishers = new HashMap<>();
        private long place;

        Holder(Event subscribe) {
            client = subscribe.client();
            from = subscribe.at();
        }

        /** Whether it surely came to the subscription behind another one, which had it then. */
        boolean isBehind(Holder other) {
            return from > other.since;
        }
    }

    private final String subscription;
    private final List<Violation> violations = new ArrayList<>();
    private final Map<String, Holder> holders = new LinkedHashMap<>();

    /** The first RECEIPT of a SUBSCRIBE; what is sent from then on must come. */
    private long begin = Long.MAX_VALUE;

    private final Map<String, Event> begun = new HashMap<>();
    private final List<Event> sent = new ArrayList<>();

    /** When each message came first. */
    private final Map<String, Event> seen = new HashMap<>();

    /** Messages for which an ACK was begun. */
    private final Set<String> acknowledged = new HashSet<>();

    private final List<Event> confirmed = new ArrayList<>();

    /** The messages' places in the topic, as subscribers of it have told. */
    private final Map<String, Long> places = new HashMap<>();

    private DurableCheck(String subscription) {
        this.subscription = subscription;
    }

    /**
     * Looks for what must not be.
     *
     * @param events of the subscription and of its topic; behind the last SEND there was time for it to arrive
     * @param subscription the destination of its own events
     * @return each violation
     */
    static List<Violation> violations(List<Event> events, String subscription) {
        DurableCheck check = new DurableCheck(subscription);
        for (Event event : events) {
            if (event.kind() == Kind.RECEIVED && event.number() > 0) {
                check.places.put(event.message(), event.number());
            }
        }
        events.forEach(check::take);
        check.sent.forEach(check::arrived);
        check.confirmed.forEach(check::settled);
        check.lost();
        return check.violations;
    }

    private void take(Event event) {
        if (!event.destination().equals(subscription)) {
            ofTopic(event);
            return;
        }
        switch (event.kind()) {
            case SUBSCRIBE -> holders.put(event.client(), new Holder(event));
            case SUBSCRIBED -> subscribed(event);
            case RECEIVED -> received(event);
            case NACK -> holder(event).givenBack.add(event.message());
            case ACK -> acknowledged.add(event.message());
            case ACKED -> confirmed.add(event);
            case CONNECTED, SEND, SENT, UNKNOWN, CLOSED, FAULT, MENDED -> {}
        }
    }

    private void ofTopic(Event event) {
        if (event.kind() == Kind.SEND) {
            begun.put(event.message(), event);
        } else if (event.kind() == Kind.SENT) {
            sent.add(event);
        }
    }

    private Holder holder(Event event) {
        Holder holder = holders.get(event.client());
        if (holder == null) {
            throw new IllegalArgumentException("not behind a SUBSCRIBE: " + event);
        }
        return holder;
    }

    private void subscribed(Event event) {
        Holder holder = holder(event);
        holder.since = event.at();
        // the history of these runs has all that comes while no connection has the subscription
        if (holder.from > begin && !event.flag()) {
            violations.add(
                    Violation.of("not recovered", event, event.client() + " was told that messages are missing"));
        }
        begin = Math.min(begin, event.at());
    }

    private void received(Event event) {
        Holder holder = holder(event);
        String message = event.message();
        Event first = seen.putIfAbsent(message, event);
        boolean isHere = holder.messages.put(message, event) != null;
        boolean isReturned = holder.givenBack.remove(message);
        if (isHere && !isReturned) {
            violations.add(Violation.of("twice", event, event.client() + " got " + message + " again, and had it"));
        }
        // a node that does not hear of a takeover may hand out something meanwhile
        if (first != null && !event.flag() && (isHere || first.at() < holder.from)) {
            violations.add(Violation.of(
                    "not redelivered", event, message + " came again to " + event.client() + " and does not say so"));
        }
        if (!isHere) {
            inOrder(event, holder);
        }
    }

    private void inOrder(Event event, Holder holder) {
        Long last = holder.publishers.put(event.publisher(), event.place());
        long place = places.getOrDefault(event.message(), holder.place);
        if ((last != null && last > event.place()) || place < holder.place) {
            violations.add(Violation.of(
                    "order",
                    event,
                    event.client() + " got " + event.message() + " behind one that the topic has later"));
        }
        holder.place = place;
    }

    private void arrived(Event receipt) {
        Event send = begun.get(receipt.message());
        if (send == null) {
            throw new IllegalArgumentException("a RECEIPT without its SEND: " + receipt);
        }
        if (send.at() > begin && !seen.containsKey(send.message())) {
            violations.add(new Violation(
                    "missing",
                    subscription + " never got " + send.message(),
                    send.client(),
                    send.message(),
                    send.at()));
        }
    }

    /** It comes to no connection that has the subscription afterwards, and not to this one. */
    private void settled(Event receipt) {
        Holder holder = holder(receipt);
        for (Holder other : holders.values()) {
            Event message = other.messages.get(receipt.message());
            boolean isAgain = other == holder ? message != null && message.at() > receipt.at() : other.isBehind(holder);
            if (message != null && isAgain) {
                violations.add(Violation.of(
                        "again",
                        message,
                        message.message() + " came to " + other.client + ", and " + holder.client
                                + " had the RECEIPT of its ACK"));
            }
        }
    }

    /** What no connection has acknowledged comes to the last one, which is there until the end. */
    private void lost() {
        Holder last = holders.values().stream()
                .filter(each -> each.since < Long.MAX_VALUE)
                .reduce((one, next) -> next)
                .orElse(null);
        seen.forEach((message, event) -> {
            if (last != null && !acknowledged.contains(message) && !last.messages.containsKey(message)) {
                violations.add(Violation.of(
                        "lost", event, message + " was not acknowledged, and did not come to " + last.client));
            }
        });
    }

    /** The kinds of events that this looks at. */
    static boolean isAbout(Event event, String subscription, String topic) {
        return event.destination().equals(subscription) || event.destination().equals(topic);
    }
}
