package io.fanfare.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.Headers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class PublicationLogTest {

    private static final int DEADLINE_SECONDS = 60;

    private final PublicationLog record = new PublicationLog();

    private static PublishedMessage message(String body) {
        return new PublishedMessage("/topic/a", Headers.EMPTY, body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    /** As an event loop does while a test looks at what has come. */
    private boolean anotherThreadAdds(String body) {
        try {
            CompletableFuture.runAsync(() -> record.add(message(body))).get(DEADLINE_SECONDS, TimeUnit.SECONDS);
            return true;
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void messagesComeWhileAPredicateIsAsked() {
        record.add(message("one"));
        assertThat(record.all(message -> anotherThreadAdds("two"))).hasSize(1);
        assertThat(record.all(message -> true)).hasSize(2);
    }

    @Test
    void aMessageThatComesWhileAPredicateIsAskedIsNotMissed() {
        record.add(message("one"));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        assertThat(record.await(
                        message -> message.text().equals("two") || (anotherThreadAdds("two") && false), 1, deadline))
                .isTrue();
    }

    @Test
    void waitingEndsAtTheDeadline() {
        record.add(message("one"));
        assertThat(record.await(message -> true, 2, System.nanoTime() + 1_000_000))
                .isFalse();
    }
}
