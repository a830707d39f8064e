package io.fanfare.nats.internal.queue;

import io.fanfare.backplane.MessageRecord;
import io.fanfare.frame.Headers;
import io.fanfare.loop.BrokerClock;
import io.fanfare.status.QueuedMessage;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.MessageInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads messages of a queue's stream without taking them. Its calls wait for the engine. */
record StreamMessages(JetStreamManagement management, StreamName name, BrokerClock clock) {

    private static final int NOT_FOUND = 404;

    /** As {@link io.fanfare.backplane.SharedOperations#peek}. */
    List<QueuedMessage> peek(long after, int most, long maxBytes) throws IOException, JetStreamApiException {
        ConsumerInfo consumer = consumer(management, name.stream());
        long delivered = consumer == null ? 0 : consumer.getDelivered().getStreamSequence();
        List<QueuedMessage> found = new ArrayList<>();
        long bytes = 0;
        long place = Math.max(0, after);
        while (found.size() < most) {
            MessageInfo next = next(place + 1);
            if (next == null) {
                return found;
            }
            QueuedMessage message = shown(next, delivered);
            bytes += message.body().length;
            if (bytes > maxBytes && !found.isEmpty()) {
                return found;
            }
            found.add(message);
            place = next.getSeq();
        }
        return found;
    }

    private @Nullable MessageInfo next(long from) throws IOException, JetStreamApiException {
        try {
            return management.getNextMessage(name.stream(), from, name.subject());
        } catch (JetStreamApiException e) {
            if (e.getErrorCode() == NOT_FOUND) {
                return null;
            }
            throw e;
        }
    }

    private QueuedMessage shown(MessageInfo message, long delivered) {
        byte[] data = message.getData() == null ? new byte[0] : message.getData();
        String id = name.stream() + "-" + message.getSeq();
        int deliveries = message.getSeq() <= delivered ? 1 : 0;
        try {
            MessageRecord record = MessageRecord.read(ByteBuffer.wrap(data), clock);
            return new QueuedMessage(
                    message.getSeq(),
                    id,
                    record.message().headers(),
                    record.message().body(),
                    record.message().timestamp(),
                    record.message().properties().priority(),
                    deliveries);
        } catch (IllegalArgumentException e) {
            // of another version, or of another program
            long time = message.getTime().toInstant().toEpochMilli();
            return new QueuedMessage(message.getSeq(), id, Headers.EMPTY, data, time, 0, deliveries);
        }
    }

    /** The consumer of a stream; null: it has none, as one that is just being made. */
    static @Nullable ConsumerInfo consumer(JetStreamManagement management, String stream)
            throws IOException, JetStreamApiException {
        try {
            return management.getConsumerInfo(stream, Engine.CONSUMER);
        } catch (JetStreamApiException e) {
            if (e.getErrorCode() == NOT_FOUND) {
                return null;
            }
            throw e;
        }
    }
}
