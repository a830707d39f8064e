package io.fanfare.nats.internal.kept;

import io.nats.client.JetStreamOptions;
import java.time.Duration;

/**
 * How long NATS may take to answer a question about a stream. While the stream, or the cluster of NATS servers, has no
 * leader nobody answers, and the next question, once there is one, is not to wait for long. After some questions in a
 * row it is twice as long, up to 4 s, as servers may be slow. Owned by the thread that asks.
 */
final class AnswerTime {

    /** At the start much is made anew if it is over. */
    private static final Duration AT_FIRST = Duration.ofSeconds(2);

    private static final Duration SHORTEST = Duration.ofMillis(500);
    private static final int QUESTIONS_EACH = 4;
    private static final int MOST_DOUBLED = 3;

    private boolean isFirst = true;

    /** Questions in a row that were not answered in time. */
    private int unanswered;

    Duration get() {
        int doubled = Math.min(unanswered / QUESTIONS_EACH, MOST_DOUBLED);
        return isFirst ? AT_FIRST : SHORTEST.multipliedBy(1L << doubled);
    }

    JetStreamOptions options() {
        return JetStreamOptions.builder().requestTimeout(get()).build();
    }

    /** All that was asked was answered. */
    void isEnough() {
        isFirst = false;
        unanswered = 0;
    }

    /** There was no answer in time. */
    void isOver() {
        unanswered++;
    }
}
