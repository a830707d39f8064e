package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.HeaderNames;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SendTest extends BrokerTest {

    private Client subscriber(String version) {
        var bob = connect(version);
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        return bob;
    }

    @Test
    @DisplayName("item 79: SEND needs a destination")
    void sendNeedsADestination() {
        var alice = connect();
        alice.sends("SEND\nreceipt:r\n\nhi^@");
        var error = alice.gotError(CloseCode.PROTOCOL_ERROR, "missing destination", "SEND", "destination");
        assertThat(error.header("receipt-id")).isEqualTo("r");
    }

    @Test
    @DisplayName("item 80: a sender's headers travel unchanged")
    void aSendersHeadersTravelUnchanged() {
        var bob = subscriber("1.2");
        connect()
                .sends(
                        "SEND\ndestination:/topic/a\nfoo:bar\nempty:\n blank : x \nprio/ü!:é€😀\nreply-to:/queue/b\n\nhi^@");
        bob.got("MESSAGE\nsubscription:0\ndestination:/topic/a\nfoo:bar\nempty:\n blank : x \nprio/ü!:é€😀\n"
                + "reply-to:/queue/b\n\nhi^@");
    }

    @Test
    @DisplayName("item 47: repeated headers travel all, in order")
    void repeatedHeadersTravelInOrder() {
        var bob = subscriber("1.2");
        connect().sends("SEND\ndestination:/topic/a\nx:1\nx:2\ndestination:/topic/b\n\n^@");
        var message = bob.got("MESSAGE\nsubscription:0\ndestination:/topic/a\nx:1\nx:2\ndestination:/topic/b\n\n^@");
        assertThat(message.headers()).containsSubsequence("destination:/topic/a", "x:1", "x:2", "destination:/topic/b");
    }

    @Test
    @DisplayName("item 55: each receiver gets the escapes of its own version")
    void eachReceiverGetsTheEscapesOfItsVersion() {
        var in10 = subscriber("1.0");
        var in11 = subscriber("1.1");
        var in12 = subscriber("1.2");
        connect().sends("SEND\ndestination:/topic/a\nc\\cd:a\\cb\\\\\nlines:a\\nb\\rc\n\nhi^@");
        in12.got("MESSAGE\nsubscription:0\ndestination:/topic/a\nc\\cd:a\\cb\\\\\nlines:a\\nb\\rc\n\nhi^@");
        in11.got("MESSAGE\nsubscription:0\ndestination:/topic/a\nc\\cd:a\\cb\\\\\nlines:a\\nb c\n\nhi^@");
        // a name with a colon can't be told in 1.0
        in10.got("MESSAGE\nsubscription:0\ndestination:/topic/a\nlines:a b c\n\nhi^@");
    }

    @Test
    @DisplayName("item 57: a subscription's id and a receipt are escaped like any header")
    void idsAreEscapedLikeAnyHeader() {
        var bob = connect("1.2");
        bob.sends("SUBSCRIBE\nid:a\\cb\\n\ndestination:/topic/a\nreceipt:r\\c\\\\\n\n^@");
        bob.got("RECEIPT\nreceipt-id:r\\c\\\\\n\n^@");
        bob.sends("SEND\ndestination:/topic/a\n\nhi^@");
        bob.got("MESSAGE\nsubscription:a\\cb\\n\ndestination:/topic/a\n\nhi^@");
    }

    /** But for those that mean something in a SEND, which goes without them too. */
    private static Stream<String> serverHeadersCantBeForged() {
        List<String> ofSend = List.of("content-length", "receipt", "transaction");
        return Stream.concat(HeaderNames.OF_ONE_FRAME.names().stream(), Stream.of("timestamp", "presence"))
                .filter(name -> !ofSend.contains(name));
    }

    @ParameterizedTest
    @DisplayName("item 81, case 45: what the broker says of a message, no sender can")
    @MethodSource
    void serverHeadersCantBeForged(String name) {
        var bob = subscriber("1.2");
        connect().sends("SEND\ndestination:/topic/a\nx:y\n" + name + ":forged\n\nhi^@");
        var message = bob.got("MESSAGE\nsubscription:0\ndestination:/topic/a\nx:y\n\nhi^@");
        assertThat(message.headers()).noneMatch(line -> line.contains("forged"));
    }

    @Test
    @DisplayName("item 81: a user-id that is not the sender's own is an ERROR (PROTOCOL.md)")
    void aForgedUserIdIsAnError() {
        var bob = subscriber("1.2");
        var alice = connect();
        alice.sends("SEND\ndestination:/topic/a\nuser-id:bob\nreceipt:r\n\nhi^@");
        var error = alice.next("an ERROR");
        assertThat(error.header("message")).isEqualTo("invalid user-id");
        assertThat(error.header("receipt-id")).isEqualTo("r");
        bob.gotNothing();
    }

    @Test
    @DisplayName("item 81: receipt and transaction are the sender's own business")
    void receiptAndTransactionDoNotTravel() {
        var bob = subscriber("1.2");
        connect()
                .sends("BEGIN\ntransaction:t\n\n^@SEND\ndestination:/topic/a\ntransaction:t\nreceipt:r\n\nhi^@"
                        + "COMMIT\ntransaction:t\n\n^@");
        bob.got("MESSAGE\nsubscription:0\ndestination:/topic/a\n\nhi^@");
    }

    @Test
    @DisplayName("item 82: every octet of a body arrives, and content-length counts them")
    void everyOctetOfABodyArrives() {
        var bob = subscriber("1.2");
        byte[] head = "SEND\ndestination:/topic/a\ncontent-type:application/x\ncontent-length:256\n\n"
                .getBytes(StandardCharsets.UTF_8);
        byte[] frame = java.util.Arrays.copyOf(head, head.length + 257);
        byte[] octets = new byte[256];
        for (int i = 0; i < 256; i++) {
            octets[i] = (byte) i;
            frame[head.length + i] = (byte) i;
        }
        connect().sends(frame);
        var message = bob.next("a MESSAGE");
        assertThat(message.body()).isEqualTo(octets);
        assertThat(message.headers()).contains("content-type:application/x").containsOnlyOnce("content-length:256");
    }

    @Test
    @DisplayName("item 82: a body that was ended by its NUL gets a content-length in octets")
    void contentLengthIsCountedAgain() {
        var bob = subscriber("1.2");
        connect().sends("SEND\ndestination:/topic/a\n\né€😀^@");
        bob.got("MESSAGE\nsubscription:0\ndestination:/topic/a\ncontent-length:9\n\né€😀^@");
    }

    @ParameterizedTest
    @DisplayName("item 83, case 48: a SEND that can't be done is an ERROR with its receipt, and the end")
    @ValueSource(
            strings = {
                "/elsewhere/a",
                "a",
                "",
                "/topic/",
                "/topic",
                "/queue/",
                "/topic/a..b",
                "/topic/a/",
                "/topic//a",
                "/queue/.a",
                "/topic/a\\nb",
                "/topic/a\u200bb",
                "/Topic/a"
            })
    void aBadDestinationIsAnError(String destination) {
        var alice = connect();
        alice.sends("SEND\ndestination:" + destination + "\nreceipt:r\n\nhi^@SEND\ndestination:/queue/a\n\nhi^@");
        var error = alice.gotError(CloseCode.PROTOCOL_ERROR, "invalid destination", "invalid destination '");
        assertThat(error.header("receipt-id")).isEqualTo("r");
        assertThat(broker.queueCount()).as("nothing is done after the ERROR").isZero();
    }

    @Test
    @DisplayName("item 83: the ERROR of an unknown prefix names the known ones")
    void anUnknownPrefixIsToldTheKnownOnes() {
        var alice = connect();
        alice.sends("SEND\ndestination:jobs\n\nhi^@");
        alice.gotError(CloseCode.PROTOCOL_ERROR, "invalid destination", "'jobs'", "/topic/", "/queue/");
    }

    @Test
    @DisplayName("item 84, case 64: RECEIPT comes after the effect")
    void receiptComesAfterTheEffect() {
        var alice = connect();
        var bob = subscriber("1.2");
        alice.sends("SEND\ndestination:/topic/a\nreceipt:r1\n\nhi^@");
        bob.got("MESSAGE\nsubscription:0\nmessage-id:*\ndestination:/topic/a\n\nhi^@");
        alice.got("RECEIPT\nreceipt-id:r1\n\n^@");
    }

    @Test
    @DisplayName("item 84: with the RECEIPT a message is in its queue")
    void withTheReceiptAMessageIsInItsQueue() {
        var alice = connect();
        alice.sends("SEND\ndestination:/queue/a\nreceipt:r1\n\nhi^@");
        alice.got("RECEIPT\nreceipt-id:r1\n\n^@");
        alice.isLost();
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\n\n^@");
        bob.got("MESSAGE\nsubscription:0\ndestination:/queue/a\n\nhi^@");
    }

    @Test
    @DisplayName("item 85: a transaction that is not open is an ERROR")
    void aTransactionThatIsNotOpenIsAnError() {
        var alice = connect();
        alice.sends("SEND\ndestination:/topic/a\ntransaction:t\nreceipt:r\n\nhi^@");
        var error = alice.gotError(CloseCode.PROTOCOL_ERROR, "no such transaction", "'t'");
        assertThat(error.header("receipt-id")).isEqualTo("r");
    }

    @Test
    @DisplayName("item 84: a topic nobody has subscribed to takes a message and forgets it")
    void aTopicWithoutSubscribersForgets() {
        var alice = connect();
        alice.sends("SEND\ndestination:/topic/a\nreceipt:r\n\nhi^@");
        alice.got("RECEIPT\nreceipt-id:r\n\n^@");
        subscriber("1.2").gotNothing();
    }

    @Test
    void anEmbeddersMessageTakesTheSameWayAsASend() {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        broker.publish("/topic/a", io.fanfare.frame.Headers.of("delay", "1000"), new byte[] {'d'});
        settle();
        bob.gotNothing();
        pass(java.time.Duration.ofMillis(1_100));
        assertThat(bob.takeBodies()).containsExactly("d");
        broker.drain(java.time.Duration.ofSeconds(60));
        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> broker.publish("/topic/a", io.fanfare.frame.Headers.EMPTY, new byte[0]))
                .hasMessageContaining("about to restart");
    }

    @Test
    @DisplayName("a message published by the embedding program arrives like any other")
    void theEmbeddingProgramMayPublish() {
        var bob = subscriber("1.2");
        broker.publish("/topic/a", io.fanfare.frame.Headers.of("x", "a:b"), new byte[] {'h', 0, 'i'});
        settle();
        bob.got("MESSAGE\nsubscription:0\ndestination:/topic/a\nx:a\\cb\ncontent-length:3\n\nh^@i^@");
    }
}
