package io.fanfare.nats.internal.kept;

import io.fanfare.nats.internal.connect.StreamLife;
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
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a stream from its beginning, each message once and in their order; after a lost connection it goes on where it was, and with
 * another stream of the name, or one that has lost its end, it begins anew. {@link #open}, {@link #watch} and {@link #silent} are called by
 * one thread, messages come on another.
 */
final class StreamReader {

    private static final Logger LOG = LoggerFactory.getLogger("io.fanfare.nats");

    /** By heart-beats it is seen that a consumer has gone with its server, after three of them. */
    private static final Duration HEART_BEAT = Duration.ofMillis(500);

    /** While nothing comes the stream is read anew once in so many watches. */
    private static final int WATCHES_BETWEEN = 10;

    /** So many looks in a row find that a stream of several servers ends too early, before it is believed. */
    private static final int CUTS_OF_SEVERAL = 5;

    /** What is done with what is read; called by one thread at a time. */
    interface Sink {

        /**
         * A stream begins to be read: at first, or because it is another one, or has lost its last messages.
         *
         * @param change what has happened to the one before, as the rest of a sentence; empty: there was none
         * @return the sequence behind which to begin
         */
        long begins(StreamInfo stream, String change);

        /** A message has come, in order. Its sequence is above {@link #last}, which follows. */
        void take(Entry entry);

        /**
         * The engine has been asked: the stream is the one that is read, with all that has been read. Not called while
         * it takes.
         *
         * @param isAll whether nothing is behind what has been read
         */
        void confirmed(boolean isAll);
    }

    /**
     * What is read at one place.
     *
     * @param id that its sender gave it; null: none
     * @param isRepeat whether a message of this id was there not long before: it is no message of its own
     * @param pending messages that the stream has behind it
     */
    record Entry(Message message, long sequence, @Nullable String id, boolean isRepeat, long pending) {}

    private final ReadStream stream;
    private final Sink sink;

    /** Names the life of the stream, as NATS knows it. */
    private String life = "";

    private @Nullable JetStreamSubscription subscription;

    /** What is read just now; null: nothing, and {@link #watch} begins anew. */
    private @Nullable Reading reading;

    /** The sequence of the last message that has been taken. */
    private volatile long last;

    private Repeats repeats = new Repeats();

    /** Everything that was in the stream at the start has been read. */
    private volatile boolean caughtUp;

    /** The monitor of a thread that waits until it has caught up, or is closed. */
    private final Object change = new Object();

    /** What {@link #last} was when {@link #watch} looked. */
    private long lastSeen;

    /** How often in a row the stream's end was in front of what has been read. */
    private int timesCut;

    /** How often in a row it has found that nothing comes. */
    private int patience;

    private final AnswerTime answerTime = new AnswerTime();

    private volatile boolean closed;

    /** What one consumer of the stream brings. */
    private static final class Reading {

        /** The number that its next message has among all that it brings. */
        private long next = 1;
    }

    StreamReader(ReadStream stream, Sink sink) {
        this.stream = stream;
        this.sink = sink;
    }

    /**
     * Waits until readers have read what was there when they began.
     *
     * @param patience without anything that comes to any of them
     * @throws IOException when nothing has come for that long
     * @throws InterruptedException when interrupted, or one of them is closed
     */
    static void awaitCaughtUp(List<StreamReader> readers, Duration patience) throws IOException, InterruptedException {
        for (StreamReader each : readers) {
            long before = -1;
            while (!each.catchesUp(patience)) {
                long read = readers.stream().mapToLong(StreamReader::last).sum();
                if (read == before) {
                    throw new IOException("JetStream sends nothing of the stream " + each.stream.name());
                }
                before = read;
            }
        }
    }

    private boolean catchesUp(Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        synchronized (change) {
            for (long left = atMost.toNanos(); !caughtUp && !closed && left > 0; left = end - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(change, left);
            }
        }
        if (closed) {
            throw new InterruptedException("closed while the stream " + stream.name() + " was read");
        }
        return caughtUp;
    }

    private void changed() {
        synchronized (change) {
            change.notifyAll();
        }
    }

    /** Whether it has read what was there when it began. */
    boolean isCaughtUp() {
        return caughtUp;
    }

    boolean isClosed() {
        return closed;
    }

    /** The sequence of the last message that has been taken. */
    long last() {
        return last;
    }

    /**
     * Begins, or goes on where it was: by a new connection, or one that has found a server again which does not know this
     * reader.
     *
     * @throws IOException when NATS does not answer
     * @throws IllegalStateException when the stream can't be used
     */
    void open(Connection connection, Dispatcher thread) throws IOException {
        follow(look(connection));
        subscribe(connection, thread);
    }

    /** Asks for the stream's state, and whether its end is where it was read. */
    private StreamInfo look(Connection connection) throws IOException {
        long before = last;
        StreamInfo info;
        try {
            info = stream.open(connection.jetStreamManagement(answerTime.options()));
        } catch (IOException e) {
            answerTime.isOver();
            throw e;
        }
        timesCut = info.getStreamState().getLastSequence() < before ? timesCut + 1 : 0;
        return info;
    }

    /** A stream of several servers may have a leader that is not quite there yet. */
    private boolean isCut() {
        return timesCut >= (stream.replicas() == 1 ? 1 : CUTS_OF_SEVERAL);
    }

    private synchronized void follow(StreamInfo info) {
        String found = StreamLife.of(info);
        if (found.equals(life) && !isCut()) {
            return;
        }
        String change = life.isEmpty() ? "" : found.equals(life) ? "has lost its last messages" : "is another one";
        life = found;
        reading = null;
        last = sink.begins(info, change);
        repeats = new Repeats();
        timesCut = 0;
        caughtUp = info.getStreamState().getMsgCount() == 0;
        changed();
    }

    private void subscribe(Connection connection, Dispatcher thread) throws IOException {
        unsubscribe();
        Reading begun = begin();
        // not the ordered consumer of jnats: it makes consumers for ever when it is let go of while it makes one
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
                    .jetStream(answerTime.options())
                    .subscribe(stream.subjects(), thread, message -> receive(message, begun), false, options);
            answerTime.isEnough();
        } catch (JetStreamApiException e) {
            throw new IOException("the stream " + stream.name() + " can't be read: " + e.getErrorDescription(), e);
        } catch (IOException e) {
            answerTime.isOver();
            throw e;
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
        long pending = message.metaData().pendingCount();
        sink.take(new Entry(message, sequence, id, id != null && repeats.isRepeat(id), pending));
        last = sequence;
        if (pending == 0 && !caughtUp) {
            caughtUp = true;
            changed();
        }
    }

    /** Looks whether the stream is the one that it was, and whether messages that it has come; to be called now and then. */
    void watch(Connection connection, Dispatcher thread) throws IOException {
        StreamInfo info = look(connection);
        boolean isSame = StreamLife.of(info).equals(life);
        if (isSame && timesCut == 0) {
            confirm(info.getStreamState().getLastSequence());
        }
        boolean isOther = !isSame || isCut() || isIdle();
        boolean isStuck = info.getStreamState().getLastSequence() > last
                && info.getStreamState().getMsgCount() > 0
                && last == lastSeen;
        patience = isStuck ? patience + 1 : 0;
        lastSeen = last;
        // not each time: the last ones may have been deleted, and there is nothing to come
        if (isOther || patience % WATCHES_BETWEEN == 2) {
            LOG.debug("stream={} is read anew from {}", stream.name(), last + 1);
            follow(info);
            subscribe(connection, thread);
        } else {
            answerTime.isEnough();
        }
    }

    private synchronized void confirm(long end) {
        sink.confirmed(end <= last);
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
        changed();
        unsubscribe();
    }
}
