package io.fanfare.nats.internal.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.fanfare.backplane.PresenceChange;
import io.fanfare.status.PresenceStatus;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PresencePartTest {

    private static final PresenceChange JOIN =
            new PresenceChange("a.b", new PresenceStatus("é", "aaaa-1", Long.MAX_VALUE), null);
    private static final PresenceChange LEAVE = new PresenceChange("", new PresenceStatus("", "s", 0), "lost");

    @Test
    void whatIsReadIsWhatWasWritten() {
        PresencePart full = new PresencePart("aaaa", 7, 2, true, List.of(JOIN, LEAVE));
        PresencePart none = new PresencePart("b", 0, 0, false, List.of());
        assertThat(PresencePart.read(full.bytes())).isEqualTo(full);
        assertThat(PresencePart.read(none.bytes())).isEqualTo(none);
    }

    @Test
    void anythingElseIsRefused() {
        byte[] good = new PresencePart("aaaa", 7, 2, true, List.of(JOIN)).bytes();
        int whole = new PresencePart("aaaa", 7, 2, true, List.of()).bytes().length;
        for (int length = 0; length < good.length; length++) {
            byte[] cut = Arrays.copyOf(good, length);
            if (length != whole) {
                assertThatIllegalArgumentException().isThrownBy(() -> PresencePart.read(cut));
            }
        }
        good[0]++;
        assertThatIllegalArgumentException().isThrownBy(() -> PresencePart.read(good));
    }
}
