package io.fanfare.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.Headers;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.EventLoop;
import io.fanfare.loop.Framing;
import io.fanfare.message.Outcome;
import io.fanfare.security.Principal;
import io.fanfare.testing.Await;
import io.fanfare.testing.FakeConnection;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Repeats that come at the same time, on several threads. */
class DedupRaceTest {

    private static final int THREADS = 4;
    private static final int ROUNDS = 500;
    private static final byte[] BODY = "hi".getBytes(UTF_8);

    /** A loop that stops the first other thread that wakes it up. */
    private static final class Gate extends EventLoop {

        final CountDownLatch reached = new CountDownLatch(1);
        final CountDownLatch opened = new CountDownLatch(1);
        private final AtomicBoolean stops = new AtomicBoolean();
        private volatile boolean closed;

        void close() {
            closed = true;
            stops.set(true);
        }

        @Override
        public boolean isCurrent() {
            return !closed;
        }

        @Override
        protected void wakeUp() {
            if (stops.getAndSet(false)) {
                reached.countDown();
                try {
                    opened.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        }
    }

    private static Outcome publish(Broker broker, String id) {
        return broker.publish("/queue/a", Headers.of("dedup-id", id), BODY);
    }

    @Test
    void oneOfSeveralAtTheSameTimeIsPublished() throws Exception {
        Broker broker = new Broker();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            CyclicBarrier start = new CyclicBarrier(THREADS);
            List<Future<Integer>> published = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                published.add(threads.submit(() -> {
                    int mine = 0;
                    for (int round = 0; round < ROUNDS; round++) {
                        start.await();
                        mine += publish(broker, "" + round).duplicate() ? 0 : 1;
                    }
                    return mine;
                }));
            }
            int sum = 0;
            for (Future<Integer> each : published) {
                sum += each.get();
            }
            assertThat(sum).isEqualTo(ROUNDS);
            assertThat(broker.statistics(1).queues().get(0).ready()).isEqualTo(ROUNDS);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aRepeatIsAnsweredWhenTheFirstIsIn() throws Exception {
        Broker broker = new Broker();
        Gate gate = new Gate();
        FakeConnection connection = new FakeConnection(Framing.TCP, gate, "bob");
        connection.session(broker.open(gate, connection));
        connection
                .session()
                .receive(ByteBuffer.wrap(
                        ("CONNECT\naccept-version:1.2\nhost:h\n\n\0" + "SUBSCRIBE\nid:0\ndestination:/topic/a\n\n\0")
                                .getBytes(UTF_8)));
        gate.close();

        AtomicReference<Outcome> first = new AtomicReference<>();
        AtomicReference<Outcome> second = new AtomicReference<>();
        Headers headers = Headers.of("dedup-id", "1");
        Thread alice = new Thread(() -> first.set(broker.publish("/topic/a", headers, BODY)));
        Thread again = new Thread(() -> second.set(broker.publish("/topic/a", headers, BODY)));
        alice.start();
        gate.reached.await();
        again.start();
        Await.until(
                "the repeat waits",
                () -> EnumSet.of(Thread.State.WAITING, Thread.State.BLOCKED).contains(again.getState()));
        assertThat(second.get()).isNull();
        // users that have nothing to do with it do not wait
        assertThat(broker.operations()
                        .publish(Principal.of("carol"), "/topic/b", headers, BODY)
                        .duplicate())
                .isFalse();
        // nor does another message of the same user
        assertThat(CompletableFuture.supplyAsync(() -> publish(broker, "2"))
                        .get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS)
                        .duplicate())
                .isFalse();
        gate.opened.countDown();
        alice.join();
        again.join();
        assertThat(first.get().duplicate()).isFalse();
        assertThat(second.get()).isEqualTo(Outcome.DUPLICATE);
    }

    @Test
    void whenTheFirstIsRefusedTheNextIsPublished() throws Exception {
        Broker broker = new Broker(
                BrokerOptions.builder().queues(q -> q.maxQueueMessages(1)).build());
        broker.publish("/queue/a", Headers.of(), BODY);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<String>> results = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                results.add(threads.submit(() -> {
                    try {
                        return publish(broker, "1").toString();
                    } catch (ProtocolException e) {
                        return e.summary();
                    }
                }));
            }
            for (Future<String> each : results) {
                assertThat(each.get()).isEqualTo("queue full");
            }
            broker.operations().purge("/queue/a");
            assertThat(publish(broker, "1")).isEqualTo(new Outcome(1, 0, 1, 0));
        } finally {
            threads.shutdownNow();
        }
    }
}
