package io.fanfare.server.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The hosts that a request to the admin listener may name. */
class AllowedHostsTest {

    @ParameterizedTest(name = "{1} of a listener at {0}")
    @CsvSource({
        "my_admin, my_admin:15672",
        "my_admin, MY_ADMIN",
        "my_admin, localhost",
        "127.0.0.1, 127.8.9.10:15672",
        "::1, [::1]:15672",
        "[fe80::1], [FE80::1]"
    })
    void itsOwnNamesAreAllowed(String listener, String host) {
        assertThat(new AllowedHosts(listener, false).allow(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "your_admin",
                "my_admin.evil.example",
                "my_admin@evil.example",
                "evil.example:my_admin",
                "my_admin:x",
                "localhost.evil.example",
                "[::1].evil.example",
                "::1",
                ""
            })
    void othersAreNot(String host) {
        assertThat(new AllowedHosts("my_admin", false).allow(host)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "my_admin, http://my_admin:15672, 15672, true",
        "my_admin, HTTP://MY_ADMIN:15672, 15672, true",
        "my_admin, http://my_admin, 80, true",
        "my_admin, http://localhost:15672, 15672, true",
        "::1, http://[::1]:15672, 15672, true",
        "my_admin, http://my_admin, 15672, false",
        "my_admin, http://my_admin:15673, 15672, false",
        "my_admin, https://my_admin:15672, 15672, false",
        "my_admin, http://my_admin@evil.example:15672, 15672, false",
        "my_admin, http://evil.example:15672, 15672, false",
        "my_admin, null, 15672, false",
        "my_admin, http://, 80, false"
    })
    void aPageOfTheListenerItselfIsOneOfItsHostsAndPort(String listener, String origin, int port, boolean isAllowed) {
        assertThat(new AllowedHosts(listener, false).allowOrigin(origin, "http", port))
                .isEqualTo(isAllowed);
    }
}
