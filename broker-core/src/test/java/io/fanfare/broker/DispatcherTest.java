package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

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
}
