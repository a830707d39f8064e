package io.fanfare.endpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.frame.FrameLimits;
import io.fanfare.frame.Headers;
import io.fanfare.frame.HeartBeat;
import io.fanfare.testing.RawWebSocket;
import io.fanfare.testing.Received;
import io.fanfare.testing.StompSocket;
import io.fanfare.testing.WsFrame;
import jakarta.websocket.server.ServerEndpointConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** STOMP through an endpoint, in whatever container it is: all of this must hold in each. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class EndpointContract {

    static final int MAX_FRAME_BYTES = 300_000;

    private static final String SUBSCRIBE = "SUBSCRIBE\nid:0\ndestination:/topic/a\nreceipt:r\n\n^@";
    private static final String SUBSCRIBED = "RECEIPT\nreceipt-id:r\n\n^@";
    private static final String CONNECT = "CONNECT\naccept-version:1.2\nhost:h\n\n^@";

    Scene scene;

    /** Starts the container with an endpoint, for all clients. */
    abstract Container start(ServerEndpointConfig endpoint) throws Exception;

    @BeforeAll
    void start() throws Exception {
        BrokerOptions options = BrokerOptions.builder()
                .limits(limits -> limits.frameLimits(FrameLimits.DEFAULT.withMaxFrameBytes(MAX_FRAME_BYTES)))
                .heartBeat(beats -> beats.heartBeat(new HeartBeat(Duration.ofMillis(100), Duration.ofMillis(100))))
                .build();
        scene = new Scene(this::start, options, builder -> builder);
    }

    @AfterEach
    void nothingIsLeftOfTheClients() {
        scene.closeClients();
    }

    @AfterAll
    void stop() throws Exception {
        scene.close();
    }

    // ---- STOMP ------------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"1.0", "1.1", "1.2"})
    void eachVersionIsSpoken(String version) {
        StompSocket alice = scene.open().sends("CONNECT\naccept-version:" + version + "\nhost:h\n\n^@");
        assertThat(alice.next().header("version")).isEqualTo(version);
        alice.subscribes("id:0\ndestination:/topic/a")
                .publishes("/topic/a", "hi")
                .gotMessage("hi");
        alice.sends("DISCONNECT\nreceipt:bye\n\n^@").got("RECEIPT\nreceipt-id:bye\n\n^@");
        alice.gotEnd(1000);
    }

    @Test
    void theApplicationPublishesAndIsToldTheOutcome() {
        StompSocket alice = scene.connect().subscribes("id:0\ndestination:/topic/a");
        assertThat(scene.broker
                        .publish("/topic/a", Headers.of("color", "red"), "hi".getBytes(UTF_8))
                        .matched())
                .isEqualTo(1);
        assertThat(alice.gotMessage("hi").header("color")).isEqualTo("red");
    }

    @Test
    void anErrorEndsTheConnection() {
        scene.connect().sends("SEND\ndestination:nowhere\n\nhi^@").gotError(1002, "invalid destination");
    }

    @Test
    void aThousandMessagesComeInOrderToManySubscribers() {
        List<StompSocket> subscribers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            subscribers.add(scene.connect().subscribes("id:0\ndestination:/topic/a"));
        }
        StompSocket publisher = scene.connect();
        for (int i = 0; i < 1_000; i++) {
            publisher.sends("SEND\ndestination:/topic/a\n\nnumber " + i + "^@");
        }
        for (StompSocket each : subscribers) {
            for (int i = 0; i < 1_000; i++) {
                each.gotMessage("number " + i);
            }
        }
    }

    @Test
    void aClientMayReadItsOwnMessagesWhenItHasSentAll() {
        RawWebSocket alice = scene.webSocket().connects().sends(SUBSCRIBE).got(SUBSCRIBED);
        String padding = "x".repeat(1_000);
        for (int i = 0; i < 1_000; i++) {
            alice.sends("SEND\ndestination:/topic/a\n\n" + i + " " + padding + "^@");
        }
        for (int i = 0; i < 1_000; i++) {
            assertThat(alice.message().text()).endsWith("\n" + i + " " + padding + "^@");
        }
    }

    // ---- the handshake ----------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "v10.stomp, v12.stomp, v11.stomp | v12.stomp",
                "v11.stomp | v11.stomp",
                "stomp, V10.STOMP | V10.STOMP",
                "other, stomp | stomp"
            })
    void theHighestSubProtocolIsChosen(String offered, String chosen) {
        RawWebSocket client = scene.webSocket("Sec-WebSocket-Protocol: " + offered);
        assertThat(client.response().header("Sec-WebSocket-Protocol")).containsExactly(chosen);
        client.connects();
    }

    @Test
    void noSubProtocolIsAnsweredToAClientThatOffersNone() {
        RawWebSocket client = scene.webSocket();
        assertThat(client.response().header("Sec-WebSocket-Protocol")).isEmpty();
        assertThat(client.response().header("Sec-WebSocket-Extensions")).isEmpty();
        client.connects();
    }

    @Test
    void aClientThatOffersUnknownSubProtocolsAloneIsClosed() {
        scene.webSocket("Sec-WebSocket-Protocol: mqtt").gotClose(1002).closesToo(1002);
    }

    @Test
    void aPageOfAnotherHostIsClosedBeforeItSaysAWord() {
        scene.webSocket("Origin: https://elsewhere.example").gotClose(1008).closesToo(1008);
        scene.webSocket("Origin: http://localhost:3000").connects();
    }

    @Test
    void compressionIsNotNegotiated() {
        RawWebSocket client = scene.webSocket("Sec-WebSocket-Extensions: permessage-deflate");
        assertThat(client.response().header("Sec-WebSocket-Extensions")).isEmpty();
        client.connects();
    }

    // ---- messages ---------------------------------------------------------------------------------------------------

    @Test
    void framesMayBeCutAndJoinedInMessages() {
        RawWebSocket client = scene.webSocket();
        client.sends(CONNECT + SUBSCRIBE + "SEND\ndestination:/topic/a\n\none^@SEND\ndestin");
        client.sends("ation:/topic/a\n\ntwo^@\n\n");
        client.gotStart("CONNECTED\n").got(SUBSCRIBED);
        assertThat(client.frame().text()).endsWith("one^@");
        assertThat(client.frame().text()).endsWith("two^@");
    }

    @Test
    void messagesMayComeInFragmentsThatCutACharacter() {
        RawWebSocket client = scene.webSocket().connects().sends(SUBSCRIBE).got(SUBSCRIBED);
        byte[] frame = "SEND\ndestination:/topic/a\n\nsmile \ud83d\ude00!\0".getBytes(UTF_8);
        for (int i = 0; i < frame.length; i++) {
            WsFrame fragment = WsFrame.of(i == 0 ? WsFrame.TEXT : WsFrame.CONTINUATION, new byte[] {frame[i]});
            client.sends(i == frame.length - 1 ? fragment : fragment.notLast());
        }
        assertThat(new String(client.frame().payload(), UTF_8)).endsWith("smile \ud83d\ude00!\0");
    }

    @Test
    void aClientOfBinaryMessagesGetsThem() {
        RawWebSocket client = scene.webSocket();
        client.sends(WsFrame.binary(CONNECT));
        assertThat(client.frame().opcode()).isEqualTo(WsFrame.BINARY);
        client.sends(WsFrame.of(WsFrame.BINARY, SUBSCRIBE.replace("^@", "\0").getBytes(UTF_8)));
        assertThat(client.frame().text()).isEqualTo(SUBSCRIBED);
    }

    @Test
    void aBodyThatIsNoTextComesInABinaryMessage() {
        RawWebSocket client = scene.webSocket().connects().sends(SUBSCRIBE).got(SUBSCRIBED);
        byte[] body = {(byte) 0xFF, 0, (byte) 0xC0, 'x'};
        scene.broker.publish("/topic/a", Headers.of(), body);
        WsFrame message = client.frame();
        assertThat(message.opcode()).isEqualTo(WsFrame.BINARY);
        Received received = Received.of(message.text());
        assertThat(received.header("content-length")).isEqualTo("4");
        scene.broker.publish("/topic/a", Headers.of(), "text".getBytes(UTF_8));
        assertThat(client.frame().opcode()).isEqualTo(WsFrame.TEXT);
    }

    @Test
    void aFrameAtTheLimitPassesAndOnePastItDoesNot() {
        String head = "SEND\ndestination:/topic/a\n\n";
        String body = "x".repeat(MAX_FRAME_BYTES - head.length() - 1);
        StompSocket alice = scene.connect().subscribes("id:0\ndestination:/topic/a");
        alice.sends(head + body + "^@").gotMessage(body);
        alice.sends(head + body + "x^@").gotError(1009, "frame too large", "max_frame_bytes");
    }

    @Test
    void textThatIsNotUtf8EndsTheConnection() {
        RawWebSocket client = scene.webSocket().connects();
        client.sends(WsFrame.of(WsFrame.TEXT, new byte[] {'S', (byte) 0xFF}));
        scene.awaitSessions(0);
    }

    // ---- signs of life ----------------------------------------------------------------------------------------------

    @Test
    void heartBeatsAreSent() {
        StompSocket alice = scene.open().sends("CONNECT\naccept-version:1.2\nhost:h\nheart-beat:0,100\n\n^@");
        assertThat(alice.next().header("heart-beat")).isEqualTo("100,100");
        alice.gotHeartBeat().gotHeartBeat();
    }

    @Test
    void aPingIsAnsweredBetweenTheFragmentsOfAMessage() {
        RawWebSocket client = scene.webSocket();
        client.sends(
                WsFrame.text(CONNECT.substring(0, 10)).notLast(),
                WsFrame.of(WsFrame.PING, "are you there".getBytes(UTF_8)),
                WsFrame.of(
                        WsFrame.CONTINUATION,
                        CONNECT.substring(10).replace("^@", "\0").getBytes(UTF_8)));
        client.gotPong("are you there").gotStart("CONNECTED\n");
    }

    // ---- the end ----------------------------------------------------------------------------------------------------

    @Test
    void aClientThatClosesIsAnsweredAfterWhatItSaid() {
        StompSocket bob = scene.connect().subscribes("id:0\ndestination:/topic/a");
        RawWebSocket alice = scene.webSocket().connects();
        alice.sends(WsFrame.text("SEND\ndestination:/topic/a\n\nlast words^@"), WsFrame.close(1000));
        alice.gotClose(1000);
        alice.tcp().ended();
        bob.gotMessage("last words");
        scene.awaitSessions(1);
    }

    @Test
    void aClientThatVanishesIsForgotten() {
        StompSocket alice = scene.connect().subscribes("id:0\ndestination:/topic/a");
        alice.vanishes();
        scene.awaitSessions(0);
    }
}
