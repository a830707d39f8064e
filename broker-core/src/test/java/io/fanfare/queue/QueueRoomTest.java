package io.fanfare.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.frame.Headers;
import io.fanfare.frame.ProtocolException;
import io.fanfare.message.Message;
import io.fanfare.message.SendProperties;
import io.fanfare.options.QueueOptions;
import io.fanfare.statistics.Drop;
import org.junit.jupiter.api.Test;

/** How a queue makes room for newer messages. */
class QueueRoomTest extends QueueFixture {

    @Test
    void roomIsMadeForAMessageThatFitsAndForNoOther() {
        long size = message("1").size();
        queue = newQueue(
                null,
                QueueOptions.builder()
                        .maxQueueMessages(2)
                        .maxQueueBytes(2 * size)
                        .build());
        queue.offer(message("1"));
        queue.offer(message("2"));
        assertThatThrownBy(() -> queue.offer(message("3")))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("the queue of this subscription holds 2 messages, its limit is 2 (max_queue_messages)");
        assertThat(queue.dropOldestFor(message("3"))).isTrue();
        queue.offer(message("3"));
        SendProperties properties = new SendProperties(4, SendProperties.NEVER, 0, null);
        Message asLarge = new Message(Headers.of("n", "4"), new byte[10 + (int) size], 0, properties, null);
        Message tooLarge = new Message(Headers.of("n", "4"), new byte[11 + (int) size], 0, properties, null);

        assertThat(queue.dropOldestFor(tooLarge)).isFalse();
        assertThat(queue.statistics().ready())
                .as("nothing is thrown away for it")
                .isEqualTo(2);
        assertThat(asLarge.size()).isEqualTo(2 * size);
        assertThat(queue.dropOldestFor(asLarge)).isTrue();
        assertThat(queue.statistics().ready()).isZero();
        assertThat(memory.bytes()).isZero();
        assertThat(counts.dropped()).containsEntry(Drop.QUEUE_FULL, 3L);
    }

    @Test
    void whatConsumersHaveIsNotThrownAway() {
        queue = newQueue(null, QueueOptions.builder().maxQueueMessages(1).build());
        consumer(1);
        queue.offer(message("1"));
        assertThat(taken()).hasSize(1);

        assertThat(queue.dropOldestFor(message("2"))).isFalse();
        assertThat(queue.statistics().unacknowledged()).isEqualTo(1);
    }
}
