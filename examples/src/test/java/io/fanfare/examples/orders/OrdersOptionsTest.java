package io.fanfare.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class OrdersOptionsTest {

    @Test
    void withoutArgumentsThreeWorkersKeepPaceWithTheShop() {
        assertThat(OrdersOptions.parse()).isEqualTo(new OrdersOptions(0, 0, 0, 3, Duration.ofMillis(250), 8, 0));
    }

    @Test
    void everyOptionCanBeSet() {
        assertThat(OrdersOptions.parse(
                        "--port=1",
                        "--ws-port=2",
                        "--admin-port=3",
                        "--workers=8",
                        "--work=0",
                        "--rate=500",
                        "--orders=1000"))
                .isEqualTo(new OrdersOptions(1, 2, 3, 8, Duration.ZERO, 500, 1000));
    }

    @Test
    void thereIsANameForEachOfAtMostEightWorkers() {
        assertThatThrownBy(() -> OrdersOptions.parse("--workers=9"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("--workers must be a number from 1 to 8, not 9");
    }
}
