package io.fanfare.nats.internal.kept;

import io.fanfare.backplane.LocalNode;
import io.fanfare.backplane.MessageRecord;
import io.fanfare.message.Outcome;
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
import io.nats.client.api.StreamState;
import io.nats.client.impl.Headers;
import io.nats.client.support.NatsJetStreamConstants;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a stream from its beginning and publishes each message on this node, at its place; after a lost connection it goes on
 * where it was. {@link #open} and {@link #watch} are called by one thread, messages come on another.
 */
final class Reader {

    private static final Logger LOG = LoggerFactory.getLogger("io.fanfare.nats");

    /** By heart-beats it is seen that a consumer has gone with its server, after three of them. */
    private static final Duration HEART_BEAT = Duration.ofMillis(500);

    /** While clients have more under way than they may, the stream waits in NATS. */
    private static final long ROOM_WAIT_NANOS = Duration.ofMillis(2).toNanos();

    /** While nothing comes the stream is read anew once in so many watches. */
    private static final int WATCHES_BETWEEN = 10;

    /** Messages between two lines of the log while a node starts. */
    private static final long PROGRESS = 50_000;

    /** Losses are told together: each time is a look at all topics of the rule. */
    private static final Duration LOSS_INTERVAL = Duration.ofSeconds(1);

    /** So many looks in a row find that a stream of several servers ends too early, before it is believed. */
    private static final int CUTS_OF_SEVERAL = 5;

    private final KeptStream stream;
    private final LocalNode local;

    /** Told what became of a message, by its id. */
    private final BiConsumer<String, Outcome> published;

    /** The life of the stream, as NATS knows it, and as clients do. */
    private String life = "";

    private volatile String epoch = "";
    private @Nullable JetStreamSubscription subscription;

    /** What is read just now; null: nothing, and {@link #watch} begins anew. */
    private @Nullable Reading reading;

    /** The sequence of the last message that was published here. */
    private volatile long last;

    private Repeats repeats = new Repeats();

    /** Everything that was in the stream at the start has been read. */
    private volatile boolean caughtUp;

    /** What {@link #last} was when {@link #watch} looked. */
    private long lastSeen;

    /** How often in a row the stream's end was in front of what has been read. */
    private int timesCut;

    /** How often in a row it has found that nothing comes. */
    private int patience;

    private volatile boolean closed;
    /** Messages up to here were gone before they could be read, some of them, and clients have not been told; 0: none. */
    private long lostUpTo;

    private long toldLost = System.nanoTime() - LOSS_INTERVAL.toNanos();

    /** What one consumer of the stream brings. */
    private static final class Reading {

        private final String epoch;

        /** The number that its next message has among all that it brings. */
        private long next = 1;

        Reading(String epoch) {
            this.epoch = epoch;
        }
    }

    Reader(KeptStream stream, LocalNode local, BiConsumer<String, Outcome> published) {
        this.stream = stream;
        this.local = local;
        this.published = published;
    }

    KeptStream stream() {
        return stream;
    }

    /** The life of the order, as clients see it. */
    String epoch() {
        return epoch;
    }

    /** Whether it has read what was there when it began. */
    boolean isCaughtUp() {
        return caughtUp;
    }

    /** The sequence of the last message that it has read. */
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

    /** Asks for the stream's state, and whether its end is where this node has read it. */
    private StreamInfo look(Connection connection) throws IOException {
        long before = last;
        StreamInfo info = stream.open(connection.jetStreamManagement());
        timesCut = info.getStreamState().getLastSequence() < before ? timesCut + 1 : 0;
        return info;
    }

    /** A stream of several servers may have a leader that is not quite there yet. */
    private boolean isCut() {
        return timesCut >= (stream.replicas() == 1 ? 1 : CUTS_OF_SEVERAL);
    }

    /** Begins anew with another stream of the same name, and with one that has lost its end in a power cut. */
    private synchronized void follow(StreamInfo info) {
        StreamState state = info.getStreamState();
        String found = KeptStream.epoch(info);
        boolean isCut = isCut();
        if (found.equals(life) && !isCut) {
            return;
        }
        if (!life.isEmpty()) {
            LOG.warn(
                    "kept topics={} stream={} {}: what this node has kept of these topics goes, and is read anew",
                    stream.rule().match(),
                    stream.name(),
                    isCut && found.equals(life) ? "has lost its last messages" : "is another one");
        }
        long before = Math.max(0, state.getFirstSequence() - 1);
        life = found;
        // numbers that were lost will mean other messages
        epoch = isCut ? found + "-" + Long.toString(local.clock().millis(), 36) : found;
        local.order(stream.rule(), epoch, before);
        local.order(stream.rule(), epoch, StreamSettings.lostUpTo(info));
        last = before;
        repeats = new Repeats();
        timesCut = 0;
        caughtUp = state.getMsgCount() == 0;
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
                    .jetStream()
                    .subscribe(stream.subjects(), thread, message -> receive(message, begun), false, options);
        } catch (JetStreamApiException e) {
            throw new IOException("the stream " + stream.name() + " can't be read: " + e.getErrorDescription(), e);
        }
    }

    private synchronized Reading begin() {
        Reading begun = new Reading(epoch);
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

    // ---- messages ---------------------------------------------------------------------------------------------------

    private synchronized void receive(Message message, Reading by) {
        if (closed || by != reading || !by.epoch.equals(epoch)) {
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
        while (!local.hasRoom() && !closed) {
            LockSupport.parkNanos(ROOM_WAIT_NANOS);
        }
        long pending = message.metaData().pendingCount();
        if (caughtUp && sequence > last + 1) {
            lostUpTo = sequence - 1;
        }
        if (lostUpTo > 0 && (pending == 0 || System.nanoTime() - toldLost > LOSS_INTERVAL.toNanos())) {
            tellLoss();
        }
        Headers headers = message.getHeaders();
        String id = headers == null ? null : headers.getFirst(NatsJetStreamConstants.MSG_ID_HDR);
        boolean isRepeat = id != null && repeats.isRepeat(id);
        Outcome outcome = isRepeat ? Outcome.NOTHING : publish(message, sequence);
        last = sequence;
        if (id != null) {
            published.accept(id, outcome);
        }
        if (!caughtUp) {
            catchUp(pending, sequence);
        }
    }

    private Outcome publish(Message message, long sequence) {
        try {
            MessageRecord record = MessageRecord.read(ByteBuffer.wrap(message.getData()), local.clock());
            if (KeptStream.isClearing(message.getSubject())) {
                long cleared = local.clear(record.destination(), sequence);
                return new Outcome(0, 0, 0, (int) Math.min(cleared, Integer.MAX_VALUE));
            }
            return local.keep(record.destination(), sequence, record.message());
        } catch (RuntimeException e) {
            // of another version, or of another program: the others go on
            LOG.error("kept stream={} message={} can't be used", stream.name(), sequence, e);
            return Outcome.NOTHING;
        }
    }

    /** Messages went from the stream before this node had read them: its clients must not believe that nothing is missing. */
    private void tellLoss() {
        long upTo = lostUpTo;
        lostUpTo = 0;
        toldLost = System.nanoTime();
        LOG.warn(
                "kept topics={} stream={} messages up to {} were gone before this node had read them",
                stream.rule().match(),
                stream.name(),
                upTo);
        local.order(stream.rule(), epoch, upTo);
        local.lost("messages of topics were gone before this node had read them");
    }

    private void catchUp(long pending, long sequence) {
        if (pending == 0) {
            caughtUp = true;
        }
        if (pending == 0 || sequence % PROGRESS == 0) {
            LOG.info(
                    "kept topics={} stream={} read={} left={}",
                    stream.rule().match(),
                    stream.name(),
                    sequence,
                    pending);
        }
    }

    // ---- watching ---------------------------------------------------------------------------------------------------

    /** What the stream has let go of while it was read for the first time can't be given by topics that have not got it. */
    void settle(Connection connection) throws IOException {
        long lostUpTo = StreamSettings.lostUpTo(stream.open(connection.jetStreamManagement()));
        if (lostUpTo > 0) {
            local.order(stream.rule(), epoch, Math.min(lostUpTo, last));
        }
    }

    /** Looks whether the stream is the one that it was, and whether messages that it has come; to be called now and then. */
    void watch(Connection connection, Dispatcher thread) throws IOException {
        StreamInfo info = look(connection);
        long end = info.getStreamState().getLastSequence();
        boolean isOther = !KeptStream.epoch(info).equals(life) || isCut() || isIdle();
        boolean isStuck = end > last && info.getStreamState().getMsgCount() > 0 && last == lastSeen;
        patience = isStuck ? patience + 1 : 0;
        lastSeen = last;
        // not each time: the last ones may have been deleted, and there is nothing to come
        if (isOther || patience % WATCHES_BETWEEN == 2) {
            LOG.debug("kept stream={} is read anew from {}", stream.name(), last + 1);
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
