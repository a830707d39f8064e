package io.fanfare.server.internal.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.HandClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ClientTimeTest {

    private final HandClock clock = new HandClock();
    private final SelectorLoop loop = new SelectorLoop(null, clock);
    private int over;
    private final ClientTime time = ClientTime.begin(loop, Duration.ofSeconds(10), () -> over++);

    private void after(int millis, int times) {
        clock.pass(Duration.ofMillis(millis));
        loop.turn();
        assertThat(over).isEqualTo(times);
    }

    @Test
    void isOverWhenTheClientHasHadAllOfIt() {
        after(9_900, 0);
        after(200, 1);
        after(20_000, 1);
    }

    @Test
    void standsStillWhileTheServerIsBusy() {
        after(9_000, 0);
        time.pause();
        time.pause();
        after(60_000, 0);
        time.run();
        time.run();
        after(900, 0);
        after(200, 1);
    }

    @Test
    void isThereAnewForTheAnswer() {
        after(9_000, 0);
        time.restart();
        after(9_900, 0);
        after(200, 1);
    }

    @Test
    void endsWithTheConnection() {
        time.end();
        time.run();
        time.restart();
        after(20_000, 0);
    }
}
