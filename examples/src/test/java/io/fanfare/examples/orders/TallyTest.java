package io.fanfare.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TallyTest {

    private final Tally tally = new Tally();

    @Test
    void anOrderIsOpenUntilItIsSettledOrDead() {
        place("one", "two", "three");
        tally.done("one");
        tally.dead("two");
        assertThat(tally.counts().open()).isEqualTo(1);
        assertThat(tally.counts().isComplete()).isFalse();
        tally.done("three");
        assertThat(tally.counts()).isEqualTo(new Counts(Shop.CLOSED, 3, 0, 0, 0, 0, 2, 1, 0, 0));
        assertThat(tally.counts().isComplete()).isTrue();
    }

    @Test
    void anOrderThatIsSettledASecondTimeIsNoticed() {
        place("one");
        tally.done("one");
        tally.done("one");
        assertThat(tally.counts().done()).isEqualTo(1);
        assertThat(tally.counts().twice()).isEqualTo(1);
    }

    @Test
    void anOrderThatIsSentAgainIsOneOrder() {
        tally.placing("one");
        tally.placing("one");
        tally.placed(true);
        assertThat(tally.counts().open()).isEqualTo(1);
        assertThat(tally.counts().placed()).isEqualTo(1);
        assertThat(tally.counts().repeats()).isEqualTo(1);
    }

    @Test
    void anOrderThatIsSettledBeforeItIsSentAgainStaysSettled() {
        tally.placing("one");
        tally.done("one");
        tally.placing("one");
        tally.placed(true);
        tally.placing("two");
        tally.dead("two");
        tally.placing("two");
        tally.placed(true);
        assertThat(tally.counts()).isEqualTo(new Counts(Shop.CLOSED, 2, 2, 0, 0, 0, 1, 1, 0, 0));
        assertThat(tally.counts().isComplete()).isTrue();
    }

    @Test
    void aDeadLetterIsOneHoweverOftenItIsLookedAt() {
        place("one");
        tally.dead("one");
        tally.dead("one");
        assertThat(tally.counts().dead()).isEqualTo(1);
    }

    @Test
    void aDeadLetterThatAnOperatorMovesBackCanBeSettled() {
        place("one");
        tally.dead("one");
        tally.done("one");
        tally.dead("one");
        assertThat(tally.counts().dead()).isZero();
        assertThat(tally.counts().done()).isEqualTo(1);
    }

    @Test
    void nothingIsCompleteWhileOrdersAreToCome() {
        assertThat(tally.counts().isComplete()).isFalse();
        tally.shop(Shop.OPEN);
        place("one");
        tally.done("one");
        assertThat(tally.counts().isComplete()).isFalse();
        tally.shop(Shop.SOLD_OUT);
        assertThat(tally.counts().isComplete()).isTrue();
    }

    private void place(String... orders) {
        for (String order : orders) {
            tally.placing(order);
            tally.placed(false);
        }
    }
}
