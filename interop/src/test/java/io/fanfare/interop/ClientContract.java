package io.fanfare.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.frame.HeartBeat;
import io.fanfare.server.FanfareServer;
import io.fanfare.testing.Network;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every client can do with the server, in each version that it speaks. One subclass for each family of clients. */
abstract class ClientContract extends ClientAbilities {

    private static final String OCTETS = "application/octet-stream";
    private static final Duration SILENCE = Duration.ofSeconds(15);
    private static final int HEART_BEAT_MILLIS = 3000;

    private FanfareServer server;
    private int destinations;
    private int syncs;

    /** A connection that is not yet connected. */
    abstract Peer newPeer();

    /** The port that this client speaks to. */
    abstract int port(FanfareServer server);

    @BeforeAll
    void startServer() {
        HeartBeat offer = new HeartBeat(Duration.ofSeconds(2), Duration.ofSeconds(2));
        server = FanfareServer.builder()
                .port(0)
                .broker(BrokerOptions.builder()
                        .heartBeat(h -> h.heartBeat(offer))
                        .build())
                .start();
    }

    @AfterAll
    void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void connectsAndDisconnects(String version) {
        Peer peer = opened(newPeer());

        peer.connect(port(server), version, 0);
        Event connected = peer.events().next(Event.Kind.CONNECTED);
        if (showsConnected()) {
            assertThat(connected.header("version")).isEqualTo(version);
        }

        peer.disconnect();
        // a client may tell of the closed socket before it tells of the RECEIPT
        peer.events().await(Event.Kind.DISCONNECTED);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void receivesWhatAnotherConnectionSends(String version) {
        Peer alice = connected(version);
        Peer bob = connected(version);
        String topic = topic();
        bob.subscribe("s1", topic, Map.of());
        sync(bob);

        alice.send(topic, "hello, wörld".getBytes(UTF_8), Map.of("content-type", "text/plain", "colour", "red"));

        Event message = bob.events().message();
        assertThat(message.header("destination")).isEqualTo(topic);
        assertThat(message.header("subscription")).isEqualTo("s1");
        assertThat(message.header("message-id")).isNotEmpty();
        assertThat(message.header("content-type")).isEqualTo("text/plain");
        assertThat(message.header("colour")).isEqualTo("red");
        assertThat(message.text()).isEqualTo("hello, wörld");
    }

    @ParameterizedTest
    @MethodSource("versions")
    void getsAReceiptForEachCommandThatCanHaveOne(String version) {
        Peer peer = connected(version);
        String queue = queue();
        Set<String> can = receipts();
        if (can.contains("SUBSCRIBE")) {
            peer.subscribe("s1", queue, Map.of("ack", "client", "receipt", "r-subscribe"));
            peer.events().receipt("r-subscribe");
        } else {
            peer.subscribe("s1", queue, Map.of("ack", "client"));
        }
        peer.send(queue, bytes("one"), Map.of());
        Event message = peer.events().message();
        peer.send(topic(), bytes("two"), Map.of("receipt", "r-send"));
        peer.events().receipt("r-send");
        if (can.contains("ACK")) {
            peer.ack(message, Map.of("receipt", "r-ack"));
            peer.events().receipt("r-ack");
        }
        if (can.contains("UNSUBSCRIBE")) {
            peer.unsubscribe("s1", Map.of("receipt", "r-unsubscribe"));
            peer.events().receipt("r-unsubscribe");
        }
        if (can.contains("BEGIN")) {
            peer.begin("t1", Map.of("receipt", "r-begin"));
            peer.events().receipt("r-begin");
            peer.abort("t1", Map.of("receipt", "r-abort"));
            peer.events().receipt("r-abort");
        }
        if (can.contains("COMMIT")) {
            peer.begin("t2", Map.of());
            peer.commit("t2", Map.of("receipt", "r-commit"));
            peer.events().receipt("r-commit");
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void whatAKilledConsumerHasNotAcknowledgedGoesToTheNextOne(String version) {
        String queue = queue();
        String ack = version.equals("1.0") ? "client" : "client-individual";
        Network network = opened(Network.to(port(server)));
        Peer victim = connected(version, network.port());
        victim.subscribe("v", queue, Map.of("ack", ack));
        Peer heir = connected(version);
        for (String body : List.of("one", "two", "three")) {
            heir.send(queue, bytes(body), Map.of());
        }
        Event one = victim.events().message();
        assertThat(victim.events().message().text()).isEqualTo("two");
        Event three = victim.events().message();
        victim.ack(version.equals("1.0") ? one : three, Map.of());
        sync(victim);

        network.resets();
        heir.subscribe("h", queue, Map.of("ack", ack));

        List<String> expected = version.equals("1.0") ? List.of("two", "three") : List.of("one", "two");
        for (String body : expected) {
            Event message = heir.events().message();
            assertThat(message.text()).isEqualTo(body);
            assertThat(message.header("redelivered")).isEqualTo("true");
            heir.ack(message, Map.of());
        }
        sync(heir);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void aNackBringsTheMessageAgain(String version) {
        // NACK came with STOMP 1.1
        assumeTrue(!version.equals("1.0"), "STOMP 1.0 has no NACK");
        Peer peer = connected(version);
        String queue = queue();
        peer.subscribe("s1", queue, Map.of("ack", "client-individual"));
        peer.send(queue, bytes("again"), Map.of());

        peer.nack(peer.events().message(), Map.of());

        Event again = peer.events().message();
        assertThat(again.text()).isEqualTo("again");
        assertThat(again.header("redelivered")).isEqualTo("true");
        peer.ack(again, Map.of());
        sync(peer);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void headersFullOfEscapesComeBackUnchanged(String version) {
        Peer peer = connected(version);
        String topic = topic();
        peer.subscribe("s1", topic, Map.of());
        String value = hardValue(version);

        peer.send(topic, bytes("x"), Map.of("hard", value, "empty", ""));

        assertThat(peer.events().message().headers())
                .containsEntry("hard", value)
                .containsEntry("empty", "");
    }

    @ParameterizedTest
    @MethodSource("versions")
    void binaryBodiesWithNulsComeBackUnchanged(String version) {
        Peer peer = connected(version);
        String topic = topic();
        peer.subscribe("s1", topic, Map.of());
        byte[] body = new byte[4096];
        for (int i = 0; i < body.length; i++) {
            body[i] = (byte) (i * 7);
        }

        peer.send(topic, body, Map.of("content-type", OCTETS));

        Event message = peer.events().message();
        assertThat(message.body()).isEqualTo(body);
        assertThat(message.header("content-type")).isEqualTo(OCTETS);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void aBodyOfOneMebibyteComesBackUnchanged(String version) {
        Peer peer = connected(version);
        String topic = topic();
        peer.subscribe("s1", topic, Map.of());
        byte[] body = "0123456789abcdé".repeat(1 << 16).getBytes(UTF_8);
        assertThat(body).hasSize(1 << 20);

        peer.send(topic, body, Map.of("content-type", "text/plain"));

        assertThat(peer.events().message().body()).isEqualTo(body);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void whatIsSentInATransactionArrivesAtItsCommit(String version) {
        assumeTrue(hasTransactions(), "this client has no transactions");
        Peer alice = connected(version);
        Peer bob = connected(version);
        String topic = topic();
        bob.subscribe("s1", topic, Map.of());
        sync(bob);

        alice.begin("t1", Map.of());
        alice.send(topic, bytes("in 1"), Map.of("transaction", "t1"));
        alice.send(topic, bytes("in 2"), Map.of("transaction", "t1"));
        alice.send(topic, bytes("outside"), Map.of());
        assertThat(bob.events().message().text()).isEqualTo("outside");
        alice.commit("t1", Map.of());

        assertThat(bob.events().message().text()).isEqualTo("in 1");
        assertThat(bob.events().message().text()).isEqualTo("in 2");
    }

    @ParameterizedTest
    @MethodSource("versions")
    void whatIsSentInATransactionIsGoneWithItsAbort(String version) {
        assumeTrue(hasTransactions(), "this client has no transactions");
        Peer peer = connected(version);
        String topic = topic();
        peer.subscribe("s1", topic, Map.of());

        peer.begin("t1", Map.of());
        peer.send(topic, bytes("never"), Map.of("transaction", "t1"));
        peer.abort("t1", Map.of());
        peer.send(topic, bytes("after"), Map.of());

        assertThat(peer.events().message().text()).isEqualTo("after");
    }

    @ParameterizedTest
    @MethodSource("versions")
    void anErrorIsSeenBeforeTheEnd(String version) {
        Peer peer = connected(version);

        peer.send("nowhere", bytes("x"), Map.of());

        assertThat(peer.events().next(Event.Kind.ERROR).header("message")).isEqualTo("invalid destination");
        peer.events().await(Event.Kind.CLOSED);
    }

    /** Both sides promise a beat every 3 s, and give the other one up after 6 s to 10 s without. */
    @Test
    void heartBeatsCarryAConnectionThroughSilence() throws InterruptedException {
        assumeTrue(hasHeartBeats(), "this client has no heart-beats");
        String version = versions().reduce((first, second) -> second).orElseThrow();
        Network network = opened(Network.to(port(server)));
        Peer peer = opened(newPeer());
        peer.connect(network.port(), version, HEART_BEAT_MILLIS);
        peer.events().next(Event.Kind.CONNECTED);
        String topic = topic();
        peer.subscribe("s1", topic, Map.of());
        sync(peer);
        int fromClient = network.up().reads();
        int fromServer = network.down().reads();

        // nothing is awaited here but the time: silence is what is tested
        assertThat(new CountDownLatch(1).await(SILENCE.toMillis(), TimeUnit.MILLISECONDS))
                .isFalse();

        peer.events().assertNone();
        long beats = SILENCE.toMillis() / HEART_BEAT_MILLIS;
        // some may have come together
        assertThat(network.up().reads() - fromClient).as("from the client").isBetween((int) beats / 2, (int) beats * 2);
        assertThat(network.down().reads() - fromServer)
                .as("from the server")
                .isBetween((int) beats / 2, (int) beats * 2);
        peer.send(topic, bytes("still here"), Map.of());
        assertThat(peer.events().message().text()).isEqualTo("still here");
    }

    private Peer connected(String version) {
        return connected(version, port(server));
    }

    private Peer connected(String version, int port) {
        Peer peer = opened(newPeer());
        peer.connect(port, version, 0);
        peer.events().next(Event.Kind.CONNECTED);
        return peer;
    }

    /** Returns when the server has done all that this connection has asked for (STOMP 1.2, RECEIPT). */
    private void sync(Peer peer) {
        String receipt = "sync-" + ++syncs;
        peer.send("/topic/sync", bytes("sync"), Map.of("receipt", receipt));
        peer.events().receipt(receipt);
    }

    private String topic() {
        return "/topic/t" + ++destinations;
    }

    private String queue() {
        return "/queue/q" + ++destinations;
    }
}
