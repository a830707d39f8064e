package io.fanfare.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fanfare.security.AuthenticationUnavailableException;
import io.fanfare.testing.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** When a passcode is checked, and when it is known already. */
class VerifiedPasscodesTest {

    private static final PasswordHash HASH = PasswordHash.parse(PasswordHashTest.ARGON2ID);
    private static final PasswordHash OTHER_HASH = PasswordHash.parse(PasswordHashTest.BCRYPT);

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger checks = new AtomicInteger();
    private final CountDownLatch slow = new CountDownLatch(1);
    private final Workers workers = new Workers("test", 1, 2);
    private final VerifiedPasscodes verified = new VerifiedPasscodes(
            new UsersOptions(Path.of("users"), 1, 2, Duration.ofMinutes(5), 100), workers, nanos::get);

    @AfterEach
    void end() {
        slow.countDown();
        workers.close();
    }

    @Test
    void whatWasRightIsNotCheckedAgain() {
        assertThat(ask("alice", HASH, "right")).isTrue();
        assertThat(ask("alice", HASH, "right")).isTrue();
        assertThat(checks).hasValue(1);
    }

    @Test
    void whoAsksDoesNotCheck() {
        List<String> threads = new CopyOnWriteArrayList<>();
        verified.get(
                        "alice",
                        HASH,
                        "right",
                        () -> threads.add(Thread.currentThread().getName()))
                .join();
        assertThat(threads).containsExactly("fanfare-test-1");
    }

    @Test
    void afterAWhileItIs() {
        ask("alice", HASH, "right");
        nanos.addAndGet(Duration.ofMinutes(5).toNanos() - 1);
        ask("alice", HASH, "right");
        assertThat(checks).hasValue(1);
        nanos.addAndGet(1);
        ask("alice", HASH, "right");
        assertThat(checks).hasValue(2);
    }

    @Test
    void whatWasWrongIsCheckedAgain() {
        assertThat(ask("alice", HASH, "wrong")).isFalse();
        assertThat(ask("alice", HASH, "wrong")).isFalse();
        assertThat(checks).hasValue(2);
    }

    @Test
    void anotherNameHashOrPasscodeIsAnotherQuestion() {
        ask("alice", HASH, "right");
        ask("bob", HASH, "right");
        ask("alice", OTHER_HASH, "right");
        ask("alice", HASH, "right right");
        assertThat(checks).hasValue(4);
    }

    @Test
    @DisplayName("case 74: many who say the same at the same time share one check")
    void whoSaysTheSameAtTheSameTimeSharesTheCheck() throws Exception {
        List<CompletableFuture<Boolean>> answers = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            answers.add(begin("alice", "right"));
        }
        assertThat(answers).noneMatch(CompletableFuture::isDone);
        slow.countDown();
        for (CompletableFuture<Boolean> answer : answers) {
            assertThat(answer.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
        assertThat(checks).hasValue(1);
    }

    @Test
    @DisplayName("case 74: more checks than may wait are turned away at once")
    void moreThanMayWaitAreTurnedAway() throws Exception {
        // one at work, two waiting
        CompletableFuture<Boolean> first = begin("a", "right");
        CompletableFuture<Boolean> last = begin("b", "right");
        CompletableFuture<Boolean> third = begin("c", "right");
        assertThatExceptionOfType(AuthenticationUnavailableException.class)
                .isThrownBy(() -> begin("d", "right"))
                .withMessage("test overloaded");
        // who says what is being checked already takes no place
        CompletableFuture<Boolean> same = begin("a", "right");
        slow.countDown();
        for (CompletableFuture<Boolean> answer : List.of(first, last, third, same)) {
            assertThat(answer.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
        assertThat(ask("d", HASH, "right")).isTrue();
    }

    private boolean ask(String name, PasswordHash hash, String passcode) {
        boolean right = verified.get(name, hash, passcode, () -> {
                    checks.incrementAndGet();
                    return passcode.startsWith("right");
                })
                .join();
        // the cache notes the time of an answer after it has been given, on the one thread that gives answers
        workers.submit(() -> true).join();
        return right;
    }

    /** A check that takes until the test says so. */
    private CompletableFuture<Boolean> begin(String name, String passcode) {
        return verified.get(name, HASH, passcode, () -> {
            checks.incrementAndGet();
            try {
                return slow.await(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                return false;
            }
        });
    }
}
