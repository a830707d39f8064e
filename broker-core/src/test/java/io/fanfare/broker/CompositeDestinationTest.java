package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompositeDestinationTest extends BrokerTest {

    @Test
    @DisplayName("item 96: each receiver of a composite SEND sees the part that it is for")
    void aSendReachesEachPart() {
        var bob = connect();
        var carol = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        carol.sends("SUBSCRIBE\nid:0\ndestination:/queue/b\n\n^@");
        connect().sends("SEND\ndestination:/topic/a, /queue/b\n\nhi^@");
        bob.got("MESSAGE\nsubscription:0\ndestination:/topic/a\n\nhi^@");
        carol.got("MESSAGE\nsubscription:0\ndestination:/queue/b\n\nhi^@");
    }

    @Test
    void aSubscribeHearsEachPart() {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a,/queue/b,/topic/c.*\n\n^@");
        connect().sends("SEND\ndestination:/topic/a\n\n1^@", "SEND\ndestination:/queue/b\n\n2^@");
        connect().sends("SEND\ndestination:/topic/c.d\n\n3^@");
        bob.got("MESSAGE\nsubscription:0\ndestination:/topic/a\n\n1^@");
        bob.got("MESSAGE\nsubscription:0\ndestination:/queue/b\n\n2^@");
        bob.got("MESSAGE\nsubscription:0\ndestination:/topic/c.d\n\n3^@");
        bob.sends("UNSUBSCRIBE\nid:0\n\n^@");
        assertThat(broker.topicCount() + broker.queueCount()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/topic/x.*,/topic/x.a", "/topic/x.a,/topic/x.*", "/topic/#,/topic/x.#,/topic/x.>"})
    void aMessageThatSeveralPartsMatchComesOnce(String destination) {
        var bob = connect();
        var alice = connect();
        alice.sends("SUBSCRIBE\nid:0\ndestination:/topic/x.a\n\n^@");
        bob.sends("SUBSCRIBE\nid:0\ndestination:" + destination + "\n\n^@");
        alice.sends("SEND\ndestination:/topic/x.a\n\n1^@SEND\ndestination:/topic/x.a\n\n2^@");
        assertThat(bob.takeBodies()).containsExactly("1", "2");
        bob.sends("UNSUBSCRIBE\nid:0\n\n^@");
        alice.sends("SEND\ndestination:/topic/x.a\n\n3^@");
        bob.gotNothing();
    }

    @Test
    void aPartThatIsNamedTwiceCountsOnce() {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a,/topic/a\n\n^@");
        connect().sends("SEND\ndestination:/topic/a,/topic/a\n\nhi^@");
        bob.got("MESSAGE\nsubscription:0\ndestination:/topic/a\n\nhi^@");
        bob.gotNothing();
    }

    @ParameterizedTest
    @DisplayName("a message that several parts of a SUBSCRIBE match comes once")
    @CsvSource(
            delimiter = ';',
            value = {
                "/topic/x.*,/topic/x.a; auto",
                "/topic/x.a,/topic/x.*; auto",
                "/topic/x.*,/topic/*.a,/topic/#; auto",
                "/topic/x.*,/topic/x.a; client",
                "/topic/x.*,/topic/*.a; client-individual"
            })
    void whatSeveralPartsMatchComesOnce(String destination, String ack) {
        var early = connect();
        var late = connect();
        String subscribe = "SUBSCRIBE\nid:0\nack:" + ack + "\ndestination:" + destination + "\n\n^@";
        early.sends(subscribe);
        var alice = connectTo(otherLoop);
        alice.sends("SEND\ndestination:/topic/x.a\n\n1^@");
        late.sends(subscribe);
        alice.sends("SEND\ndestination:/topic/x.a\nreceipt:r\n\n2^@");
        // two subscriptions; each of their parts matches, and is counted
        int matched = 2 * destination.split(",").length;
        assertThat(alice.takeAll().get(0).header("matched")).isEqualTo(Integer.toString(matched));
        assertThat(early.takeBodies()).containsExactly("1", "2");
        assertThat(late.takeBodies()).containsExactly("2");
        early.sends("UNSUBSCRIBE\nid:0\n\n^@");
        alice.sends("SEND\ndestination:/topic/x.a\n\n3^@");
        assertThat(late.takeBodies()).containsExactly("3");
        early.gotNothing();
        late.sends("UNSUBSCRIBE\nid:0\n\n^@");
        assertThat(broker.topicCount()).isZero();
    }

    @Test
    @DisplayName("each message that comes once is acknowledged once")
    void whatSeveralPartsMatchIsAcknowledgedOnce() {
        var bob = connect("1.1");
        bob.sends("SUBSCRIBE\nid:0\nack:client-individual\nprefetch-count:1\ndestination:/topic/x.*,/topic/x.a\n\n^@");
        connect().sends("SEND\ndestination:/topic/x.a\n\n1^@SEND\ndestination:/topic/x.a\n\n2^@");
        for (String body : new String[] {"1", "2"}) {
            var message = bob.next("a MESSAGE");
            assertThat(message.text()).isEqualTo(body);
            bob.gotNothing();
            bob.sends("ACK\nsubscription:0\nmessage-id:" + message.header("message-id") + "\n\n^@");
        }
        bob.gotNothing();
        bob.isOpen();
    }

    @Test
    @DisplayName("a durable subscription keeps once what several of its parts match")
    void aDurableSubscriptionKeepsItOnce() {
        String subscribe = "SUBSCRIBE\nid:0\ndurable:true\ndestination:/topic/x.*,/topic/x.a\n\n^@";
        var bob = Clients.connectWith(this, "client-id:bob");
        bob.sends(subscribe);
        bob.isLost();
        connect().sends("SEND\ndestination:/topic/x.a\n\nhi^@");
        bob = Clients.connectWith(this, "client-id:bob");
        bob.sends(subscribe);
        assertThat(bob.takeBodies()).containsExactly("hi");
        bob.sends("UNSUBSCRIBE\nid:0\ndurable:true\n\n^@");
        assertThat(broker.topicCount()).isZero();
    }

    @Test
    @DisplayName("item 83: a composite SEND goes to all of its parts, or, when one queue is full, to none")
    void aFullQueueAmongThePartsRefusesAll() {
        brokerWith(BrokerOptions.builder().queues(q -> q.maxQueueMessages(1)).build());
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        var alice = connect();
        alice.sends("SEND\ndestination:/queue/full\n\n1^@SEND\ndestination:/topic/a,/queue/empty,/queue/full\n\n2^@");
        alice.gotError(CloseCode.PROTOCOL_ERROR, "queue full", "/queue/full");
        bob.gotNothing();
        bob.sends("SUBSCRIBE\nid:1\ndestination:/queue/full,/queue/empty\n\n^@");
        assertThat(bob.takeBodies()).containsExactly("1");
        bob.sends("UNSUBSCRIBE\nid:1\n\n^@");
        assertThat(broker.queueCount()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/topic/a,", ",/topic/a", "/topic/a,,/topic/b", "/topic/a,b"})
    @DisplayName("item 83, case 48: every part needs its prefix")
    void aPartThatIsNoDestinationIsAnError(String destination) {
        var alice = connect();
        alice.sends("SEND\ndestination:" + destination + "\n\nhi^@");
        alice.gotError(CloseCode.PROTOCOL_ERROR, "invalid destination", "/topic/");
    }

    @Test
    void thereAreAtMost64Parts() {
        var alice = connect();
        alice.sends("SEND\ndestination:" + parts(64) + "\n\nhi^@");
        alice.gotNothing();
        alice.sends("SEND\ndestination:" + parts(65) + "\n\nhi^@");
        alice.gotError(CloseCode.PROTOCOL_ERROR, "invalid destination", "65", "64");
    }

    private static String parts(int count) {
        return IntStream.range(0, count).mapToObj(i -> "/topic/" + i).collect(Collectors.joining(","));
    }
}
