package io.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.security.Authenticator;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerOptionsTest {

    // ---- where a server may listen while every client is accepted -------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1", "2001:db8::1", "::ffff:0.0.0.0"})
    void networkIsRefusedWithoutALogin(String host) {
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

    // ---- values ---------------------------------------------------------------------------------------------------

    static Stream<Arguments> badValues() {
        return Stream.of(
                bad(b -> b.host(" "), "listen.host must be an address or a name, not ' '"),
                bad(b -> b.port(-1), "listen.port must be 0 to 65535, not -1"),
                bad(b -> b.port(65536), "listen.port must be 0 to 65535, not 65536"),
                bad(b -> b.path("ws"), "listen.path must be a path that begins with /, not 'ws'"),
                bad(b -> b.path("/{a}"), "listen.path must be a path as a URI has it, not '/{a}'"),
                bad(b -> b.path("/a?b"), "listen.path must be a path as a URI has it, not '/a?b'"),
                bad(b -> b.tcpPort(-2), "stomp_port must be 0 to 65535, or -1 for off, not -2"),
                bad(b -> b.tcpPort(65536), "stomp_port must be 0 to 65535, or -1 for off, not 65536"),
                bad(b -> b.loops(0), "event_loops must be 1 or more, not 0"),
                bad(b -> b.limits(l -> l.maxConnections(0)), "max_connections must be 1 or more, not 0"),
                bad(
                        b -> b.limits(l -> l.maxConnectionsPerAddress(-1)),
                        "max_connections_per_address must be 0 or more, not -1"),
                bad(b -> b.limits(l -> l.maxPendingHandshakes(0)), "max_pending_handshakes must be 1 or more, not 0"),
                bad(
                        b -> b.limits(l -> l.maxRequestHeaderBytes(0)),
                        "max_request_header_bytes must be 1 or more, not 0"),
                bad(
                        b -> b.timeouts(t -> t.handshakeTimeout(Duration.ZERO)),
                        "handshake_timeout must be longer than 0, not PT0S"),
                bad(
                        b -> b.timeouts(t -> t.closeTimeout(Duration.ofMillis(-1))),
                        "close_timeout must be 0 or longer, not PT-0.001S"),
                bad(
                        b -> b.timeouts(t -> t.drainTimeout(Duration.ofMillis(-1))),
                        "drain_timeout must be 0 or longer, not PT-0.001S"),
                bad(b -> b.admin(a -> a.host("")), "admin.host must be an address or a name, not ''"),
                bad(b -> b.admin(a -> a.port(-2)), "admin.port must be 0 to 65535, or -1 for off, not -2"),
                bad(
                        b -> b.tls(TlsOptions.OFF.withProtocols(List.of("SSLv3"))),
                        "tls.protocols must be of [TLSv1.3, TLSv1.2], not [SSLv3]"));
    }

    private static Arguments bad(Consumer<FanfareServerBuilder> set, String message) {
        return arguments(set, message);
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("badValues")
    void badValueIsRefusedWithItsKey(Consumer<FanfareServerBuilder> set, String message) {
        FanfareServerBuilder builder = FanfareServer.builder();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> set.accept(builder))
                .withMessage(message);
    }

    @Test
    void valuesAtTheirLimitsAreTaken() {
        ServerOptions options = FanfareServer.builder()
                .port(65535)
                .tcpPort(ServerOptions.OFF)
                .loops(1)
                .limits(l -> l.maxConnections(1).maxPendingHandshakes(1).maxRequestHeaderBytes(1))
                .timeouts(t -> t.handshakeTimeout(Duration.ofNanos(1)).closeTimeout(Duration.ZERO))
                .admin(a -> a.port(0))
                .options();

        assertThat(options.listen().port()).isEqualTo(65535);
        assertThat(options.limits()).isEqualTo(new ServerLimits(1, 0, 1, 1));
        assertThat(options.admin().isOn()).isTrue();
    }

    @Test
    void groupsKeepWhatWasSetBefore() {
        ServerOptions options = FanfareServer.builder()
                .limits(l -> l.maxConnections(7))
                .limits(l -> l.maxConnectionsPerAddress(3))
                .options();

        assertThat(options.limits().maxConnections()).isEqualTo(7);
        assertThat(options.limits().maxConnectionsPerAddress()).isEqualTo(3);
    }

    @Test
    void defaultsAreThoseOfTheGroups() {
        ServerOptions options = FanfareServer.builder().options();

        assertThat(options.listen()).isEqualTo(ListenOptions.DEFAULT);
        assertThat(options.proxies()).isEqualTo(ProxyOptions.DEFAULT);
        assertThat(options.limits()).isEqualTo(ServerLimits.DEFAULT);
        assertThat(options.timeouts()).isEqualTo(ServerTimeouts.DEFAULT);
        assertThat(options.admin()).isEqualTo(AdminOptions.DEFAULT);
    }
}
