package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.Received;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Which consumer of a queue gets what, where rules meet. */
class DispatcherTest extends BrokerTest {

    private static String subscribe(String more) {
        return "SUBSCRIBE\nid:0\ndestination:/queue/a\nack:client-individual\n" + more + "\n^@";
    }

    private static String send(String more, String body) {
        return "SEND\ndestination:/queue/a\n" + more + "\n" + body + "^@";
    }

    @Test
    @DisplayName("an exclusive consumer gets the groups too that another one had")
    void exclusiveTakesOverGroups() {
        var alice = connect();
        var bob = connect();
        var carol = connect();
        bob.sends(subscribe(""));
        alice.sends(send("message-group:g\n", "1"));
        assertThat(bob.takeBodies()).containsExactly("1");
        carol.sends(subscribe("exclusive:true\n"));
        alice.sends(send("message-group:g\n", "2"));
        assertThat(carol.takeBodies()).containsExactly("2");
        carol.isLost();
        assertThat(bob.takeBodies()).containsExactly("2");
    }

    @Test
    @DisplayName("no message is overlooked when the last group ends and begins again")
    void nothingIsOverlookedBetweenGroups() {
        var alice = connect();
        var bob = connect();
        var carol = connect();
        bob.sends(subscribe("x-priority:1\nselector:n = 1\n"));
        alice.sends(send("n:1\npriority:9\n", "1") + send("n:1\nmessage-group:g\n", "2"));
        assertThat(bob.takeBodies()).containsExactly("1", "2");
        carol.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\nprefetch-count:1\n\n^@");
        bob.isLost();
        assertThat(carol.takeBodies()).containsExactlyInAnyOrder("1", "2");
    }

    @Test
    @DisplayName("a selector counts for a consumer that comes behind one that was lost with a message")
    void aSelectorCountsBehindAConsumerThatWasLost() {
        var bob = connect();
        bob.sends(subscribe("selector:n = 1\n"));
        connect().sends(send("n:1\n", "1") + send("n:2\n", "2"));
        assertThat(bob.takeBodies()).containsExactly("1");
        bob.isLost();
        var carol = connect();
        carol.sends(subscribe("selector:n = 2\n"));
        assertThat(carol.takeBodies()).containsExactly("2");
        var dave = connect();
        dave.sends(subscribe(""));
        assertThat(dave.takeBodies()).containsExactly("1");
    }

    @Test
    @DisplayName("a group that its consumer leaves behind comes before what another one has left behind it")
    void aGroupComesBeforeWhatWasLeftBehindIt() {
        var bob = connect();
        var carol = connect();
        var dave = connect();
        bob.sends(subscribe("prefetch-count:1\n"));
        carol.sends(subscribe("prefetch-count:2\n"));
        dave.sends(subscribe("prefetch-count:1\n"));
        String group = "message-group:g\n";
        connect().sends(send(group, "g1") + send(group, "g2") + send("", "3") + send("", "4") + send("", "5"));
        assertThat(bob.takeBodies()).containsExactly("g1");
        assertThat(dave.takeBodies()).containsExactly("4");
        var held = carol.takeAll();
        assertThat(held).extracting(Received::text).containsExactly("3", "5");
        dave.isLost();
        bob.isLost();
        List<String> rest = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            carol.sends("ACK\nid:" + held.get(0).header("ack") + "\n\n^@");
            Received next = carol.next("the next message");
            rest.add(next.text());
            held = List.of(held.get(held.size() - 1), next);
        }
        assertThat(rest).containsExactly("g1", "g2", "4");
    }
}
