package io.fanfare.endpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.Await;
import io.fanfare.testing.HandLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class InflowTest {

    private final HandLoop loop = new HandLoop();
    private final List<String> received = new ArrayList<>();
    private final Inflow inflow =
            new Inflow(loop, (part, slice) -> received.add(UTF_8.decode(slice).toString()));

    private static Inflow.Part part(String text) {
        return new Inflow.Part(true, text.getBytes(UTF_8), true);
    }

    private static Inflow.Part part(int bytes) {
        return part("x".repeat(bytes));
    }

    /** A thread of the container that brings a part, and is still in its call. */
    private Thread waitsWith(Inflow.Part part, AtomicReference<Throwable> failure) {
        Thread thread = new Thread(() -> {
            try {
                inflow.put(part);
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
        inflow.put(part("a"));
        inflow.put(part("b"));
        assertThat(loop.isAwake()).isTrue();
        assertThat(received).isEmpty();
        loop.takeTurn();
        inflow.put(part("c"));
        loop.takeTurn();
        assertThat(received).containsExactly("a", "b", "c");
    }

    @Test
    void moreThanMayWaitKeepsTheThreadUntilThereIsRoom() throws Exception {
        inflow.put(part((Inflow.MAX_WAITING_BYTES - 3 * 64) / 2));
        inflow.put(part((Inflow.MAX_WAITING_BYTES - 3 * 64) / 2));
        inflow.put(part(0));
        Thread waiting = waitsWith(part(1), new AtomicReference<>());
        loop.takeTurn();
        ends(waiting);
        loop.takeTurn();
        assertThat(received).hasSize(4);
    }

    @Test
    void aPartOfAnySizeComesAloneAndInSlices() throws Exception {
        inflow.put(part(3 * Inflow.MAX_WAITING_BYTES + 1));
        Thread waiting = waitsWith(part("behind"), new AtomicReference<>());
        loop.takeTurn();
        ends(waiting);
        loop.takeTurn();
        assertThat(received.stream().map(String::length)).containsExactly(65_536, 65_536, 65_536, 1, 6);
    }

    @Test
    void aTurnTakesABoundedNumberOfBytes() throws Exception {
        inflow.put(part(1 << 20));
        loop.takeTurn();
        assertThat(received).hasSize(4);
        assertThat(loop.isAwake()).isTrue();
        loop.takeTurn();
        assertThat(received).hasSize(8);
    }

    @Test
    void whileSuspendedNothingComes() throws Exception {
        inflow.put(part("a"));
        loop.run(inflow::suspend);
        loop.takeTurn();
        assertThat(received).isEmpty();
        loop.run(inflow::resume);
        loop.takeTurn();
        assertThat(received).containsExactly("a");
    }

    @Test
    void theEndComesBehindWhatWaits() throws Exception {
        inflow.put(part("a"));
        inflow.end(() -> received.add("the end"));
        loop.run(inflow::suspend);
        loop.takeTurn();
        assertThat(received).isEmpty();
        loop.run(inflow::resume);
        loop.takeTurn();
        loop.takeTurn();
        assertThat(received).containsExactly("a", "the end");
    }

    @Test
    void closingLetsAThreadGoOnAndDropsWhatItHad() throws Exception {
        loop.run(inflow::suspend);
        inflow.put(part(Inflow.MAX_WAITING_BYTES));
        Thread waiting = waitsWith(part("b"), new AtomicReference<>());
        loop.run(inflow::close);
        ends(waiting);
        inflow.put(part("c"));
        inflow.end(() -> received.add("the end"));
        loop.takeTurn();
        assertThat(received).containsExactly("the end");
    }

    @Test
    void anInterruptEndsTheWaiting() throws Exception {
        inflow.put(part(Inflow.MAX_WAITING_BYTES));
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread waiting = waitsWith(part("b"), failure);
        waiting.interrupt();
        ends(waiting);
        assertThat(failure.get()).isInstanceOf(InterruptedException.class);
    }
}
