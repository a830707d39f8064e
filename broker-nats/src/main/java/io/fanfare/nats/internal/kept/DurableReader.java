package io.fanfare.nats.internal.kept;

import io.nats.client.api.StreamInfo;
import java.util.ArrayDeque;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reader of the stream of durable subscriptions: of their records. A record that it has not read may have been there,
 * and a later one of the same claim or key have taken its place: this one is behind the gap, and until it is read
 * nothing is decided by what is known.
 */
final class DurableReader implements StreamReader.Sink {

    private static final Logger LOG = LoggerFactory.getLogger("io.fanfare.nats");

    /** What is done with records; called by one thread at a time. */
    interface Sink {

        /** A record comes. */
        void take(long sequence, long time, DurableRecord record);

        /**
         * A record has been taken, and all that has taken the place of one before it. Called in the order of the
         * records.
         */
        void settled(long time, String id, DurableRecord record);

        /** All that came before is none any more: the stream is another one, or has lost its end. */
        void beginAnew();
    }

    private final DurableStream stream;
    private final Sink sink;
    private final KeptAppends appends;

    /** Records that are taken and not settled. */
    private final Queue<Runnable> unsettled = new ArrayDeque<>();

    /** The sequence of the last message. */
    private long last;

    /** How many messages behind the last gap have not come; 0: all is known. */
    private long unread;

    /** @param appends are told how far the stream has been read */
    DurableReader(DurableStream stream, Sink sink, KeptAppends appends) {
        this.stream = stream;
        this.sink = sink;
        this.appends = appends;
    }

    @Override
    public long begins(StreamInfo info, String change) {
        if (!change.isEmpty()) {
            LOG.warn("durable subscriptions: the stream {} {}", stream.name(), change);
            sink.beginAnew();
        }
        unsettled.clear();
        last = 0;
        unread = 0;
        appends.begins(stream.name(), 0, info.getStreamState().getLastSequence());
        return 0;
    }

    @Override
    public void take(StreamReader.Entry entry) {
        boolean isGap = entry.sequence() != last + 1;
        last = entry.sequence();
        unread = isGap ? entry.pending() : Math.min(entry.pending(), Math.max(0, unread - 1));
        String id = entry.id();
        if (id != null && !entry.isRepeat()) {
            take(entry, id);
        }
        if (unread == 0) {
            settle();
        }
        appends.read(stream.name(), entry.sequence());
    }

    private void take(StreamReader.Entry entry, String id) {
        try {
            DurableRecord record = DurableRecord.read(entry.message().getData());
            long time = entry.message().metaData().timestamp().toInstant().toEpochMilli();
            sink.take(entry.sequence(), time, record);
            unsettled.add(() -> sink.settled(time, id, record));
        } catch (RuntimeException e) {
            // of another version, or of another program: the others go on
            LOG.error("durable subscriptions: record {} of {} can't be used", entry.sequence(), stream.name(), e);
        }
    }

    private void settle() {
        for (Runnable next = unsettled.poll(); next != null; next = unsettled.poll()) {
            next.run();
        }
    }

    /**
     * A later record of the same claim or key may have taken the place of one that is missing; a record that has not come
     * has no effect.
     */
    @Override
    public void confirmed(boolean isAll) {
        if (isAll) {
            // the engine had counted more than there is
            unread = 0;
            settle();
        }
        if (unread == 0) {
            appends.refuseMissing(stream.name());
        }
    }
}
