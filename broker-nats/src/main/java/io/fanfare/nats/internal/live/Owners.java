package io.fanfare.nats.internal.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.backplane.LocalNode;
import io.fanfare.backplane.MessageRecord;
import io.fanfare.frame.ProtocolException;
import io.fanfare.message.Outcome;
import io.nats.client.Connection;
import io.nats.client.Message;
import java.nio.ByteBuffer;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers requests of other nodes that have a message for a connection of this one. Used by one thread. */
final class Owners {

    private static final Logger LOG = LoggerFactory.getLogger("io.fanfare.nats");

    private static final byte ACCEPTED = 0;
    private static final byte REFUSED = 1;
    private static final Outcome DROPPED = new Outcome(1, 0, 0, 1);

    private final LocalNode local;
    private final Connection connection;
    private final Numbers numbers = new Numbers();

    Owners(LocalNode local, Connection connection) {
        this.local = local;
        this.connection = connection;
    }

    /** Delivers a message, and answers with its effect. Called by the thread that delivers live messages, so that their order holds. */
    void receive(Message request) {
        byte[] answer;
        try {
            ByteBuffer in = ByteBuffer.wrap(request.getData());
            Outcome outcome = isLate(Envelope.read(in)) ? DROPPED : deliver(MessageRecord.read(in, local.clock()));
            answer = accepted(outcome);
        } catch (ProtocolException e) {
            answer = refused(e);
        } catch (IllegalArgumentException e) {
            LOG.error("nats unreadable subject={} reason={}", request.getSubject(), e.getMessage());
            return;
        }
        String replyTo = request.getReplyTo();
        if (replyTo != null) {
            connection.publish(replyTo, answer);
        }
    }

    /** Whether it comes behind one that was sent later, as {@link Gaps#isLate} says; its sender waits no more, or will be told. */
    private boolean isLate(Envelope request) {
        Long before = numbers.last(request.life());
        numbers.add(request.life(), request.number());
        return before != null && request.number() <= before;
    }

    private Outcome deliver(MessageRecord record) {
        return local.deliver(record.destination(), List.of(record.message()));
    }

    private static byte[] accepted(Outcome outcome) {
        return ByteBuffer.allocate(1 + 4 * Integer.BYTES)
                .put(ACCEPTED)
                .putInt(outcome.matched())
                .putInt(outcome.delivered())
                .putInt(outcome.queued())
                .putInt(outcome.dropped())
                .array();
    }

    private static byte[] refused(ProtocolException why) {
        byte[] summary = why.summary().getBytes(UTF_8);
        byte[] detail = why.detail().getBytes(UTF_8);
        return ByteBuffer.allocate(1 + Integer.BYTES + summary.length + detail.length)
                .put(REFUSED)
                .putInt(summary.length)
                .put(summary)
                .put(detail)
                .array();
    }

    /**
     * What another node has answered.
     *
     * @throws ProtocolException when it has refused the message
     */
    static Outcome outcome(Message answer) {
        ByteBuffer in = ByteBuffer.wrap(answer.getData());
        if (in.get() == ACCEPTED) {
            return new Outcome(in.getInt(), in.getInt(), in.getInt(), in.getInt());
        }
        byte[] summary = new byte[in.getInt()];
        in.get(summary);
        byte[] detail = new byte[in.remaining()];
        in.get(detail);
        throw new ProtocolException(new String(summary, UTF_8), new String(detail, UTF_8));
    }
}
