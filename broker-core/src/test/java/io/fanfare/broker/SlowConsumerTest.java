package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Headers;
import io.fanfare.loop.Framing;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A client whose socket takes less than the broker has for it. */
class SlowConsumerTest extends BrokerTest {

    private static final int LIMIT = 10_000;

    private Client subscriber(Framing framing) {
        brokerWith(BrokerOptions.builder().outbox(o -> o.maxOutboxBytes(LIMIT)).build());
        var bob = connect("1.2", framing, loop);
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        return bob;
    }

    private static String send(int bytes) {
        return "SEND\ndestination:/topic/a\n\n" + "x".repeat(bytes) + "^@";
    }

    /** The octets of a MESSAGE beside its body of four digits of length. */
    private int overhead(Client bob) {
        int before = bob.connection().taken().length;
        bob.sends(send(1_000));
        bob.takeAll();
        return bob.connection().taken().length - before - 1_000;
    }

    @Test
    @DisplayName("item 126: an outbox may be filled to its limit, and no octet further")
    void anOutboxMayBeFilledToItsLimit() {
        var bob = subscriber(Framing.TCP);
        int overhead = overhead(bob);
        bob.stopsReading();
        bob.sends(send(5_000 - overhead));
        bob.sends(send(5_000 - overhead));
        bob.isOpen();
        bob.reads();
        assertThat(bob.takeAll()).hasSize(2);

        bob.stopsReading();
        bob.sends(send(5_000 - overhead));
        bob.sends(send(5_001 - overhead));
        bob.reads();
        bob.next("the message that had been begun");
        bob.gotError(CloseCode.OVERLOAD, "too slow", "10,001", "10,000", "max_outbox_bytes");
    }

    @Test
    @DisplayName("item 126: an empty outbox takes any one frame")
    void anEmptyOutboxTakesAnyOneFrame() {
        var bob = subscriber(Framing.TCP);
        bob.stopsReading();
        bob.sends(send(100_000));
        bob.isOpen();
        bob.reads();
        assertThat(bob.next("a MESSAGE").body()).hasSize(100_000);
    }

    @Test
    @DisplayName("item 126: what a socket takes at once does not count")
    void whatASocketTakesDoesNotCount() {
        var bob = subscriber(Framing.TCP);
        for (int i = 0; i < 30; i++) {
            bob.feeds(send(9_000));
        }
        // more comes than a turn should bring
        pass(Duration.ofSeconds(2));
        assertThat(bob.takeAll()).hasSize(30);
        bob.isOpen();
    }

    @ParameterizedTest
    @DisplayName("item 126, case 70: one who is too slow loses the backlog, gets an ERROR and is closed with 1013")
    @EnumSource(
            value = Framing.class,
            names = {"EVENTS", "EMBEDDED"},
            mode = EnumSource.Mode.EXCLUDE)
    void oneWhoIsTooSlowIsClosed(Framing framing) {
        var bob = subscriber(framing);
        bob.connection().room(500);
        for (int i = 0; i < 20; i++) {
            connect().sends(send(1_000));
        }
        assertThat(bob.connection().closeCode()).isEqualTo(CloseCode.OVERLOAD);
        assertThat(broker.topicCount()).as("its subscriptions are gone").isZero();
        bob.reads();
        assertThat(bob.next("the frame that had been begun is whole").body()).hasSize(1_000);
        bob.gotError(CloseCode.OVERLOAD, "too slow", "max_outbox_bytes");
    }

    @ParameterizedTest
    @DisplayName("item 126: who reads a queue's large messages is not too slow for a prefetch of them")
    @ValueSource(strings = {"auto", "client"})
    void whoReadsIsNotTooSlowForItsPrefetch(String mode) {
        var bob = consumerOfTwentyMessages(mode);
        for (int i = 0; i < 20; i++) {
            bob.hasRoom(60_000);
        }
        bob.isOpen();
        bob.reads();
        assertThat(bob.takeAll()).hasSize(20).allMatch(message -> message.body().length == 50_000);
    }

    @ParameterizedTest
    @DisplayName("item 126: who reads nothing of a queue holds its prefetch up until it is cut")
    @ValueSource(strings = {"auto", "client"})
    void oneWhoIsTooSlowForAQueue(String mode) {
        var bob = consumerOfTwentyMessages(mode);
        assertThat(broker.bytesUnderWay()).isLessThan(500_000);
        pass(Duration.ofSeconds(11));
        assertThat(bob.connection().isAborted()).isTrue();
        var carol = connect();
        carol.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\n\n^@");
        assertThat(carol.takeAll()).as("what Bob did not get").hasSize(20);
    }

    @Test
    void whatWaitsForRoomGoesBackAfterUnsubscribe() {
        var bob = consumerOfTwentyMessages("client");
        bob.sends("UNSUBSCRIBE\nid:0\n\n^@");
        bob.reads();
        int got = bob.takeAll().size();
        assertThat(got).isBetween(1, 10);
        var carol = connect();
        carol.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\n\n^@");
        var others = carol.takeAll();
        assertThat(others).hasSize(20 - got).noneMatch(message -> message.has("redelivered"));
    }

    /** A consumer of twice as much as may wait for it, whose socket is full. */
    private Client consumerOfTwentyMessages(String mode) {
        brokerWith(
                BrokerOptions.builder().outbox(o -> o.maxOutboxBytes(500_000)).build());
        var alice = connect();
        for (int i = 0; i < 20; i++) {
            alice.sends("SEND\ndestination:/queue/a\n\n" + "x".repeat(50_000) + "^@");
        }
        var bob = connect();
        bob.connection().room(100);
        bob.sends("SUBSCRIBE\nid:0\nack:" + mode + "\ndestination:/queue/a\n\n^@");
        return bob;
    }

    @Test
    @DisplayName("item 126, case 70: nobody else notices")
    void nobodyElseNotices() {
        var bob = subscriber(Framing.TCP);
        var carol = connect();
        carol.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        bob.stopsReading();
        for (int i = 0; i < 20; i++) {
            carol.sends(send(1_000));
            carol.next("message " + i);
        }
        carol.isOpen();
        assertThat(bob.connection().closeCode()).isEqualTo(CloseCode.OVERLOAD);
    }

    @Test
    @DisplayName("item 126, case 70: one who takes nothing for the write timeout is cut")
    void oneWhoTakesNothingIsCut() {
        var bob = subscriber(Framing.TCP);
        bob.stopsReading();
        bob.sends(send(100));
        pass(Duration.ofMillis(9_999));
        assertThat(bob.connection().isAborted()).isFalse();
        pass(Duration.ofMillis(20));
        assertThat(bob.connection().isAborted()).isTrue();
        assertThat(broker.sessionCount()).isZero();
        assertThat(broker.topicCount()).isZero();
    }

    @Test
    @DisplayName("item 126: one who takes a little now and then is not cut")
    void oneWhoTakesALittleIsNotCut() {
        var bob = subscriber(Framing.TCP);
        bob.stopsReading();
        bob.sends(send(100));
        for (int i = 0; i < 20; i++) {
            pass(Duration.ofSeconds(9));
            bob.hasRoom(1);
        }
        assertThat(bob.connection().isAborted()).isFalse();
        pass(Duration.ofMillis(10_020));
        assertThat(bob.connection().isAborted()).isTrue();
    }

    @Test
    @DisplayName("item 126: the write timeout begins with the backlog, not with an earlier one")
    void theWriteTimeoutBeginsWithTheBacklog() {
        var bob = subscriber(Framing.TCP);
        bob.stopsReading();
        bob.sends(send(100));
        pass(Duration.ofSeconds(1));
        bob.reads();
        bob.next("a MESSAGE");
        pass(Duration.ofSeconds(8));
        bob.stopsReading();
        bob.sends(send(100));
        pass(Duration.ofSeconds(9));
        assertThat(bob.connection().isAborted())
                .as("after 9 s without progress")
                .isFalse();
        pass(Duration.ofMillis(1_040));
        assertThat(bob.connection().isAborted())
                .as("after 10 s without progress")
                .isTrue();
    }

    @Test
    @DisplayName("item 126: a backlog outlives the buffer it was written in")
    void aBacklogOutlivesItsBuffer() {
        var bob = subscriber(Framing.TCP);
        var carol = connect();
        carol.sends("SUBSCRIBE\nid:0\ndestination:/topic/b\n\n^@");
        bob.connection().room(40);
        bob.sends("SEND\ndestination:/topic/a\n\nabcdefghijklmnopqrstuvwxyz^@");
        for (int i = 0; i < 10; i++) {
            carol.sends("SEND\ndestination:/topic/b\n\n" + "#".repeat(1_000) + "^@");
        }
        bob.reads();
        bob.got("MESSAGE\nsubscription:0\ndestination:/topic/a\n\nabcdefghijklmnopqrstuvwxyz^@");
        bob.gotNothing();
    }

    @Test
    @DisplayName("item 122: a socket that breaks ends its session, and no other")
    void aSocketThatBreaksEndsItsSession() {
        var bob = subscriber(Framing.TCP);
        var carol = connect();
        carol.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        bob.connection().breaks();
        carol.sends(send(10));
        carol.sends(send(10));
        assertThat(carol.takeAll()).hasSize(2);
        assertThat(bob.connection().isAborted()).isTrue();
        assertThat(broker.sessionCount()).isEqualTo(1);
    }

    @Test
    @DisplayName("what waits for a full socket is another consumer's as soon as its subscription ends")
    void whatWaitsGoesBackWithItsSubscription() {
        brokerWith(BrokerOptions.builder().outbox(o -> o.maxOutboxBytes(LIMIT)).build());
        var bob = connect();
        bob.stopsReading();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\nack:client\n\n^@");
        for (int i = 0; i < 20; i++) {
            broker.publish("/queue/a", Headers.EMPTY, new byte[1_000]);
        }
        settle();
        bob.sends("UNSUBSCRIBE\nid:0\n\n^@");
        var carol = connect();
        carol.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\n\n^@");
        int waited = carol.takeAll().size();
        // half of the outbox is for these
        assertThat(waited).isEqualTo(20 - 5);
        bob.isLost();
        assertThat(carol.takeAll()).hasSize(5).allMatch(each -> each.has("redelivered"));
    }
}
