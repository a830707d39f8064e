package io.fanfare.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.Broker;
import io.fanfare.broker.BrokerOptions;
import io.fanfare.frame.Headers;
import io.fanfare.frame.HeartBeat;
import io.fanfare.testing.Network;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.RawWebSocket;
import io.fanfare.testing.Received;
import io.fanfare.testing.StompSocket;
import io.fanfare.testing.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks as they are: slow, late, cut in the middle of a frame, dead without telling anybody. */
class ToxicNetworkIT {

    private static final Duration HEART_BEAT = Duration.ofSeconds(2);

    @RegisterExtension
    static final TestServer SERVER = new TestServer(options -> options.broker(BrokerOptions.builder()
            .heartBeat(h -> h.heartBeat(new HeartBeat(HEART_BEAT, HEART_BEAT)))
            .outbox(o -> o.maxOutboxBytes(2 << 20))
            .build()));

    private final List<Network> networks = new ArrayList<>();

    @AfterEach
    void closeNetworks() {
        networks.forEach(Network::close);
    }

    private Network network(Transport transport) {
        Network network = Network.to(
                transport == Transport.TCP
                        ? SERVER.running().tcpPort()
                        : SERVER.running().webSocketPort());
        networks.add(network);
        return network;
    }

    private static RawTcp connect(Network network) {
        return SERVER.kept(RawTcp.connect(network.port()));
    }

    private static StompSocket open(Transport transport, Network network) {
        RawTcp tcp = connect(network);
        return transport == Transport.TCP ? StompSocket.over(tcp) : StompSocket.over(RawWebSocket.open(tcp));
    }

    private static StompSocket good() {
        return StompSocket.over(SERVER.tcp()).connects("1.2");
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    @DisplayName("case 71: whoever reads a byte now and then is cut, and nobody else notices")
    void whoReadsAByteNowAndThenIsCut(Transport transport) {
        Network network = network(transport);
        StompSocket slow = open(transport, network).connects("1.2").subscribes("id:0\ndestination:/topic/a");
        StompSocket bob = good().subscribes("id:0\ndestination:/topic/a");
        network.down().trickles(Duration.ofMillis(20));
        String body = "x".repeat(10_000);
        Broker broker = SERVER.broker();
        // some megabytes are enough for its outbox and the kernels' buffers
        for (int i = 0; i < 10_000 && broker.sessionCount() > 1; i++) {
            broker.publish("/topic/a", Headers.EMPTY, body.getBytes(UTF_8));
            bob.gotMessage(body);
        }
        SERVER.awaitSessions(1);
        slow.vanishes();
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    @DisplayName("case 71: what comes a byte at a time is a frame like any other")
    void whatComesAByteAtATimeIsAFrame(Transport transport) {
        Network network = network(transport);
        StompSocket slow = open(transport, network).connects("1.2").subscribes("id:0\ndestination:/topic/a");
        network.up().trickles(Duration.ofMillis(5));
        StompSocket bob = good().subscribes("id:0\ndestination:/topic/a");

        slow.sends("SEND\ndestination:/topic/a\n\né€😀^@");
        bob.gotMessage("é€😀");
        slow.gotMessage("é€😀");
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void whatIsLateComesInOrder(Transport transport) {
        Network network = network(transport);
        StompSocket late = open(transport, network).connects("1.2");
        network.up().isLate(Duration.ofMillis(100));
        network.down().isLate(Duration.ofMillis(100));
        StringBuilder begins = new StringBuilder();
        for (int i = 0; i < 15; i++) {
            begins.append("BEGIN\ntransaction:t")
                    .append(i)
                    .append("\nreceipt:")
                    .append(i)
                    .append("\n\n^@");
        }
        late.sends(begins.toString());
        for (int i = 0; i < 15; i++) {
            late.got("RECEIPT\nreceipt-id:" + i + "\n\n^@");
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    @DisplayName("case 25: cut anywhere in a frame: what was whole is done, what was not is not, nothing is left")
    void cutAnywhereInAFrame(Transport transport) {
        StompSocket bob = good().subscribes("id:0\ndestination:/topic/a");
        String whole = "SEND\ndestination:/topic/a\n\nwhole^@";
        String half = "SEND\ndestination:/topic/a\n\nhalf^@";
        int header = transport == Transport.TCP ? 0 : 6;
        for (int at = 0; at < half.length() - 1; at += 3) {
            Network network = network(transport);
            StompSocket client = open(transport, network).connects("1.2").sends(whole);
            bob.gotMessage("whole");
            network.up().breaksAfter(header + at);
            client.sends(half);
        }
        SERVER.awaitSessions(1);
        bob.gotNothing();
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    @DisplayName("case 25: cut amid a delivery, the message goes to another")
    void cutAmidADelivery(Transport transport) {
        Network network = network(transport);
        StompSocket alice = good();
        StompSocket client =
                open(transport, network).connects("1.2").subscribes("id:0\ndestination:/queue/a\nack:client");
        network.down().breaksAfter(60);
        alice.publishes("/queue/a", "x".repeat(1000));
        SERVER.awaitSessions(1);

        Received again = alice.subscribes("id:0\ndestination:/queue/a").gotMessage("x".repeat(1000));
        assertThat(again.header("redelivered")).isEqualTo("true");
        client.vanishes();
    }

    @Test
    @DisplayName(
            "cases 25, 67: a network that dies without a word: the heart-beats tell, and another gets the messages")
    void aNetworkThatDiesWithoutAWord() {
        StompSocket alice = good();
        for (Transport transport : Transport.values()) {
            Network network = network(transport);
            alice.publishes("/queue/" + transport, "hi");
            StompSocket client = open(transport, network);
            client.sends("CONNECT\naccept-version:1.2\nheart-beat:2000,2000\n\n^@");
            assertThat(client.next().command()).isEqualTo("CONNECTED");
            client.subscribes("id:0\ndestination:/queue/" + transport + "\nack:client")
                    .gotMessage("hi");
            network.up().fallsSilent();
            network.down().fallsSilent();
            // the first byte that is lost
            client.sends("\n");
        }

        // both are given up after five seconds
        for (Transport transport : Transport.values()) {
            assertThat(alice.subscribes("id:" + transport + "\ndestination:/queue/" + transport)
                            .gotMessage("hi")
                            .header("redelivered"))
                    .isEqualTo("true");
        }
        SERVER.awaitSessions(1);
    }

    /** A peer's RST may come while we write, while we read, or while we do neither. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 5_000})
    void resetsLeaveNothing(int messages) {
        for (Transport transport : Transport.values()) {
            Network network = network(transport);
            open(transport, network).connects("1.2").subscribes("id:0\ndestination:/topic/a");
            for (int i = 0; i < messages; i++) {
                SERVER.broker().publish("/topic/a", Headers.EMPTY, new byte[100]);
            }
            network.resets();
        }
        SERVER.awaitSessions(0);
    }

    @Test
    void halfAHandshakeMayEndInAReset() {
        Network network = network(Transport.WEBSOCKET);
        String request = RawWebSocket.request();
        for (int at = 1; at < request.length(); at += 7) {
            Network each = network(Transport.WEBSOCKET);
            each.up().breaksAfter(at);
            connect(each).sends(request).ended();
        }
        open(Transport.WEBSOCKET, network).connects("1.2");
    }
}
