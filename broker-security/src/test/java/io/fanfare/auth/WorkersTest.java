package io.fanfare.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.security.AuthenticationUnavailableException;
import io.fanfare.testing.Await;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Answers of a pool, whether its work is done, fails, or is never begun. */
class WorkersTest {

    private final Workers workers = new Workers("test", 1, 2);
    private final CountDownLatch gate = new CountDownLatch(1);

    @AfterEach
    void end() {
        gate.countDown();
        workers.close();
    }

    private String waitAtTheGate() {
        boolean opened = false;
        while (!opened) {
            try {
                opened = gate.await(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                // as a hash that is being computed: it goes on
            }
        }
        return "done";
    }

    @Test
    void tasksThatWaitFailWhenThePoolClosesAndTheOneUnderWayIsDone() throws Exception {
        CompletableFuture<String> underWay = workers.submit(this::waitAtTheGate);
        List<CompletableFuture<String>> waiting = List.of(workers.submit(() -> "b"), workers.submit(() -> "c"));
        workers.close();

        for (CompletableFuture<String> each : waiting) {
            assertThat(each).as("answered").isCompletedExceptionally();
            assertThatThrownBy(each::join)
                    .hasCauseInstanceOf(AuthenticationUnavailableException.class)
                    .hasMessageContaining("test closed");
        }
        gate.countDown();
        assertThat(underWay.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("done");
    }

    @Test
    void taskThatThrowsFailsWithWhatItThrew() {
        IllegalStateException bug = new IllegalStateException("a bug");
        CompletableFuture<String> failed = workers.submit(() -> {
            throw bug;
        });

        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(failed::join)
                .withCause(bug);
    }

    @Test
    void oneTaskTooManyIsRefused() {
        workers.submit(this::waitAtTheGate);
        workers.submit(() -> "b");
        workers.submit(() -> "c");

        assertThatExceptionOfType(AuthenticationUnavailableException.class)
                .isThrownBy(() -> workers.submit(() -> "d"))
                .withMessage("test overloaded");
    }
}
