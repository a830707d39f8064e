package io.fanfare.retention;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.Headers;
import io.fanfare.loop.BrokerClock;
import io.fanfare.loop.Loops;
import io.fanfare.loop.Memory;
import io.fanfare.message.Message;
import io.fanfare.message.SendProperties;
import io.fanfare.options.MemoryOptions;
import io.fanfare.options.TopicOptions;
import io.fanfare.options.TopicRule;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** However much a topic has to let go of, each hold of its lock lets go of a bounded number of messages. */
class RetentionStepsTest {

    private static final int MESSAGES = 100_000;
    private static final int PART = 50;
    private static final TopicRule RULE = TopicRule.of("/topic/a").history(MESSAGES, Duration.ofDays(1), 1L << 30);

    private static final Message.Epoch EPOCH = new Message.Epoch("e", 0);
    private final Memory memory = new Memory(MemoryOptions.DEFAULT, new Loops());
    private final RetentionAccount account = new RetentionAccount(
            TopicOptions.builder().maxHistoryBytes(1L << 30).build(), memory);
    private final Retention retention = new Retention(account);
    private long sequence;

    @BeforeEach
    void aLargeHistory() {
        retention.rule(RULE, 0, 0);
        for (int i = 0; i < MESSAGES; i++) {
            comes();
        }
    }

    private void comes() {
        SendProperties plain = SendProperties.of(Headers.EMPTY, BrokerClock.SYSTEM);
        Message message = new Message(Headers.EMPTY, "v".getBytes(UTF_8), System.currentTimeMillis(), plain, null);
        message.placeNumbered(1, ++sequence, EPOCH);
        retention.add(message, 0);
    }

    /** Sweeps until nothing is left; how many messages each let go of is bounded. */
    private void sweeps(int messages, long now) {
        for (int left = messages; left > 0; left -= PART) {
            assertThat(retention.sweep(now, PART)).isEqualTo(PART);
        }
        assertThat(retention.sweep(now, PART)).isZero();
        assertThat(retention.isEmpty()).isTrue();
        assertThat(account.historyBytes()).isZero();
        assertThat(memory.bytes()).isZero();
    }

    @Test
    @DisplayName("clear lets go of nothing by itself, and of all in parts")
    void clear() {
        long bytes = account.historyBytes();
        assertThat(retention.clear()).isEqualTo(MESSAGES);
        assertThat(retention.historyCount()).isZero();
        assertThat(account.historyBytes()).isEqualTo(bytes);
        assertThat(retention.isEmpty()).as("it stays until all is let go of").isFalse();
        sweeps(MESSAGES, BrokerClock.SYSTEM.uptimeMillis());
    }

    @Test
    @DisplayName("a rule without a history lets go of nothing by itself, and of all in parts")
    void anotherRule() {
        long bytes = account.historyBytes();
        retention.rule(null, sequence, 0);
        assertThat(account.historyBytes()).isEqualTo(bytes);
        sweeps(MESSAGES, BrokerClock.SYSTEM.uptimeMillis());
    }

    @Test
    @DisplayName("what is too old goes in parts")
    void age() {
        sweeps(MESSAGES, BrokerClock.SYSTEM.uptimeMillis() + Duration.ofDays(2).toMillis());
    }

    @Test
    @DisplayName("messages that come meanwhile let go of a hundred each, and are kept")
    void messagesThatCome() {
        retention.clear();
        long bytes = account.historyBytes();
        comes();
        assertThat(bytes - account.historyBytes()).isEqualTo(99 * (bytes / MESSAGES));
        for (int i = 1; i < MESSAGES / 100; i++) {
            comes();
        }
        assertThat(account.historyBytes()).isEqualTo(MESSAGES / 100 * (bytes / MESSAGES));
        assertThat(retention.historyCount()).isEqualTo(MESSAGES / 100);
    }
}
