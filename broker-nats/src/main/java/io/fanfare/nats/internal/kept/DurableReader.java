package io.fanfare.nats.internal.kept;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.JetStreamSubscription;
import io.nats.client.api.StreamInfo;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the stream of durable subscriptions. Called as {@link StreamReader} is. */
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
    private final StreamReader reader;

    DurableReader(DurableStream stream, Sink sink) {
        this.stream = stream;
        this.sink = sink;
        this.reader = new StreamReader(stream, this);
    }

    /** Whether it has read what was there when it began. */
    boolean isCaughtUp() {
        return reader.isCaughtUp();
    }

    /** The sequence of the last record that it has read. */
    long last() {
        return reader.last();
    }

    /** As {@link StreamReader#open}. */
    void open(Connection connection, Dispatcher thread) throws IOException {
        reader.open(connection, thread);
    }

    @Override
    public long begins(StreamInfo info, String change) {
        if (!change.isEmpty()) {
            LOG.warn("durable subscriptions: the stream {} {}", stream.name(), change);
            sink.beginAnew();
        }
        return 0;
    }

    @Override
    public void take(StreamReader.Entry entry) {
        String id = entry.id();
        if (id == null || entry.isRepeat()) {
            return;
        }
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

    /** As {@link StreamReader#watch}. */
    void watch(Connection connection, Dispatcher thread) throws IOException {
        reader.watch(connection, thread);
    }

    /** As {@link StreamReader#silent}. */
    void silent(JetStreamSubscription which, Connection connection, Dispatcher thread) throws IOException {
        reader.silent(which, connection, thread);
    }

    void close() {
        reader.close();
    }
}
