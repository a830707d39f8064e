package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.Headers;
import io.fanfare.loop.ThreadLoop;
import io.fanfare.testing.Await;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A broker outlives the transport, and with it the event loop, that it began with. */
class EndedLoopTest {

    private final Broker broker = new Broker();
    private final BlockingQueue<String> got = new LinkedBlockingQueue<>();

    private LocalSubscription subscribe(ThreadLoop loop) throws Exception {
        SubscriptionOptions options = SubscriptionOptions.builder().build();
        return broker.subscribe(loop, "/topic/a", options, message -> got.add(message.bodyAsString()))
                .toCompletableFuture()
                .get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void delaysAndClearsAreLeftToTheLoopsThatGoOn() throws Exception {
        try (ThreadLoop first = new ThreadLoop("first")) {
            subscribe(first).close();
        }
        try (ThreadLoop second = new ThreadLoop("second")) {
            subscribe(second);
            broker.publish("/topic/a", Headers.of("delay", "1"), new byte[] {'a'});
            assertThat(got.poll(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("a");
            broker.clear();
            assertThat(broker.sessionCount()).isZero();
        }
    }

    @Test
    void aDelayThatWaitsOnALoopGoesOnElsewhereWhenTheLoopEnds() throws Exception {
        try (ThreadLoop first = new ThreadLoop("first");
                ThreadLoop second = new ThreadLoop("second")) {
            subscribe(first).close();
            broker.publish("/topic/a", Headers.of("delay", "500"), new byte[] {'a'});
            Await.allDone(first);
            subscribe(second);
            first.close();
            assertThat(got.poll(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("a");
        }
    }

    @Test
    void aDelayThatWaitedOnTheLastLoopGoesOnWithTheNextThatComes() throws Exception {
        try (ThreadLoop first = new ThreadLoop("first")) {
            subscribe(first).close();
            broker.publish("/topic/a", Headers.of("delay", "500"), new byte[] {'a'});
            Await.allDone(first);
        }
        try (ThreadLoop second = new ThreadLoop("second")) {
            subscribe(second);
            assertThat(got.poll(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("a");
        }
    }
}
