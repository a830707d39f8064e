package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageTest extends BrokerTest {

    @ParameterizedTest
    @DisplayName("item 95: MESSAGE has destination, message-id and subscription")
    @CsvSource({"1.0,/topic/a", "1.1,/topic/a", "1.2,/topic/a", "1.0,/queue/a", "1.1,/queue/a", "1.2,/queue/a"})
    void messageHasItsThreeHeaders(String version, String destination) {
        var bob = connect(version);
        bob.sends("SUBSCRIBE\nid:mine\ndestination:" + destination + "\n\n^@");
        bob.sends("SEND\ndestination:" + destination + "\n\nhi^@");
        var message = bob.got("MESSAGE\nsubscription:mine\ndestination:" + destination + "\n\nhi^@");
        assertThat(message.header("message-id")).isNotEmpty();
        assertThat(message.header("timestamp")).matches("\\d{13}");
    }

    @Test
    @DisplayName("item 95: a 1.0 subscription without id gets messages without subscription")
    void without10IdThereIsNoSubscriptionHeader() {
        var bob = connect("1.0");
        bob.sends("SUBSCRIBE\ndestination:/topic/a\n\n^@SUBSCRIBE\ndestination:/queue/a\n\n^@");
        bob.sends("SEND\ndestination:/topic/a\n\nt^@", "SEND\ndestination:/queue/a\n\nq^@");
        bob.got("MESSAGE\ndestination:/topic/a\n\nt^@", "MESSAGE\ndestination:/queue/a\n\nq^@");
    }

    @Test
    @DisplayName("item 96: the destination is that of the SEND")
    void theDestinationIsThatOfTheSend() {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a/b.c\n\n^@SUBSCRIBE\nid:1\ndestination:/topic/a.b.c\n\n^@");
        bob.sends("SEND\ndestination:/topic/a/b.c\n\nhi^@");
        bob.got("MESSAGE\nsubscription:0\ndestination:/topic/a/b.c\n\nhi^@");
        bob.gotNothing();
    }

    @Test
    @DisplayName("item 96: /amq/queue/a and /queue/a are one queue")
    void theAliasOfAQueueIsTheQueue() {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/amq/queue/a\n\n^@", "SEND\ndestination:/queue/a\n\nhi^@");
        bob.got("MESSAGE\nsubscription:0\ndestination:/queue/a\n\nhi^@");
    }

    @Test
    @DisplayName("item 97: no two messages have one message-id, also when their destinations come and go")
    void messageIdsAreUnique() {
        var bob = connect();
        Set<String> ids = new HashSet<>();
        for (int round = 0; round < 5; round++) {
            for (String destination : new String[] {"/topic/a", "/topic/b", "/queue/a", "/queue/b"}) {
                bob.sends("SUBSCRIBE\nid:" + destination + "\ndestination:" + destination + "\n\n^@");
                bob.sends("SEND\ndestination:" + destination + "\n\n1^@SEND\ndestination:" + destination + "\n\n2^@");
                bob.sends("UNSUBSCRIBE\nid:" + destination + "\n\n^@");
            }
        }
        bob.takeAll()
                .forEach(message -> assertThat(ids.add(message.header("message-id")))
                        .as(message.toString())
                        .isTrue());
        assertThat(ids).hasSize(40);
    }

    @Test
    @DisplayName("ids of a broker's messages are none of its earlier lives'")
    void noTwoLivesOfABrokerUseOneId() {
        Set<String> ids = new HashSet<>();
        for (int life = 0; life < 3; life++) {
            brokerWith(BrokerOptions.builder().build());
            var bob = connect();
            bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@SEND\ndestination:/topic/a\n\nhi^@");
            ids.add(bob.next("a MESSAGE").header("message-id"));
            bob.isLost();
        }
        assertThat(ids).hasSize(3);
    }

    @Test
    @DisplayName("item 97: all receivers of a message see one message-id")
    void allReceiversSeeOneMessageId() {
        var here = connect("1.1");
        var there = connectTo(otherLoop);
        here.sends("SUBSCRIBE\nid:x\ndestination:/topic/a\n\n^@");
        there.sends("SUBSCRIBE\nid:y\ndestination:/topic/a\nack:client\n\n^@");
        here.sends("SEND\ndestination:/topic/a\n\nhi^@");
        assertThat(here.next("a MESSAGE").header("message-id"))
                .isEqualTo(there.next("a MESSAGE").header("message-id"));
    }

    @ParameterizedTest
    @DisplayName("item 98: ack is there when the subscription acknowledges, and in 1.2 only")
    @CsvSource({
        "1.0,client,false",
        "1.1,client,false",
        "1.1,client-individual,false",
        "1.2,auto,false",
        "1.2,client,true",
        "1.2,client-individual,true"
    })
    void ackIsThereWhenNeeded(String version, String mode, boolean there) {
        for (String destination : new String[] {"/topic/a", "/queue/a"}) {
            var bob = connect(version);
            bob.sends("SUBSCRIBE\nid:0\nack:" + mode + "\ndestination:" + destination + "\n\n^@");
            bob.sends("SEND\ndestination:" + destination + "\n\nhi^@");
            assertThat(bob.next("a MESSAGE").find("ack") != null)
                    .as(transcript())
                    .isEqualTo(there);
            bob.isLost();
            brokerWith(BrokerOptions.DEFAULT);
        }
    }

    @Test
    @DisplayName("item 98: each delivery has an ack of its own")
    void eachDeliveryHasAnAckOfItsOwn() {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\nack:client\ndestination:/topic/a\n\n^@");
        bob.sends("SUBSCRIBE\nid:1\nack:client-individual\ndestination:/topic/a\n\n^@");
        bob.sends("SEND\ndestination:/topic/a\n\n1^@SEND\ndestination:/topic/a\n\n2^@");
        Set<String> acks = new HashSet<>();
        bob.takeAll().forEach(message -> acks.add(message.header("ack")));
        assertThat(acks).hasSize(4);
    }

    @Test
    @DisplayName("item 99: nothing is invented for an empty body or an unknown type")
    void nothingIsInvented() {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        bob.sends("SEND\ndestination:/topic/a\n\n^@", "SEND\ndestination:/topic/a\ncontent-length:0\n\n^@");
        bob.sends("SEND\ndestination:/topic/a\ncontent-type:text/plain;charset=utf-8\n\nhi^@");
        assertThat(bob.got("MESSAGE\nsubscription:0\ndestination:/topic/a\n\n^@")
                        .find("content-length"))
                .isNull();
        assertThat(bob.got("MESSAGE\nsubscription:0\ndestination:/topic/a\n\n^@")
                        .find("content-length"))
                .isNull();
        bob.got("MESSAGE\nsubscription:0\ndestination:/topic/a\ncontent-type:text/plain;charset=utf-8\n"
                + "content-length:2\n\nhi^@");
    }

    @ParameterizedTest
    @DisplayName("item 100: what one publisher sends arrives in that order, however it is read")
    @CsvSource({"/topic/a,auto", "/topic/a,client", "/queue/a,auto", "/queue/a,client-individual"})
    void onePublishersOrderIsKept(String destination, String mode) {
        var alice = connect();
        var bob = connectTo(otherLoop);
        bob.sends("SUBSCRIBE\nid:0\nack:" + mode + "\ndestination:" + destination + "\n\n^@");
        StringBuilder frames = new StringBuilder();
        IntStream.range(0, 90).forEach(i -> frames.append("SEND\ndestination:" + destination + "\n\n" + i + "^@"));
        Random random = new Random(4);
        for (int at = 0; at < frames.length(); ) {
            int end = Math.min(frames.length(), at + 2 + random.nextInt(300));
            // a mark of the transcript's must not be cut
            if (end < frames.length() && frames.charAt(end) == '@') {
                end--;
            }
            alice.sends(frames.substring(at, end));
            at = end;
        }
        assertThat(bob.takeBodies())
                .isEqualTo(IntStream.range(0, 90).mapToObj(Integer::toString).toList());
    }
}
