package io.fanfare.nats.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What is remembered of messages that have ended, of however many queues. */
class EndsTest {

    private static final Instant STORED = Instant.EPOCH;

    private final Ends ends = new Ends();

    private void end(String stream, long sequence) {
        ends.add(stream, sequence, new Ends.End(STORED, "reply " + sequence, sequence));
    }

    @Test
    void theOldestOfAllQueuesGoesFirst() {
        end("first", 1);
        for (int i = 1; i < Ends.MOST; i++) {
            end("queue " + i % 1_000, i);
        }
        assertThat(ends.has("first", 1, STORED)).isTrue();
        end("last", 1);
        assertThat(ends.has("first", 1, STORED)).isFalse();
        assertThat(ends.has("last", 1, STORED)).isTrue();
        assertThat(ends.has("queue 1", 1, STORED)).isTrue();
        end("last", 2);
        assertThat(ends.has("queue 1", 1, STORED)).isFalse();
    }

    @Test
    void aMessageOfALaterStreamIsAnotherOne() {
        end("a", 1);
        assertThat(ends.has("a", 1, STORED.plusNanos(1))).isFalse();
        assertThat(ends.has("b", 1, STORED)).isFalse();
    }

    @Test
    void thoseOfAStreamAreForgottenWithIt() {
        end("a", 1);
        end("b", 1);
        end("a", 2);
        assertThat(ends.of("a")).extracting(Ends.End::replyTo).containsExactly("reply 1", "reply 2");
        ends.forget("a");
        assertThat(ends.of("a")).isEmpty();
        assertThat(ends.of("b")).hasSize(1);
    }

    @Test
    void aPlaceThatEndsOnceMoreIsTheYoungest() {
        end("a", 1);
        end("a", 2);
        end("a", 1);
        assertThat(ends.of("a")).extracting(Ends.End::replyTo).containsExactly("reply 2", "reply 1");
    }
}
