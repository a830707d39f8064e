package io.fanfare.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How long an address whose logins have failed has to wait. */
class FailedLoginsTest {

    private static final Duration NONE = Duration.ZERO;

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000);
    private final FailedLogins failures = new FailedLogins(now::get);

    private void fails(String address, int times) {
        for (int i = 0; i < times; i++) {
            failures.failed(address);
        }
    }

    private void passes(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Test
    void tenFailuresAreFreeAndTheNextLoginWaits() {
        fails("192.0.2.1", FailedLogins.BURST - 1);
        assertThat(failures.delay("192.0.2.1")).isLessThanOrEqualTo(NONE);
        fails("192.0.2.1", 1);
        assertThat(failures.delay("192.0.2.1")).isEqualTo(FailedLogins.INTERVAL);
    }

    @Test
    void oneMayFailInEachInterval() {
        fails("192.0.2.1", FailedLogins.BURST);
        passes(FailedLogins.INTERVAL.minusNanos(1));
        assertThat(failures.delay("192.0.2.1")).isEqualTo(Duration.ofNanos(1));
        passes(Duration.ofNanos(1));
        assertThat(failures.delay("192.0.2.1")).isEqualTo(NONE);
        fails("192.0.2.1", 1);
        assertThat(failures.delay("192.0.2.1")).isEqualTo(FailedLogins.INTERVAL);
    }

    @Test
    void aMinuteGivesTheWholeBurstBackAndNoMore() {
        fails("192.0.2.1", FailedLogins.BURST);
        passes(FailedLogins.INTERVAL.multipliedBy(FailedLogins.BURST * 3L));
        fails("192.0.2.1", FailedLogins.BURST - 1);
        assertThat(failures.delay("192.0.2.1")).isLessThanOrEqualTo(NONE);
        fails("192.0.2.1", 1);
        assertThat(failures.delay("192.0.2.1")).isEqualTo(FailedLogins.INTERVAL);
    }

    @Test
    void otherAddressesDoNotWait() {
        fails("192.0.2.1", FailedLogins.BURST);
        assertThat(failures.delay("192.0.2.2")).isLessThanOrEqualTo(NONE);
    }

    @Test
    void anIpv6NetworkOf64BitsIsOneAddress() {
        fails("2001:db8:1:2:aaaa::1", FailedLogins.BURST);
        assertThat(failures.delay("2001:db8:1:2:bbbb::2")).isEqualTo(FailedLogins.INTERVAL);
        assertThat(failures.delay("2001:db8:1:3:aaaa::1")).isLessThanOrEqualTo(NONE);
    }

    @Test
    void theAddressWhoseLastFailureIsTheOldestIsForgotten() {
        fails("10.0.0.1", FailedLogins.BURST);
        fails("10.0.0.2", FailedLogins.BURST);
        for (int i = 2; i < FailedLogins.MAX_ADDRESSES; i++) {
            failures.failed("10.1." + i / 256 + "." + i % 256);
        }
        fails("10.0.0.1", 1);
        assertThat(failures.delay("10.0.0.2")).as("at the limit").isPositive();
        failures.failed("192.0.2.1");
        assertThat(failures.delay("10.0.0.2")).isLessThanOrEqualTo(NONE);
        assertThat(failures.delay("10.0.0.1")).isPositive();
    }
}
