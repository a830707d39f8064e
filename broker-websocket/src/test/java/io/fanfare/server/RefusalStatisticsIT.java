package io.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.Broker;
import io.fanfare.statistics.Disconnect;
import io.fanfare.statistics.Refusal;
import io.fanfare.testing.Await;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.RawWebSocket;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sockets and handshakes that are refused are counted by their reason, each once. */
class RefusalStatisticsIT {

    @RegisterExtension
    static final TestServer SERVER = new TestServer();

    @RegisterExtension
    static final TestServer NARROW = new TestServer(
            options -> options.limits(l -> l.maxConnections(2)).limits(l -> l.maxConnectionsPerAddress(1)));

    @RegisterExtension
    static final TestServer NARROWER = new TestServer(options -> options.limits(l -> l.maxPendingHandshakes(1)));

    /** Only those that are cut come here. */
    @RegisterExtension
    static final TestServer IMPATIENT =
            new TestServer(options -> options.timeouts(t -> t.handshakeTimeout(Duration.ofMillis(300))));

    @RegisterExtension
    static final TestServer ENCRYPTED = new TestServer(options -> options.tls(Identity.SERVER.options()));

    /** Only those that are cut come here. */
    @RegisterExtension
    static final TestServer ENCRYPTED_IMPATIENT = new TestServer(options ->
            options.tls(Identity.SERVER.options()).timeouts(t -> t.handshakeTimeout(Duration.ofMillis(300))));

    @RegisterExtension
    static final TestServer PROXIED = new TestServer(options -> options.proxies(
            p -> p.trustedProxies(List.of(AddressRange.parse("127.0.0.1"))).proxyProtocol(true)));

    private final Map<TestServer, Map<Refusal, Long>> before = new HashMap<>();

    @BeforeEach
    void lookBefore() {
        List.of(SERVER, NARROW, NARROWER, IMPATIENT, ENCRYPTED, ENCRYPTED_IMPATIENT, PROXIED)
                .forEach(each -> before.put(each, refusals(each.broker())));
    }

    /** So many more than before the test, and no others. */
    private void counted(TestServer which, Refusal... expected) {
        Map<Refusal, Long> wanted = new EnumMap<>(before.get(which));
        List.of(expected).forEach(each -> wanted.merge(each, 1L, Long::sum));
        // counted once it has been answered, or just before
        Await.until("a refusal is counted", () -> sum(refusals(which.broker())) >= sum(wanted));
        assertThat(refusals(which.broker())).isEqualTo(wanted);
    }

    private static long sum(Map<Refusal, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private static Map<Refusal, Long> refusals(Broker broker) {
        return broker.statistics(0).connections().refused();
    }

    private void isRefused(String request, int status) {
        assertThat(RawWebSocket.handshake(SERVER.http(), request).status()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "GET /ws, GET /none, 404, NOT_FOUND",
        "GET /ws, POST /ws, 400, BAD_REQUEST",
        "Upgrade: websocket, Upgrade: h2c, 426, NO_WEBSOCKET",
        "Sec-WebSocket-Version: 13, Sec-WebSocket-Version: 8, 426, NO_WEBSOCKET",
        "Upgrade: websocket, 'Upgrade: websocket\r\nOrigin: http://evil.example', 403, ORIGIN",
        "Upgrade: websocket, 'Upgrade: websocket\r\nSec-WebSocket-Protocol: mqtt', 400, SUB_PROTOCOL",
        "Upgrade: websocket, 'Upgrade: websocket\r\nHost: other', 400, BAD_REQUEST"
    })
    void aHandshakeThatIsRefusedIsCountedByItsReason(String part, String other, int status, Refusal why) {
        assertThat(RawWebSocket.request()).contains(part);
        isRefused(RawWebSocket.request().replace(part, other), status);
        counted(SERVER, why);
    }

    @Test
    void aHandshakeThatIsAcceptedIsNotCounted() {
        long opened = SERVER.broker().statistics(0).connections().opened();
        SERVER.connectedWebSocket();
        SERVER.connectedTcp();
        counted(SERVER);
        assertThat(SERVER.broker().statistics(0).connections().opened()).isEqualTo(opened + 2);
    }

    @Test
    void whatTheHttpParserRefusesIsABadRequest() {
        isRefused("GET /ws HTTP/1.1\nHost: a\n\n", 400);
        counted(SERVER, Refusal.BAD_REQUEST);
    }

    @Test
    void aBrokerThatDrainsRefuses() {
        try (var drained = FanfareServer.builder().port(0).start();
                var client = RawTcp.connect(drained.webSocketPort())) {
            drained.broker().drain(Duration.ZERO);
            assertThat(RawWebSocket.handshake(client, RawWebSocket.request()).status())
                    .isEqualTo(503);
            // counted once it has been answered, or just before
            Await.until("a refusal is counted", () -> refusals(drained.broker()).containsKey(Refusal.DRAINING));
            assertThat(refusals(drained.broker())).containsEntry(Refusal.DRAINING, 1L);
        }
    }

    @Test
    void theLimitOfOneAddressCounts() {
        NARROW.connectedWebSocket();
        assertThat(RawWebSocket.handshake(NARROW.http(), RawWebSocket.request()).status())
                .isEqualTo(503);
        assertThat(NARROW.tcp().frame()).contains("too many connections");
        counted(NARROW, Refusal.TOO_MANY_FOR_ADDRESS, Refusal.TOO_MANY_FOR_ADDRESS);
        Await.until(
                "the end of the refused connection",
                () -> NARROW.broker().statistics(0).connections().closed().get(Disconnect.OVERLOAD) > 0);
    }

    @Test
    void theLimitOfTheServerCounts() {
        NARROW.connectedTcp();
        NARROW.kept(RawTcp.connectFrom("127.0.0.2", NARROW.running().tcpPort())).connects();
        assertThat(RawWebSocket.handshake(NARROW.http(), RawWebSocket.request()).status())
                .isEqualTo(503);
        counted(NARROW, Refusal.TOO_MANY_CONNECTIONS);
    }

    @Test
    void aPendingSocketThatMakesRoomCounts() {
        var first = NARROWER.http();
        NARROWER.http();
        first.ended();
        counted(NARROWER, Refusal.TOO_MANY_PENDING);
    }

    @Test
    void aHandshakeThatTakesTooLongCounts() {
        IMPATIENT.http().ended();
        counted(IMPATIENT, Refusal.TIMEOUT);
    }

    @Test
    void aTlsHandshakeThatTakesTooLongCounts() {
        ENCRYPTED_IMPATIENT.tcp().ended();
        counted(ENCRYPTED_IMPATIENT, Refusal.TIMEOUT);
    }

    @Test
    void aTlsHandshakeThatIsNoneCountsOnce() {
        // the answer says that this port wants TLS
        ENCRYPTED.http().sends("GET /ws HTTP/1.1\r\n\r\n").readToEnd();
        counted(ENCRYPTED, Refusal.TLS);
    }

    @Test
    void aTrustedProxyWithoutAHeaderCounts() {
        PROXIED.http().sends("GET /ws HTTP/1.1\r\n\r\n").ended();
        counted(PROXIED, Refusal.PROXY_HEADER);
    }
}
