package io.fanfare.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.frame.Headers;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.BrokerClock;
import io.fanfare.loop.Loops;
import io.fanfare.loop.Memory;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.Outcome;
import io.fanfare.message.SendProperties;
import io.fanfare.message.Sender;
import io.fanfare.options.MemoryOptions;
import io.fanfare.options.QueueOptions;
import io.fanfare.quota.DestinationQuota;
import io.fanfare.statistics.MessageCounts;
import io.fanfare.testing.Await;
import io.fanfare.testing.HandLoop;
import io.fanfare.testing.HardWork;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Temporary queues whose connection ends while others send to them. */
class TemporaryQueuesTest {

    private static final int STEPS = 5_000;

    private final Loops loops = new Loops();
    private final HandLoop loop = new HandLoop();
    private final Memory memory = new Memory(MemoryOptions.DEFAULT, loops);
    private final DestinationQuota quota = new DestinationQuota(STEPS);

    @BeforeEach
    void aLoopGoesOn() {
        loops.add(loop);
    }

    private Queues queues(Runnable betweenLookAndPublish) {
        return new Queues(
                QueueOptions.DEFAULT,
                null,
                new AtomicLong(),
                memory,
                loops,
                betweenLookAndPublish,
                new MessageCounts());
    }

    private static Destination queueOf(String session) {
        return new Destination(Destination.Kind.QUEUE, new Destination.Connection(session), "r");
    }

    private List<Message> reply() {
        SendProperties properties = SendProperties.of(Headers.EMPTY, BrokerClock.SYSTEM);
        return List.of(new Message(Headers.EMPTY, new byte[10], 0, properties, new Sender(quota)));
    }

    private void reply(Queues queues, Destination destination) {
        try {
            queues.publish(destination, reply());
        } catch (ProtocolException full) {
            // the thread that ends sessions was slow
        }
    }

    private void nothingIsLeft(Queues queues) {
        assertThat(queues.count()).as("queues").isZero();
        // many messages go in parts
        while (loop.isWaitedFor()) {
            loop.takeTurn();
        }
        assertThat(memory.bytes()).as("bytes held").isZero();
        // the whole quota is free again: one queue more would throw
        quota.add(STEPS);
    }

    @Test
    @DisplayName("a temporary queue does not come into being when its connection ends between the look and the publish")
    void aQueueDoesNotComeAfterItsConnectionHasEnded() {
        AtomicReference<Queues> self = new AtomicReference<>();
        Queues queues = queues(() -> self.get().disconnected("s"));
        self.set(queues);
        queues.connected("s", quota);
        assertThat(queues.publish(queueOf("s"), reply())).isEqualTo(new Outcome(1, 0, 0, 1));
        nothingIsLeft(queues);
    }

    @Test
    @DisplayName("a connection takes the temporary queues with it that it still has")
    void aConnectionTakesWhatItStillHas() {
        TemporaryQueues temporary = new TemporaryQueues();
        Destination other = new Destination(Destination.Kind.QUEUE, new Destination.Connection("s"), "other");
        temporary.connected("s", quota);
        temporary.remove(queueOf("s"));
        assertThat(temporary.add(queueOf("s"), quota)).isTrue();
        assertThat(temporary.add(other, quota)).isTrue();
        temporary.remove(queueOf("s"));
        temporary.remove(Destination.queue("other"));
        assertThat(temporary.disconnected("s")).containsExactly(other);
        assertThat(temporary.disconnected("s")).isEmpty();
    }

    @Test
    @DisplayName("a connection that has had many temporary queues keeps nothing of those that have gone")
    void aConnectionKeepsNothingOfWhatHasGone() {
        Queues queues = queues(() -> {});
        queues.connected("s", quota);
        WeakReference<Destination> gone = new WeakReference<>(comesAndGoes(queues));
        quota.add(STEPS);
        WeakReference<Destination> refused = new WeakReference<>(isRefused(queues));
        Await.until("their names are forgotten", () -> {
            System.gc();
            return gone.get() == null && refused.get() == null;
        });
        quota.remove(STEPS);
        nothingIsLeft(queues);
    }

    private Destination comesAndGoes(Queues queues) {
        Destination destination = queueOf("s");
        Queue queue = queues.get(destination, quota);
        queues.collect(queue);
        assertThat(queues.existing(destination)).isNull();
        return destination;
    }

    private Destination isRefused(Queues queues) {
        Destination destination = new Destination(Destination.Kind.QUEUE, new Destination.Connection("s"), "other");
        assertThatThrownBy(() -> queues.get(destination, quota)).isInstanceOf(ProtocolException.class);
        return destination;
    }

    @Test
    @DisplayName("however threads meet, no temporary queue outlives its connection")
    void noQueueOutlivesItsConnection() throws Exception {
        Queues queues = queues(() -> {});
        AtomicLong session = new AtomicLong();
        queues.connected("0", quota);
        HardWork work = new HardWork();
        work.add(STEPS, () -> {
            long ending = session.get();
            queues.connected(Long.toString(ending + 1), quota);
            session.set(ending + 1);
            queues.disconnected(Long.toString(ending));
        });
        for (int i = 0; i < 2; i++) {
            work.add(2 * STEPS, () -> reply(queues, queueOf(Long.toString(session.get()))));
        }
        work.run();
        work.check(() -> {
            queues.disconnected(Long.toString(session.get()));
            nothingIsLeft(queues);
        });
    }
}
