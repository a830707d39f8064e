package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Command;
import io.fanfare.statistics.BrokerStatistics;
import io.fanfare.statistics.QueueStatistics;
import io.fanfare.testing.Transcript;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a broker counts of frames, messages and queues, to the last one. */
class StatisticsTest extends BrokerTest {

    private static final String SUBSCRIBE = "SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@";
    private static final String SEND = "SEND\ndestination:/topic/a\n\nhi^@";
    private static final String CONSUME = "SUBSCRIBE\nid:0\ndestination:/queue/a\nack:client-individual\n\n^@";

    private BrokerStatistics.Messages messages() {
        return broker.statistics(0).messages();
    }

    // ---- frames and octets ----------------------------------------------------------------------------------------

    @Test
    void framesAreCountedByCommandAndDirection() {
        var alice = connect();
        alice.sends(SUBSCRIBE, SEND, "SEND\ndestination:/topic/a\nreceipt:r\n\nhi^@", "BEGIN\ntransaction:t\n\n^@");
        alice.sends("ABORT\ntransaction:t\n\n^@UNSUBSCRIBE\nid:0\n\n^@");
        open().sends("SEND\ndestination:/topic/a\n\ntoo soon^@");

        var frames = broker.statistics(0).frames();
        assertThat(present(frames.received()))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        Command.CONNECT, 1L,
                        Command.SUBSCRIBE, 1L,
                        Command.UNSUBSCRIBE, 1L,
                        Command.SEND, 3L,
                        Command.BEGIN, 1L,
                        Command.ABORT, 1L));
        assertThat(present(frames.sent()))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        Command.CONNECTED, 1L,
                        Command.MESSAGE, 2L,
                        Command.RECEIPT, 1L,
                        Command.ERROR, 1L));
    }

    private static Map<Command, Long> present(Map<Command, Long> counts) {
        return counts.entrySet().stream()
                .filter(each -> each.getValue() > 0)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    @Test
    void aMessageThatIsBrowsedIsSentAndNotDelivered() {
        var alice = connect();
        alice.sends("SEND\ndestination:/queue/a\n\nhi^@", "SUBSCRIBE\nid:0\ndestination:/queue/a\nbrowser:true\n\n^@");
        assertThat(alice.takeAll()).as("the message and the end").hasSize(2);
        assertThat(broker.statistics(0).frames().sent()).containsEntry(Command.MESSAGE, 2L);
        assertThat(messages().delivered()).isZero();
    }

    @Test
    void octetsAreCountedAsTheyComeAndAsSocketsTakeThem() {
        var bob = connect();
        var alice = open();
        long before = broker.statistics(0).frames().bytesReceived();
        String connect = "CONNECT\naccept-version:1.2\nhost:h\n\n^@";
        bob.sends(SUBSCRIBE);
        bob.connection().room(7);
        alice.sends(connect, SEND, "\n");

        var frames = broker.statistics(0).frames();
        assertThat(frames.bytesReceived() - before)
                .isEqualTo(Transcript.bytes(SUBSCRIBE + connect + SEND + "\n").length);
        assertThat(frames.bytesSent())
                .isEqualTo(bob.connection().taken().length + alice.connection().taken().length);
        bob.reads();
        assertThat(broker.statistics(0).frames().bytesSent())
                .as("with what waited")
                .isEqualTo(bob.connection().taken().length + alice.connection().taken().length);
    }

    // ---- deliveries -----------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 50})
    void eachMessageCountsOnceForEachSubscriberWhateverTheTurnsAre(int messagesInATurn) {
        var audience = List.of(connect(), connect(), connectTo(otherLoop), connect("1.0"));
        audience.forEach(each -> each.sends(SUBSCRIBE));
        connect().sends("SUBSCRIBE\nid:0\ndestination:/topic/a\nselector:x = 1\n\n^@");
        connect().sends("SUBSCRIBE\nid:p\ndestination:/topic/*\n\n^@");

        connect().sends(SEND.repeat(messagesInATurn));

        assertThat(messages().toTopics()).isEqualTo(messagesInATurn);
        assertThat(messages().toQueues()).isZero();
        assertThat(messages().published()).isEqualTo(messagesInATurn);
        assertThat(messages().delivered()).isEqualTo(5L * messagesInATurn);
        assertThat(audience).allSatisfy(each -> assertThat(each.takeAll()).hasSize(messagesInATurn));
    }

    /** More than one chunk of the turn's buffer. */
    @Test
    void messagesThatDoNotFitIntoOneChunkCountOnce() {
        var bob = connect();
        bob.sends(SUBSCRIBE);
        connect().sends(("SEND\ndestination:/topic/a\n\n" + "x".repeat(100_000) + "^@").repeat(7));
        assertThat(bob.takeAll()).hasSize(7);
        assertThat(messages().delivered()).isEqualTo(7);
    }

    @Test
    void aMemberThatJoinsWhileAMessageIsInTheMailboxCountsForItsOwnAlone() {
        var early = connect();
        early.sends(SUBSCRIBE);
        var alice = connect();
        var late = connect();
        alice.feeds(SEND);
        late.feeds(SUBSCRIBE);
        alice.feeds(SEND);
        settle();
        assertThat(early.takeAll()).hasSize(2);
        assertThat(late.takeAll()).hasSize(1);
        assertThat(messages().delivered()).isEqualTo(3);
    }

    @Test
    void whatWaitedForAFullSocketCountsWhenItIsGivenToTheConnection() {
        brokerWith(BrokerOptions.builder().outbox(o -> o.maxOutboxBytes(10_000)).build());
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\noverflow:drop-oldest\ndestination:/topic/a\n\n^@");
        bob.stopsReading();
        var alice = connect();
        for (int i = 0; i < 5; i++) {
            alice.sends(SEND);
        }
        assertThat(messages().delivered()).as("the one that is in the outbox").isEqualTo(1);
        bob.reads();
        assertThat(bob.takeAll()).hasSize(5);
        assertThat(messages().delivered()).isEqualTo(5);
    }

    @Test
    void whatIsGivenBackAndDeliveredAgainIsCountedAsBoth() {
        connect().sends("SEND\ndestination:/queue/a\n\nhi^@");
        var bob = connect();
        bob.sends(CONSUME);
        assertThat(messages().redelivered()).isZero();
        bob.sends("NACK\nid:" + bob.takeAll().get(0).header("ack") + "\n\n^@");
        assertThat(messages().toQueues()).isEqualTo(1);
        assertThat(messages().delivered()).isEqualTo(2);
        assertThat(messages().redelivered()).isEqualTo(1);
    }

    @Test
    void eachDestinationOfOneSendCounts() {
        connect().sends("SEND\ndestination:/topic/a,/queue/b,/queue/c\n\nhi^@");
        assertThat(messages().toTopics()).isEqualTo(1);
        assertThat(messages().toQueues()).isEqualTo(2);
    }

    @Test
    void aTransactionCountsWhenItIsCommitted() {
        var alice = connect();
        alice.sends("BEGIN\ntransaction:t\n\n^@SEND\ndestination:/queue/a\ntransaction:t\n\nhi^@");
        assertThat(messages().published()).isZero();
        alice.sends("COMMIT\ntransaction:t\n\n^@");
        assertThat(messages().published()).isEqualTo(1);
    }

    // ---- queues and memory ----------------------------------------------------------------------------------------

    @Test
    void theDeepestQueuesAreListedAndAllAreSummed() {
        var alice = connect();
        alice.sends("SEND\ndestination:/queue/one\n\nhi^@");
        alice.sends("SEND\ndestination:/queue/two\n\nhi^@".repeat(2));
        alice.sends("SEND\ndestination:/queue/three\n\nhi^@".repeat(3));
        alice.sends("SUBSCRIBE\nid:t\ndestination:/temp-queue/mine\n\n^@UNSUBSCRIBE\nid:t\n\n^@");
        alice.sends("SEND\ndestination:/temp-queue/mine\n\nhi^@".repeat(9));
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/queue/three\nack:client\nprefetch-count:1\n\n^@");

        var statistics = broker.statistics(2);
        assertThat(statistics.queues())
                .extracting(QueueStatistics::destination)
                .containsExactly("/queue/three", "/queue/two");
        QueueStatistics three = statistics.queues().get(0);
        assertThat(three).isEqualTo(new QueueStatistics("/queue/three", 2, 1, three.bytes(), 1));
        assertThat(three.depth()).isEqualTo(3);
        assertThat(three.bytes()).isGreaterThan(3 * 128);
        assertThat(statistics.destinations().ready()).isEqualTo(1 + 2 + 2 + 9);
        assertThat(statistics.destinations().unacknowledged()).isEqualTo(1);
        assertThat(statistics.destinations().consumers()).isEqualTo(1);
        assertThat(statistics.destinations().queueBytes()).isBetween(14 * 192L, broker.memoryBytes());
        assertThat(broker.statistics(0).queues()).isEmpty();
        assertThat(broker.statistics(100).queues()).hasSize(3);
    }

    @Test
    void memoryIsWhatTheBrokerSaysAndItsLimits() {
        brokerWith(BrokerOptions.builder()
                .memory(m -> m.maxMemoryBytes(5_000_000).highMemoryBytes(1_000_000))
                .build());
        connect().sends("SEND\ndestination:/queue/a\n\nhi^@");
        assertThat(broker.statistics(0).memory())
                .isEqualTo(new BrokerStatistics.MemoryUse(broker.memoryBytes(), 5_000_000, 0, 1_000_000));
    }

    @Test
    void destinationsAreThoseOfTheMoment() {
        var bob = Clients.connectWith(this, "client-id:b");
        bob.sends(SUBSCRIBE, "SUBSCRIBE\nid:d\ndurable:true\ndestination:/topic/b\n\n^@");
        bob.sends("SEND\ndestination:/queue/a\n\nhi^@");
        var destinations = broker.statistics(0).destinations();
        assertThat(destinations.topics()).isEqualTo(2);
        assertThat(destinations.queues()).isEqualTo(1);
        assertThat(destinations.durableSubscriptions()).isEqualTo(1);
        bob.sends("UNSUBSCRIBE\nid:d\ndurable:true\n\n^@");
        bob.isOpen();
    }

    @Test
    void refusedLoginsAndSoftErrorsAreCounted() {
        var bob = Clients.connectWith(this, "soft-errors:true");
        bob.sends("ACK\nid:none\n\n^@");
        assertThat(broker.statistics(0).connections().softErrors()).isEqualTo(1);
        assertThat(broker.statistics(0).connections().failedLogins()).isZero();
        bob.sends("CONNECT\n\n^@");
        bob.next("the soft error");
        bob.gotError(CloseCode.PROTOCOL_ERROR, "already connected");
    }
}
