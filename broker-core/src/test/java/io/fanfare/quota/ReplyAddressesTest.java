package io.fanfare.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.Headers;
import org.junit.jupiter.api.Test;

/** Which of the addresses that messages have asked to be answered at are known. */
class ReplyAddressesTest {

    private final ReplyAddresses addresses = new ReplyAddresses();

    private void deliver(int from, int to) {
        for (int i = from; i < to; i++) {
            addresses.delivered(Headers.of("x", "y", "reply-to", "/queue/" + i));
        }
    }

    @Test
    void theLastThousandAndSomeAreKnown() {
        assertThat(addresses.contains("/queue/0")).isFalse();
        for (int count = 1; count <= 1_024; count++) {
            deliver(count - 1, count);
            assertThat(addresses.contains("/queue/0")).isTrue();
            assertThat(addresses.contains("/queue/" + (count - 1))).isTrue();
            assertThat(addresses.contains("/queue/" + count)).isFalse();
        }
        deliver(1_024, 3_000);
        assertThat(addresses.contains("/queue/" + (3_000 - 1_025))).isFalse();
        for (int i = 3_000 - 1_024; i < 3_000; i++) {
            assertThat(addresses.contains("/queue/" + i)).as("%d", i).isTrue();
        }
    }

    @Test
    void oneThatComesAgainAndAgainTakesOnePlace() {
        deliver(0, 1_023);
        for (int i = 0; i < 5_000; i++) {
            deliver(1_023, 1_024);
        }
        assertThat(addresses.contains("/queue/0")).isTrue();
        deliver(1_024, 1_025);
        assertThat(addresses.contains("/queue/0")).isFalse();
        for (int i = 0; i < 5_000; i++) {
            deliver(1_024, 1_025);
        }
        assertThat(addresses.contains("/queue/1")).isTrue();
    }

    @Test
    void aMessageWithoutOneChangesNothing() {
        addresses.delivered(Headers.of("x", "/queue/0"));
        assertThat(addresses.contains("/queue/0")).isFalse();
    }
}
