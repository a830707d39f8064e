package io.fanfare.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.Headers;
import io.fanfare.loop.Loops;
import io.fanfare.loop.Memory;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.SendProperties;
import io.fanfare.options.MemoryOptions;
import io.fanfare.retention.Coverage;
import io.fanfare.statistics.LoopCounts;
import io.fanfare.testing.HandLoop;
import io.fanfare.topic.backlog.Backlog;
import io.fanfare.topic.backlog.Budget;
import io.fanfare.topic.backlog.DeliveryPolicy;
import io.fanfare.topic.backlog.DeliveryPolicy.Overflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A topic's messages at a rate, and what is left of that when the last subscriber has gone. */
class PacerTest {

    private static final Destination TOPIC = Destination.topic("a");
    private static final Duration SECOND = Duration.ofSeconds(1);

    /** A timer may be a tick late. */
    private static final Duration TICK = Duration.ofMillis(17);

    private final HandLoop loop = new HandLoop();
    private final Memory memory = new Memory(MemoryOptions.DEFAULT, new Loops());
    private final List<Long> sent = new ArrayList<>();
    private long told;
    private final AtomicInteger looks = new AtomicInteger();
    private Pacer pacer = pacer(1, Integer.MAX_VALUE);

    private Pacer pacer(int rate, int maxPending) {
        return pacer(rate, maxPending, Overflow.CONFLATE);
    }

    private Pacer pacer(int rate, int maxPending, Overflow overflow) {
        DeliveryPolicy policy = new DeliveryPolicy(overflow, maxPending, rate, "k", false);
        Budget budget = new Budget(memory, new LoopCounts(), Long.MAX_VALUE);
        return new Pacer(this::send, looks::incrementAndGet, policy, loop, budget);
    }

    private void send(Backlog.Entry entry) {
        sent.add(entry.message().sequence());
        told += entry.dropped();
    }

    private void offer(int sequence, String key) {
        SendProperties properties = new SendProperties(4, SendProperties.NEVER, 0, null);
        Message message = new Message(Headers.of("k", key), new byte[10], 0, properties, null);
        message.place(1, sequence);
        loop.run(() -> pacer.offer(Backlog.Entry.of(TOPIC, message)));
    }

    private void pass(Duration time) {
        loop.advance(time);
        loop.takeTurn();
    }

    private boolean hasTimer() {
        return loop.nanosToTimer() < Duration.ofDays(1).toNanos();
    }

    @AfterEach
    void nothingIsLeftWhenItHasStopped() {
        loop.run(pacer::stop);
        assertThat(hasTimer()).isFalse();
        assertThat(memory.bytes()).isZero();
    }

    @Test
    void theFirstGoesAtOnceAndTheNextWhenItsTimeHasCome() {
        offer(1, "x");
        assertThat(sent).containsExactly(1L);
        assertThat(hasTimer()).as("nothing waits").isFalse();
        offer(2, "x");
        assertThat(pacer.waiting()).isEqualTo(1);
        pass(SECOND.minusNanos(1));
        assertThat(sent).containsExactly(1L);
        pass(TICK);
        assertThat(sent).containsExactly(1L, 2L);
        assertThat(pacer.waiting()).isZero();
        assertThat(hasTimer()).isFalse();
    }

    @Test
    void theNewestOfEachKeyGoesInTurn() {
        for (int i = 1; i <= 3; i++) {
            offer(2 * i - 1, "x");
            offer(2 * i, "y");
        }
        assertThat(pacer.waiting()).isEqualTo(2);
        pass(SECOND.plus(TICK));
        assertThat(sent).hasSize(2);
        pass(SECOND.plus(TICK));
        assertThat(sent).startsWith(1L).hasSize(3).contains(5L, 6L);
        assertThat(looks)
                .as("each turn looks for subscriptions that have ended")
                .hasValue(2);
    }

    @Test
    void aMessageWhoseTimeHasComeGoesWithoutATimer() {
        offer(1, "x");
        loop.advance(SECOND);
        offer(2, "x");
        assertThat(sent).containsExactly(1L, 2L);
        loop.advance(SECOND.minusNanos(1));
        offer(3, "x");
        assertThat(sent).hasSize(2);
    }

    @Test
    void timeInWhichNothingCameIsNoCredit() {
        offer(1, "x");
        loop.advance(SECOND.multipliedBy(10));
        offer(2, "x");
        offer(3, "y");
        assertThat(sent).containsExactly(1L, 2L);
    }

    @Test
    void highRatesGoInBurstsOfATwentiethOfASecond() {
        pacer = pacer(1_000, Integer.MAX_VALUE);
        for (int i = 1; i <= 120; i++) {
            offer(i, "k" + i);
        }
        assertThat(sent).hasSize(50);
        long waits = loop.nanosToTimer();
        assertThat(waits)
                .isPositive()
                .isLessThanOrEqualTo(Duration.ofMillis(1).plus(TICK).toNanos());
        pass(Duration.ofMillis(30));
        assertThat(sent).hasSize(80);
        pass(Duration.ofMillis(50));
        assertThat(sent).hasSize(120);
    }

    @Test
    void itIsIdleAgainWhenANewMessageWouldGoAtOnce() {
        assertThat(pacer.isIdle()).isTrue();
        offer(1, "x");
        assertThat(pacer.isIdle()).isFalse();
        loop.advance(SECOND.minusNanos(1));
        assertThat(pacer.isIdle()).isFalse();
        loop.advance(Duration.ofNanos(1));
        assertThat(pacer.isIdle()).isTrue();
        offer(2, "x");
        loop.advance(SECOND);
        assertThat(pacer.isIdle()).isTrue();
    }

    @Test
    void whatWaitsIsNotIdleHoweverLateItIs() {
        offer(1, "x");
        offer(2, "x");
        loop.advance(SECOND.multipliedBy(2));
        assertThat(pacer.isIdle()).isFalse();
    }

    @Test
    void aTaskRunsOnceWhenItIsIdle() {
        AtomicInteger runs = new AtomicInteger();
        offer(1, "x");
        offer(2, "x");
        loop.run(() -> pacer.whenIdle(runs::incrementAndGet));
        pass(SECOND.plus(TICK));
        assertThat(sent).containsExactly(1L, 2L);
        assertThat(runs).as("a third would have to wait").hasValue(0);
        pass(SECOND.plus(TICK));
        assertThat(runs).hasValue(1);
        assertThat(hasTimer()).isFalse();
        offer(3, "x");
        pass(SECOND.plus(TICK));
        assertThat(runs).hasValue(1);
    }

    @Test
    void aPacerThatStopsSendsNothingMoreAndLeavesNoTimer() {
        offer(1, "x");
        offer(2, "x");
        assertThat(hasTimer()).isTrue();
        assertThat(memory.bytes()).isPositive();
        loop.run(pacer::stop);
        assertThat(hasTimer()).isFalse();
        assertThat(pacer.waiting()).isZero();
        assertThat(memory.bytes()).isZero();
        pass(SECOND.multipliedBy(3));
        assertThat(sent).containsExactly(1L);
    }

    @Test
    void behindAStopTheNextMessageGoesAtOnce() {
        offer(1, "x");
        offer(2, "x");
        loop.run(pacer::stop);
        assertThat(pacer.isIdle()).isTrue();
        offer(3, "x");
        offer(4, "x");
        assertThat(sent).containsExactly(1L, 3L);
        pass(SECOND.plus(TICK));
        assertThat(sent).as("its timer works anew").containsExactly(1L, 3L, 4L);
    }

    @Test
    void aStopTellsThatItIsIdle() {
        AtomicInteger runs = new AtomicInteger();
        offer(1, "x");
        loop.run(() -> pacer.whenIdle(runs::incrementAndGet));
        assertThat(runs).hasValue(0);
        loop.run(pacer::stop);
        assertThat(runs).hasValue(1);
        loop.run(pacer::stop);
        assertThat(runs).hasValue(1);
    }

    @Test
    void aLossIsToldByTheNextMessage() {
        pacer = pacer(1, 1);
        offer(1, "x");
        offer(2, "x");
        offer(3, "y");
        assertThat(pacer.waiting()).isEqualTo(1);
        pass(SECOND.plus(TICK));
        assertThat(sent).containsExactly(1L, 3L);
    }

    @Test
    void aLossThatNothingHasToldOfIsToldByAMessageThatGoesAtOnce() {
        pacer = pacer(1, 1, Overflow.DROP_NEWEST);
        offer(1, "x");
        offer(2, "x");
        offer(3, "y");
        pass(SECOND.plus(TICK));
        assertThat(sent).containsExactly(1L, 2L);
        assertThat(told).isZero();
        loop.advance(SECOND.plus(TICK));
        offer(4, "z");
        assertThat(sent).containsExactly(1L, 2L, 4L);
        assertThat(told).isEqualTo(1);
        assertThat(pacer.waiting()).isZero();
    }

    @Test
    void aTaskRunsWhenItIsIdleThoughNothingWaits() {
        AtomicInteger runs = new AtomicInteger();
        offer(1, "x");
        loop.run(() -> pacer.whenIdle(runs::incrementAndGet));
        pass(SECOND.plus(TICK));
        assertThat(runs).hasValue(1);
    }

    @Test
    void whatASnapshotOfValuesLeftOutIsKnown() {
        offer(1, "x");
        offer(2, "x");
        offer(3, "y");
        assertThat(pacer.leftOutOf(new Coverage.Covered(2, true)))
                .extracting(entry -> entry.message().sequence())
                .containsExactly(2L);
        assertThat(pacer.leftOutOf(new Coverage.Covered(3, true))).hasSize(2);
        assertThat(pacer.leftOutOf(new Coverage.Covered(3, false)))
                .as("all was replayed")
                .isEmpty();
        pass(SECOND.plus(TICK));
        pass(SECOND.plus(TICK));
        assertThat(pacer.leftOutOf(new Coverage.Covered(3, true))).isEmpty();
    }
}
