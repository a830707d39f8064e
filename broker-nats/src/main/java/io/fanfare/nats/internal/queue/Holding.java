package io.fanfare.nats.internal.queue;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.fanfare.backplane.MessageRecord;
import io.fanfare.backplane.QueueTaker;
import io.fanfare.loop.BrokerClock;
import io.nats.client.Message;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The messages of one queue that this node has. Owned by the worker. */
final class Holding {

    static final byte[] ACK = "+ACK".getBytes(US_ASCII);
    static final byte[] DISCARD = "+TERM".getBytes(US_ASCII);
    private static final byte[] IN_PROGRESS = "+WPI".getBytes(US_ASCII);
    private static final Logger LOG = LoggerFactory.getLogger(Holding.class);

    /** Ends that an engine which comes back is told again. */
    private static final Duration REPEATED = Duration.ofSeconds(10);

    private static final String INFO = "$JS.API.CONSUMER.INFO.";

    /** What is given back within this time is so together. */
    private static final Duration CLEAN = Duration.ofMillis(1);

    private static final Duration CLEAN_TIMEOUT = Duration.ofSeconds(1);

    /** Before a message that this version can't read goes to another node. */
    private static final Duration UNREADABLE = Duration.ofSeconds(10);

    private final String stream;
    private final Worker worker;
    private final Worker returns;
    private final Link link;
    private final BrokerClock clock;
    private final Duration ackWait;
    private final Duration patience;
    private final Map<Long, NatsLease> held = new HashMap<>();
    private final Ends ends;

    private int givenBack;

    /** When requests were cleaned up last; the thread's that gives back. */
    private long cleaned = System.nanoTime() - CLEAN.toNanos();

    private final Elections elections;
    private final Doubt doubt;

    /** The server that keeps the stream alone; empty: not known yet, or several keep it. */
    private String server = "";

    Holding(
            String stream,
            Worker worker,
            Worker returns,
            Link link,
            BrokerClock clock,
            Elections elections,
            Ends ends,
            Duration ackWait,
            Duration patience) {
        this.stream = stream;
        this.worker = worker;
        this.returns = returns;
        this.link = link;
        this.clock = clock;
        this.elections = elections;
        this.ends = ends;
        this.doubt = new Doubt(elections.last());
        this.ackWait = ackWait;
        this.patience = patience;
    }

    Worker worker() {
        return worker;
    }

    /** What is given back goes there, behind requests that are withdrawn: it is not to come as the answer to one of them. */
    Worker returns() {
        return returns;
    }

    Link link() {
        return link;
    }

    /** After so long without a word of this node the engine gives a message to another. */
    Duration ackWait() {
        return ackWait;
    }

    /** Which messages may have been delivered before. */
    Doubt doubt() {
        return doubt;
    }

    /** How long an end that the engine does not confirm is told again. */
    Duration patience() {
        return patience;
    }

    /** A message has come for this node. */
    void came(Message message, QueueTaker taker) {
        JetStreamMetadata delivery = JetStreamMetadata.read(message.getReplyTo());
        long sequence = delivery.sequence();
        Instant stored = delivery.stored();
        NatsLease here = held.get(sequence);
        if (here != null && here.stored().equals(stored)) {
            // a consumer of this node has it still
            here.cameAgain(message.getReplyTo());
        } else if (ends.has(stream, sequence, stored)) {
            link.publish(message.getReplyTo(), null, ACK);
        } else {
            take(message, delivery, taker);
        }
    }

    private void take(Message message, JetStreamMetadata delivery, QueueTaker taker) {
        MessageRecord record = read(message);
        if (record == null) {
            link.publish(message.getReplyTo(), null, NatsLease.giveBackText(UNREADABLE.toMillis()));
            return;
        }
        int deliveries = (int) Math.min(delivery.count(), Integer.MAX_VALUE);
        long sequence = delivery.sequence();
        Instant stored = delivery.stored();
        boolean isDoubtful = deliveries == 1 && doubt.isAbout(sequence, stored, link.serverId(), elections.since());
        NatsLease taken = new NatsLease(this, stream, sequence, stored, message.getReplyTo(), isDoubtful);
        hold(taken);
        taker.take(record.message(), deliveries, taken);
    }

    /** This node has the message. */
    void hold(NatsLease taken) {
        held.put(taken.sequence(), taken);
    }

    private @Nullable MessageRecord read(Message message) {
        try {
            return MessageRecord.read(ByteBuffer.wrap(message.getData()), clock);
        } catch (IllegalArgumentException e) {
            LOG.error("a message of stream {} cannot be read, and stays there: {}", stream, e.getMessage());
            return null;
        }
    }

    /** This node has the message no more. */
    void left(NatsLease taken) {
        held.remove(taken.sequence(), taken);
    }

    /**
     * Has the server forget requests that can't be answered any more, this node's and those of nodes that were killed; see {@link
     * Pulls}. Waits for it; called by the thread that gives back, a moment before it does.
     */
    void clean() {
        long now = System.nanoTime();
        if (now - cleaned > CLEAN.toNanos()) {
            cleanSoon().join();
            cleaned = System.nanoTime();
        }
    }

    /** As {@link #clean}, without waiting for it. */
    CompletableFuture<Void> cleanSoon() {
        return link.request(INFO + stream + "." + Engine.CONSUMER, new byte[0], CLEAN_TIMEOUT)
                .handle((info, failure) -> null);
    }

    /** The message is done with, whether or not the engine has confirmed it. */
    void ended(NatsLease taken) {
        left(taken);
        ends.add(stream, taken.sequence(), new Ends.End(taken.stored(), taken.replyTo(), System.nanoTime()));
    }

    /**
     * Another server leads the consumer: it is told at once what ends, before it delivers again what it believes to be
     * forgotten.
     */
    void elected() {
        List.copyOf(held.values()).forEach(NatsLease::elected);
    }

    /** Has the engine wait for what consumers have: they may be slow, and are there. */
    void keep() {
        for (NatsLease each : held.values()) {
            if (!each.isEnding()) {
                link.publish(each.replyTo(), null, IN_PROGRESS);
            }
        }
    }

    /**
     * Which server keeps the stream alone. Another one than before has been started since, and may have forgotten the last
     * things that it did: it is told ends again.
     */
    void serverIs(String id) {
        boolean isSame = server.isEmpty() || server.equals(id);
        server = id;
        if (isSame) {
            return;
        }
        long now = System.nanoTime();
        ends.of(stream).stream()
                .filter(each -> now - each.at() < REPEATED.toNanos())
                .forEach(each -> link.publish(each.replyTo(), null, ACK));
        keep();
    }

    /** The stream of this name is another one now. */
    void forget() {
        held.clear();
        ends.forget(stream);
        doubt.forget();
    }

    /** Gives back what no consumer has given back by now: the node goes. */
    void giveAllBack() {
        new ArrayList<>(held.values()).stream().filter(each -> !each.isEnding()).forEach(each -> each.giveBack(0));
    }

    /** A message has been given back, and the engine has not confirmed it yet. */
    void givesBack() {
        givenBack++;
    }

    /** The engine has confirmed that, or will not. */
    void gaveBack() {
        givenBack--;
    }

    /** Whether this node has none, nor gives one back. */
    boolean isEmpty() {
        return givenBack == 0 && held.isEmpty();
    }

    /** Whether no end waits to be confirmed. */
    boolean isQuiet() {
        return givenBack == 0 && held.values().stream().noneMatch(NatsLease::isEnding);
    }
}
