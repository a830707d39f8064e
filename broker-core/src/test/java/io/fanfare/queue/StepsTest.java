package io.fanfare.queue;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How much one operation may do under a queue's lock. */
class StepsTest {

    private final Steps steps = new Steps(3);

    @Test
    void anOperationHasSoManySteps() {
        steps.take();
        steps.take();
        assertThat(steps.areLeft()).isTrue();
        steps.take();
        assertThat(steps.areLeft()).isFalse();
        steps.begin();
        assertThat(steps.areLeft()).isTrue();
    }

    @Test
    void anOperationHandsOutAMebibyte() {
        steps.give((1 << 20) - 1);
        assertThat(steps.areLeft()).isTrue();
        steps.give(1);
        assertThat(steps.areLeft()).isFalse();
        steps.begin();
        assertThat(steps.areLeft()).isTrue();
    }

    @Test
    void allAndTheMostOfAnOperationAreKnown() {
        steps.take();
        steps.take();
        assertThat(steps.most()).isEqualTo(2);
        steps.begin();
        steps.take();
        assertThat(steps.most()).isEqualTo(2);
        assertThat(steps.all()).isEqualTo(3);
        steps.begin();
        assertThat(steps.most()).isEqualTo(2);
        assertThat(steps.all()).isEqualTo(3);
    }
}
