package io.fanfare.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.options.OutboxOptions;
import io.fanfare.testing.BareOutput;
import io.fanfare.testing.FakeConnection;
import io.fanfare.testing.HandLoop;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class OutboxTest {

    private static final int LIMIT = 100_000;

    private final HandLoop loop = new HandLoop();
    private final FakeConnection connection = new FakeConnection(Framing.TCP, loop, "c1");

    /** What a flush comes to of so many frames of one turn, while the socket is full. */
    private Outbox.Flushed flushed(int frames, int bytes) {
        connection.room(0);
        Outbox.Flushed[] result = new Outbox.Flushed[1];
        loop.run(() -> {
            Outbox outbox =
                    new Outbox(loop, connection, new OutboxOptions(LIMIT, Duration.ofSeconds(10)), new BareOutput());
            for (int i = 0; i < frames; i++) {
                outbox.sendRaw(new byte[bytes], bytes);
            }
            result[0] = outbox.flush();
        });
        return result[0];
    }

    @Test
    void theLimitHoldsForFramesThatStandBehindEachOtherToo() {
        assertThat(flushed(99, 1_000)).isEqualTo(Outbox.Flushed.BLOCKED);
        assertThat(flushed(101, 1_000)).isEqualTo(Outbox.Flushed.OVERFLOWED);
    }

    @Test
    void anEmptyOutboxTakesAFrameOfAnySize() {
        assertThat(flushed(1, 2 * LIMIT)).isEqualTo(Outbox.Flushed.BLOCKED);
        assertThat(flushed(1, 10 * LIMIT)).isEqualTo(Outbox.Flushed.BLOCKED);
    }
}
