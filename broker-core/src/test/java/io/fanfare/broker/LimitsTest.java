package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.FrameLimits;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each limit: met exactly nothing happens; one past it, an ERROR names the limit, what there was, and the option. */
class LimitsTest extends BrokerTest {

    private static String subscribe(int id) {
        return "SUBSCRIBE\nid:" + id + "\ndestination:/topic/a\nreceipt:r\n\n^@";
    }

    /** A frame of exactly so many bytes, its NUL included. */
    private static String frameOf(int bytes, String head) {
        return head + "x".repeat(bytes - head.length() - 1) + "^@";
    }

    @Test
    @DisplayName("item 124: frame size")
    void frameSize() {
        brokerWith(BrokerOptions.builder()
                .limits(l -> l.frameLimits(FrameLimits.DEFAULT.withMaxFrameBytes(1_000)))
                .build());
        var alice = connect();
        alice.sends(frameOf(1_000, "SEND\ndestination:/topic/a\nreceipt:r\n\n"));
        alice.got("RECEIPT\nreceipt-id:r\n\n^@");
        alice.sends(frameOf(1_001, "SEND\ndestination:/topic/a\nreceipt:r\n\n"));
        var error = alice.gotError(CloseCode.TOO_BIG, "frame too large", "1,001", "1,000", "max_frame_bytes");
        assertThat(error.header("receipt-id")).isEqualTo("r");
    }

    @Test
    @DisplayName("item 124: an announced frame size is refused before a byte of the body has come")
    void announcedFrameSize() {
        var alice = connect();
        alice.sends("SEND\ndestination:/topic/a\ncontent-length:1073741824\n\n");
        alice.gotError(CloseCode.TOO_BIG, "frame too large", "1,073,741,8", "4,194,304", "max_frame_bytes");
    }

    @Test
    @DisplayName("items 68, 124: frame size before CONNECTED")
    void frameSizeBeforeConnected() {
        brokerWith(BrokerOptions.builder()
                .limits(l -> l.maxFrameBytesBeforeConnected(200))
                .build());
        String head = "CONNECT\naccept-version:1.2\npasscode:";
        var alice = open();
        alice.sends(head + "x".repeat(200 - head.length() - 3) + "\n\n^@");
        alice.got("CONNECTED\nversion:1.2\n\n^@");
        var bob = open();
        bob.sends(head + "x".repeat(201 - head.length() - 3) + "\n\n^@");
        bob.gotError(CloseCode.TOO_BIG, "frame too large", "201", "200", "max_frame_bytes_before_connected");
    }

    @Test
    @DisplayName("item 68: the small limit before CONNECTED ends with it, within one read")
    void theSmallLimitEndsWithConnect() {
        brokerWith(BrokerOptions.builder()
                .limits(l -> l.maxFrameBytesBeforeConnected(100))
                .build());
        var alice = open();
        alice.sends("CONNECT\naccept-version:1.2\n\n^@" + frameOf(1_000, "SEND\ndestination:/topic/a\nreceipt:r\n\n"));
        alice.got("CONNECTED\nversion:1.2\n\n^@", "RECEIPT\nreceipt-id:r\n\n^@");
    }

    @Test
    @DisplayName("item 124: command length, header line length, number of headers")
    void partsOfTheHead() {
        brokerWith(BrokerOptions.builder()
                .limits(l -> l.frameLimits(new FrameLimits(10_000, 10, 100, 3)))
                .build());
        var alice = connect();
        alice.sends("SEND\ndestination:/topic/a\nx:" + "y".repeat(98) + "\nreceipt:r\n\n^@");
        alice.got("RECEIPT\nreceipt-id:r\n\n^@");
        alice.sends("SEND\ndestination:/topic/a\nx:" + "y".repeat(99) + "\nreceipt:r\n\n^@");
        alice.gotError(CloseCode.TOO_BIG, "header line too large", "101", "100", "max_header_line_bytes");

        var bob = connect();
        bob.sends("SEND\ndestination:/topic/a\nx:1\ny:2\nz:3\n\n^@");
        bob.gotError(CloseCode.TOO_BIG, "number of headers too large", "4", "3", "max_headers");

        var carol = connect();
        carol.sends("SUBSCRIBES\n\n^@");
        carol.gotError(CloseCode.PROTOCOL_ERROR, "unknown command");
        var dave = connect();
        dave.sends("SUBSCRIBERS\n\n^@");
        dave.gotError(CloseCode.TOO_BIG, "command too large", "11", "10", "max_command_bytes");
    }

    @Test
    @DisplayName("item 125: subscriptions of a connection")
    void subscriptions() {
        brokerWith(BrokerOptions.builder().limits(l -> l.maxSubscriptions(2)).build());
        var bob = connect();
        bob.sends(subscribe(1), subscribe(2));
        bob.got("RECEIPT\nreceipt-id:r\n\n^@", "RECEIPT\nreceipt-id:r\n\n^@");
        bob.sends("UNSUBSCRIBE\nid:1\n\n^@", subscribe(3));
        bob.got("RECEIPT\nreceipt-id:r\n\n^@");
        bob.sends(subscribe(4));
        bob.gotError(CloseCode.PROTOCOL_ERROR, "too many subscriptions", "2", "max_subscriptions");
        connect().sends(subscribe(1), subscribe(2));
    }

    @Test
    @DisplayName("item 113, case 61, advisory 18: open transactions of a connection")
    void openTransactions() {
        brokerWith(BrokerOptions.builder().limits(l -> l.maxTransactions(2)).build());
        var alice = connect();
        alice.sends("BEGIN\ntransaction:1\n\n^@BEGIN\ntransaction:2\n\n^@COMMIT\ntransaction:1\n\n^@");
        alice.sends("BEGIN\ntransaction:3\nreceipt:r\n\n^@");
        alice.got("RECEIPT\nreceipt-id:r\n\n^@");
        alice.sends("BEGIN\ntransaction:4\n\n^@");
        alice.gotError(CloseCode.PROTOCOL_ERROR, "too many transactions", "2", "max_transactions");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SUBSCRIBE\ndestination:/topic/a\nid:ID",
                "SUBSCRIBE\ndestination:/topic/a\nid:0\nactivemq.subscriptionName:ID",
                "SUBSCRIBE\ndestination:/topic/a\nid:0\ndurable-subscription-name:ID",
                "BEGIN\ntransaction:ID",
                "CONNECT\naccept-version:1.2\nclient-id:ID"
            })
    @DisplayName("item 125: ids that clients choose have a limit, in bytes")
    void idsHaveALimit(String frame) {
        brokerWith(BrokerOptions.builder().limits(l -> l.maxIdBytes(12)).build());
        boolean isConnect = frame.startsWith("CONNECT");
        var alice = isConnect ? open() : Clients.connectWith(this, "client-id:c");
        alice.sends(frame.replace("ID", "äöü456789") + "\n" + (isConnect ? "" : "receipt:r\n") + "\n^@");
        assertThat(alice.next("CONNECTED or a RECEIPT").command()).isEqualTo(isConnect ? "CONNECTED" : "RECEIPT");
        if (frame.startsWith("SUBSCRIBE")) {
            alice.sends("UN" + frame.replace("ID", "äöü456789") + "\n\n^@");
        }
        var bob = isConnect ? open() : Clients.connectWith(this, "client-id:d");
        bob.sends(frame.replace("ID", "äöü4567890") + "\n\n^@");
        bob.gotError(CloseCode.PROTOCOL_ERROR, "id too long", "13 B", "12", "max_id_bytes");
    }

    @Test
    @DisplayName("item 125: a destination that is an id has the limit of destinations, and not that of ids")
    void aDestinationThatIsAnIdHasTheLimitOfDestinations() {
        brokerWith(BrokerOptions.builder().limits(l -> l.maxIdBytes(12)).build());
        var alice = connect();
        alice.sends("SEND\ndestination:/queue/service\nreply-to:/temp-queue/replies\n\nping^@");
        var service = connect();
        service.sends("SUBSCRIBE\nid:0\ndestination:/queue/service\n\n^@");
        for (String destination : new String[] {
            "/topic/123456", "/topic/a,/topic/b", service.next("a request").header("reply-to")
        }) {
            alice.sends("SUBSCRIBE\ndestination:" + destination + "\nreceipt:r\n\n^@");
            alice.got("RECEIPT\nreceipt-id:r\n\n^@");
            alice.sends("UNSUBSCRIBE\ndestination:" + destination + "\nreceipt:r\n\n^@");
            alice.got("RECEIPT\nreceipt-id:r\n\n^@");
        }
    }

    @Test
    @DisplayName("item 113, case 61, advisory 18: frames of a transaction")
    void framesOfATransaction() {
        brokerWith(
                BrokerOptions.builder().limits(l -> l.maxTransactionFrames(2)).build());
        var alice = connect();
        String send = "SEND\ndestination:/queue/a\ntransaction:t\nreceipt:r\n\n^@";
        alice.sends("BEGIN\ntransaction:t\n\n^@", send, send);
        alice.got("RECEIPT\nreceipt-id:r\n\n^@", "RECEIPT\nreceipt-id:r\n\n^@");
        alice.sends(send);
        alice.gotError(CloseCode.PROTOCOL_ERROR, "transaction too large", "'t'", "2", "max_transaction_frames");
        assertThat(broker.queueCount()).isZero();
    }

    @Test
    @DisplayName("item 125, case 48: a destination's bytes")
    void aDestinationsBytes() {
        brokerWith(BrokerOptions.builder()
                .destinations(d -> d.maxDestinationBytes(20))
                .build());
        var alice = connect();
        // 7 for the prefix, 2 for each é
        alice.sends("SUBSCRIBE\nid:0\ndestination:/topic/éééééé1\nreceipt:r\n\n^@");
        alice.got("RECEIPT\nreceipt-id:r\n\n^@");
        alice.sends("SUBSCRIBE\nid:1\ndestination:/topic/ééééééé\nreceipt:r\n\n^@");
        alice.gotError(CloseCode.PROTOCOL_ERROR, "invalid destination", "21 B", "20", "max_destination_bytes");
    }

    @Test
    @DisplayName("item 125, case 48: a destination's words")
    void aDestinationsWords() {
        brokerWith(BrokerOptions.builder()
                .destinations(d -> d.maxDestinationWords(3))
                .build());
        var alice = connect();
        alice.sends("SEND\ndestination:/topic/a.b/c\nreceipt:r\n\n^@");
        alice.got("RECEIPT\nreceipt-id:r\n\n^@");
        alice.sends("SEND\ndestination:/topic/a.b/c.d\n\n^@");
        alice.gotError(CloseCode.PROTOCOL_ERROR, "invalid destination", "4 words", "3", "max_destination_words");
    }

    @Test
    @DisplayName("a queue's messages, the delivered ones among them")
    @Tag("case-65")
    void messagesOfAQueue() {
        brokerWith(BrokerOptions.builder()
                .queues(q -> q.maxQueueMessages(3).prefetch(1))
                .build());
        var alice = connect();
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\nack:client\ndestination:/queue/a\n\n^@");
        for (int i = 1; i <= 3; i++) {
            alice.sends("SEND\ndestination:/queue/a\nreceipt:" + i + "\n\n" + i + "^@");
            alice.got("RECEIPT\nreceipt-id:" + i + "\n\n^@");
        }
        var first = bob.next("1");
        bob.sends("ACK\nid:" + first.header("ack") + "\n\n^@");
        alice.sends("SEND\ndestination:/queue/a\nreceipt:4\n\n4^@");
        alice.got("RECEIPT\nreceipt-id:4\n\n^@");
        alice.sends("SEND\ndestination:/queue/a\nreceipt:5\n\n5^@");
        var error = alice.gotError(CloseCode.PROTOCOL_ERROR, "queue full", "3", "max_queue_messages");
        assertThat(error.header("receipt-id")).isEqualTo("5");
        bob.isOpen();
        bob.isLost();
        var last = connect();
        last.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\n\n^@");
        assertThat(last.takeBodies()).containsExactly("2", "3", "4");
    }

    @Test
    @DisplayName("a queue's bytes")
    @Tag("case-65")
    void bytesOfAQueue() {
        brokerWith(BrokerOptions.builder().queues(q -> q.maxQueueBytes(10_000)).build());
        var alice = connect();
        alice.sends("SEND\ndestination:/queue/a\nreceipt:1\n\n" + "x".repeat(9_000) + "^@");
        alice.got("RECEIPT\nreceipt-id:1\n\n^@");
        alice.sends("SEND\ndestination:/queue/a\nreceipt:2\n\n" + "x".repeat(1_000) + "^@");
        alice.gotError(CloseCode.PROTOCOL_ERROR, "queue full", "10,000", "max_queue_bytes");
    }

    @Test
    @DisplayName("a queue's bytes, headers among them")
    void headersOfAQueue() {
        brokerWith(BrokerOptions.builder().queues(q -> q.maxQueueBytes(10_000)).build());
        var alice = connect();
        alice.sends("SEND\ndestination:/queue/a\nx:" + "y".repeat(6_000) + "\nreceipt:1\n\n^@");
        alice.got("RECEIPT\nreceipt-id:1\n\n^@");
        alice.sends("SEND\ndestination:/queue/a\nx:" + "y".repeat(6_000) + "\nreceipt:2\n\n^@");
        alice.gotError(CloseCode.PROTOCOL_ERROR, "queue full", "10,000", "max_queue_bytes");
    }

    @Test
    @DisplayName("item 127: half a frame and silence, heart-beats or not")
    void halfAFrame() {
        var alice = connect();
        alice.sends("SEND\ndestination:/queue/a\n\nhal");
        pass(Duration.ofSeconds(9));
        alice.sends("f");
        pass(Duration.ofMillis(9_999));
        alice.isOpen();
        pass(Duration.ofMillis(20));
        alice.gotError(CloseCode.POLICY, "frame timeout", "10000 ms", "frame_timeout");
        assertThat(broker.queueCount()).isZero();
    }

    @Test
    @DisplayName("item 127: a frame that is whole in the end")
    void aFrameThatIsWholeInTheEnd() {
        var alice = connect();
        for (String part : "SEND\ndestination:/topic/a\nreceipt:r\n\nhi".split("(?=[:/r])")) {
            alice.sends(part);
            pass(Duration.ofSeconds(9));
        }
        alice.sends("^@");
        alice.got("RECEIPT\nreceipt-id:r\n\n^@");
        pass(Duration.ofMinutes(1));
        alice.isOpen();
    }

    @Test
    @DisplayName("item 126: a topic's acknowledging subscriber that falls behind is too slow, and nobody else")
    void aFeedThatFallsBehindIsTooSlow() {
        brokerWith(BrokerOptions.builder().queues(q -> q.maxQueueMessages(2)).build());
        var bob = connect();
        var carol = connect();
        for (Client each : new Client[] {bob, carol}) {
            each.sends("SUBSCRIBE\nid:0\nack:client\ndestination:/topic/a\n\n^@");
        }
        for (int i = 1; i <= 3; i++) {
            connect().sends("SEND\ndestination:/topic/a\n\n" + i + "^@");
            var message = carol.got("MESSAGE\nsubscription:0\nack:*\ndestination:/topic/a\n\n" + i + "^@");
            carol.sends("ACK\nid:" + message.header("ack") + "\n\n^@");
        }
        bob.next("1");
        bob.next("2");
        bob.gotError(CloseCode.OVERLOAD, "too slow", "2", "max_queue_messages");
    }
}
