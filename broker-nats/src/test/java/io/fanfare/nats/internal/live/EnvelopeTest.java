package io.fanfare.nats.internal.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class EnvelopeTest {

    @Test
    void whatIsReadIsWhatWasWritten() {
        for (Envelope each : List.of(new Envelope(-1, Long.MAX_VALUE, true), new Envelope(Long.MIN_VALUE, 0, false))) {
            ByteBuffer in = ByteBuffer.wrap(each.bytes());
            assertThat(Envelope.read(in)).isEqualTo(each);
            assertThat(in.hasRemaining()).isFalse();
        }
    }

    @Test
    void anythingElseIsRefused() {
        byte[] good = new Envelope(1, 1, false).bytes();
        for (int length = 0; length < good.length; length++) {
            byte[] cut = Arrays.copyOf(good, length);
            assertThatIllegalArgumentException().isThrownBy(() -> Envelope.read(ByteBuffer.wrap(cut)));
        }
        good[0]++;
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Envelope.read(ByteBuffer.wrap(good)))
                .withMessageContaining("form 2");
    }
}
