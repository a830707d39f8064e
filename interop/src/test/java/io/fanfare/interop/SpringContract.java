package io.fanfare.interop;

import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/** What Spring's clients can do with the server. */
abstract class SpringContract extends ClientContract {

    final ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();

    @BeforeAll
    void startScheduler() {
        scheduler.initialize();
    }

    @AfterAll
    void stopScheduler() {
        scheduler.shutdown();
    }

    /** They refuse to ask for 1.0. */
    @Override
    Stream<String> versions() {
        return Stream.of("1.1", "1.2");
    }

    @Override
    boolean hasTransactions() {
        return false;
    }

    @Override
    Set<String> receipts() {
        return Set.of("SEND", "SUBSCRIBE", "UNSUBSCRIBE", "ACK", "NACK");
    }
}
