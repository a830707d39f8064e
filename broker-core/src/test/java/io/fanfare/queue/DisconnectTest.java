package io.fanfare.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.Headers;
import io.fanfare.loop.Loops;
import io.fanfare.loop.Memory;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.SendProperties;
import io.fanfare.options.MemoryOptions;
import io.fanfare.options.QueueOptions;
import io.fanfare.quota.DestinationQuota;
import io.fanfare.statistics.MessageCounts;
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

    private final Queues queues = new Queues(
            QueueOptions.DEFAULT,
            null,
            new AtomicLong(),
            new Memory(MemoryOptions.DEFAULT, new Loops()),
            new Loops(),
            () -> {},
            new MessageCounts());
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

    @Test
    void theEndOfASessionAsksNoQueueOfOthers() throws Exception {
        for (int i = 0; i < MANY; i++) {
            Queue each = queues.get(Destination.queue("q" + i), null);
            each.offer(message());
            others.add(each);
        }
        queues.connected("bob", new DestinationQuota(10));
        Destination own = new Destination(Destination.Kind.QUEUE, new Destination.Connection("bob"), "in");
        queues.get(own, null).offer(message());
        assertThat(queues.count()).isEqualTo(MANY + 1);
        Thread holder = new Thread(() -> lockFrom(0), "holder");
        holder.setDaemon(true);
        holder.start();
        locked.await();
        CompletableFuture.runAsync(() -> queues.disconnected("bob")).get(30, TimeUnit.SECONDS);
        assertThat(queues.count()).isEqualTo(MANY);
    }
}
