package io.fanfare.testkit;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.client.StompClient;
import io.fanfare.testkit.wire.Transport;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A test's broker whose clients come with TLS. */
class TestTlsIT {

    private final TestBroker broker = TestBroker.builder()
            .tls()
            .user("alice", "secret")
            .timeout(ofSeconds(20))
            .start();

    @AfterEach
    void close() {
        broker.close();
    }

    private StompClient application() {
        return StompClient.builder(broker.webSocketUri())
                .login("alice", "secret")
                .sslContext(broker.sslContext())
                .connect();
    }

    @Test
    void anApplicationThatTrustsTheCertificateConnects() {
        assertThat(broker.webSocketUri().getScheme()).isEqualTo("wss");
        try (StompClient app = application()) {
            app.send("/topic/a", "hello").join();
            broker.expect("/topic/a").count(1).bodyContains("hello");
        }
    }

    @Test
    void anApplicationThatDoesNotIsRefused() {
        assertThatThrownBy(() -> StompClient.builder(broker.webSocketUri()).connect())
                .hasStackTraceContaining("unable to find valid certification path");
        broker.awaitConnections(0);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void testConnectionsTranscriptsAndFaultsOfFramesAreThereAsWithoutTls(Transport transport) {
        TestConnection alice = broker.connect(ConnectOptions.as("alice").over(transport));
        TestSubscription messages = alice.subscribe("/topic/a");
        broker.faults()
                .dropNext(
                        c -> c.login().equals("alice"), frame -> frame.command().equals("MESSAGE"));
        broker.publish("/topic/a", "first");
        broker.publish("/topic/a", "second");
        assertThat(messages.next().text()).isEqualTo("second");
        assertThat(broker.transcript()).contains("alice", "SUBSCRIBE", "second").doesNotContain("secret");
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void aConnectionThatIsCutIsNoticedOnBothSides(Transport transport) {
        TestConnection alice = broker.connect(ConnectOptions.as("alice").over(transport));
        broker.faults().disconnect(c -> c.login().equals("alice"));
        alice.awaitClosed();
        broker.awaitConnections(0);
        TestConnection again = broker.connect(ConnectOptions.as("alice").over(transport));
        again.drop();
        broker.awaitConnections(0);
    }

    @Test
    void aClientThatNeverShakesHandsHoldsNothingUp() throws Exception {
        try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), broker.tcpPort());
                SSLSocket next = (SSLSocket) broker.sslContext()
                        .getSocketFactory()
                        .createSocket(InetAddress.getLoopbackAddress(), broker.tcpPort())) {
            next.startHandshake();
            broker.close();
            assertThat(silent.isConnected()).isTrue();
        }
    }
}
