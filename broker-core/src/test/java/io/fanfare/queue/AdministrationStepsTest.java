package io.fanfare.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.Headers;
import io.fanfare.loop.BrokerClock;
import io.fanfare.loop.Loops;
import io.fanfare.loop.Memory;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.SendProperties;
import io.fanfare.options.MemoryOptions;
import io.fanfare.options.QueueOptions;
import io.fanfare.statistics.MessageCounts;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long operators' actions hold the lock of a queue: in steps. */
class AdministrationStepsTest {

    private static final int MANY = 3_000;
    private static final Destination SOURCE = Destination.queue("a");
    private static final Destination TARGET = Destination.queue("b");

    private final Memory memory = new Memory(MemoryOptions.DEFAULT, new Loops());
    private final Queues queues = new Queues(
            QueueOptions.DEFAULT, null, new AtomicLong(), memory, new Loops(), () -> {}, new MessageCounts());
    private final QueueAdministration administration = new QueueAdministration(queues, "m-");

    @BeforeEach
    void fill() {
        for (int i = 0; i < MANY; i++) {
            // newer ones come before older ones
            Headers headers = Headers.of("destination", "/queue/a", "priority", String.valueOf(Math.min(9, i / 300)));
            queues.publish(
                    SOURCE,
                    List.of(new Message(
                            headers, new byte[0], 0, SendProperties.of(headers, BrokerClock.SYSTEM), null)));
        }
    }

    @Test
    void aPurgeHoldsTheLockForAFewHundredSteps() {
        Queue queue = queues.existing(SOURCE);
        assertThat(administration.purge(SOURCE)).contains((long) MANY);
        assertThat(queue.steps().most()).isLessThanOrEqualTo(Steps.LIMIT);
        assertThat(memory.bytes()).isZero();
    }

    @Test
    void aMoveHoldsBothLocksForAFewHundredStepsEach() {
        Queue queue = queues.existing(SOURCE);
        assertThat(administration
                        .move(SOURCE, TARGET, messages -> queues.publish(TARGET, messages))
                        .orElseThrow()
                        .messages())
                .isEqualTo(MANY);
        assertThat(queue.steps().most()).isLessThanOrEqualTo(Steps.LIMIT);
        assertThat(queues.existing(TARGET).steps().most()).isLessThanOrEqualTo(Steps.LIMIT);
        assertThat(queues.count()).isEqualTo(1);
    }

    @Test
    void aPeekHoldsTheLockForAFewHundredSteps() {
        assertThat(administration.peek(SOURCE, -1, MANY, 1).orElseThrow()).hasSize(MANY);
        assertThat(queues.existing(SOURCE).steps().most()).isLessThanOrEqualTo(Steps.LIMIT);
    }
}
