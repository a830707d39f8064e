package io.fanfare.nats.internal.queue;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.api.PublishAck;
import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Answer of the engine to a message that was sent to a stream, or asked for there.
 *
 * @param duplicate for {@link Kind#THERE}: it was there before
 * @param why for the others, the engine's words
 */
record Answer(Kind kind, boolean duplicate, String why) {

    private static final int FIRST_OF_SERVER = 500;
    private static final int TOO_MANY_REQUESTS = 429;

    /** A cluster has an earlier attempt, and not stored it yet. */
    private static final int IN_PROCESS = 10158;

    /** With and without the sequence that it should have been. */
    private static final Set<Integer> WRONG_LAST_SEQUENCE = Set.of(10071, 10164);

    static final String FULL_OF_MESSAGES = "maximum messages exceeded";
    static final String FULL_OF_BYTES = "maximum bytes exceeded";

    /** What may have become of it. */
    enum Kind {
        /** The stream has it. */
        THERE,
        /** The stream has not taken it, and may another time. */
        NOT_NOW,
        /** The stream has not taken it, and will not. */
        REFUSED,
        /** Nothing is known: no answer has come in time. */
        NONE
    }

    static final Answer NONE = new Answer(Kind.NONE, false, "no answer");

    private static final Answer KEPT = new Answer(Kind.THERE, false, "");

    /** How the answer begins when the stream has the message. */
    private static final byte[] STREAM = "{\"stream\":\"".getBytes(US_ASCII);

    /** The same, and nothing behind it that would have to be read. */
    private static boolean isKept(Message message) {
        byte[] data = message.getData();
        if (data.length < STREAM.length || !Arrays.equals(data, 0, STREAM.length, STREAM, 0, STREAM.length)) {
            return false;
        }
        int colons = 0;
        for (byte each : data) {
            colons += each == ':' ? 1 : 0;
        }
        // its name and its sequence
        return colons == 2;
    }

    /** The answer to a message that was sent to be kept. */
    static Answer of(Message message) {
        if (isKept(message)) {
            return KEPT;
        }
        try {
            return new Answer(Kind.THERE, new PublishAck(message).isDuplicate(), "");
        } catch (JetStreamApiException e) {
            return new Answer(mayGoBetter(e) ? Kind.NOT_NOW : Kind.REFUSED, false, e.getErrorDescription());
        } catch (IOException e) {
            // no subscriber: the stream has no leader just now, or is gone
            return new Answer(Kind.NOT_NOW, false, String.valueOf(e.getMessage()));
        }
    }

    private static boolean mayGoBetter(JetStreamApiException answer) {
        String why = answer.getErrorDescription();
        return !why.contains(FULL_OF_MESSAGES)
                && !why.contains(FULL_OF_BYTES)
                && (answer.getErrorCode() >= FIRST_OF_SERVER
                        || answer.getErrorCode() == TOO_MANY_REQUESTS
                        || answer.getApiErrorCode() == IN_PROCESS);
    }

    /** The answer to the question whether a stream has it: {@link Kind#THERE}, {@link Kind#REFUSED} when not, {@link Kind#NONE}. */
    static Answer ofQuestion(@Nullable Message message) {
        if (message == null) {
            return NONE;
        }
        try {
            boolean isThere = new PublishAck(message).isDuplicate();
            return isThere ? new Answer(Kind.THERE, false, "") : NONE;
        } catch (JetStreamApiException e) {
            return WRONG_LAST_SEQUENCE.contains(e.getApiErrorCode())
                    ? new Answer(Kind.REFUSED, false, e.getErrorDescription())
                    : NONE;
        } catch (IOException e) {
            return NONE;
        }
    }
}
