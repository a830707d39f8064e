package io.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.security.Authenticator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a server may listen while it lets everybody in. */
class ServerOptionsTest {

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1", "2001:db8::1", "::ffff:0.0.0.0"})
    void networkIsRefusedWhileEverybodyIsLetIn(String host) {
        assertThat(FanfareServer.builder().host(host).options().refusal())
                .hasValueSatisfying(sentence -> assertThat(sentence).contains(host, "allow_anonymous"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.1.2.3", "::1", "localhost", "::ffff:127.0.0.1"})
    void loopbackIsFine(String host) {
        assertThat(FanfareServer.builder().host(host).options().refusal()).isEmpty();
    }

    @Test
    void networkIsFineWhenItIsAllowed() {
        assertThat(FanfareServer.builder()
                        .host("0.0.0.0")
                        .allowAnonymous(true)
                        .options()
                        .refusal())
                .isEmpty();
    }

    @Test
    void networkIsFineWithAnAuthenticator() {
        Authenticator own = credentials -> Authenticator.ANONYMOUS.authenticate(credentials);

        assertThat(FanfareServer.builder()
                        .host("0.0.0.0")
                        .broker(BrokerOptions.builder()
                                .auth(a -> a.authenticator(own))
                                .build())
                        .options()
                        .refusal())
                .isEmpty();
    }
}
