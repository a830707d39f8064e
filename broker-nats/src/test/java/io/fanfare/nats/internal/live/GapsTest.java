package io.fanfare.nats.internal.live;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GapsTest {

    private final Gaps gaps = new Gaps();

    private boolean batch(long life, long number) {
        return gaps.isBehindGap(new Envelope(life, number, false));
    }

    private boolean mark(long life, long number) {
        return gaps.isBehindGap(new Envelope(life, number, true));
    }

    @Test
    void batchesInTheirOrderHaveNoGap() {
        gaps.settled();
        assertThat(batch(7, 1)).isFalse();
        assertThat(batch(7, 2)).isFalse();
        assertThat(mark(7, 2)).isFalse();
        assertThat(batch(7, 3)).isFalse();
    }

    @Test
    void aNumberThatIsLeftOutIsAGapAndToldOnce() {
        batch(7, 1);
        assertThat(batch(7, 3)).isTrue();
        assertThat(batch(7, 4)).isFalse();
    }

    @Test
    void aMarkTellsThatTheLastBatchHasNotCome() {
        batch(7, 1);
        assertThat(mark(7, 2)).isTrue();
        assertThat(mark(7, 2)).isFalse();
        assertThat(batch(7, 3)).isFalse();
    }

    @Test
    void aBatchBehindOneThatWasSentLaterIsLateAndAMarkNever() {
        batch(7, 1);
        assertThat(gaps.isLate(new Envelope(7, 2, false))).isFalse();
        batch(7, 4);
        assertThat(gaps.isLate(new Envelope(7, 2, false))).isTrue();
        assertThat(gaps.isLate(new Envelope(7, 4, false))).isTrue();
        assertThat(gaps.isLate(new Envelope(7, 4, true))).isFalse();
        assertThat(gaps.isLate(new Envelope(7, 5, false))).isFalse();
        assertThat(gaps.isLate(new Envelope(8, 1, false))).isFalse();
    }

    @Test
    void whileANodeSettlesOthersAreInTheMiddle() {
        assertThat(batch(7, 100)).isFalse();
        assertThat(mark(8, 100)).isFalse();
        gaps.settled();
        assertThat(batch(7, 101)).isFalse();
        assertThat(batch(8, 102)).isTrue();
    }

    @Test
    void afterwardsANewLifeMustBeHeardFromItsBeginning() {
        gaps.settled();
        assertThat(mark(7, 0)).isFalse();
        assertThat(batch(7, 1)).isFalse();
        assertThat(batch(8, 1)).isFalse();
        assertThat(batch(9, 2)).isTrue();
        assertThat(mark(10, 1)).isTrue();
    }

    @Test
    void whatComesAgainIsNoGap() {
        batch(7, 1);
        batch(7, 2);
        assertThat(batch(7, 1)).isFalse();
        assertThat(batch(7, 3)).isFalse();
    }

    @Test
    void ofVeryManyLivesTheLastAreRemembered() {
        batch(0, 5);
        for (int life = 1; life < Numbers.MAX_LIVES; life++) {
            batch(life, 1);
        }
        assertThat(batch(0, 7)).as("the first of as many as are remembered").isTrue();
        batch(Numbers.MAX_LIVES, 1);
        assertThat(batch(1, 9)).as("forgotten: it may be in the middle").isFalse();
    }
}
