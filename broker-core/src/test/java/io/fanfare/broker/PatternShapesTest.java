package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.loop.Framing;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In how many ways the wildcards of all subscriptions may stand among their words. */
class PatternShapesTest extends BrokerTest {

    private static final String NEW = "/topic/a.*.*.*";

    private Client alice;

    /** There are as many as there may be, all of eight words with {@code *} in the first three places: eight are alice's. */
    @BeforeEach
    void subscribe() {
        for (String user : List.of("carol", "dave", "eve", "alice")) {
            alice = Clients.connectWith(this, "login:" + user, loop);
            for (int id = 0; id < 8; id++) {
                alice.sends("SUBSCRIBE\nid:" + id + "\ndestination:/topic/*.*.*." + rest(user, id) + "\n\n^@");
            }
            alice.gotNothing();
        }
    }

    private static String rest(String user, int id) {
        int bits = List.of("alice", "carol", "dave", "eve").indexOf(user) * 8 + id;
        return IntStream.range(0, 5)
                .mapToObj(place -> (bits & (1 << place)) == 0 ? "w" : "*")
                .collect(Collectors.joining("."));
    }

    /** Of whom: alice's other connection has the same share, and two anonymous clients of one address have one. */
    @Test
    void oneUserHasAtMostEightOnAllConnectionsAbsentOnesToo() {
        alice.sends("UNSUBSCRIBE\nid:0\n\n^@");
        Client durable = Clients.connectWith(this, "login:alice\nclient-id:a", loop);
        durable.sends("SUBSCRIBE\nid:d\ndurable:true\ndestination:" + NEW + "\nreceipt:r\n\n^@");
        durable.got("RECEIPT\nreceipt-id:r\n\n^@");
        durable.isLost();
        Client again = Clients.connectWith(this, "login:alice", loop);
        again.sends("SUBSCRIBE\nid:0\nack:client\ndestination:/topic/*.*.*." + rest("eve", 0) + "\n\n^@");
        again.gotError(CloseCode.OVERLOAD, "too many patterns", "this user, or address, have 8 arrangements");
        durable = Clients.connectWith(this, "login:alice\nclient-id:a", loop);
        durable.sends("UNSUBSCRIBE\nid:d\ndurable:true\nreceipt:u\n\n^@");
        durable.got("RECEIPT\nreceipt-id:u\n\n^@");
        durable.sends("SUBSCRIBE\nid:0\nack:client\ndestination:/topic/*.*.*." + rest("eve", 0) + "\nreceipt:r\n\n^@");
        durable.got("RECEIPT\nreceipt-id:r\n\n^@");
    }

    @Test
    void anonymousClientsOfOneAddressHaveOneShare() {
        for (int i = 0; i < 8; i++) {
            Client client = anonymous("192.0.2.1");
            client.sends("SUBSCRIBE\nid:0\ndestination:/topic/*.*.*." + rest("alice", i) + "\n\n^@");
            client.gotNothing();
        }
        Client other = anonymous("192.0.2.2");
        other.sends("SUBSCRIBE\nid:0\ndestination:/topic/*.*.*." + rest("eve", 0) + "\n\n^@");
        other.gotNothing();
        Client last = anonymous("192.0.2.1");
        last.sends("SUBSCRIBE\nid:0\ndestination:/topic/*.*.*." + rest("eve", 0) + "\n\n^@");
        last.gotError(CloseCode.OVERLOAD, "too many patterns");
    }

    private Client anonymous(String address) {
        Client client = openFrom(address, Framing.TCP, loop);
        client.sends("CONNECT\naccept-version:1.2\nhost:h\n\n^@");
        client.next("CONNECTED");
        return client;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ack:client\n", "durable:true\n"})
    void aNewWayIsAnErrorThatLeavesNothing(String headers) {
        int topics = broker.topicCount();
        var bob = Clients.connectWith(this, "login:bob\nclient-id:bob", loop);
        bob.sends("SUBSCRIBE\nid:0\n" + headers + "destination:/topic/#,/topic/b," + NEW + "\n\n^@");
        bob.gotError(
                CloseCode.OVERLOAD, "too many patterns", "32 arrangements of three or more *", "its limit is 32", "#");
        assertThat(broker.topicCount()).isEqualTo(topics);
        alice.sends("SEND\ndestination:/topic/c\nreceipt:r\n\nhi^@");
        assertThat(alice.next("the receipt").header("matched")).isEqualTo("0");
    }

    @Test
    void whatStandsAsAnotherAndWhatHasFewIsSubscribedToAsEver() {
        var bob = connect();
        bob.sends(
                "SUBSCRIBE\nid:0\ndestination:/topic/*.*.*.other.w.w.w.w\n\n^@",
                "SUBSCRIBE\nid:1\ndestination:/topic/a.*.b.*.#\nreceipt:r\n\n^@");
        bob.got("RECEIPT\nreceipt-id:r\n\n^@");
        connect().sends("SEND\ndestination:/topic/x.1.b.other.w.w.w.w\n\nhi^@");
        assertThat(bob.takeBodies()).containsExactly("hi");
        connect().sends("SEND\ndestination:/topic/a.1.b.2.3\n\nhi^@");
        assertThat(bob.takeBodies()).containsExactly("hi");
    }

    @Test
    void theEndOfTheLastOfAWayMakesRoom() {
        alice.sends("UNSUBSCRIBE\nid:0\n\n^@", "SUBSCRIBE\nid:0\ndestination:" + NEW + "\nreceipt:r\n\n^@");
        alice.got("RECEIPT\nreceipt-id:r\n\n^@");
        connect().sends("SEND\ndestination:/topic/a.1.2.3\n\nhi^@");
        assertThat(alice.takeBodies()).containsExactly("hi");
    }
}
