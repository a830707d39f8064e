package io.fanfare.broker;

import io.fanfare.testing.Received;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The durable subscriptions of a broker as docs/protocol.md describes them: one thread, plain lists, no loops. */
final class DurableModel {

    record Key(String user, String clientId, String name) {}

    /**
     * What makes a durable subscription this one.
     *
     * @param atLeast its selector wants messages whose {@code n} is no less
     */
    record Terms(List<String> targets, int atLeast, boolean noLocal) {}

    /** A message that is for a durable subscription. */
    private static final class Entry {
        final int number;
        final String topic;
        final DurableModelPeer publisher;

        /** How many connections had had the subscription and lost it when this came. */
        final int holdersBefore;

        /** How often a holder that reads has seen it. */
        int seen;

        boolean settled;

        /** The peer that has it and has not settled it; null: none. */
        Holding heldBy;

        Entry(int number, String topic, DurableModelPeer publisher, int holdersBefore) {
            this.number = number;
            this.topic = topic;
            this.publisher = publisher;
            this.holdersBefore = holdersBefore;
        }

        @Override
        public String toString() {
            return number + " of " + topic;
        }
    }

    /** One SUBSCRIBE: a connection has the durable subscription, until it ends it, goes, or another takes over. */
    static final class Holding {
        final int order;
        final Kept kept;
        final DurableModelPeer peer;
        final String id;
        final String ackMode;
        private final int prefetch;

        /** In the order in which its client saw them. */
        private final List<Entry> unsettled = new ArrayList<>();

        private Holding(int order, Kept kept, DurableModelPeer peer, String id, String ackMode, int prefetch) {
            this.order = order;
            this.kept = kept;
            this.peer = peer;
            this.id = id;
            this.ackMode = ackMode;
            this.prefetch = prefetch;
        }

        String frame() {
            return "SUBSCRIBE\nid:" + id + "\ndestination:" + String.join(",", kept.terms.targets()) + "\nack:"
                    + ackMode
                    + "\nprefetch-count:" + prefetch + "\ndurable-subscription-name:" + kept.key.name()
                    + (kept.terms.atLeast() > 0 ? "\nselector:n >= " + kept.terms.atLeast() : "")
                    + (kept.terms.noLocal() ? "\nno-local:true" : "");
        }

        private boolean isAuto() {
            return ackMode.equals("auto");
        }

        @Override
        public String toString() {
            return id + " of " + peer;
        }
    }

    /** A durable subscription, from its first SUBSCRIBE to its end. */
    static final class Kept {
        final Key key;
        final Terms terms;
        private final Map<Integer, Entry> entries = new LinkedHashMap<>();

        /** By publisher and by topic, and then by holding: the newest message that came for the first time. */
        private final Map<Object, TreeMap<Integer, Integer>> newestFirst = new HashMap<>();

        /** The last that had it; null: none. It may have gone. */
        private Holding last;

        /** The connection that its no-local is about. */
        private DurableModelPeer local;

        private int holders;

        private Kept(Key key, Terms terms) {
            this.key = key;
            this.terms = terms;
        }

        /** The holding there is now; null: its client is away. */
        Holding holding() {
            return last == null || last.peer.isOver() ? null : last;
        }

        private void published(DurableModelPeer publisher, String topic, int number, int n) {
            boolean matches = terms.targets().stream().anyMatch(each -> ModelSubscription.matches(each, topic));
            boolean own = terms.noLocal() && publisher == local;
            if (matches && n >= terms.atLeast() && !own) {
                entries.put(number, new Entry(number, topic, publisher, holders));
            }
        }

        private void saw(Holding holding, Received received) {
            Entry entry = entries.get(Integer.parseInt(received.text()));
            check(entry != null, holding, "got " + received + ", which was not for it");
            check(
                    entry.topic.equals(received.header("destination")),
                    holding,
                    "got " + received + " instead of " + entry);
            if (holding.peer.isLingering()) {
                // written before another took over, and read afterwards
                entry.settled |= holding.isAuto();
                return;
            }
            check(!entry.settled, holding, "got " + entry + ", which had been settled");
            boolean isFree = entry.heldBy == null || entry.heldBy.peer.isOver();
            check(isFree, holding, "got " + entry + ", which " + entry.heldBy + " has");
            checkHeaders(holding, entry, received);
            entry.seen++;
            if (holding.isAuto()) {
                entry.settled = true;
                return;
            }
            entry.heldBy = holding;
            holding.unsettled.add(entry);
            check(holding.unsettled.size() <= holding.prefetch, holding, "has " + holding.unsettled);
        }

        private void checkHeaders(Holding holding, Entry entry, Received received) {
            String count = received.find("delivery-count");
            if (received.find("redelivered") == null) {
                check(entry.seen == 0, holding, "got " + entry + " again, which does not say so");
                check(count == null, holding, "got " + entry + " with a count");
                comesAfter(entry.publisher, holding, entry);
                comesAfter(entry.topic, holding, entry);
                return;
            }
            // what was on its way to a connection that ended counts as delivered, whether or not that saw it
            boolean mayHaveGone = holders > entry.holdersBefore;
            check(entry.seen > 0 || mayHaveGone, holding, "got " + entry + " as redelivered at first");
            int deliveries = Integer.parseInt(String.valueOf(count));
            check(
                    deliveries == entry.seen + 1 || (mayHaveGone && deliveries > entry.seen),
                    holding,
                    "got " + entry + " with the count " + deliveries + " after " + entry.seen);
        }

        /**
         * First deliveries from one publisher, or of one topic, come in the order in which they were sent. One connection may
         * read what it got later than the next one reads what came after that.
         */
        private void comesAfter(Object source, Holding holding, Entry entry) {
            TreeMap<Integer, Integer> newest = newestFirst.computeIfAbsent(source, each -> new TreeMap<>());
            newest.headMap(holding.order, true)
                    .values()
                    .forEach(before -> check(before < entry.number, holding, "got " + entry + " after " + before));
            newest.put(holding.order, entry.number);
        }

        /** Nothing is on its way any more. */
        private void compare() {
            Holding holding = holding();
            for (Entry entry : entries.values()) {
                boolean isFree = entry.heldBy == null || entry.heldBy.peer.isOver();
                boolean waits = !entry.settled && isFree && holding != null;
                check(
                        !waits || holding.unsettled.size() >= holding.prefetch,
                        holding,
                        "could have " + entry + ", which waits");
            }
        }

        private void checkAllSettled() {
            entries.values().forEach(each -> check(each.settled, last, "has not settled " + each));
        }

        private static void check(boolean holds, Object who, String otherwise) {
            if (!holds) {
                throw new AssertionError(who + " " + otherwise);
            }
        }
    }

    private final Map<Key, Kept> kept = new LinkedHashMap<>();
    private int order;

    List<Kept> all() {
        return List.copyOf(kept.values());
    }

    /** The durable subscription of this key; null: there is none. */
    Kept find(Key key) {
        return kept.get(key);
    }

    void publish(DurableModelPeer publisher, String topic, int number, int n) {
        kept.values().forEach(each -> each.published(publisher, topic, number, n));
    }

    /** A connection takes the subscription over, or begins it: with other terms it is a new one. */
    Holding subscribe(Key key, Terms terms, DurableModelPeer peer, String id, String ackMode, int prefetch) {
        Kept found = kept.get(key);
        if (found != null && found.holding() != null) {
            found.holding().peer.mayFailWith("taken over");
        }
        if (found == null || !found.terms.equals(terms)) {
            found = new Kept(key, terms);
            kept.put(key, found);
        }
        found.holders++;
        found.local = peer;
        found.last = new Holding(++order, found, peer, id, ackMode, prefetch);
        return found.last;
    }

    /** UNSUBSCRIBE without the header: it goes on, and what is not settled stays the connection's to settle. */
    void leave(Holding holding) {
        if (holding.kept.last == holding) {
            holding.kept.last = null;
        }
    }

    /** UNSUBSCRIBE with the header. */
    void end(Kept ended) {
        kept.remove(ended.key, ended);
    }

    /** The deliveries that a holding has not settled. */
    int unsettled(Holding holding) {
        return holding.unsettled.size();
    }

    /** The number of an unsettled message. */
    int number(Holding holding, int index) {
        return holding.unsettled.get(index).number;
    }

    /** ACK or NACK of an unsettled message, and with {@code ack:client} of all that came before it. */
    void settle(Holding holding, int index, boolean back) {
        int from = holding.ackMode.equals("client") ? 0 : index;
        List<Entry> covered = holding.unsettled.subList(from, index + 1);
        for (Entry entry : covered) {
            entry.heldBy = null;
            entry.settled = !back;
        }
        covered.clear();
    }

    void saw(Holding holding, Received message) {
        holding.kept.saw(holding, message);
    }

    void compare() {
        kept.values().forEach(Kept::compare);
    }

    void checkAllSettled() {
        kept.values().forEach(Kept::checkAllSettled);
    }
}
