package io.fanfare.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.queue.QueueConsumer.Cursor;
import org.junit.jupiter.api.Test;

/** What a consumer remembers of the messages that it has been asked about. */
class CursorTest {

    private final Cursor cursor = new Cursor();

    @Test
    void aNewConsumerIsAskedAboutEverything() {
        assertThat(cursor.next()).isZero();
        assertThat(cursor.isLate()).isFalse();
        assertThat(cursor.hasGone()).isFalse();
        assertThat(cursor.reserved()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void itGoesOnBehindWhatItHasBeenAskedAbout() {
        cursor.pass(7);
        assertThat(cursor.next()).isEqualTo(8);
        cursor.skipTo(20);
        assertThat(cursor.next()).isEqualTo(20);
        cursor.skipTo(10);
        assertThat(cursor.next()).as("never back").isEqualTo(20);
    }

    @Test
    void whatComesBackInFrontOfItIsAskedAboutFirstAndTheRestNotAgain() {
        cursor.skipTo(10);
        cursor.added(7);
        cursor.added(3);
        assertThat(cursor.next()).isEqualTo(3);
        cursor.pass(3);
        assertThat(cursor.next()).isEqualTo(7);
        cursor.pass(7);
        assertThat(cursor.next()).isEqualTo(10);
    }

    @Test
    void whatComesBehindItIsNothingToRemember() {
        cursor.skipTo(10);
        cursor.added(10);
        cursor.added(11);
        cursor.pass(10);
        assertThat(cursor.next()).isEqualTo(11);
    }

    @Test
    void whatIsSkippedIsForgotten() {
        cursor.skipTo(10);
        cursor.added(3);
        cursor.added(5);
        cursor.added(7);
        cursor.skipTo(5);
        assertThat(cursor.next()).isEqualTo(5);
        cursor.skipTo(10);
        assertThat(cursor.next()).isEqualTo(10);
    }

    @Test
    void thatManyComeBackIsRememberedAsOnePlace() {
        cursor.skipTo(1_000);
        for (int i = 0; i < 256; i++) {
            cursor.added(100 + 2 * i);
        }
        cursor.pass(100);
        assertThat(cursor.next()).as("each of 256").isEqualTo(102);
        cursor.added(50);
        cursor.added(60);
        assertThat(cursor.next()).isEqualTo(50);
        cursor.pass(50);
        assertThat(cursor.next()).as("with one more, all behind the first").isEqualTo(51);
    }

    @Test
    void itGoesBackToAnEarlierPlaceAlone() {
        cursor.skipTo(10);
        cursor.goBack(12);
        assertThat(cursor.next()).isEqualTo(10);
        cursor.added(3);
        cursor.added(7);
        cursor.goBack(5);
        assertThat(cursor.next()).isEqualTo(3);
        cursor.pass(3);
        assertThat(cursor.next()).isEqualTo(5);
        cursor.pass(6);
        assertThat(cursor.next()).as("not the seventh once more").isEqualTo(7);
        cursor.pass(7);
        assertThat(cursor.next()).isEqualTo(8);
    }

    @Test
    void aConsumerMayBeLateAndCatchUp() {
        cursor.late(true);
        assertThat(cursor.isLate()).isTrue();
        cursor.late(false);
        assertThat(cursor.isLate()).isFalse();
    }

    @Test
    void theFirstMessageThatIsKeptForItCounts() {
        cursor.reserve(9);
        cursor.reserve(4);
        cursor.reserve(6);
        assertThat(cursor.reserved()).isEqualTo(4);
    }

    @Test
    void ofAConsumerThatHasGoneNothingIsRemembered() {
        cursor.skipTo(10);
        cursor.added(3);
        cursor.leave();
        assertThat(cursor.hasGone()).isTrue();
        assertThat(cursor.next()).isEqualTo(10);
    }
}
