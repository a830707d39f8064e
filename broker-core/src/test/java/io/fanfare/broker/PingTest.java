package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.loop.Framing;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Signs of life that the broker asks for: the Ping that a silent WebSocket client gets. */
class PingTest extends BrokerTest {

    /** A timer may be a tick late. */
    private static final Duration TICK = Duration.ofMillis(17);

    private Client connectWith(String heartBeat) {
        var alice = open(Framing.WEBSOCKET_TEXT, loop);
        alice.sends("CONNECT\naccept-version:1.1,1.2\nheart-beat:" + heartBeat + "\n\n^@");
        alice.got("CONNECTED\nversion:1.2\nheart-beat:*\n\n^@");
        return alice;
    }

    /** The network brings the answer to a Ping. */
    private static void pong(Client client) {
        client.loop().run(() -> client.session().received());
    }

    @Test
    @DisplayName("case 68: a page whose timers sleep is asked by Ping when it is late, and lives on by its Pongs")
    void whoIsLateIsAskedAndLivesOnByItsAnswers() {
        var alice = connectWith("10000,0");
        pass(Duration.ofMillis(10_999));
        assertThat(alice.connection().pings()).isZero();
        pong(alice);
        for (int i = 1; i <= 100; i++) {
            pass(Duration.ofSeconds(11).plus(TICK));
            assertThat(alice.connection().pings()).isEqualTo(i);
            pong(alice);
        }
        alice.isOpen();
    }

    @Test
    @DisplayName("case 68: neither heart-beat nor Pong: 4408, when it always was")
    void whoDoesNotAnswerEitherIsGivenUp() {
        var alice = connectWith("10000,0");
        pass(Duration.ofMillis(20_999));
        alice.isOpen();
        assertThat(alice.connection().pings()).isEqualTo(1);
        pass(TICK.plusMillis(1));
        alice.gotError(CloseCode.HEART_BEAT_MISSED, "heart-beats missed", "nothing came for ");
        assertThat(alice.connection().pings()).as("it is not asked again").isEqualTo(1);
    }

    @Test
    @DisplayName("case 67: who keeps its heart-beats is never asked")
    void whoIsInTimeIsNotAsked() {
        var alice = connectWith("10000,0");
        for (int i = 0; i < 20; i++) {
            pass(Duration.ofSeconds(10));
            alice.sends("\n");
        }
        assertThat(alice.connection().pings()).isZero();
        alice.isOpen();
    }

    @Test
    void whoHasPromisedNothingIsAskedAfterThePingInterval() {
        var alice = connect("1.2", Framing.WEBSOCKET_TEXT, loop);
        pass(Duration.ofMillis(29_999));
        assertThat(alice.connection().pings()).isZero();
        pass(TICK.plusMillis(1));
        assertThat(alice.connection().pings()).isEqualTo(1);
        pong(alice);
        pass(Duration.ofSeconds(59));
        assertThat(alice.connection().pings()).isEqualTo(2);
        alice.isOpen();
        pass(Duration.ofSeconds(2).plus(TICK));
        alice.gotError(CloseCode.HEART_BEAT_MISSED, "heart-beats missed");
    }

    @Test
    void a10SessionIsAskedToo() {
        var alice = connect("1.0", Framing.WEBSOCKET_BINARY, loop);
        pass(Duration.ofSeconds(31));
        assertThat(alice.connection().pings()).isEqualTo(1);
    }

    @Test
    void thePingIntervalCanBeSwitchedOff() {
        brokerWith(BrokerOptions.builder()
                .heartBeat(h -> h.pingInterval(Duration.ZERO))
                .build());
        var alice = connect("1.2", Framing.WEBSOCKET_TEXT, loop);
        pass(Duration.ofDays(1));
        assertThat(alice.connection().pings()).isZero();
        alice.isOpen();
    }

    @Test
    @DisplayName("case 66: a promise of years, over WebSocket, does not let a dead connection stay for years")
    void aPromiseOfYearsIsNoPromise() {
        var alice = connectWith("99999999999,1");
        pass(Duration.ofSeconds(61).plus(TICK));
        alice.takeAll();
        assertThat(alice.connection().pings()).isEqualTo(1);
        assertThat(alice.connection().closeCode()).isEqualTo(CloseCode.HEART_BEAT_MISSED);
    }
}
