package io.fanfare.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.Headers;
import io.fanfare.message.Message;
import io.fanfare.message.MessageFilter;
import io.fanfare.message.Outcome;
import io.fanfare.message.SendProperties;
import io.fanfare.options.QueueOptions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each operation of a queue has the steps of one, whatever operations before it have taken. */
class OperationStepsTest extends QueueFixture {

    private static final long OVER = 0;
    private static final int TIMES = 10;

    /** Messages that the next operation will remove, give or look at. */
    private static final int MANY = TIMES * 2 * Steps.LIMIT;

    private static Message message(long expires) {
        return new Message(Headers.EMPTY, new byte[0], 0, new SendProperties(4, expires, 0, null), null);
    }

    private QueueConsumer aConsumer(int prefetch) {
        return new QueueConsumer(queue, new TestSubscriber(loop, prefetch), MessageFilter.ALL);
    }

    /** With one reservation, or each would remove what had come before it. */
    private void fill(int count, long expires) {
        List<Message> all = Stream.generate(() -> message(expires)).limit(count).toList();
        queue.reserve(all);
        queue.fill(all);
    }

    private enum Operation {
        RESERVE {
            @Override
            void run(Queue queue, QueueConsumer consumer) {
                List<Message> one = List.of(message(SendProperties.NEVER));
                queue.reserve(one);
                queue.release(one);
            }
        },
        SUBSCRIBE {
            @Override
            void run(Queue queue, QueueConsumer consumer) {
                queue.subscribe(consumer);
            }
        },
        UNSUBSCRIBE {
            @Override
            void run(Queue queue, QueueConsumer consumer) {
                queue.unsubscribe(consumer);
            }
        },
        SETTLE {
            @Override
            void run(Queue queue, QueueConsumer consumer) {
                queue.settle(consumer, List.of());
            }
        },
        GIVE_BACK {
            @Override
            void run(Queue queue, QueueConsumer consumer) {
                queue.giveBack(consumer, List.of());
            }
        },
        LEAVE {
            @Override
            void run(Queue queue, QueueConsumer consumer) {
                queue.leave(consumer, List.of());
            }
        },
        BROWSE {
            @Override
            void run(Queue queue, QueueConsumer consumer) {
                queue.desk().browse(-1, Steps.LIMIT);
            }
        },
        SWEEP {
            @Override
            void run(Queue queue, QueueConsumer consumer) {
                queue.sweep();
            }
        },
        RETIRE {
            @Override
            void run(Queue queue, QueueConsumer consumer) {
                queue.retireIfUnused();
            }
        },
        TAKE {
            @Override
            void run(Queue queue, QueueConsumer consumer) {
                QueueAdministration.Desk desk = queue.desk();
                desk.forget(desk.take(desk.cursor()));
            }
        };

        abstract void run(Queue queue, QueueConsumer consumer);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("an operation that comes again and again takes no more steps than once")
    void anOperationThatComesAgainTakesNoMoreSteps(Operation operation) {
        fill(MANY, OVER);
        for (int i = 0; i < TIMES; i++) {
            operation.run(queue, aConsumer(1));
        }
        assertThat(queue.steps().most()).isPositive().isLessThanOrEqualTo(Steps.LIMIT + 10);
        assertThat(queue.steps().all()).as("what it has done").isGreaterThanOrEqualTo(TIMES * 50);
    }

    @Test
    @DisplayName("what comes back in one piece beside expired messages takes the steps of one operation")
    void whatComesBackBesideExpiredMessages() {
        QueueConsumer first = consumer(Steps.LIMIT);
        fill(Steps.LIMIT, SendProperties.NEVER);
        List<QueueEntry> taken = handedOver();
        assertThat(taken).hasSize(Steps.LIMIT);
        fill(Steps.LIMIT, OVER);
        queue.leave(first, taken);
        assertThat(queue.steps().most()).isLessThanOrEqualTo(Steps.LIMIT + 10);
    }

    @Test
    @DisplayName("a message for which there was room goes to a consumer at once, whatever was done in between")
    void aMessageIsHandedOutAtOnce() {
        fill(Steps.LIMIT, SendProperties.NEVER);
        List<Message> one = List.of(message(SendProperties.NEVER));
        queue.reserve(one);
        consumer(2 * Steps.LIMIT);
        assertThat(queue.fill(one)).isEqualTo(new Outcome(1, 1, 0, 0));
    }

    @Test
    @DisplayName("a message that needs much room has a hundred others thrown away at a time")
    void roomIsMadeAPartAtATime() {
        Message small = message(SendProperties.NEVER);
        QueueOptions options =
                QueueOptions.builder().maxQueueBytes(1_000 * small.size()).build();
        Queue full = newQueue(null, options);
        for (int i = 0; i < 1_000; i++) {
            full.offer(message(SendProperties.NEVER));
        }
        byte[] body = new byte[(int) (900 * small.size())];
        SendProperties properties = new SendProperties(4, SendProperties.NEVER, 0, null);
        assertThat(full.dropOldestFor(new Message(Headers.EMPTY, body, 0, properties, null)))
                .isTrue();
        assertThat(full.statistics().ready()).isEqualTo(900);
    }
}
