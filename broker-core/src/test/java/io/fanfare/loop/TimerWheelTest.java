package io.fanfare.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimerWheelTest {

    private static final long TICK = 1L << 24;
    private static final long REVOLUTION = 1024 * TICK;

    private final List<String> ran = new ArrayList<>();

    private void expire(TimerWheel wheel, long now) {
        wheel.expire(now, Runnable::run);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, TICK - 1, TICK, 123_456_789_012L, -5, -REVOLUTION - 7, Long.MAX_VALUE / 2})
    void aTimerIsNeverEarlyAndAtMostATickLate(long start) {
        for (long delay : new long[] {0, 1, TICK - 1, TICK, TICK + 1, 10 * TICK, REVOLUTION - 1, REVOLUTION}) {
            TimerWheel wheel = new TimerWheel(start, () -> true);
            wheel.add(() -> ran.add("it"), start + delay);
            expire(wheel, start + delay - 1);
            assertThat(ran).as("early, delay %d", delay).isEmpty();
            expire(wheel, start + delay + TICK);
            assertThat(ran).as("late, delay %d", delay).containsExactly("it");
            expire(wheel, start + delay + 5 * REVOLUTION);
            assertThat(ran).as("again").hasSize(1);
            ran.clear();
        }
    }

    @Test
    void aTimerThatHasGoneHoldsNoOther() {
        TimerWheel wheel = new TimerWheel(0, () -> true);
        List<Timer> timers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            timers.add(wheel.add(() -> {}, 1));
        }
        timers.get(1).cancel();
        timers.get(0).cancel();
        wheel.expire(1L << 30, Runnable::run);

        assertThat(timers).allMatch(timer -> timer.next == null && timer.previous == null);
    }

    @Test
    void aDeadlineBeyondARevolutionWaitsItsTurns() {
        TimerWheel wheel = new TimerWheel(0, () -> true);
        wheel.add(() -> ran.add("far"), 3 * REVOLUTION + 5);
        for (long now = 0; now < 3 * REVOLUTION + 5; now += TICK / 2) {
            expire(wheel, now);
            assertThat(ran).isEmpty();
        }
        expire(wheel, 3 * REVOLUTION + 5 + TICK);
        assertThat(ran).containsExactly("far");
    }

    @Test
    void manyThatAreDueLookAtTheOthersOfTheirSlotOnce() {
        TimerWheel wheel = new TimerWheel(0, () -> true);
        for (int i = 0; i < 1_000; i++) {
            wheel.add(() -> ran.add("due"), TICK);
            wheel.add(() -> ran.add("later"), REVOLUTION + TICK);
        }
        assertThat(wheel.expire(2 * TICK - 1, Runnable::run)).isEqualTo(2_000);
        assertThat(ran).hasSize(1_000).containsOnly("due");
    }

    @Test
    void oneThatIsDueMayCancelAnotherOne() {
        TimerWheel wheel = new TimerWheel(0, () -> true);
        List<Timer> timers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            String name = String.valueOf(i);
            timers.add(wheel.add(
                    () -> {
                        ran.add(name);
                        timers.forEach(Timer::cancel);
                    },
                    TICK));
        }
        expire(wheel, TICK);

        assertThat(ran).hasSize(1);
        assertThat(wheel.nextDelay(TICK)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void afterALongSleepAllThatIsDueRuns() {
        TimerWheel wheel = new TimerWheel(0, () -> true);
        for (int i = 0; i < 5_000; i++) {
            String name = String.valueOf(i);
            wheel.add(() -> ran.add(name), i * TICK);
        }
        expire(wheel, 10 * REVOLUTION);
        assertThat(ran).hasSize(5_000).doesNotHaveDuplicates();
        assertThat(wheel.nextDelay(10 * REVOLUTION)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aCancelledTimerDoesNotRun() {
        TimerWheel wheel = new TimerWheel(0, () -> true);
        List<Timer> timers = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            String name = String.valueOf(i);
            // all in one slot
            timers.add(wheel.add(() -> ran.add(name), TICK));
        }
        // the first of the slot, the last of it, two neighbours, one twice
        for (int i : new int[] {8, 0, 4, 5, 5}) {
            timers.get(i).cancel();
        }
        expire(wheel, 2 * TICK);
        assertThat(ran).containsExactlyInAnyOrder("1", "2", "3", "6", "7");
        timers.forEach(Timer::cancel);
        assertThat(wheel.nextDelay(2 * TICK)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aTaskMayAddAndCancelTimersOfItsOwnSlot() {
        TimerWheel wheel = new TimerWheel(0, () -> true);
        Timer[] others = new Timer[3];
        others[0] = wheel.add(() -> ran.add("cancelled"), TICK);
        wheel.add(
                () -> {
                    ran.add("task");
                    for (Timer other : others) {
                        other.cancel();
                    }
                    wheel.add(() -> ran.add("added"), 0);
                },
                TICK);
        others[1] = wheel.add(() -> ran.add("may have run before"), TICK);
        others[2] = wheel.add(() -> ran.add("cancelled"), TICK + REVOLUTION);
        expire(wheel, TICK);
        expire(wheel, 2 * TICK);
        assertThat(ran).contains("task", "added");
        expire(wheel, 3 * REVOLUTION);
        assertThat(ran).doesNotHaveDuplicates();
        assertThat(wheel.nextDelay(0)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aTaskThatAddsItselfAgainDoesNotHoldTheLoop() {
        TimerWheel wheel = new TimerWheel(0, () -> true);
        Runnable[] again = new Runnable[1];
        again[0] = () -> {
            ran.add("again");
            wheel.add(again[0], 0);
        };
        again[0].run();
        expire(wheel, TICK);
        assertThat(ran).hasSizeLessThan(5);
        expire(wheel, 2 * TICK);
        assertThat(ran).hasSizeBetween(2, 6);
    }

    @Test
    void theNextDelayNeverOversleeps() {
        TimerWheel wheel = new TimerWheel(0, () -> true);
        assertThat(wheel.nextDelay(0)).isEqualTo(Long.MAX_VALUE);
        wheel.add(() -> ran.add("it"), 10 * TICK + 3);
        long now = 0;
        int sleeps = 0;
        while (ran.isEmpty()) {
            now += wheel.nextDelay(now);
            expire(wheel, now);
            assertThat(++sleeps).isLessThan(5);
        }
        assertThat(now).isBetween(10 * TICK + 3, 11 * TICK + 3);
    }

    @Test
    void manyTimersRunOnceEachInTheirTime() {
        Random random = new Random(7);
        long now = 1_000_000_007L;
        TimerWheel wheel = new TimerWheel(now, () -> true);
        Map<Integer, Long> due = new HashMap<>();
        List<Timer> timers = new ArrayList<>();
        long[] clock = {now};
        int[] count = new int[1];
        for (int i = 0; i < 20_000; i++) {
            int number = i;
            long deadline = clock[0] + (long) (random.nextDouble() * 3 * REVOLUTION);
            due.put(number, deadline);
            timers.add(wheel.add(
                    () -> {
                        Long wanted = due.remove(number);
                        assertThat(wanted)
                                .as("timer %d ran twice or was cancelled", number)
                                .isNotNull();
                        assertThat(clock[0]).isBetween(wanted, wanted + 2 * TICK);
                        count[0]++;
                    },
                    deadline));
            if (random.nextInt(4) == 0) {
                int victim = random.nextInt(timers.size());
                timers.get(victim).cancel();
                due.remove(victim);
            }
            if (random.nextInt(10) == 0) {
                clock[0] += random.nextInt((int) TICK);
                expire(wheel, clock[0]);
            }
        }
        assertThat(count[0]).isPositive();
        while (!due.isEmpty()) {
            clock[0] += Math.max(1, wheel.nextDelay(clock[0]));
            expire(wheel, clock[0]);
        }
        assertThat(wheel.nextDelay(clock[0])).isEqualTo(Long.MAX_VALUE);
    }
}
