package io.fanfare.nats.internal.kept;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PushSubscribeOptions;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.DeliverPolicy;
import io.nats.client.api.StreamInfo;
import io.nats.client.impl.Headers;
import io.nats.client.support.NatsJetStreamConstants;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the stream of durable subscriptions from its beginning, and after a lost connection goes on where it was. {@link #open}
 * and {@link #watch} are called by one thread, records come on another.
 */
final class DurableReader {

    private static final Logger LOG = LoggerFactory.getLogger("io.fanfare.nats");
    private static final Duration HEART_BEAT = Duration.ofMillis(500);

    /** While nothing comes the stream is read anew once in so many watches. */
    private static final int WATCHES_BETWEEN = 10;

    /** So many looks in a row find that a stream of several servers ends too early, before it is believed. */
    private static final int CUTS_OF_SEVERAL = 5;

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
    private String life = "";

    /** What is read just now; null: nothing, and {@link #watch} begins anew. */
    private @Nullable Reading reading;

    private volatile long last;
    private long lastSeen;
    private int timesCut;
    private int patience;
    private volatile boolean caughtUp;
    private volatile boolean closed;
    private Repeats repeats = new Repeats();
    private @Nullable JetStreamSubscription subscription;

    /** What one consumer of the stream brings. */
    private static final class Reading {

        /** The number that its next record has among all that it brings. */
        private long next = 1;
    }

    DurableReader(DurableStream stream, Sink sink) {
        this.stream = stream;
        this.sink = sink;
    }

    /** Whether it has read what was there when it began. */
    boolean isCaughtUp() {
        return caughtUp;
    }

    /** The sequence of the last record that it has read. */
    long last() {
        return last;
    }

    /**
     * Begins, or goes on where it was.
     *
     * @throws IOException when NATS does not answer
     */
    void open(Connection connection, Dispatcher thread) throws IOException {
        follow(look(connection));
        subscribe(connection, thread);
    }

    private StreamInfo look(Connection connection) throws IOException {
        long before = last;
        StreamInfo info = stream.open(connection.jetStreamManagement());
        timesCut = info.getStreamState().getLastSequence() < before ? timesCut + 1 : 0;
        return info;
    }

    private boolean isCut() {
        return timesCut >= (stream.replicas() == 1 ? 1 : CUTS_OF_SEVERAL);
    }

    private synchronized void follow(StreamInfo info) {
        String found = KeptStream.epoch(info);
        if (found.equals(life) && !isCut()) {
            return;
        }
        if (!life.isEmpty()) {
            LOG.warn(
                    "durable subscriptions: the stream {} is another one, or has lost its last records", stream.name());
            sink.beginAnew();
        }
        life = found;
        reading = null;
        last = 0;
        timesCut = 0;
        repeats = new Repeats();
        caughtUp = info.getStreamState().getMsgCount() == 0;
    }

    private void subscribe(Connection connection, Dispatcher thread) throws IOException {
        unsubscribe();
        Reading begun = begin();
        // as Reader has it
        ConsumerConfiguration consumer = ConsumerConfiguration.builder()
                .deliverPolicy(DeliverPolicy.ByStartSequence)
                .startSequence(last + 1)
                .ackPolicy(AckPolicy.None)
                .maxDeliver(1)
                .memStorage(true)
                .numReplicas(1)
                .flowControl(HEART_BEAT)
                .build();
        PushSubscribeOptions options = PushSubscribeOptions.builder().stream(stream.name())
                .configuration(consumer)
                .build();
        try {
            subscription = connection
                    .jetStream()
                    .subscribe(stream.subjects(), thread, message -> receive(message, begun), false, options);
        } catch (JetStreamApiException e) {
            throw new IOException("the stream " + stream.name() + " can't be read: " + e.getErrorDescription(), e);
        }
    }

    private synchronized Reading begin() {
        Reading begun = new Reading();
        reading = begun;
        return begun;
    }

    private void unsubscribe() {
        JetStreamSubscription old = subscription;
        subscription = null;
        if (old != null && old.isActive()) {
            Dispatcher dispatcher = old.getDispatcher();
            if (dispatcher != null && dispatcher.isActive()) {
                dispatcher.unsubscribe(old);
            }
        }
    }

    private synchronized void receive(Message message, Reading by) {
        if (closed || by != reading) {
            return;
        }
        if (message.metaData().consumerSequence() != by.next) {
            // something was lost on its way, with a connection or for want of room in jnats
            reading = null;
            return;
        }
        by.next++;
        long sequence = message.metaData().streamSequence();
        if (sequence <= last) {
            return;
        }
        Headers headers = message.getHeaders();
        String id = headers == null ? null : headers.getFirst(NatsJetStreamConstants.MSG_ID_HDR);
        try {
            if (id != null && !repeats.isRepeat(id)) {
                DurableRecord record = DurableRecord.read(message.getData());
                long time = message.metaData().timestamp().toInstant().toEpochMilli();
                sink.take(sequence, time, record);
                sink.taken(id, record);
            }
        } catch (RuntimeException e) {
            // of another version, or of another program: the others go on
            LOG.error("durable subscriptions: record {} of {} can't be used", sequence, stream.name(), e);
        }
        last = sequence;
        caughtUp |= message.metaData().pendingCount() == 0;
    }

    /** Looks whether the stream is the one that it was, and whether records that it has come; to be called now and then. */
    void watch(Connection connection, Dispatcher thread) throws IOException {
        StreamInfo info = look(connection);
        boolean isOther = !KeptStream.epoch(info).equals(life) || isCut() || isIdle();
        boolean isStuck = info.getStreamState().getLastSequence() > last
                && info.getStreamState().getMsgCount() > 0
                && last == lastSeen;
        patience = isStuck ? patience + 1 : 0;
        lastSeen = last;
        // not each time: the last ones may have been deleted, and there is nothing to come
        if (isOther || patience % WATCHES_BETWEEN == 2) {
            follow(info);
            subscribe(connection, thread);
        }
    }

    private synchronized boolean isIdle() {
        return reading == null || subscription == null;
    }

    /** A consumer does not even say any more that there is nothing; it may be another reader's. */
    void silent(JetStreamSubscription which, Connection connection, Dispatcher thread) throws IOException {
        if (which == subscription) {
            subscribe(connection, thread);
        }
    }

    void close() {
        closed = true;
        unsubscribe();
    }
}
