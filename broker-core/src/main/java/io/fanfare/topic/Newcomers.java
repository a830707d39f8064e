package io.fanfare.topic;

import io.fanfare.frame.Headers;
import io.fanfare.loop.Chunk;
import io.fanfare.loop.EventLoop;
import io.fanfare.loop.LongJobs;
import io.fanfare.message.BrokerLoop;
import io.fanfare.message.Encoding;
import io.fanfare.message.Message;
import io.fanfare.message.MessageEncoder;
import io.fanfare.statistics.Count;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Subscriptions that get the same messages before live ones, while those wait ({@link BackloggedSubscriptions#hold}): each
 * message is encoded once for all of them. Owned by their loop.
 */
public final class Newcomers {

    /**
     * A subscription.
     *
     * @param snapshotEnd tells its client that the snapshot has ended, where no message can
     */
    public record Newcomer(TopicSubscriber subscriber, Runnable snapshotEnd) {}

    /** Bytes for which an outbox must have room before a part is given to it. */
    private static final long PART_BYTES = 64 << 10;

    /** Bytes of a part, summed over all newcomers: what one turn writes to them must not take long. */
    private static final long PART_BYTES_OF_ALL = 2 << 20;

    private static final long MIN_PART_BYTES = 4 << 10;

    /** So many bytes that are written to one newcomer take as long as a message that is looked at. */
    private static final int BYTES_PER_STEP = 16 << 10;

    private final EventLoop loop;
    private final MessageEncoder encoder;
    private final Encoding encoding;
    private final List<Newcomer> all = new ArrayList<>(1);

    /** What has been encoded and not been given to them; null: nothing. */
    private @Nullable Chunk chunk;

    private int start;
    private int inChunk;

    /** None yet; all that come have this encoding. */
    public Newcomers(BrokerLoop loop, Encoding encoding) {
        this.loop = loop.loop();
        this.encoder = loop.messages();
        this.encoding = encoding;
    }

    public void add(Newcomer newcomer) {
        all.add(newcomer);
    }

    /** The most bytes that a part for all of them should have; not to be asked when there are none. */
    public long partBytes() {
        return Math.min(PART_BYTES, Math.max(MIN_PART_BYTES, PART_BYTES_OF_ALL / all.size()));
    }

    /** Steps of a long job that writing a part of so many bytes to all of them takes. */
    public int steps(long bytes) {
        return (int) (all.size() * (1 + bytes / BYTES_PER_STEP));
    }

    /**
     * Lets go of those that have ended, and of those whose connections have no room for a part: the others do not wait for
     * them.
     *
     * @param alone makes the job with which one of them goes on from here, when its outbox has drained
     * @return whether there are others
     */
    public boolean makeRoom(Function<Newcomer, LongJobs.Job> alone) {
        all.removeIf(newcomer -> !newcomer.subscriber().isActive());
        for (int i = all.size() - 1; i >= 0; i--) {
            TopicSubscriber subscriber = all.get(i).subscriber();
            if (!subscriber.outbox().hasRoomFor(PART_BYTES)) {
                LongJobs.Job rest = alone.apply(all.remove(i));
                subscriber.backlogs().whenDrained(() -> loop.longJobs().add(rest));
            }
        }
        return !all.isEmpty();
    }

    /**
     * Encodes a message for all of them; {@link #give} gives it to them.
     *
     * @param why headers that this message has besides its own
     */
    public void encode(Message message, Headers why) {
        Chunk written = encoder.encode(this, message, encoding, why);
        if (written != chunk) {
            give();
            chunk = written;
            start = written.lastFrame();
        }
        inChunk++;
    }

    /** Gives them what has been encoded; to be called before the job's turn ends. */
    public void give() {
        Chunk written = chunk;
        if (written == null) {
            return;
        }
        int end = written.length();
        for (int i = 0; i < all.size(); i++) {
            all.get(i).subscriber().outbox().append(written, start, end);
        }
        loop.counts().add(Count.DELIVERED, (long) all.size() * inChunk);
        chunk = null;
        inChunk = 0;
    }

    /** Tells each client that the snapshot has ended. */
    public void tellEnd() {
        all.forEach(newcomer -> newcomer.snapshotEnd().run());
    }

    /** Everything has been given to them: what was published since they came follows. */
    public void goLive() {
        goLive(subscriber -> subscriber.backlogs().replayed(subscriber, Map.of()));
    }

    /** As {@link #goLive()}, with what lets a subscription's live messages go. */
    void goLive(Consumer<TopicSubscriber> release) {
        // behind the messages that were published before, and that this loop has not received yet
        List<Newcomer> now = List.copyOf(all);
        loop.execute(() -> now.forEach(newcomer -> release.accept(newcomer.subscriber())));
    }
}
