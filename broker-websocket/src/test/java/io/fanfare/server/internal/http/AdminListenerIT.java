package io.fanfare.server.internal.http;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.broker.Broker;
import io.fanfare.testing.RawTcp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminListenerIT {

    private final Health health = new Health(new Broker(), List::of, () -> true, Duration.ofSeconds(5));

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"", "GET /read", "GET /readyz HTTP/1.1\r\nHost: a\r\n"})
    @DisplayName("case 11: a request that does not come to its end is cut")
    void aSlowRequestIsCut(String beginning) throws IOException {
        try (AdminListener admin = start();
                RawTcp slow = RawTcp.connect(admin.uri().getPort())) {
            slow.sends(beginning).ended();
        }
    }

    @Test
    @DisplayName("case 11: a request that comes one octet after the other is cut too")
    void aTricklingRequestIsCut() throws IOException {
        try (AdminListener admin = start();
                RawTcp slow = RawTcp.connect(admin.uri().getPort())) {
            slow.sends("GET /readyz HTTP/1.1\r\nHost: a\r\nX: ");

            // either a write finds the connection cut, or the pause behind it
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 1_000; i++) {
                            slow.sends("x").silentFor(Duration.ofMillis(5));
                        }
                    })
                    .isInstanceOfAny(UncheckedIOException.class, AssertionError.class);
        }
    }

    private AdminListener start() throws IOException {
        return new AdminListener(
                new AdminListener.Settings("fanfare-test-admin", "127.0.0.1", 0, false, address -> false, null, null),
                health,
                Duration.ofMillis(100));
    }
}
