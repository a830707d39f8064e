package io.fanfare.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.Headers;
import io.fanfare.loop.BrokerClock;
import io.fanfare.message.Message;
import io.fanfare.message.SendProperties;
import io.fanfare.options.QueueOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long what a NACK gives back waits. */
class RedeliveriesTest {

    /** A loop's clock may begin anywhere, just before its end too. */
    private static final long NOW = Long.MAX_VALUE - 1_000;

    private final QueueOptions options = options(100, 1_000);
    private final Redeliveries redeliveries = new Redeliveries(options, BrokerClock.SYSTEM);
    private int sequence;

    private static QueueOptions options(long delay, long longest) {
        return QueueOptions.builder()
                .redeliveryDelay(Duration.ofMillis(delay))
                .maxRedeliveryDelay(Duration.ofMillis(longest))
                .build();
    }

    private QueueEntry entry(int deliveries, long expires) {
        SendProperties properties = new SendProperties(4, expires, 0, null);
        Message message = new Message(Headers.EMPTY, new byte[0], 0, properties, null);
        return new QueueEntry(message, ++sequence, deliveries, null);
    }

    private QueueEntry added(long millis) {
        QueueEntry entry = entry(1, SendProperties.NEVER);
        assertThat(redeliveries.add(entry, millis, NOW)).isTrue();
        return entry;
    }

    private static long in(long millis) {
        return NOW + nanos(millis);
    }

    private static long nanos(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @ParameterizedTest
    @CsvSource({
        "100, 1000, 0, 0",
        "100, 1000, 1, 0",
        "100, 1000, 2, 100",
        "100, 1000, 3, 200",
        "100, 1000, 4, 400",
        "100, 1000, 5, 800",
        "100, 1000, 6, 1000",
        "100, 1000, 1000000, 1000",
        "100, 50, 2, 50",
        "100, 50, 3, 50",
        "0, 1000, 1000000, 0"
    })
    void theDelayDoublesFromTheSecondDeliveryOn(long delay, long longest, int deliveries, long expected) {
        assertThat(Redeliveries.backOff(options(delay, longest), deliveries)).isEqualTo(expected);
    }

    @Test
    void aMessageIsDueWhenItsTimeHasPassedAndNotBefore() {
        QueueEntry entry = added(50);

        assertThat(redeliveries.count()).isEqualTo(1);
        assertThat(redeliveries.due(in(50) - 1)).isEmpty();
        assertThat(redeliveries.due(in(50))).containsExactly(entry);
        assertThat(redeliveries.count()).isZero();
    }

    @Test
    void withoutADelayAMessageDoesNotWait() {
        assertThat(redeliveries.add(entry(1, SendProperties.NEVER), 0, NOW)).isFalse();
        assertThat(redeliveries.add(entry(1, SendProperties.NEVER), Deliveries.BACK_OFF, NOW))
                .isFalse();
        assertThat(redeliveries.add(entry(2, SendProperties.NEVER), Deliveries.BACK_OFF, NOW))
                .isTrue();
        assertThat(redeliveries.due(in(100) - 1)).isEmpty();
        assertThat(redeliveries.due(in(100))).hasSize(1);
    }

    @Test
    void aMessageWaitsNoLongerThanItLives() {
        assertThat(redeliveries.add(entry(1, 0), 1_000, NOW))
                .as("it has expired")
                .isFalse();
        long soon = BrokerClock.SYSTEM.uptimeMillis() + 60_000;
        assertThat(redeliveries.add(entry(1, soon), 3_600_000, NOW)).isTrue();
        assertThat(redeliveries.due(in(60_000))).hasSize(1);
    }

    @Test
    void theFirstDueComesFirstAndOfEqualOnesTheOlder() {
        QueueEntry late = added(80);
        QueueEntry older = added(40);
        QueueEntry newer = added(40);

        assertThat(redeliveries.due(in(80))).containsExactly(older, newer, late);
    }

    @Test
    void aHundredComeAtATime() {
        for (int i = 0; i < 150; i++) {
            added(10);
        }
        assertThat(redeliveries.due(in(10))).hasSize(100);
        assertThat(redeliveries.due(in(10))).hasSize(50);
    }

    @Test
    void aYearIsTheLongest() {
        long year = Duration.ofDays(365).toMillis();
        added(10 * year);

        assertThat(redeliveries.due(in(year) - 1)).isEmpty();
        assertThat(redeliveries.due(in(year))).hasSize(1);
    }

    @Test
    void aTimerIsNeededForTheFirstOneOnly() {
        assertThat(redeliveries.nextTimer(NOW)).isNegative();
        added(50);
        assertThat(redeliveries.nextTimer(NOW)).isEqualTo(nanos(50));
        assertThat(redeliveries.nextTimer(NOW)).as("it runs").isNegative();
        added(70);
        added(50);
        assertThat(redeliveries.nextTimer(NOW)).as("it is in time").isNegative();
        added(20);
        assertThat(redeliveries.nextTimer(NOW)).isEqualTo(nanos(20));
        assertThat(redeliveries.due(in(20))).hasSize(1);
        assertThat(redeliveries.nextTimer(in(20))).as("for the next").isEqualTo(nanos(30));
    }

    @Test
    void whatIsOverdueIsDueAtOnce() {
        added(50);
        assertThat(redeliveries.nextTimer(in(90))).isZero();
    }

    @Test
    void aTimerRunsForFiveSecondsAtMost() {
        added(60_000);
        assertThat(redeliveries.nextTimer(NOW)).isEqualTo(nanos(5_000));
        assertThat(redeliveries.nextTimer(in(5_000) - 1)).isNegative();
        assertThat(redeliveries.nextTimer(in(5_000))).isEqualTo(nanos(5_000));
    }

    @Test
    void allCanBeTakenAtOnce() {
        List<QueueEntry> all = List.of(added(50), added(5_000));

        assertThat(redeliveries.takeAll()).containsExactlyInAnyOrderElementsOf(all);
        assertThat(redeliveries.count()).isZero();
        assertThat(redeliveries.takeAll()).isEmpty();
    }

    @Test
    void inAQueueThatHasGoneNothingWaits() {
        added(50);
        redeliveries.close();
        assertThat(redeliveries.count()).isZero();
        assertThat(redeliveries.nextTimer(NOW)).isNegative();
        assertThat(redeliveries.add(entry(1, SendProperties.NEVER), 50, NOW)).isFalse();
    }
}
