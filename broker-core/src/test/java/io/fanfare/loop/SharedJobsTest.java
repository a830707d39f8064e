package io.fanfare.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.HandLoop;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Jobs that are shared by all that want the same: one of each kind at a time, however many kinds there are. */
class SharedJobsTest {

    private final HandLoop loop = new HandLoop();
    private final LongJobs.Shared<Wanted, Job> shared = new LongJobs.Shared<>(loop);

    /** How often something wanted has been compared with another. */
    private int comparisons;

    private final class Wanted {

        private final int number;

        Wanted(int number) {
            this.number = number;
        }

        @Override
        public boolean equals(Object other) {
            comparisons++;
            return other instanceof Wanted that && number == that.number;
        }

        @Override
        public int hashCode() {
            return number;
        }
    }

    /** Goes on until the test ends it. */
    private static final class Job implements LongJobs.Job {

        private boolean hasBegun;
        private boolean isAtEnd;
        private boolean isBroken;

        @Override
        public boolean run(int steps) {
            hasBegun = true;
            if (isBroken) {
                throw new IllegalStateException("a bug, for this test");
            }
            return !isAtEnd;
        }
    }

    private Job want(int number) {
        List<Job> next = new ArrayList<>();
        loop.run(() -> next.add(shared.next(new Wanted(number), wanted -> new Job())));
        return next.get(0);
    }

    @Test
    void thoseThatComeWhileOneRunsShareTheNext() {
        Job first = want(1);
        assertThat(want(1)).as("before it has begun").isSameAs(first);
        loop.takeTurn();
        assertThat(first.hasBegun).isTrue();
        Job second = want(1);
        assertThat(second).isNotSameAs(first);
        loop.takeTurn();
        assertThat(want(1)).isSameAs(second);
        assertThat(second.hasBegun).as("beside the first").isFalse();
        first.isAtEnd = true;
        loop.takeTurn();
        loop.takeTurn();
        assertThat(second.hasBegun).as("behind the first").isTrue();
        second.isAtEnd = true;
        loop.takeTurn();
        assertThat(loop.isWaitedFor()).isFalse();
        assertThat(want(1)).as("after both").isNotSameAs(second);
    }

    @Test
    void thoseThatWantSomethingElseDoNotWait() {
        Job first = want(1);
        Job second = want(2);
        loop.takeTurn();
        assertThat(first.hasBegun).isTrue();
        assertThat(second.hasBegun).isTrue();
    }

    @Test
    void aBugInOneDoesNotKeepTheNextWaiting() {
        Job first = want(1);
        loop.takeTurn();
        Job second = want(1);
        first.isBroken = true;
        loop.takeTurn();
        loop.takeTurn();
        assertThat(second.hasBegun).isTrue();
    }

    @Test
    void whatIsWantedIsComparedWithTheSameAlone() {
        int many = 1_000;
        List<Job> all = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            all.add(want(i));
        }
        while (!all.stream().allMatch(each -> each.hasBegun)) {
            loop.takeTurn();
        }
        for (int i = 0; i < many; i++) {
            all.add(want(i));
        }
        all.forEach(each -> each.isAtEnd = true);
        while (loop.isWaitedFor()) {
            loop.takeTurn();
        }
        assertThat(all).hasSize(2 * many).allMatch(each -> each.hasBegun);
        // some lookups for each; among all it would be hundreds
        assertThat(comparisons).isLessThan(20 * many);
    }
}
