package io.fanfare.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.HeartBeat;
import io.fanfare.frame.StompVersion;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HeartBeatScheduleTest {

    private static final Duration TEN = Duration.ofSeconds(10);

    @Test
    void anIdleClientSendsOneEachIntervalAtLeast() {
        FakeBroker broker = new FakeBroker(new HeartBeat(TEN, Duration.ZERO), StompVersion.V1_2);
        StompClient client = broker.client("CONNECTED\nversion:1.2\nheart-beat:0,8000\n\n^@");
        broker.timer.pass(TEN.minusMillis(2_501));
        broker.gotNothing();
        broker.timer.pass(Duration.ofMillis(2_500));
        broker.got("\n");
        broker.timer.pass(TEN);
        broker.got("\n");
        broker.gotNothing();
        assertThat(client.isOpen()).isTrue();
    }

    @Test
    void anythingSentTakesAHeartBeatsPlace() {
        FakeBroker broker = new FakeBroker();
        StompClient client = broker.client("CONNECTED\nversion:1.2\nheart-beat:0,10000\n\n^@");
        broker.timer.pass(Duration.ofSeconds(5));
        client.sendNow("/topic/a", "x");
        broker.got("SEND\ndestination:/topic/a\ncontent-length:1\n\nx^@");
        broker.timer.pass(Duration.ofSeconds(7));
        broker.gotNothing();
        broker.timer.pass(Duration.ofSeconds(1));
        broker.got("\n");
    }

    @Test
    void noneIsSentWhileSomethingIsStillBeingSent() {
        FakeBroker broker = new FakeBroker();
        StompClient client = broker.client("CONNECTED\nversion:1.2\nheart-beat:0,10000\n\n^@");
        broker.holds();
        client.sendNow("/topic/a", "x");
        broker.got("SEND\ndestination:/topic/a\ncontent-length:1\n\nx^@");
        broker.timer.pass(Duration.ofSeconds(60));
        broker.takes();
        broker.gotNothing();
        broker.timer.pass(TEN);
        broker.got("\n");
    }

    @Test
    void aBrokerThatIsSilentForTwiceTheIntervalAndASecondIsGivenUp() {
        FakeBroker broker = new FakeBroker();
        StompClient client = broker.client("CONNECTED\nversion:1.2\nheart-beat:10000,0\n\n^@");
        broker.timer.pass(Duration.ofSeconds(20));
        broker.sends("\n");
        broker.timer.pass(Duration.ofMillis(20_999));
        assertThat(client.isOpen()).isTrue();
        broker.timer.pass(Duration.ofMillis(1));
        assertThat(client.isOpen()).isFalse();
        assertThat(broker.wasAborted()).isTrue();
        assertThat(broker.errors)
                .extracting(Throwable::getMessage)
                .containsExactly("no sign of life from the broker for 21000 ms");
        assertThat(broker.closes).isOne();
    }

    @Test
    void aBrokerIsNotSilentWhileACallbackKeepsUsFromListening() {
        FakeBroker broker = new FakeBroker();
        StompClient client = broker.client("CONNECTED\nversion:1.2\nheart-beat:10000,0\n\n^@");
        client.subscribe("/topic/a", message -> broker.timer.pass(Duration.ofMinutes(5)));
        broker.sends("MESSAGE\nsubscription:sub-0\n\n^@");
        assertThat(client.isOpen()).isTrue();
        broker.timer.pass(Duration.ofSeconds(21));
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void withoutAnAgreementThereAreNone() {
        FakeBroker broker = new FakeBroker();
        StompClient client = broker.client("CONNECTED\nversion:1.2\n\n^@");
        broker.timer.pass(Duration.ofHours(24));
        broker.gotNothing();
        assertThat(client.isOpen()).isTrue();
    }
}
