package io.fanfare.nats.internal.kept;

import io.fanfare.message.Outcome;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import io.nats.client.support.NatsJetStreamConstants;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A message on its way into its stream. Its fields are guarded by {@link KeptAppends}. */
final class KeptAppend {

    /** What goes to NATS beside the record: the line with the subject, and the headers. */
    static final int OVERHEAD_BYTES = 256;

    final Object lane;
    final String id;
    final String stream;
    final int bytes;

    /** Completed when this node has published it to its own subscribers. */
    final CompletableFuture<Outcome> outcome = new CompletableFuture<>();

    final long deadline;

    /** Null: its stream has it. */
    private @Nullable Message message;

    /** How often it has been sent. */
    int attempts;

    /** When the next attempt is due; all times by {@link System#nanoTime}. */
    long retryAt;

    /** Place in the stream, once the stream has the message. */
    long sequence;

    /**
     * Not sent yet.
     *
     * @param stream its name
     * @param lane appends of one lane get into their streams in their order
     * @param id the same at each attempt, so that the stream has it once
     */
    KeptAppend(Object lane, String id, String stream, String subject, byte[] record, long deadline) {
        this.lane = lane;
        this.id = id;
        this.stream = stream;
        this.bytes = record.length;
        this.deadline = deadline;
        Headers headers = new Headers()
                .put(NatsJetStreamConstants.MSG_ID_HDR, id)
                .put(NatsJetStreamConstants.EXPECTED_STREAM_HDR, stream);
        this.message = NatsMessage.builder()
                .subject(subject)
                .headers(headers)
                .data(record)
                .build();
    }

    @Nullable
    Message message() {
        return message;
    }

    /**
     * Notes that the stream has the message: it is not sent again, and what waits for it to come back does not hold its
     * octets.
     */
    void isKept(long at) {
        sequence = at;
        message = null;
    }

    /** Waits longer for each attempt: a server that is slow is not to get ever more of the same. */
    Duration patience() {
        return Duration.ofSeconds(1L << Math.min(attempts - 1, 3));
    }
}
