package io.fanfare.presence;

import io.fanfare.loop.LongJobs;
import io.fanfare.message.BrokerLoop;
import io.fanfare.topic.CatchUp;
import io.fanfare.topic.TopicSubscriber;

/**
 * The snapshots of one loop. Subscribers that want the same as one which is being sent wait for its end and share the next
 * one, so that many pages which open at once cost little more than one. Owned by its loop.
 */
final class Snapshots {

    private final BrokerLoop loop;
    private final LongJobs.Shared<Snapshot.Content, Snapshot> snapshots;

    Snapshots(BrokerLoop loop) {
        this.loop = loop;
        this.snapshots = new LongJobs.Shared<>(loop.loop());
    }

    /**
     * Sends a subscriber what it gets first, beginning later in this turn.
     *
     * @param snapshotEnd tells the client that there is nothing
     */
    void start(View view, TopicSubscriber subscriber, Runnable snapshotEnd) {
        assert loop.isCurrent();
        Snapshot.Content content = new Snapshot.Content(view, subscriber.encoding());
        snapshots.next(content, each -> new Snapshot(loop, each)).add(new CatchUp.Member(subscriber, snapshotEnd));
    }
}
