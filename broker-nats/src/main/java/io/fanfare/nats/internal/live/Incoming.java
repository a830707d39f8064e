package io.fanfare.nats.internal.live;

import io.fanfare.backplane.LocalNode;
import io.fanfare.backplane.MessageRecord;
import io.fanfare.frame.ProtocolException;
import io.fanfare.message.Destination;
import io.nats.client.Message;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Delivers other nodes' live messages to this node's subscribers. Used by one thread, that of a dispatcher of jnats. */
final class Incoming {

    private static final Logger LOG = LoggerFactory.getLogger("io.fanfare.nats");

    /** While the clients here take less than comes. What jnats keeps meanwhile has a bound, at which it lets messages go. */
    private static final long WAIT_FOR_ROOM = Duration.ofMillis(1).toNanos();

    /** Messages that are published together; a topic's lock is held so long. */
    private static final int MAX_RUN = 64;

    private final LocalNode local;
    private final long life;
    private final Losses losses;
    private final Gaps gaps = new Gaps();
    private volatile boolean settled;
    private volatile boolean closed;

    /**
     * Has heard of no other node.
     *
     * @param life of this node
     */
    Incoming(LocalNode local, long life, Losses losses) {
        this.local = local;
        this.life = life;
        this.losses = losses;
    }

    /** From now on all that other nodes send gets here; any thread may call. */
    void settled() {
        settled = true;
    }

    void receive(Message message) {
        ByteBuffer in = ByteBuffer.wrap(message.getData());
        try {
            if (settled) {
                gaps.settled();
            }
            Envelope envelope = Envelope.read(in);
            if (isOwn(envelope) || gaps.isLate(envelope)) {
                LOG.debug("nats left out subject={} number={}", message.getSubject(), envelope.number());
                return;
            }
            if (gaps.isBehindGap(envelope)) {
                losses.add("live messages of " + sender(message));
            }
            awaitRoom();
            deliverAll(in);
        } catch (IllegalArgumentException e) {
            LOG.error("nats unreadable subject={} reason={}", message.getSubject(), e.getMessage());
            losses.add("what " + sender(message) + " sent is unreadable");
        }
    }

    /**
     * Whether this node has sent it. NATS brings nothing back to the connection that it came by, but does to the next one: when
     * a link or a server was silent, and what it has held comes out after the node has gone on at another server.
     */
    private boolean isOwn(Envelope envelope) {
        return envelope.life() == life;
    }

    private static String sender(Message message) {
        String subject = message.getSubject();
        return subject.substring(subject.lastIndexOf('.') + 1);
    }

    private void awaitRoom() {
        while (!closed && !local.hasRoom()) {
            LockSupport.parkNanos(WAIT_FOR_ROOM);
        }
    }

    /** Publishes records, those of one topic behind each other together. What is in front of an unreadable one has come. */
    private void deliverAll(ByteBuffer in) {
        MessageRecord last = null;
        List<io.fanfare.message.Message> run = new ArrayList<>();
        try {
            while (in.hasRemaining()) {
                MessageRecord next = MessageRecord.read(in, local.clock(), last);
                if (last != null && !isRun(last, next, run.size())) {
                    List<io.fanfare.message.Message> whole = run;
                    run = new ArrayList<>();
                    deliver(last.destination(), whole);
                }
                run.add(next.message());
                last = next;
            }
        } finally {
            if (last != null && !run.isEmpty()) {
                deliver(last.destination(), run);
            }
        }
    }

    /** A queue takes all of its messages or none, and each of these is to be asked for alone. */
    private static boolean isRun(MessageRecord last, MessageRecord next, int size) {
        return size < MAX_RUN
                && next.destination().equals(last.destination())
                && next.destination().kind() != Destination.Kind.QUEUE;
    }

    private void deliver(Destination destination, List<io.fanfare.message.Message> messages) {
        try {
            local.deliver(destination, messages);
        } catch (ProtocolException e) {
            losses.refused(destination, e);
        }
    }

    void close() {
        closed = true;
    }
}
