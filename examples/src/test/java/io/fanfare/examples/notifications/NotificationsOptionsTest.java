package io.fanfare.examples.notifications;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class NotificationsOptionsTest {

    @Test
    void withoutArgumentsPortsAreFreeOnesAndATokenIsValidForAMinute() {
        assertThat(NotificationsOptions.parse())
                .isEqualTo(new NotificationsOptions(0, 0, Duration.ofSeconds(10), Duration.ofSeconds(60)));
    }

    @Test
    void everyOptionIsRead() {
        assertThat(NotificationsOptions.parse("--port=1", "--ws-port=2", "--every=0", "--token-life=4"))
                .isEqualTo(new NotificationsOptions(1, 2, Duration.ZERO, Duration.ofSeconds(4)));
    }

    @Test
    void aTokenThatCouldNotBeRenewedInTimeIsRefused() {
        assertThatThrownBy(() -> NotificationsOptions.parse("--token-life=3"))
                .hasMessage("--token-life must be a number from 4 to 86400, not 3");
    }
}
