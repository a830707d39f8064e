package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the broker does when its clients want it to hold too much. */
class MemoryTest extends BrokerTest {

    private static final String BODY = "x".repeat(10_000);

    private static String send(String destination, String headers) {
        return "SEND\ndestination:" + destination + "\n" + headers + "\n" + BODY + "^@";
    }

    @Test
    @Tag("case-82")
    void sendIsRefusedWhileTheMemoryIsFullAndTakenAgainAfterwards() {
        brokerWith(
                BrokerOptions.builder().memory(m -> m.maxMemoryBytes(100_000)).build());
        for (int i = 0; i < 10; i++) {
            connect().sends(send("/queue/" + i % 3, ""));
        }
        Client alice = connect();
        alice.sends(send("/queue/0", "receipt:r\n"));
        alice.gotError(CloseCode.OVERLOAD, "memory alarm", "100,000", "max_memory_bytes");
        connect().sends(send("/topic/a", "receipt:r\n"));

        Client bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/queue/0\n\n^@");
        assertThat(bob.takeAll()).as("what had been accepted").hasSize(4);
        Client carol = connect();
        carol.sends(send("/queue/0", "receipt:r\n"));
        carol.got("RECEIPT\nreceipt-id:r\n\n^@");
    }

    @Test
    @Tag("case-82")
    void whatTransactionsHoldCounts() {
        brokerWith(BrokerOptions.builder().memory(m -> m.maxMemoryBytes(50_000)).build());
        Client alice = connect();
        alice.sends("BEGIN\ntransaction:t\n\n^@");
        for (int i = 0; i < 5; i++) {
            alice.sends(send("/topic/a", "transaction:t\n"));
        }
        connect().sends(send("/topic/a", ""));
        assertThat(broker.memoryBytes()).isGreaterThan(50_000);
        alice.sends("ABORT\ntransaction:t\n\n^@");
        assertThat(broker.memoryBytes()).isZero();
    }

    @Test
    void whatOneConnectionsQueuesHoldIsFreeWhenItEnds() {
        Client bob = connect();
        bob.sends("SUBSCRIBE\nid:0\nack:client\nprefetch-count:1\ndestination:/topic/a\n\n^@");
        connect().sends(send("/topic/a", ""), send("/topic/a", ""), send("/topic/a", ""));
        bob.sends(send("/temp-queue/mine", ""));
        assertThat(broker.memoryBytes()).isGreaterThan(40_000);
        bob.isLost();
        assertThat(broker.memoryBytes()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"UNSUBSCRIBE\nid:0\n\n^@ACK\nid:*\n\n^@", "ACK\nid:*\n\n^@"})
    void aTopicsOwnQueueIsFreeWhenItIsReadOrGone(String last) {
        Client bob = connect();
        bob.sends("SUBSCRIBE\nid:0\nack:client-individual\ndestination:/topic/a\n\n^@");
        long subscription = broker.memoryBytes();
        connect().sends(send("/topic/a", ""));
        String ack = bob.next("a MESSAGE").header("ack");
        bob.sends(last.replace("*", ack));
        assertThat(broker.memoryBytes()).isEqualTo(last.startsWith("ACK") ? subscription : 0);
    }

    @Test
    void bytesThatManyWaitForCountOnce() {
        brokerWith(BrokerOptions.builder()
                .memory(m -> m.highMemoryBytes(1_000_000))
                .build());
        for (int i = 0; i < 20; i++) {
            Client client = connect();
            client.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
            client.stopsReading();
        }
        connect().sends(send("/topic/a", ""), send("/topic/a", ""));
        assertThat(broker.bytesUnderWay()).isBetween(20_000L, 21_000L);
    }

    @Test
    void aPublisherWaitsWhileALotIsUnderWay() {
        brokerWith(
                BrokerOptions.builder().memory(m -> m.highMemoryBytes(35_000)).build());
        Client bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        bob.stopsReading();
        Client alice = connectTo(otherLoop);
        alice.sends(send("/topic/a", ""), send("/topic/a", ""));
        alice.sends(send("/topic/a", ""));
        assertThat(alice.connection().isSuspended()).isFalse();
        alice.sends(send("/topic/a", ""));
        assertThat(alice.connection().isSuspended()).isTrue();
        pass(Duration.ofMillis(900));
        assertThat(alice.connection().isSuspended()).isTrue();
        bob.reads();
        pass(Duration.ofMillis(40));
        assertThat(alice.connection().isSuspended()).isFalse();
        assertThat(bob.takeAll()).hasSize(4);
    }

    @Test
    void aPublisherThatWaitsMissesNoHeartBeat() {
        brokerWith(BrokerOptions.builder()
                .memory(m -> m.highMemoryBytes(5_000))
                .outbox(o -> o.writeTimeout(Duration.ofMinutes(5)))
                .build());
        Client bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        bob.stopsReading();
        Client alice = open();
        alice.sends("CONNECT\naccept-version:1.2\nhost:h\nheart-beat:10000,0\n\n^@");
        alice.next("CONNECTED");
        alice.sends(send("/topic/a", ""), send("/topic/a", ""));
        assertThat(alice.connection().isSuspended()).isTrue();
        for (int i = 0; i < 240; i++) {
            pass(Duration.ofMillis(500));
            bob.hasRoom(1);
        }
        assertThat(alice.connection().isSuspended()).isTrue();
        alice.isOpen();
        bob.reads();
        pass(Duration.ofMillis(40));
        assertThat(alice.connection().isSuspended()).isFalse();
    }

    @Test
    void onlyPublishersWait() {
        brokerWith(BrokerOptions.builder().memory(m -> m.highMemoryBytes(5_000)).build());
        Client bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        bob.stopsReading();
        connect().sends(send("/topic/a", ""));
        Client carol = connect();
        carol.sends("SUBSCRIBE\nid:0\ndestination:/topic/b\n\n^@");
        assertThat(carol.connection().isSuspended()).isFalse();
    }
}
