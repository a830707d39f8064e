package io.fanfare.nats.internal.kept;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AnswerTimeTest {

    private final AnswerTime time = new AnswerTime();

    @Test
    void whileNothingIsAnsweredItGrowsSlowlyAndNotForEver() {
        assertThat(time.get()).as("at the start").hasSeconds(2);
        time.isEnough();
        assertThat(time.get()).hasMillis(500);
        assertThat(after(3)).hasMillis(500);
        assertThat(after(1)).hasMillis(1000);
        assertThat(after(4)).hasMillis(2000);
        assertThat(after(4)).hasMillis(4000);
        assertThat(after(100)).hasMillis(4000);
        time.isEnough();
        assertThat(time.get()).hasMillis(500);
    }

    private Duration after(int questions) {
        for (int i = 0; i < questions; i++) {
            time.isOver();
        }
        return time.get();
    }
}
