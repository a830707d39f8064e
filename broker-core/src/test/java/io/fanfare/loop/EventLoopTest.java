package io.fanfare.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.HandLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class EventLoopTest {

    private final HandLoop loop = new HandLoop();
    private final List<String> ran = new ArrayList<>();

    @Test
    void tasksRunInTheirOrderInTheNextTurn() {
        loop.execute(() -> ran.add("1"));
        loop.execute(() -> {
            ran.add("2");
            loop.execute(() -> ran.add("4"));
        });
        loop.execute(() -> ran.add("3"));
        assertThat(ran).isEmpty();
        assertThat(loop.isAwake()).isTrue();
        loop.takeTurn();
        assertThat(ran).containsExactly("1", "2", "3");
        assertThat(loop.isAwake()).as("there is work left").isTrue();
        loop.takeTurn();
        assertThat(ran).containsExactly("1", "2", "3", "4");
        assertThat(loop.isAwake()).isFalse();
    }

    @Test
    @Tag("case-85")
    @Tag("advisory-54")
    void aTaskThatThrowsDoesNotStopTheRest() {
        loop.execute(() -> {
            throw new IllegalStateException("provoked");
        });
        loop.execute(() -> ran.add("task"));
        loop.run(() -> {
            loop.schedule(Duration.ZERO, () -> {
                throw new IllegalStateException("provoked");
            });
            loop.schedule(Duration.ZERO, () -> ran.add("timer"));
        });
        loop.post(
                (items, from, to) -> {
                    throw new IllegalStateException("provoked");
                },
                "item",
                0);
        loop.execute(() -> ran.add("last"));
        loop.advance(Duration.ofSeconds(1));
        loop.takeTurn();
        assertThat(ran).containsExactly("task", "last", "timer");
    }

    @Test
    @Tag("case-85")
    @Tag("advisory-54")
    void anErrorDoesNotStopTheRestEither() {
        loop.execute(() -> {
            throw new StackOverflowError("provoked");
        });
        loop.execute(() -> ran.add("task"));
        loop.takeTurn();
        assertThat(ran).containsExactly("task");
    }

    @Test
    void timersWaitForALookAtTheSocketsWhenTheThreadHasStoodStill() {
        loop.run(() -> loop.schedule(Duration.ofSeconds(10), () -> ran.add("timer")));
        loop.run(loop::roundBegins);
        loop.advance(Duration.ofSeconds(20));
        loop.takeTurn();
        assertThat(ran).isEmpty();
        loop.run(loop::roundBegins);
        loop.takeTurn();
        assertThat(ran).containsExactly("timer");
    }

    @Test
    void aTimerRunsOnceItsTimeHasPassed() {
        loop.run(() -> loop.schedule(Duration.ofMillis(100), () -> ran.add("timer")));
        loop.advance(Duration.ofMillis(99));
        loop.takeTurn();
        assertThat(ran).isEmpty();
        assertThat(loop.nanosToTimer()).isBetween(0L, Duration.ofMillis(18).toNanos());
        loop.advance(Duration.ofMillis(18));
        loop.takeTurn();
        assertThat(ran).containsExactly("timer");
        assertThat(loop.nanosToTimer()).isEqualTo(Duration.ofDays(1).toNanos());
    }

    @Test
    void aTimerMayBeCancelled() {
        loop.run(() ->
                loop.schedule(Duration.ofMillis(100), () -> ran.add("timer")).cancel());
        loop.advance(Duration.ofSeconds(1));
        loop.takeTurn();
        assertThat(ran).isEmpty();
    }

    @Test
    void onlyTheFirstItemFromOutsideWakesTheLoop() {
        int[] wakeUps = new int[1];
        EventLoop counting = new EventLoop() {
            @Override
            public boolean isCurrent() {
                return false;
            }

            @Override
            protected void wakeUp() {
                wakeUps[0]++;
            }
        };
        for (int i = 0; i < 10; i++) {
            counting.execute(() -> ran.add("x"));
        }
        assertThat(wakeUps[0]).isEqualTo(1);
        assertThat(counting.hasWork()).isTrue();
    }
}
