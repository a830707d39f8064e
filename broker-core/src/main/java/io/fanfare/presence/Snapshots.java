package io.fanfare.presence;

import io.fanfare.message.BrokerLoop;
import io.fanfare.topic.Newcomers;
import io.fanfare.topic.TopicSubscriber;
import java.util.ArrayList;
import java.util.List;

/**
 * The snapshots of one loop. Subscribers that want the same as one which is being sent wait for its end and share the next
 * one, so that many pages which open at once cost little more than one. Owned by its loop.
 */
final class Snapshots {

    private final BrokerLoop loop;
    private final List<Snapshot> running = new ArrayList<>(0);

    /** Those that begin when the same one has ended. */
    private final List<Snapshot> waiting = new ArrayList<>(0);

    Snapshots(BrokerLoop loop) {
        this.loop = loop;
    }

    BrokerLoop loop() {
        return loop;
    }

    /**
     * Sends a subscriber what it gets first, beginning later in this turn.
     *
     * @param snapshotEnd tells the client that there is nothing
     */
    void start(View view, TopicSubscriber subscriber, Runnable snapshotEnd) {
        assert loop.loop().isCurrent();
        Newcomers.Newcomer newcomer = new Newcomers.Newcomer(subscriber, snapshotEnd);
        for (Snapshot each : waiting) {
            if (each.isSame(view, subscriber.encoding())) {
                each.add(newcomer);
                return;
            }
        }
        Snapshot snapshot = new Snapshot(this, view, subscriber.encoding());
        snapshot.add(newcomer);
        waiting.add(snapshot);
        if (running.stream().noneMatch(snapshot::isSame)) {
            begin(snapshot);
        }
    }

    private void begin(Snapshot snapshot) {
        loop.loop().startInParts(steps -> {
            if (waiting.remove(snapshot)) {
                running.add(snapshot);
            }
            return snapshot.run(steps);
        });
    }

    /** A snapshot has been sent, or all of its subscribers have left it. */
    void ended(Snapshot snapshot) {
        if (!running.remove(snapshot)) {
            return;
        }
        for (Snapshot next : waiting) {
            if (next.isSame(snapshot)) {
                begin(next);
                return;
            }
        }
    }
}
