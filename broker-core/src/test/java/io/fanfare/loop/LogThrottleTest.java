package io.fanfare.loop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogThrottleTest {

    private static final long SECOND = 1_000_000_000;

    private final LogThrottle lines = new LogThrottle();

    @ParameterizedTest
    @ValueSource(longs = {0, -SECOND, Long.MAX_VALUE - 5})
    void theFirstIsToldAndThenAllOfASecondTogether(long start) {
        assertThat(lines.next(start)).isEqualTo(1);
        assertThat(lines.next(start)).isZero();
        assertThat(lines.next(start + SECOND - 1)).isZero();
        assertThat(lines.next(start + SECOND)).isEqualTo(3);
        assertThat(lines.next(start + 2 * SECOND - 1)).isZero();
        assertThat(lines.next(start + 9 * SECOND)).isEqualTo(2);
        assertThat(lines.count()).isEqualTo(6);
    }

    @Test
    void nothingHasHappenedYet() {
        assertThat(lines.count()).isZero();
    }
}
