package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
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

    /** Alice has as many as there may be, all of eight words with {@code *} in the first three places. */
    @BeforeEach
    void subscribe() {
        alice = connect();
        for (int id = 0; id < 32; id++) {
            int bits = id;
            String rest = IntStream.range(0, 5)
                    .mapToObj(place -> (bits & (1 << place)) == 0 ? "w" : "*")
                    .collect(Collectors.joining("."));
            alice.sends("SUBSCRIBE\nid:" + id + "\ndestination:/topic/*.*.*." + rest + "\n\n^@");
        }
        alice.gotNothing();
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
