package io.fanfare.server.internal.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.testing.Await;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.glassfish.grizzly.Processor;
import org.glassfish.grizzly.filterchain.FilterChainBuilder;
import org.junit.jupiter.api.Test;

class DeferredProtocolTest {

    private final ServerThreads threads = new ServerThreads("deferred-");
    private final Processor<?> processor = FilterChainBuilder.stateless().build();
    private final AtomicReference<String> maker = new AtomicReference<>("");

    private DeferredProtocol of(Supplier<Processor<?>> made) {
        return new DeferredProtocol(threads, () -> {
            maker.accumulateAndGet(Thread.currentThread().getName(), String::concat);
            return made.get();
        });
    }

    @Test
    void isMadeOnceByTheFirstThatAsks() {
        DeferredProtocol protocol = of(() -> processor);
        assertThat(maker.get()).isEmpty();
        assertThat(protocol.get()).isSameAs(processor);
        protocol.begin();
        threads.awaitEnd();
        assertThat(protocol.get()).isSameAs(processor);
        assertThat(maker.get()).isEqualTo(Thread.currentThread().getName());
    }

    @Test
    void whatAsksWhileItIsMadeWaitsForIt() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        DeferredProtocol protocol = of(() -> {
            try {
                mayEnd.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return processor;
        });
        protocol.begin();
        Await.until("it is to be made", () -> !maker.get().isEmpty());
        CompletableFuture<Processor<?>> asked = CompletableFuture.supplyAsync(protocol);
        mayEnd.countDown();
        assertThat(asked.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS)).isSameAs(processor);
        assertThat(maker.get()).isEqualTo("deferred-1");
    }

    @Test
    void whatIsWrongWithItIsToldToWhatAsks() {
        DeferredProtocol protocol = of(() -> {
            throw new IllegalArgumentException("not a path");
        });
        assertThatThrownBy(protocol::get)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not a path");
    }
}
