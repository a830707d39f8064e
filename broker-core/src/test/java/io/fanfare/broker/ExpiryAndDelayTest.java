package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Headers;
import io.fanfare.loop.BrokerClock;
import io.fanfare.message.SendProperties;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpiryAndDelayTest extends BrokerTest {

    private static final String SUBSCRIBE = "SUBSCRIBE\nid:0\ndestination:/queue/a\n\n^@";

    // ---- time to live -----------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"ttl:1", "expiration:1"})
    void aMessageIsNotDeliveredBeyondItsTime(String header) {
        connect().sends("SEND\ndestination:/queue/a\n" + header + "\n\nold^@SEND\ndestination:/queue/a\n\nnew^@");
        theWallClockMoves();
        var bob = connect();
        bob.sends(SUBSCRIBE);
        assertThat(bob.takeBodies()).containsExactly("new");
    }

    @Test
    void aMessageIsNotDeliveredBeyondTheTimeItNames() {
        long soon = System.currentTimeMillis() + 2;
        connect().sends("SEND\ndestination:/queue/a\nexpires:" + soon + "\n\nold^@SEND\ndestination:/queue/a\n\nnew^@");
        theWallClockMoves();
        var bob = connect();
        bob.sends(SUBSCRIBE);
        assertThat(bob.takeBodies()).containsExactly("new");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/queue/a", "/topic/a"})
    void aMessageWhoseTimeIsOverAlreadyGoesNowhere(String destination) {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:" + destination + "\n\n^@");
        connect().sends("SEND\ndestination:" + destination + "\nexpires:1\n\nold^@");
        bob.gotNothing();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ttl:60000", "expiration:60000", "expires:0", "expires:99999999999999", "ttl:999999999999999999"
            })
    void aMessageThatHasTimeIsDelivered(String header) {
        connect().sends("SEND\ndestination:/queue/a\n" + header + "\n\nhi^@");
        var bob = connect();
        bob.sends(SUBSCRIBE);
        bob.got("MESSAGE\nsubscription:0\ndestination:/queue/a\n" + header + "\n\nhi^@");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ttl:0", "expiration:0", "ttl:0\nexpires:99999999999999"})
    @DisplayName("a message without time to live is for consumers that wait now, and kept for none")
    void aMessageForNowIsForThoseThatWait(String header) {
        String send = "SEND\ndestination:/queue/a\n" + header + "\nreceipt:r\n\n";
        var alice = connectTo(otherLoop);
        alice.sends(send + "nobody^@");
        alice.got("RECEIPT\nreceipt-id:r\nmatched:1\ndelivered:0\nqueued:0\ndropped:1\n\n^@");
        assertThat(broker.queueCount()).isZero();
        assertThat(broker.memoryBytes()).isZero();
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\nack:client-individual\nprefetch-count:1\n\n^@");
        long subscription = broker.memoryBytes();
        alice.sends(send + "1^@");
        alice.got("RECEIPT\nreceipt-id:r\nmatched:1\ndelivered:1\nqueued:0\ndropped:0\n\n^@");
        var first = bob.next("1");
        assertThat(first.text()).isEqualTo("1");
        alice.sends(send + "without credit^@");
        alice.got("RECEIPT\nreceipt-id:r\nmatched:1\ndelivered:0\nqueued:0\ndropped:1\n\n^@");
        bob.sends("NACK\nid:" + first.header("ack") + "\n\n^@");
        bob.gotNothing();
        assertThat(broker.memoryBytes()).isEqualTo(subscription);
        bob.sends("UNSUBSCRIBE\nid:0\n\n^@");
        assertThat(broker.queueCount()).isZero();
    }

    @Test
    @DisplayName("a message for now that is on its way to a subscription that ends leaves no queue behind")
    void aMessageForNowThatComesTooLateLeavesNoQueue() {
        var bob = connectTo(otherLoop);
        bob.sends(SUBSCRIBE);
        connect().feeds("SEND\ndestination:/queue/a\nttl:0\n\nhi^@");
        bob.feeds("UNSUBSCRIBE\nid:0\n\n^@");
        settle();
        bob.gotNothing();
        assertThat(broker.queueCount()).isZero();
        assertThat(broker.memoryBytes()).isZero();
    }

    @Test
    @DisplayName("a message for now passes older ones that no consumer wants, in a transaction too")
    void aMessageForNowPassesOthers() {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\nselector:x = 1\n\n^@");
        var alice = connectTo(otherLoop);
        alice.sends("SEND\ndestination:/queue/a\n\nkept^@BEGIN\ntransaction:t\n\n^@"
                + "SEND\ndestination:/queue/a\nttl:0\nx:1\ntransaction:t\n\nwanted^@"
                + "SEND\ndestination:/queue/a\nttl:0\nx:2\ntransaction:t\n\nunwanted^@COMMIT\ntransaction:t\n\n^@");
        assertThat(bob.takeBodies()).containsExactly("wanted");
        var carol = connect();
        carol.sends(SUBSCRIBE);
        assertThat(carol.takeBodies()).containsExactly("kept");
    }

    @Test
    @DisplayName("a topic's message for now reaches its subscribers, and no durable subscription keeps it")
    void aTopicsMessageForNowIsNotKept() {
        String durable = "SUBSCRIBE\nid:0\ndestination:/topic/a\ndurable:true\n\n^@";
        var away = Clients.connectWith(this, "client-id:c");
        away.sends(durable);
        away.isLost();
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        connect()
                .sends(
                        "SEND\ndestination:/topic/a\nexpiration:0\n\nnow^@SEND\ndestination:/topic/a\nexpires:0\n\never^@");
        assertThat(bob.takeBodies()).containsExactly("now", "ever");
        away = Clients.connectWith(this, "client-id:c");
        away.sends(durable);
        assertThat(away.takeBodies()).containsExactly("ever");
        connect().sends("SEND\ndestination:/topic/a\nexpiration:0\n\nnow^@");
        assertThat(away.takeBodies()).containsExactly("now");
        away.sends("UNSUBSCRIBE\nid:0\ndurable:true\n\n^@");
    }

    @Test
    void expiredMessagesMakeRoom() {
        brokerWith(BrokerOptions.builder().queues(q -> q.maxQueueMessages(1)).build());
        var alice = connect();
        alice.sends("SEND\ndestination:/queue/a\nttl:1\n\nold^@");
        theWallClockMoves();
        alice.sends("SEND\ndestination:/queue/a\n\nnew^@");
        alice.isOpen();
        var bob = connect();
        bob.sends(SUBSCRIBE);
        assertThat(bob.takeBodies()).containsExactly("new");
    }

    @ParameterizedTest
    @CsvSource({
        "ttl,soon",
        "ttl,-1",
        "expires,1e9",
        "expiration,''",
        "delay,later",
        "x-delay,1.5",
        "ttl,1234567890123456789"
    })
    @DisplayName("item 83: a time that is no number is an ERROR")
    void aTimeThatIsNoNumberIsAnError(String header, String value) {
        var alice = connect();
        alice.sends("SEND\ndestination:/queue/a\n" + header + ":" + value + "\n\nhi^@");
        alice.gotError(CloseCode.PROTOCOL_ERROR, "invalid " + header, header + " must be a whole number");
        assertThat(broker.queueCount()).isZero();
    }

    @Test
    @DisplayName("case 84: a clock that somebody sets makes no message live longer or shorter")
    void aClockThatIsSetChangesNoTimeToLive() {
        Instant anHourAgo = Instant.now().minusSeconds(3_600);
        BrokerClock clock = new BrokerClock() {
            @Override
            public Instant instant() {
                return anHourAgo;
            }

            @Override
            public long nanoTime() {
                return 5_000_000_000L;
            }

            @Override
            public long uptimeMillis() {
                return 5_000;
            }
        };
        for (Headers headers : List.of(
                Headers.of("ttl", "1000"), Headers.of("expires", Long.toString(anHourAgo.toEpochMilli() + 1000)))) {
            assertThat(SendProperties.of(headers, clock).expires()).isEqualTo(6_000);
        }
    }

    // ---- delay ------------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({
        "delay,/topic/a", "AMQ_SCHEDULED_DELAY,/topic/a", "x-delay,/topic/a",
        "delay,/queue/a", "AMQ_SCHEDULED_DELAY,/queue/a", "x-delay,/queue/a"
    })
    void aDelayedMessageComesWhenItsTimeHasCome(String header, String destination) {
        var bob = connectTo(otherLoop);
        bob.sends("SUBSCRIBE\nid:0\ndestination:" + destination + "\n\n^@");
        connect().sends("SEND\ndestination:" + destination + "\n" + header + ":500\n\nhi^@");
        pass(Duration.ofMillis(490));
        bob.gotNothing();
        pass(Duration.ofMillis(30));
        bob.got("MESSAGE\nsubscription:0\ndestination:" + destination + "\n" + header + ":500\n\nhi^@");
    }

    @Test
    void aDelayedMessageOutlivesItsSender() {
        var alice = connect();
        alice.sends("SEND\ndestination:/queue/a\ndelay:500\nreceipt:r\n\nhi^@");
        alice.got("RECEIPT\nreceipt-id:r\n\n^@");
        alice.isLost();
        pass(Duration.ofSeconds(1));
        var bob = connect();
        bob.sends(SUBSCRIBE);
        assertThat(bob.takeBodies()).containsExactly("hi");
    }

    @Test
    void aDelayInATransactionBeginsWithItsCommit() {
        var bob = connect();
        bob.sends(SUBSCRIBE);
        var alice = connect();
        alice.sends("BEGIN\ntransaction:t\n\n^@SEND\ndestination:/queue/a\ntransaction:t\ndelay:500\n\nlater^@"
                + "SEND\ndestination:/queue/a\ntransaction:t\n\nnow^@");
        pass(Duration.ofSeconds(1));
        bob.gotNothing();
        alice.sends("COMMIT\ntransaction:t\n\n^@");
        assertThat(bob.takeBodies()).containsExactly("now");
        pass(Duration.ofMillis(520));
        assertThat(bob.takeBodies()).containsExactly("later");
    }

    @Test
    @DisplayName("item 84: what is delayed has its room in the queue from the start")
    void aDelayedMessageHasItsRoom() {
        brokerWith(BrokerOptions.builder().queues(q -> q.maxQueueMessages(1)).build());
        var alice = connect();
        alice.sends("SEND\ndestination:/queue/a\ndelay:500\n\n1^@");
        alice.isOpen();
        alice.sends("SEND\ndestination:/queue/a\n\n2^@");
        alice.gotError(CloseCode.PROTOCOL_ERROR, "queue full", "max_queue_messages");
        pass(Duration.ofSeconds(1));
        var bob = connect();
        bob.sends(SUBSCRIBE);
        assertThat(bob.takeBodies()).containsExactly("1");
    }

    @Test
    void noMoreMessagesAreDelayedThanMayBe() {
        brokerWith(BrokerOptions.builder()
                .queues(q -> q.maxDelayed(1).maxQueueMessages(2))
                .build());
        var alice = connect();
        alice.sends("SEND\ndestination:/queue/a\ndelay:500\n\n1^@");
        alice.sends("SEND\ndestination:/queue/a\ndelay:500\n\n2^@");
        alice.gotError(CloseCode.PROTOCOL_ERROR, "too many delayed messages", "max_delayed");
        var bob = connect();
        bob.sends("SEND\ndestination:/queue/a\n\nroom for one more^@");
        bob.isOpen();
        bob.sends(SUBSCRIBE);
        pass(Duration.ofSeconds(1));
        assertThat(bob.takeBodies()).containsExactly("room for one more", "1");
        bob.sends("SEND\ndestination:/queue/a\ndelay:500\n\n3^@");
        pass(Duration.ofSeconds(1));
        assertThat(bob.takeBodies()).containsExactly("3");
    }

    @Test
    @DisplayName("item 110: a COMMIT with more delayed messages than may be does nothing")
    void aCommitThatCantDelayAllDoesNothing() {
        brokerWith(BrokerOptions.builder()
                .queues(q -> q.maxDelayed(1).maxQueueMessages(1))
                .build());
        var alice = connect();
        alice.sends("BEGIN\ntransaction:t\n\n^@SEND\ndestination:/queue/now\ntransaction:t\n\n0^@"
                + "SEND\ndestination:/queue/a\ntransaction:t\ndelay:500\n\n1^@"
                + "SEND\ndestination:/queue/b\ntransaction:t\ndelay:600\n\n2^@COMMIT\ntransaction:t\n\n^@");
        alice.gotError(CloseCode.PROTOCOL_ERROR, "too many delayed messages", "max_delayed");
        pass(Duration.ofSeconds(1));
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/queue/a,/queue/b,/queue/now\n\n^@");
        bob.gotNothing();
        bob.sends("SEND\ndestination:/queue/a\ndelay:1\n\nroom, and a delay^@");
        pass(Duration.ofSeconds(1));
        assertThat(bob.takeBodies()).containsExactly("room, and a delay");
    }
}
