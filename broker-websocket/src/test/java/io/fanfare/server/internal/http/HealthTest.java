package io.fanfare.server.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.Broker;
import io.fanfare.loop.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthTest {

    private final Loop one = new Loop("one");
    private final Loop other = new Loop("other");
    private final Broker broker = new Broker();
    private boolean accepting = true;

    @AfterEach
    void endLoops() throws InterruptedException {
        one.end();
        other.end();
    }

    /** A loop with a thread of its own that turns when there is something to do. */
    private static final class Loop extends EventLoop {

        private final Thread thread = new Thread(this::run);
        private boolean awake;
        private boolean ended;
        private int wakeUps;

        Loop(String name) {
            thread.setName(name);
            thread.start();
        }

        private void run() {
            while (await()) {
                turn();
            }
        }

        private synchronized boolean await() {
            while (!awake && !ended) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    ended = true;
                }
            }
            awake = false;
            return !ended;
        }

        @Override
        public boolean isCurrent() {
            return Thread.currentThread() == thread;
        }

        @Override
        protected synchronized void wakeUp() {
            awake = true;
            wakeUps++;
            notifyAll();
        }

        synchronized int wakeUps() {
            return wakeUps;
        }

        void end() throws InterruptedException {
            synchronized (this) {
                ended = true;
                notifyAll();
            }
            thread.join();
        }

        @Override
        public String toString() {
            return thread.getName();
        }
    }

    private Health health(Duration patience) {
        return health(patience, one, other);
    }

    private Health health(Duration patience, Loop... loops) {
        return new Health(broker, () -> List.of(loops), () -> accepting, patience);
    }

    @Test
    void loopsThatTurnAreAlive() {
        Health health = health(Duration.ofSeconds(30));
        assertThat(health.livenessFailure()).isEmpty();
        assertThat(health.livenessFailure()).isEmpty();
    }

    @Test
    void aLoopThatHangsIsNamed() {
        CountDownLatch hanging = new CountDownLatch(1);
        other.execute(() -> await(hanging));
        // first in the list, because one may well take longer than 20 ms too
        assertThat(health(Duration.ofMillis(20), other, one).livenessFailure())
                .hasValue("other has not turned for 20 ms");
        hanging.countDown();
    }

    @Test
    void aLoopThatHangsIsNotAskedAgainAndAgain() {
        CountDownLatch hanging = new CountDownLatch(1);
        other.execute(() -> await(hanging));
        Health health = health(Duration.ofMillis(1));
        for (int i = 0; i < 100; i++) {
            assertThat(health.livenessFailure()).isPresent();
        }
        assertThat(other.wakeUps()).isLessThan(5);
        hanging.countDown();
    }

    @Test
    void aLoopThatWasBusyForAWhileIsAliveAgain() {
        CountDownLatch busy = new CountDownLatch(1);
        other.execute(() -> await(busy));
        assertThat(health(Duration.ofMillis(1)).livenessFailure()).isPresent();
        busy.countDown();
        assertThat(health(Duration.ofSeconds(30)).livenessFailure()).isEmpty();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aServerIsReadyUntilAPortDoesNotAcceptOrItIsDrained() {
        Health health = health(Duration.ofSeconds(30));
        assertThat(health.readinessFailure()).isEmpty();
        accepting = false;
        assertThat(health.readinessFailure()).hasValue("not listening: a port does not accept");
        broker.drain(Duration.ZERO);
        assertThat(health.readinessFailure()).hasValue("draining: the server is about to stop");
    }
}
