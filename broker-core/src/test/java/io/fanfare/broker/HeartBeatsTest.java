package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.HeartBeat;
import io.fanfare.loop.Framing;
import io.fanfare.testing.Received;
import io.fanfare.testing.Wire;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeartBeatsTest extends BrokerTest {

    /** A timer may be a tick late. */
    private static final Duration TICK = Duration.ofMillis(17);

    private Client connectWith(String heartBeat) {
        return connectWith(heartBeat, Framing.TCP);
    }

    private Client connectWith(String heartBeat, Framing framing) {
        var alice = open(framing, loop);
        alice.sends("CONNECT\naccept-version:1.1,1.2\nheart-beat:" + heartBeat + "\n\n^@");
        alice.got("CONNECTED\nversion:1.2\nheart-beat:*\n\n^@");
        return alice;
    }

    private void offer(long send, long receive) {
        brokerWith(BrokerOptions.builder()
                .heartBeat(h -> h.heartBeat(new HeartBeat(Duration.ofMillis(send), Duration.ofMillis(receive))))
                .build());
    }

    @Test
    @DisplayName("item 70: a client that does not ask gets no heart-beats and need not send any")
    void noHeaderMeansNoHeartBeats() {
        var alice = open();
        alice.sends("CONNECT\naccept-version:1.2\n\n^@");
        alice.got("CONNECTED\nversion:1.2\n\n^@");
        pass(Duration.ofHours(1));
        alice.gotNothing();
        alice.isOpen();
    }

    @Test
    @DisplayName("item 70: the broker can send every second, and wants a heart-beat every ten")
    void aClientGetsHeartBeatsAsOftenAsItWants() {
        var alice = open();
        alice.sends("CONNECT\naccept-version:1.2\nheart-beat:1000,1000\n\n^@");
        alice.got("CONNECTED\nversion:1.2\nheart-beat:1000,10000\n\n^@");
        for (int i = 0; i < 5; i++) {
            pass(Duration.ofSeconds(1));
            alice.gotHeartBeat();
            alice.takeAll();
        }
        alice.isOpen();
    }

    @Test
    @DisplayName("item 70: CONNECTED tells what the broker offers")
    void connectedTellsWhatTheBrokerOffers() {
        offer(3_000, 4_000);
        var alice = open();
        alice.sends("CONNECT\naccept-version:1.2\nheart-beat:0,0\n\n^@");
        alice.got("CONNECTED\nversion:1.2\nheart-beat:3000,4000\n\n^@");
    }

    @ParameterizedTest
    @DisplayName("items 71, 72: the longer interval counts, and no such interval passes without an octet")
    @CsvSource({"10000,10000", "5000,10000", "10000,30000", "30000,500", "700,900"})
    void theBrokerSendsInTheLongerInterval(long brokers, long clients) {
        offer(brokers, 0);
        var alice = connectWith("0," + clients);
        Duration interval = Duration.ofMillis(Math.max(brokers, clients));
        for (int i = 0; i < 5; i++) {
            pass(interval);
            assertThat(alice.takeAll())
                    .as(transcript())
                    .isNotEmpty()
                    .hasSizeLessThanOrEqualTo(2)
                    .allMatch(Received::isHeartBeat);
        }
    }

    @ParameterizedTest
    @DisplayName("item 71: 0 on either side switches that direction off")
    @CsvSource({"0,0,10000,10000", "0,10000,0,10000", "10000,0,10000,0"})
    void zeroSwitchesADirectionOff(long send, long receive, long clientSends, long clientWants) {
        offer(send, receive);
        var alice = connectWith(clientSends + "," + clientWants);
        pass(Duration.ofHours(1));
        alice.gotNothing();
        alice.isOpen();
    }

    @Test
    @DisplayName("item 72: none is sent before CONNECTED")
    void noneIsSentBeforeConnected() {
        offer(100, 100);
        var alice = open();
        pass(Duration.ofSeconds(9));
        alice.gotNothing();
    }

    @Test
    @DisplayName("item 72: a heart-beat is sent only when nothing else was")
    void aFrameIsAHeartBeatToo() {
        offer(1_000, 0);
        var alice = connectWith("0,1000");
        alice.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        for (int i = 0; i < 10; i++) {
            pass(Duration.ofMillis(800));
            alice.sends("SEND\ndestination:/topic/a\n\nhi^@");
            alice.got("MESSAGE\nsubscription:0\ndestination:/topic/a\n\nhi^@");
        }
        alice.gotNothing();
        pass(Duration.ofMillis(1_000));
        alice.gotHeartBeat();
    }

    @ParameterizedTest
    @DisplayName("item 73: a heart-beat is a WebSocket message of its own")
    @EnumSource(
            value = Framing.class,
            names = {"WEBSOCKET_TEXT", "WEBSOCKET_BINARY"})
    void aHeartBeatIsAMessageOfItsOwn(Framing framing) {
        var alice = connectWith("0,10000", framing);
        pass(Duration.ofSeconds(10));
        var messages = Wire.messages(alice.connection().taken(), framing);
        assertThat(messages).hasSize(2);
        assertThat(messages.get(1).payload()).containsExactly('\n');
        assertThat(messages.get(1).text()).isEqualTo(framing == Framing.WEBSOCKET_TEXT);
    }

    @Test
    @DisplayName("item 74: a heart-beat never gets into a frame that is being sent in pieces")
    void noHeartBeatInsideAFrame() {
        offer(1_000, 0);
        var alice = connectWith("0,1000");
        alice.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        alice.connection().room(30);
        alice.sends("SEND\ndestination:/topic/a\n\n" + "x".repeat(500) + "^@");
        pass(Duration.ofSeconds(5));
        alice.reads();
        alice.got("MESSAGE\nsubscription:0\ndestination:/topic/a\n\n" + "x".repeat(500) + "^@");
        alice.gotNothing();
        pass(Duration.ofSeconds(2));
        alice.gotHeartBeat();
    }

    @ParameterizedTest
    @DisplayName("items 71, 75, case 67: a silent client is given up after twice the longer interval and a second")
    @CsvSource({"10000,10000,21000", "10000,60000,121000", "10000,500,21000", "100,500,2000"})
    void aSilentClientIsGivenUp(long brokers, long clients, long patience) {
        offer(0, brokers);
        var alice = connectWith(clients + ",0");
        pass(Duration.ofMillis(patience - 1));
        alice.isOpen();
        pass(TICK.plusMillis(1));
        alice.gotError(CloseCode.HEART_BEAT_MISSED, "heart-beats missed", "nothing came for ");
        assertThat(CloseCode.HEART_BEAT_MISSED.code()).isEqualTo(4408);
    }

    @Test
    @DisplayName("a silent client is given up no later than that, where a tick of the timers falls on it")
    void aSilentClientIsGivenUpInTime() {
        offer(0, 10_000);
        var alice = connectWith("10000,0");
        for (int i = 0; i < 12; i++) {
            pass(Duration.ofSeconds(20));
            alice.sends("\n");
        }
        // 21 s from here are 15,625 ticks
        pass(Duration.ofMillis(1_144));
        alice.sends("\n");
        pass(Duration.ofMillis(20_999));
        alice.isOpen();
        pass(Duration.ofMillis(1));
        alice.gotError(CloseCode.HEART_BEAT_MISSED, "heart-beats missed", "nothing came for 21000 ms");
    }

    @ParameterizedTest
    @DisplayName("item 76: any octet is a sign of life")
    @ValueSource(strings = {"\n", "S", "SEND\ndestination:/topic/a\n\nhi^@"})
    void anyOctetIsASignOfLife(String octets) {
        brokerWith(BrokerOptions.builder()
                .limits(l -> l.frameTimeout(Duration.ofHours(1)))
                .build());
        var alice = connectWith("10000,0");
        pass(Duration.ofSeconds(20));
        alice.sends(octets);
        pass(Duration.ofMillis(20_999));
        alice.isOpen();
        pass(TICK.plusMillis(1));
        alice.gotError(CloseCode.HEART_BEAT_MISSED, "heart-beats missed");
    }

    @Test
    @DisplayName("item 76: a Pong, or whatever the transport takes for one, is a sign of life")
    void theTransportMayTellThatThePeerLives() {
        var alice = connectWith("10000,0");
        for (int i = 0; i < 10; i++) {
            pass(Duration.ofSeconds(15));
            alice.loop().run(() -> alice.session().received());
        }
        alice.isOpen();
    }

    @Test
    @DisplayName("item 75: heart-beats in time keep the connection")
    void heartBeatsInTimeKeepTheConnection() {
        var alice = connectWith("1000,1000");
        for (int i = 0; i < 100; i++) {
            pass(Duration.ofSeconds(10));
            alice.sends("\n");
        }
        alice.isOpen();
        assertThat(alice.takeAll()).hasSizeBetween(1_000, 1_200).allMatch(Received::isHeartBeat);
    }

    @ParameterizedTest
    @DisplayName("item 77, case 66: what is no pair of numbers is an ERROR")
    @ValueSource(strings = {"a,b", "1", "-1,0", "1,2,3", "", ",", "1,", ",1", "1 1,1", "1, ", "+1,1", "1.5,1", "0x1,1"})
    void whatIsNoPairOfNumbersIsAnError(String heartBeat) {
        var alice = open();
        alice.sends("CONNECT\naccept-version:1.2\nheart-beat:" + heartBeat + "\n\n^@");
        alice.gotError(CloseCode.PROTOCOL_ERROR, "invalid heart-beat", "'" + heartBeat + "'");
    }

    @ParameterizedTest
    @DisplayName("item 77, case 66: huge numbers do not overflow")
    @ValueSource(strings = {"1099511627776", "2147483648", "9223372036854775807", "99999999999999999999999999"})
    void hugeNumbersDoNotOverflow(String millis) {
        var alice = connectWith(millis + "," + millis);
        pass(Duration.ofDays(1));
        alice.gotNothing();
        alice.isOpen();
    }

    @Test
    @DisplayName("item 77: half a second is half a second")
    void halfASecondIsHalfASecond() {
        offer(500, 500);
        var alice = connectWith("500,500");
        pass(Duration.ofMillis(1_999));
        assertThat(alice.takeAll()).hasSizeBetween(4, 5).allMatch(Received::isHeartBeat);
        alice.isOpen();
        pass(TICK.plusMillis(1));
        alice.next("a last heart-beat or the ERROR");
        assertThat(alice.connection().closeCode()).isEqualTo(CloseCode.HEART_BEAT_MISSED);
    }

    @ParameterizedTest
    @DisplayName("item 78: a 1.0 session has no heart-beats, whatever it says")
    @ValueSource(strings = {"heart-beat:100,100\n", "heart-beat:nonsense\n", ""})
    void a10SessionHasNone(String header) {
        var alice = open();
        alice.sends("CONNECT\naccept-version:1.0\n" + header + "\n^@");
        alice.got("CONNECTED\nversion:1.0\n\n^@");
        pass(Duration.ofHours(1));
        alice.gotNothing();
        alice.isOpen();
    }

    @Test
    @DisplayName("case 66: who asks for a heart-beat each millisecond gets them in the broker's interval")
    void theBrokersIntervalIsTheShortest() {
        var alice = connectWith("1,1");
        pass(Duration.ofSeconds(20));
        assertThat(alice.takeAll()).hasSizeLessThanOrEqualTo(24).allMatch(Received::isHeartBeat);
        alice.isOpen();
    }
}
