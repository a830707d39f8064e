package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.loop.Framing;
import io.fanfare.statistics.BrokerStatistics;
import io.fanfare.statistics.Disconnect;
import io.fanfare.statistics.Durations;
import io.fanfare.statistics.Refusal;
import io.fanfare.statistics.SlowAction;
import io.fanfare.status.ConnectionEvent;
import io.fanfare.status.Selection;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a broker counts of connections, slow ones among them, and of the time that its loops take. */
class ConnectionStatisticsTest extends BrokerTest {

    private static final String SUBSCRIBE = "SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@";

    private BrokerStatistics.Connections connections() {
        return broker.statistics(0).connections();
    }

    private static <K> Map<K, Long> present(Map<K, Long> counts) {
        return counts.entrySet().stream()
                .filter(each -> each.getValue() > 0)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private void closedAs(Disconnect why) {
        assertThat(present(connections().closed())).isEqualTo(Map.of(why, 1L));
        assertThat(connections().open()).isZero();
    }

    private static String send(int bytes) {
        return "SEND\ndestination:/topic/a\n\n" + "x".repeat(bytes) + "^@";
    }

    // ---- the end of connections -----------------------------------------------------------------------------------

    @Test
    void aConnectionCountsFromItsOpeningOn() {
        open();
        connectTo(otherLoop);
        assertThat(connections().opened()).isEqualTo(2);
        assertThat(connections().open()).isEqualTo(2);
        assertThat(present(connections().closed())).isEmpty();
    }

    @Test
    void aClientThatSaysDisconnectHasEndedByItself() {
        connect().sends("DISCONNECT\n\n^@");
        closedAs(Disconnect.CLIENT);
    }

    @Test
    void aConnectionThatBreaksIsLost() {
        connect().isLost();
        closedAs(Disconnect.LOST);
    }

    @Test
    void aConnectionThatBreaksBeforeConnectIsLost() {
        open().isLost();
        closedAs(Disconnect.LOST);
    }

    @Test
    void aFrameThatCannotBeObeyedIsAProtocolError() {
        connect().sends("ACK\nid:none\n\n^@");
        closedAs(Disconnect.PROTOCOL_ERROR);
    }

    @Test
    void aClientWithoutConnectIsRefusedByPolicy() {
        open();
        pass(Duration.ofSeconds(11));
        closedAs(Disconnect.POLICY);
    }

    @Test
    void silenceIsAMissedHeartBeat() {
        var bob = open();
        bob.sends("CONNECT\naccept-version:1.2\nhost:h\nheart-beat:1000,0\n\n^@");
        pass(Duration.ofMinutes(1));
        closedAs(Disconnect.HEART_BEAT_MISSED);
    }

    @Test
    void aDrainedBrokersClientsEndForItsRestart() {
        connect();
        broker.drain(Duration.ZERO);
        settle();
        pass(Duration.ofMillis(20));
        closedAs(Disconnect.RESTARTING);
    }

    @Test
    void theFirstReasonCounts() {
        var bob = connect();
        bob.stopsReading();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\nreceipt:r\n\n^@NONSENSE\n\n^@");
        bob.isLost();
        closedAs(Disconnect.PROTOCOL_ERROR);
    }

    /** A close code that is added has a reason, too. */
    @ParameterizedTest
    @EnumSource(CloseCode.class)
    void everyCloseCodeHasAReasonOfItsOwn(CloseCode code) {
        for (CloseCode other : CloseCode.values()) {
            assertThat(Disconnect.of(other) == Disconnect.of(code)).isEqualTo(other == code);
        }
    }

    @Test
    void whatATransportRefusesIsCountedByReason() {
        broker.refused(Refusal.ORIGIN, "192.0.2.1:7", "");
        broker.refused(Refusal.ORIGIN, "192.0.2.1:7", "");
        broker.refused(Refusal.TLS, "192.0.2.1:7", "");
        assertThat(present(connections().refused())).isEqualTo(Map.of(Refusal.ORIGIN, 2L, Refusal.TLS, 1L));
    }

    private List<ConnectionEvent> events() {
        return broker.inspection()
                .events(new Selection<>(event -> true, Comparator.comparingLong(ConnectionEvent::number), 0, 100))
                .items();
    }

    @Test
    void operatorsSeeHowAConnectionEnded() {
        connect().sends("NONSENSE\n\n^@");
        assertThat(events()).singleElement().satisfies(event -> {
            assertThat(event.kind()).isEqualTo(ConnectionEvent.Kind.CLOSED);
            assertThat(event.reason()).isEqualTo("protocol-error");
            assertThat(event.connection()).isNotEmpty();
            assertThat(event.detail()).contains("NONSENSE");
        });
    }

    @Test
    void aClientThatWasNotConnectedHasNoId() {
        open().sends("SEND\ndestination:/topic/a\n\n^@");
        assertThat(events()).singleElement().satisfies(event -> {
            assertThat(event.connection()).isEmpty();
            assertThat(event.user()).isEmpty();
        });
    }

    @Test
    void operatorsSeeWhatATransportRefused() {
        broker.refused(Refusal.ORIGIN, "192.0.2.1:7", "not from here");
        assertThat(events()).singleElement().satisfies(event -> {
            assertThat(event.kind()).isEqualTo(ConnectionEvent.Kind.REFUSED);
            assertThat(event.reason()).isEqualTo("origin");
            assertThat(event.address()).isEqualTo("192.0.2.1:7");
            assertThat(event.detail()).isEqualTo("not from here");
        });
    }

    // ---- slow consumers -------------------------------------------------------------------------------------------

    private Client slowSubscriber(String headers) {
        brokerWith(BrokerOptions.builder()
                .outbox(o -> o.maxOutboxBytes(10_000))
                .memory(m -> m.highMemoryBytes(1_000_000))
                .build());
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\n" + headers + "destination:/topic/a\n\n^@");
        bob.stopsReading();
        return bob;
    }

    private Map<SlowAction, Long> slow() {
        return present(broker.statistics(0).slowConsumers());
    }

    @Test
    void aClientWhoseOutboxIsFullIsDisconnected() {
        slowSubscriber("");
        // each from a client of its own: none of them waits
        for (int i = 0; i < 20; i++) {
            connect().sends(send(1_000));
        }
        assertThat(slow()).containsEntry(SlowAction.DISCONNECT, 1L);
        assertThat(present(connections().closed())).as("the ERROR still waits").isEmpty();
        pass(Duration.ofSeconds(11));
        assertThat(present(connections().closed())).isEqualTo(Map.of(Disconnect.TOO_SLOW, 1L));
    }

    @Test
    void aSocketThatTakesNothingIsCut() {
        slowSubscriber("");
        connect().sends(send(100));
        assertThat(connections().blocked()).isEqualTo(1);
        assertThat(slow()).isEmpty();
        pass(Duration.ofSeconds(11));
        assertThat(slow()).isEqualTo(Map.of(SlowAction.CUT, 1L));
        assertThat(present(connections().closed())).isEqualTo(Map.of(Disconnect.STALLED, 1L));
        assertThat(connections().blocked()).isZero();
    }

    @Test
    void aSocketThatHasRoomAgainIsNotBlocked() {
        var bob = slowSubscriber("");
        connect().sends(send(100));
        assertThat(connections().blocked()).isEqualTo(1);
        bob.reads();
        assertThat(connections().blocked()).isZero();
    }

    @Test
    void aSubscriptionThatMayDropHasABacklog() {
        var bob = slowSubscriber("overflow:drop-oldest\n");
        var alice = connect();
        for (int i = 0; i < 30; i++) {
            alice.sends(send(1_000));
        }
        assertThat(slow()).as("one backlog, however much is in it").isEqualTo(Map.of(SlowAction.BACKLOG, 1L));
        bob.reads();
        bob.stopsReading();
        alice.sends(send(1_000));
        alice.sends(send(1_000));
        assertThat(slow()).as("another one").isEqualTo(Map.of(SlowAction.BACKLOG, 2L));
    }

    @Test
    void publishersAreHeldForAClientThatReads() {
        var bob = slowSubscriber("");
        var alice = connect();
        for (int i = 0; i < 20 && !alice.connection().isSuspended(); i++) {
            alice.sends(send(1_000));
        }
        assertThat(alice.connection().isSuspended()).isTrue();
        assertThat(slow()).isEqualTo(Map.of(SlowAction.HOLD_PUBLISHERS, 1L));
        bob.reads();
        pass(Duration.ofMillis(40));
        assertThat(alice.connection().isSuspended()).isFalse();
    }

    @Test
    void whoTakesNothingWhileMemoryIsHighIsReclaimed() {
        brokerWith(BrokerOptions.builder()
                .outbox(o -> o.maxOutboxBytes(100_000))
                .memory(m -> m.highMemoryBytes(30_000))
                .build());
        var bob = connectTo(otherLoop);
        bob.sends(SUBSCRIBE);
        bob.stopsReading();
        var alice = connect();
        alice.sends(send(1_000).repeat(40));
        pass(Duration.ofMillis(1_200));
        assertThat(slow()).containsEntry(SlowAction.RECLAIM, 1L);
        assertThat(present(connections().closed())).isEqualTo(Map.of(Disconnect.RECLAIMED, 1L));
    }

    // ---- time -----------------------------------------------------------------------------------------------------

    @Test
    void aMessagesWayIsTimedFromItsPublishToTheWrite() {
        var bob = connectTo(otherLoop);
        bob.sends(SUBSCRIBE);
        var alice = connect();
        Durations before = broker.statistics(0).publishToWrite();
        alice.feeds(send(1));
        otherLoop.advance(Duration.ofMillis(3));
        settle();
        bob.next("the message");
        Durations way = broker.statistics(0).publishToWrite().since(before);
        assertThat(way.count()).isEqualTo(1);
        assertThat(way.totalNanos()).isEqualTo(3_000_000);
    }

    @Test
    void oneTurnIsOneSampleHoweverManyMessagesItHas() {
        var bob = connect();
        bob.sends(SUBSCRIBE);
        Durations before = broker.statistics(0).publishToWrite();
        connect().sends(send(1).repeat(50));
        assertThat(bob.takeAll()).hasSize(50);
        assertThat(broker.statistics(0).publishToWrite().since(before).count()).isEqualTo(1);
    }

    @Test
    void aTaskIsNoMessage() {
        connect();
        Durations before = broker.statistics(0).publishToWrite();
        Durations lagBefore = broker.statistics(0).loops().get(0).lag();
        loop.execute(() -> {});
        loop.advance(Duration.ofMillis(40));
        settle();
        assertThat(broker.statistics(0).publishToWrite()).isEqualTo(before);
        Durations lag = broker.statistics(0).loops().get(0).lag().since(lagBefore);
        assertThat(lag.count()).isEqualTo(1);
        assertThat(lag.totalNanos()).as("how long the task has waited").isEqualTo(40_000_000);
    }

    @Test
    void aTurnIsAsLongAsWhatItDoes() {
        connect();
        Durations before = broker.statistics(0).loops().get(0).turns();
        loop.execute(() -> loop.advance(Duration.ofMillis(7)));
        settle();
        Durations turns = broker.statistics(0).loops().get(0).turns().since(before);
        assertThat(turns.totalNanos()).isEqualTo(7_000_000);
    }

    @Test
    void whatWaitsForASocketIsTheLoopsOutboxBytes() {
        var one = connect("1.2", Framing.TCP, loop);
        var two = connect("1.2", Framing.TCP, loop);
        one.sends(SUBSCRIBE);
        two.sends(SUBSCRIBE);
        one.stopsReading();
        two.stopsReading();
        connect().sends(send(1_000));
        assertThat(broker.statistics(0).loops().get(0).outboxBytes())
                .as("shared bytes count once")
                .isBetween(1_000L, 1_200L);
        assertThat(broker.statistics(0).memory().underWay()).isEqualTo(broker.bytesUnderWay());
        one.reads();
        two.reads();
        assertThat(broker.statistics(0).loops().get(0).outboxBytes()).isZero();
    }
}
