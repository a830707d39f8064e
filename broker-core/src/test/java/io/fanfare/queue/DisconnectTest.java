package io.fanfare.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.Headers;
import io.fanfare.loop.LongJobs;
import io.fanfare.loop.Loops;
import io.fanfare.loop.Memory;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.SendProperties;
import io.fanfare.options.MemoryOptions;
import io.fanfare.options.QueueOptions;
import io.fanfare.quota.DestinationQuota;
import io.fanfare.statistics.MessageCounts;
import io.fanfare.testing.Await;
import io.fanfare.testing.HandLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The end of a session beside very many queues that are none of its business. */
class DisconnectTest {

    private static final int MANY = 1_000;

    private final Loops loops = new Loops();
    private final Memory memory = new Memory(MemoryOptions.DEFAULT, loops);
    private final Queues queues =
            new Queues(QueueOptions.DEFAULT, null, new AtomicLong(), memory, loops, () -> {}, new MessageCounts());
    private final List<Queue> others = new ArrayList<>();
    private final CountDownLatch locked = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);

    @AfterEach
    void letGo() {
        done.countDown();
    }

    private static Message message() {
        SendProperties properties = new SendProperties(4, SendProperties.NEVER, 0, null);
        return new Message(Headers.EMPTY, new byte[0], 0, properties, null);
    }

    /** Holds the locks of all others until the test has ended. */
    private void lockFrom(int index) {
        if (index == others.size()) {
            locked.countDown();
            try {
                done.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return;
        }
        synchronized (others.get(index)) {
            lockFrom(index + 1);
        }
    }

    private static Destination ownOfBob(int number) {
        return new Destination(Destination.Kind.QUEUE, new Destination.Connection("bob"), "in" + number);
    }

    @Test
    void theEndOfASessionLetsGoOfWhatItsManyQueuesHoldInParts() {
        HandLoop loop = new HandLoop();
        loops.add(loop);
        queues.connected("bob", new DestinationQuota(MANY));
        long before = memory.bytes();
        for (int i = 0; i < MANY; i++) {
            Queue own = queues.get(ownOfBob(i), null);
            for (int n = 0; n < 100; n++) {
                own.offer(message());
            }
        }
        long each = (memory.bytes() - before - MANY * Queues.QUEUE_BYTES) / (100 * MANY);
        long most = LongJobs.STEPS_PER_TURN * each;
        loop.run(() -> queues.disconnected("bob"));
        assertThat(queues.count()).isZero();
        long left = memory.bytes();
        assertThat(left).as("after the session's own turn").isGreaterThanOrEqualTo(60 * MANY * each);
        while (loop.isWaitedFor()) {
            loop.takeTurn();
            assertThat(left - memory.bytes()).as("let go of in a turn").isBetween(1L, most);
            left = memory.bytes();
        }
        assertThat(left).isEqualTo(before);
    }

    @Test
    void theEndOfASessionAsksNoQueueOfOthers() throws Exception {
        for (int i = 0; i < MANY; i++) {
            Queue each = queues.get(Destination.queue("q" + i), null);
            each.offer(message());
            others.add(each);
        }
        queues.connected("bob", new DestinationQuota(10));
        queues.get(ownOfBob(1), null).offer(message());
        assertThat(queues.count()).isEqualTo(MANY + 1);
        Thread holder = new Thread(() -> lockFrom(0), "holder");
        holder.setDaemon(true);
        holder.start();
        locked.await();
        CompletableFuture.runAsync(() -> queues.disconnected("bob")).get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        assertThat(queues.count()).isEqualTo(MANY);
    }
}
