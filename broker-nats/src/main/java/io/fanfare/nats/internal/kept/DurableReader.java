package io.fanfare.nats.internal.kept;

import io.nats.client.api.StreamInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reader of the stream of durable subscriptions: of their records. */
final class DurableReader implements StreamReader.Sink {

    private static final Logger LOG = LoggerFactory.getLogger("io.fanfare.nats");

    /** What is done with records; called by one thread at a time. */
    interface Sink {

        /** A record comes. */
        void take(long sequence, long time, DurableRecord record);

        /** A record has been taken. */
        void taken(String id, DurableRecord record);

        /** All that came before is none any more: the stream is another one, or has lost its end. */
        void beginAnew();
    }

    private final DurableStream stream;
    private final Sink sink;
    private final KeptAppends appends;

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
        appends.begins(stream.name(), 0, info.getStreamState().getLastSequence());
        return 0;
    }

    @Override
    public void take(StreamReader.Entry entry) {
        String id = entry.id();
        if (id != null && !entry.isRepeat()) {
            take(entry, id);
        }
        appends.read(stream.name(), entry.sequence());
    }

    private void take(StreamReader.Entry entry, String id) {
        try {
            DurableRecord record = DurableRecord.read(entry.message().getData());
            long time = entry.message().metaData().timestamp().toInstant().toEpochMilli();
            sink.take(entry.sequence(), time, record);
            sink.taken(id, record);
        } catch (RuntimeException e) {
            // of another version, or of another program: the others go on
            LOG.error("durable subscriptions: record {} of {} can't be used", entry.sequence(), stream.name(), e);
        }
    }

    /**
     * A later record of the same claim or key may have taken the place of one that is missing; a record that has not come
     * has no effect.
     */
    @Override
    public void confirmed() {
        appends.refuseMissing(stream.name());
    }
}
