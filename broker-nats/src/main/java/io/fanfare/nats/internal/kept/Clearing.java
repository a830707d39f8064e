package io.fanfare.nats.internal.kept;

import io.fanfare.backplane.MessageRecord;
import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Headers;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.BrokerClock;
import io.fanfare.message.Destination;
import io.fanfare.message.DestinationText;
import io.fanfare.message.Message;
import io.fanfare.message.Outcome;
import io.fanfare.message.SendProperties;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.MessageInfo;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clears kept topics. A mark in the stream has every node forget what was in front of it, also one that reads the stream later; what is in
 * front of the mark then goes from the stream.
 */
final class Clearing implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("io.fanfare.nats");

    /** Messages that make room for a mark. */
    private static final int ROOM = 16;

    private final ExecutorService remover = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "fanfare-nats-clearing");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * Clears a topic; waits until this node has forgotten what it kept.
     *
     * @param mark appends the mark
     * @return how many messages this node had
     * @throws ProtocolException when the mark can't be had
     */
    long clear(KeptStream stream, String topic, Connection connection, Supplier<CompletableFuture<Outcome>> mark) {
        long cleared;
        try {
            cleared = count(mark.get());
        } catch (ProtocolException e) {
            // a stream of last values that is full takes no mark
            if (e.closeCode() != CloseCode.OVERLOAD || !e.summary().equals(KeptRefusals.FULL)) {
                throw e;
            }
            makeRoom(stream, topic, connection);
            cleared = count(mark.get());
        }
        remover.execute(() -> remove(stream, topic, connection));
        return cleared;
    }

    /** The record of a mark: a message of the topic, with nothing in it. */
    static byte[] mark(Destination topic, BrokerClock clock) {
        Headers headers = Headers.of("destination", DestinationText.address(topic));
        SendProperties properties = SendProperties.of(headers, clock);
        Message nothing = new Message(headers, new byte[0], clock.millis(), properties, null);
        return MessageRecord.write(topic, nothing, clock).array();
    }

    private static long count(CompletableFuture<Outcome> mark) {
        try {
            return mark.join().dropped();
        } catch (CompletionException e) {
            throw e.getCause() instanceof ProtocolException refusal ? refusal : e;
        }
    }

    /** Should this process end before the mark is there, a node that starts then has not got these, and others have. */
    private static void makeRoom(KeptStream stream, String topic, Connection connection) {
        try {
            JetStreamManagement streams = connection.jetStreamManagement();
            long last = streams.getStreamInfo(stream.name()).getStreamState().getLastSequence();
            remove(streams, stream, topic, last + 1, ROOM);
        } catch (IOException | JetStreamApiException e) {
            throw new ProtocolException(
                    "topic unavailable", "NATS makes no room in the stream: " + e.getMessage(), CloseCode.OVERLOAD);
        }
    }

    private static void remove(KeptStream stream, String topic, Connection connection) {
        try {
            JetStreamManagement streams = connection.jetStreamManagement();
            long mark = streams.getLastMessage(stream.name(), stream.clearing(topic))
                    .getSeq();
            long removed = remove(streams, stream, topic, mark, Long.MAX_VALUE);
            LOG.info("kept topic={} stream={} cleared up to {}: removed={}", topic, stream.name(), mark, removed);
        } catch (IOException | JetStreamApiException | RuntimeException e) {
            LOG.warn(
                    "kept topic={} is cleared, and what was in the stream {} is there until it is cleared again: {}",
                    topic,
                    stream.name(),
                    String.valueOf(e.getMessage()));
        }
    }

    /** One by one: a purge of subjects has nats-server 2.9 skip, for all consumers, what they have not read. */
    private static long remove(JetStreamManagement streams, KeptStream stream, String topic, long before, long most)
            throws IOException, JetStreamApiException {
        long removed = 0;
        long next = 1;
        while (removed < most) {
            try {
                MessageInfo found = streams.getNextMessage(stream.name(), next, stream.subjects(topic));
                next = found.getSeq() + 1;
                if (found.getSeq() >= before) {
                    return removed;
                }
                streams.deleteMessage(stream.name(), found.getSeq(), false);
                removed++;
            } catch (JetStreamApiException e) {
                // none is left; or the stream has let go of this one meanwhile
                if (!ReadStream.isNotFound(e)) {
                    throw e;
                }
                return removed;
            }
        }
        return removed;
    }

    @Override
    public void close() {
        remover.shutdownNow();
    }
}
