package io.fanfare.nats.internal.kept;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RepeatsTest {

    private final Repeats repeats = new Repeats();

    @Test
    void anIdIsARepeatFromItsSecondTimeOn() {
        assertThat(repeats.isRepeat("n1-1")).isFalse();
        assertThat(repeats.isRepeat("n1-2")).isFalse();
        assertThat(repeats.isRepeat("n1-1")).isTrue();
        assertThat(repeats.isRepeat("n1-1")).isTrue();
    }

    @Test
    void the50000LastIdsAreKnownAndNoMore() {
        repeats.isRepeat("first");
        IntStream.range(0, 49_999).forEach(i -> repeats.isRepeat("n1-" + i));
        assertThat(repeats.isRepeat("first")).isTrue();
        repeats.isRepeat("one more");
        assertThat(repeats.isRepeat("first")).isFalse();
    }
}
