package io.fanfare.endpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.Await;
import io.fanfare.testing.HandLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class InboundBufferTest {

    private final HandLoop loop = new HandLoop();
    private final List<String> received = new ArrayList<>();
    private final InboundBuffer inbound = new InboundBuffer(
            loop, (part, slice) -> received.add(UTF_8.decode(slice).toString()));

    private static InboundBuffer.Part part(String text) {
        return new InboundBuffer.Part(true, text.getBytes(UTF_8), true);
    }

    private static InboundBuffer.Part part(int bytes) {
        return part("x".repeat(bytes));
    }

    /** A thread of the container that brings a part, and is still in its call. */
    private Thread waitsWith(InboundBuffer.Part part, AtomicReference<Throwable> failure) {
        Thread thread = new Thread(() -> {
            try {
                inbound.put(part);
            } catch (InterruptedException e) {
                failure.set(e);
            }
        });
        thread.start();
        Await.until("the thread waits", () -> thread.getState() == Thread.State.WAITING);
        return thread;
    }

    private static void ends(Thread thread) {
        Await.until("the thread goes on", () -> !thread.isAlive());
    }

    @Test
    void partsComeInTheirOrder() throws Exception {
        inbound.put(part("a"));
        inbound.put(part("b"));
        assertThat(loop.isAwake()).isTrue();
        assertThat(received).isEmpty();
        loop.takeTurn();
        inbound.put(part("c"));
        loop.takeTurn();
        assertThat(received).containsExactly("a", "b", "c");
    }

    @Test
    void moreThanMayWaitKeepsTheThreadUntilThereIsRoom() throws Exception {
        inbound.put(part((InboundBuffer.MAX_WAITING_BYTES - 3 * 64) / 2));
        inbound.put(part((InboundBuffer.MAX_WAITING_BYTES - 3 * 64) / 2));
        inbound.put(part(0));
        Thread waiting = waitsWith(part(1), new AtomicReference<>());
        loop.takeTurn();
        ends(waiting);
        loop.takeTurn();
        assertThat(received).hasSize(4);
    }

    @Test
    void aPartOfAnySizeComesAloneAndInSlices() throws Exception {
        inbound.put(part(3 * InboundBuffer.MAX_WAITING_BYTES + 1));
        Thread waiting = waitsWith(part("behind"), new AtomicReference<>());
        loop.takeTurn();
        ends(waiting);
        loop.takeTurn();
        assertThat(received.stream().map(String::length)).containsExactly(65_536, 65_536, 65_536, 1, 6);
    }

    @Test
    void aTurnTakesABoundedNumberOfBytes() throws Exception {
        inbound.put(part(1 << 20));
        loop.takeTurn();
        assertThat(received).hasSize(4);
        assertThat(loop.isAwake()).isTrue();
        loop.takeTurn();
        assertThat(received).hasSize(8);
    }

    @Test
    void whileSuspendedNothingComes() throws Exception {
        inbound.put(part("a"));
        loop.run(inbound::suspend);
        loop.takeTurn();
        assertThat(received).isEmpty();
        loop.run(inbound::resume);
        loop.takeTurn();
        assertThat(received).containsExactly("a");
    }

    @Test
    void theEndComesBehindWhatWaits() throws Exception {
        inbound.put(part("a"));
        inbound.end(() -> received.add("the end"));
        loop.run(inbound::suspend);
        loop.takeTurn();
        assertThat(received).isEmpty();
        loop.run(inbound::resume);
        loop.takeTurn();
        loop.takeTurn();
        assertThat(received).containsExactly("a", "the end");
    }

    @Test
    void closingLetsAThreadGoOnAndDropsWhatItHad() throws Exception {
        loop.run(inbound::suspend);
        inbound.put(part(InboundBuffer.MAX_WAITING_BYTES));
        Thread waiting = waitsWith(part("b"), new AtomicReference<>());
        loop.run(inbound::close);
        ends(waiting);
        inbound.put(part("c"));
        inbound.end(() -> received.add("the end"));
        loop.takeTurn();
        assertThat(received).containsExactly("the end");
    }

    @Test
    void anInterruptEndsTheWaiting() throws Exception {
        inbound.put(part(InboundBuffer.MAX_WAITING_BYTES));
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread waiting = waitsWith(part("b"), failure);
        waiting.interrupt();
        ends(waiting);
        assertThat(failure.get()).isInstanceOf(InterruptedException.class);
    }
}
