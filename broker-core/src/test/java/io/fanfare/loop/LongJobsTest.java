package io.fanfare.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.HandLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Jobs that never end must leave time to others, and must not be the reason that anything else waits. */
class LongJobsTest {

    private static final Duration PART = Duration.ofNanos(100_000);

    private final HandLoop loop = new HandLoop();
    private final List<String> ran = new ArrayList<>();

    @Test
    void manyJobsTakeHalfOfALoopsTimeAtMost() {
        addEndlessJobs(5);
        long worked = 0;
        for (int turn = 0; turn < 1_000; turn++) {
            ran.clear();
            loop.takeTurn();
            worked += ran.size() * PART.toNanos();
            if (!loop.isWaitedFor()) {
                loop.advance(Duration.ofNanos(loop.nanosToTimer()));
            }
        }
        assertThat((double) worked / loop.now()).isBetween(0.45, 0.51);
    }

    @Test
    void jobsGoOnWhenTheirRestIsOver() {
        addEndlessJobs(1);
        while (loop.isWaitedFor()) {
            loop.takeTurn();
        }
        ran.clear();
        loop.takeTurn();
        assertThat(ran).isEmpty();

        loop.advance(Duration.ofNanos(loop.nanosToTimer() - 1));
        assertThat(loop.isWaitedFor()).isFalse();
        loop.advance(Duration.ofNanos(1));
        assertThat(loop.isWaitedFor()).isTrue();
        loop.takeTurn();
        assertThat(ran).isNotEmpty();
    }

    @Test
    void otherTasksRunWhileJobsRest() {
        addEndlessJobs(1);
        while (loop.isWaitedFor()) {
            loop.takeTurn();
        }
        ran.clear();
        loop.execute(() -> ran.add("task"));
        assertThat(loop.isWaitedFor()).isTrue();
        loop.takeTurn();
        assertThat(ran).containsExactly("task");
    }

    @Test
    void jobThatTakesLongerThanItsStepsRestsBeforeItsNextShareOfATurn() {
        loop.executeInParts(steps -> {
            ran.add("slow");
            loop.advance(Duration.ofMillis(1));
            return true;
        });
        loop.takeTurn();
        assertThat(ran).containsExactly("slow");
        assertThat(loop.nanosToTimer()).isEqualTo(Duration.ofMillis(1).toNanos());
    }

    @Test
    void restAfterAPauseOfTheWholeProcessIsShort() {
        loop.executeInParts(steps -> {
            loop.advance(Duration.ofSeconds(10));
            return true;
        });
        loop.takeTurn();
        assertThat(loop.nanosToTimer()).isEqualTo(Duration.ofMillis(2).toNanos());
    }

    @Test
    void loopWithoutJobsHasNothingToWaitFor() {
        loop.executeInParts(steps -> {
            loop.advance(Duration.ofMillis(1));
            return false;
        });
        loop.takeTurn();
        assertThat(loop.isWaitedFor()).isFalse();
        loop.run(() ->
                assertThat(loop.nanosToTimer()).isEqualTo(Duration.ofDays(1).toNanos()));
    }

    private void addEndlessJobs(int jobs) {
        for (int job = 0; job < jobs; job++) {
            String name = "job " + job;
            loop.executeInParts(steps -> {
                ran.add(name);
                loop.advance(PART);
                return true;
            });
        }
        loop.takeTurn();
        ran.clear();
    }
}
