package io.fanfare.durable;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.backplane.DurableClaim;
import io.fanfare.backplane.DurableProgress;
import io.fanfare.testing.HandLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How far a durable subscription has come is written down for all that is settled meanwhile, not more than needed. */
class DurableSavesTest {

    private static final Duration INTERVAL = Duration.ofMillis(5);

    private final HandLoop loop = new HandLoop();
    private final List<Long> written = new ArrayList<>();
    private final Queue<CompletableFuture<Void>> underWay = new ArrayDeque<>();
    private final List<CompletionStage<Void>> asked = new ArrayList<>();
    private long upTo;
    private final DurableSaves saves = new DurableSaves(loop, new Claim(), this::progress);

    private final class Claim implements DurableClaim {

        @Override
        public boolean isNew() {
            return true;
        }

        @Override
        public DurableProgress progress() {
            return new DurableProgress("e", 0, List.of());
        }

        @Override
        public long maybeDeliveredUpTo() {
            return 0;
        }

        @Override
        public CompletionStage<Void> save(DurableProgress now) {
            written.add(now.upTo());
            CompletableFuture<Void> done = new CompletableFuture<>();
            underWay.add(done);
            return done;
        }

        @Override
        public void leave(DurableProgress last, long maybeDeliveredUpTo) {
            throw new AssertionError("not asked for");
        }
    }

    private DurableProgress progress() {
        return new DurableProgress("e", upTo, List.of());
    }

    private CompletionStage<Void> save(long now) {
        upTo = now;
        loop.run(() -> asked.add(saves.save()));
        return asked.get(asked.size() - 1);
    }

    @Test
    void allThatIsSettledInATurnIsWrittenAtOnceAsOne() {
        CompletionStage<Void> first = save(1);
        CompletionStage<Void> second = save(2);
        assertThat(written).isEmpty();
        loop.takeTurn();
        assertThat(written).containsExactly(2L);
        assertThat(first).isNotDone();
        underWay.remove().complete(null);
        assertThat(first).as("told on the loop").isNotDone();
        loop.takeTurn();
        assertThat(first).isCompleted();
        assertThat(second).isCompleted();
        assertThat(loop.isWaitedFor()).isFalse();
    }

    @Test
    @DisplayName("what is settled while one is under way is written behind it, 5 ms later at the earliest")
    void theNextOneWaits() {
        save(1);
        loop.takeTurn();
        CompletionStage<Void> second = save(2);
        loop.takeTurn();
        loop.advance(INTERVAL.multipliedBy(2));
        loop.takeTurn();
        assertThat(written).as("one under way").containsExactly(1L);
        underWay.remove().complete(null);
        loop.takeTurn();
        assertThat(written).containsExactly(1L, 2L);
        underWay.remove().complete(null);
        loop.takeTurn();
        assertThat(second).isCompleted();

        save(3);
        loop.takeTurn();
        assertThat(written).as("none under way, 0 ms").hasSize(2);
        loop.advance(INTERVAL.minusMillis(2));
        loop.takeTurn();
        assertThat(written).as("3 ms").hasSize(2);
        loop.advance(Duration.ofMillis(4));
        loop.takeTurn();
        assertThat(written).containsExactly(1L, 2L, 3L);
    }

    @Test
    void afterARestTheNextOneIsWrittenAtOnce() {
        save(1);
        loop.takeTurn();
        underWay.remove().complete(null);
        loop.takeTurn();
        loop.advance(INTERVAL);
        save(2);
        loop.takeTurn();
        assertThat(written).containsExactly(1L, 2L);
    }

    @Test
    void whatCouldNotBeWrittenFailsAndTheNextOneMayBeWritten() {
        CompletionStage<Void> first = save(1);
        loop.takeTurn();
        underWay.remove().completeExceptionally(new IllegalStateException("lost"));
        loop.takeTurn();
        assertThat(first).failsWithin(Duration.ZERO).withThrowableThat().withMessageContaining("lost");
        loop.advance(INTERVAL);
        CompletionStage<Void> second = save(2);
        loop.takeTurn();
        underWay.remove().complete(null);
        loop.takeTurn();
        assertThat(second).isCompleted();
    }

    @Test
    void newsAreWrittenAndNothingElseIs() {
        loop.run(saves::saveNews);
        loop.takeTurn();
        assertThat(written).isEmpty();
        upTo = 7;
        loop.run(saves::saveNews);
        loop.takeTurn();
        assertThat(written).containsExactly(7L);
        underWay.remove().complete(null);
        loop.takeTurn();
        loop.advance(INTERVAL);
        loop.run(saves::saveNews);
        loop.takeTurn();
        assertThat(written).containsExactly(7L);
    }
}
