package io.fanfare.examples.cluster;

import java.util.BitSet;

/** A publisher and a subscriber, with what has happened between them since the begin of a chapter. */
final class Pair {

    private final Publisher publisher;
    private final Meter live;
    private final Meter kept;
    private final Subscriber subscriber;

    private int losses;
    private int holes;
    private int doubles;

    Pair(Publisher publisher, Subscriber subscriber) {
        this.publisher = publisher;
        this.subscriber = subscriber;
        this.live = subscriber.live(publisher.id());
        this.kept = subscriber.kept(publisher.id());
    }

    /**
     * What a chapter has brought.
     *
     * @param isWhole whether both kept their connections
     * @param livePauseMillis the longest time without a live message
     * @param keptPauseMillis the longest time without a kept message
     * @param liveLost live messages that are missing between others
     * @param keptMissing kept messages with a receipt that have not come yet, of all chapters
     * @param keptTwice kept messages that have come twice
     */
    record Chapter(
            boolean isWhole,
            long livePauseMillis,
            long keptPauseMillis,
            int liveLost,
            int keptMissing,
            int keptTwice) {}

    int publisherId() {
        return publisher.id();
    }

    /** Whether messages of both topics have come. */
    boolean isConnected() {
        return live.hasAny() && kept.hasAny();
    }

    void begins() {
        live.longestPauseMillis();
        kept.longestPauseMillis();
        losses = losses();
        holes = live.holes();
        doubles = kept.doubles();
    }

    /** How many kept messages of these numbers have not come yet. */
    int missing(BitSet receipted) {
        return kept.missing(receipted);
    }

    /**
     * Ends the chapter and begins the next.
     *
     * @param receipted the numbers of the kept messages that must have come
     */
    Chapter ends(BitSet receipted) {
        Chapter chapter = new Chapter(
                losses == losses(),
                live.longestPauseMillis(),
                kept.longestPauseMillis(),
                live.holes() - holes,
                missing(receipted),
                kept.doubles() - doubles);
        begins();
        return chapter;
    }

    private int losses() {
        return publisher.losses() + subscriber.losses();
    }
}
