package io.fanfare.examples.ticker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TickerOptionsTest {

    @Test
    void withoutArgumentsThereAreTenThousandChangesASecond() {
        assertThat(TickerOptions.parse()).isEqualTo(new TickerOptions(0, 0, 10_000, 500, 2, 250));
    }

    @Test
    void everyOptionCanBeSet() {
        assertThat(TickerOptions.parse(
                        "--port=1", "--ws-port=2", "--rate=100000", "--symbols=1", "--max-rate=3", "--conflated=4"))
                .isEqualTo(new TickerOptions(1, 2, 100_000, 1, 3, 4));
    }

    @Test
    void thereAreNamesForAtMostFiveHundredShares() {
        assertThatThrownBy(() -> TickerOptions.parse("--symbols=501"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("--symbols must be a number from 1 to 500, not 501");
    }
}
