package io.fanfare.nats.internal.kept;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.backplane.DurableKey;
import io.fanfare.backplane.DurableProgress;
import io.fanfare.backplane.DurableRegistry;
import io.fanfare.backplane.DurableTerms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a connection is told of its claim. */
class DurableHoldTest {

    private static final DurableKey KEY = new DurableKey("bob", "c", "d");
    private static final DurableTerms TERMS = new DurableTerms(List.of("/topic/a"), "", false);
    private static final DurableProgress START = new DurableProgress("e", 0, List.of());

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final DurableClaims claims = new DurableClaims(
            "n1",
            node -> true,
            new DurableWriter("n1-", Duration.ofSeconds(1), () -> {}),
            new DurableClaims.Engine() {
                @Override
                public long end(String epoch) {
                    return 0;
                }

                @Override
                public void forget(long sequence) {}
            },
            thread);

    /** What it is told, in that order. */
    private final List<String> told = new ArrayList<>();

    @AfterEach
    void stop() {
        thread.shutdown();
    }

    @Test
    void itIsToldOnceThatAnotherOneHasItAndThenThatItCannotBegin() {
        DurableHold hold = new DurableHold(
                claims,
                DurableRecord.claim(KEY, TERMS, "n1-1", "n1", "", 0, START),
                new DurableRegistry.Claimant("", other -> told.add("taken by " + other.orElse("none"))));
        hold.ready.exceptionally(why -> {
            told.add(why.getMessage());
            return hold;
        });
        hold.taken("other");
        hold.over(Optional.of("third"));
        assertThat(told).hasSize(2).first().isEqualTo("taken by other");
        assertThat(hold.save(START)).isCompletedExceptionally();
    }
}
