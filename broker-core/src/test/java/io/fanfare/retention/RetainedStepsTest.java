package io.fanfare.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.Headers;
import io.fanfare.loop.Loops;
import io.fanfare.loop.Memory;
import io.fanfare.message.Message;
import io.fanfare.message.SendProperties;
import io.fanfare.options.MemoryOptions;
import io.fanfare.options.TopicOptions;
import io.fanfare.options.TopicRule;
import java.util.Collections;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** However many last values have expired, the messages of a COMMIT let go of a bounded number of them. */
class RetainedStepsTest {

    private static final int EXPIRED = 2_500;
    private static final int MESSAGES = 100;
    private static final int MOST_BYTES = 1 << 20;
    private static final Message.Epoch EPOCH = new Message.Epoch("e", 0);

    private final RetentionAccount account = new RetentionAccount(
            TopicOptions.builder().maxRetainedBytes(MOST_BYTES).build(),
            new Memory(MemoryOptions.DEFAULT, new Loops()));
    private final Retention retention = new Retention(account);
    private long sequence;

    private static Message message(String key, int bytes, long expires) {
        SendProperties properties = new SendProperties(4, expires, 0, null);
        return new Message(Headers.of("key", key), new byte[bytes], 0, properties, null);
    }

    private void keep(Message message) {
        message.placeNumbered(1, ++sequence, EPOCH);
        retention.add(message, 0);
    }

    @Test
    @DisplayName("many messages of one COMMIT to a topic that is nearly full let go of little more than one each")
    void manyMessagesAtOnce() {
        retention.rule(TopicRule.of("/topic/a").retainByKey("key"), 0, 0);
        Message large = message("large", MOST_BYTES / 2, SendProperties.NEVER);
        keep(large);
        for (int i = 0; i < EXPIRED; i++) {
            keep(message("expired " + i, 0, 1));
        }
        RetentionAccount.Claim claim = account.claim();
        int before = retention.valueCount();
        retention.check(Collections.nCopies(MESSAGES, large), claim);
        assertThat(before - retention.valueCount()).isBetween(1, 100 + MESSAGES);
        claim.giveBack();
    }
}
