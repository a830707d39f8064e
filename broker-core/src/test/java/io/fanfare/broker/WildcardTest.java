package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WildcardTest extends BrokerTest {

    @ParameterizedTest(name = "{0} matches {1}")
    @CsvSource({
        "a.*, a.b",
        "a/*, a/b",
        "*, a",
        "*.b, a.b",
        "a.*.c, a.b.c",
        "*.*, a.b",
        "a.#, a",
        "a.#, a.b",
        "a.#, a.b.c/d",
        "#, a",
        "#, a.b/c",
        "a.*.#, a.b",
        "a.*.#, a.b.c.d",
        "a.>, a.b.c",
        "a.**, a.b.c",
        ">, a/b",
    })
    void aPatternMatches(String pattern, String name) {
        assertThat(reached(pattern, name)).containsExactly("before the topic", "beside a pattern", "after the topic");
    }

    @ParameterizedTest(name = "{0} does not match {1}")
    @CsvSource({
        "a.*, a",
        "a.*, a.b.c",
        "a.*, a/b",
        "a/*, a.b",
        "*, a.b",
        "*.b, a.c",
        "a.*.c, a.b.d",
        "a.#, a/b",
        "a.#, ab",
        "a.#, b.a",
        "a.*.#, a",
        "a.>, ab.c",
        "A.*, a.b",
    })
    void aPatternDoesNotMatch(String pattern, String name) {
        assertThat(reached(pattern, name)).isEmpty();
    }

    /** Subscribes to the pattern at each time that may make a difference, and returns the bodies that came. */
    private List<String> reached(String pattern, String name) {
        String send = "SEND\ndestination:/topic/" + name + "\n\n";
        var alice = connect();
        var bob = connectTo(otherLoop);
        bob.sends("SUBSCRIBE\nid:p\ndestination:/topic/" + pattern + "\n\n^@");
        alice.sends(send + "before the topic^@");
        connect().sends("SUBSCRIBE\nid:all\ndestination:/topic/#\n\n^@");
        alice.sends(send + "beside a pattern^@");
        bob.sends("UNSUBSCRIBE\nid:p\n\n^@");
        connect().sends("SUBSCRIBE\nid:n\ndestination:/topic/" + name + "\n\n^@");
        bob.sends("SUBSCRIBE\nid:q\ndestination:/topic/" + pattern + "\n\n^@");
        alice.sends(send + "after the topic^@");
        return bob.takeBodies();
    }

    @Test
    @DisplayName("item 96: a pattern's subscriber sees the destination that was sent to")
    void aPatternsSubscriberSeesTheDestinationThatWasSentTo() {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a.>\n\n^@");
        connect().sends("SEND\ndestination:/topic/a.b.c\n\nhi^@");
        bob.got("MESSAGE\nsubscription:0\ndestination:/topic/a.b.c\n\nhi^@");
    }

    @Test
    @DisplayName("item 90: a name and two patterns that match it are three subscriptions")
    void eachOverlappingSubscriptionGetsACopy() {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:star\ndestination:/topic/a.*\n\n^@"
                + "SUBSCRIBE\nid:name\ndestination:/topic/a.b\n\n^@"
                + "SUBSCRIBE\nid:rest\ndestination:/topic/a.#\n\n^@");
        connect().sends("SEND\ndestination:/topic/a.b\n\nhi^@");
        assertThat(bob.takeAll())
                .extracting(message -> message.header("subscription") + " " + message.text())
                .containsExactlyInAnyOrder("star hi", "name hi", "rest hi");
    }

    @ParameterizedTest
    @ValueSource(strings = {"star", "name", "rest"})
    void eachOverlappingSubscriptionEndsAlone(String ended) {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:star\ndestination:/topic/a.*\n\n^@"
                + "SUBSCRIBE\nid:name\ndestination:/topic/a.b\n\n^@"
                + "SUBSCRIBE\nid:rest\ndestination:/topic/a.#\n\n^@");
        var alice = connectTo(otherLoop);
        alice.sends("SEND\ndestination:/topic/a.b\n\nfirst^@");
        bob.takeAll();
        bob.sends("UNSUBSCRIBE\nid:" + ended + "\n\n^@");
        alice.sends("SEND\ndestination:/topic/a.b\n\nsecond^@");
        assertThat(bob.takeAll())
                .extracting(message -> message.header("subscription"))
                .hasSize(2)
                .doesNotContain(ended);
    }

    @Test
    void onePatternUnderTwoIdsIsTwoSubscriptions() {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/*\n\n^@SUBSCRIBE\nid:1\ndestination:/topic/*\n\n^@");
        bob.sends("UNSUBSCRIBE\nid:0\n\n^@");
        connect().sends("SEND\ndestination:/topic/a\n\nhi^@");
        bob.got("MESSAGE\nsubscription:1\ndestination:/topic/a\n\nhi^@");
        bob.gotNothing();
    }

    @Test
    @DisplayName("item 100: through a pattern, one sender's messages keep their order")
    void messagesOfATopicKeepTheirOrderThroughAPattern() {
        var bob = connectTo(otherLoop);
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a.*\n\n^@");
        StringBuilder sends = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            sends.append("SEND\ndestination:/topic/a.b\n\n").append(i).append("^@");
        }
        connect().sends(sends.toString());
        assertThat(bob.takeBodies())
                .hasSize(200)
                .isSortedAccordingTo((a, b) -> Integer.parseInt(a) - Integer.parseInt(b));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/topic/a.*", "/topic/#", "/topic/a/**", "/queue/a.>", "/user/bob/queue/*", "/topic/a,/topic/*"})
    @DisplayName("item 83, case 50: a wildcard in SEND is an ERROR")
    void aWildcardInSendIsAnError(String destination) {
        var alice = connect();
        alice.sends("SEND\ndestination:" + destination + "\n\nhi^@");
        alice.gotError(CloseCode.PROTOCOL_ERROR, "invalid destination", "wildcards");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/topic/#.a", "/topic/a.>.b", "/topic/**/a", "/queue/*", "/temp-topic/#", "/user/queue/*"})
    @DisplayName("item 87, advisory 21: a pattern that means nothing is an ERROR")
    void aPatternInTheWrongPlaceIsAnError(String destination) {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:" + destination + "\n\n^@");
        bob.gotError(CloseCode.PROTOCOL_ERROR, "invalid destination", destination);
    }

    @Test
    void aStarInsideAWordIsALetterLikeOthers() {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a*\n\n^@");
        var alice = connect();
        alice.sends("SEND\ndestination:/topic/ab\n\nno^@SEND\ndestination:/topic/a*\n\nyes^@");
        assertThat(bob.takeBodies()).containsExactly("yes");
    }

    @Test
    void noPatternReachesWhatBelongsToAUserOrAConnection() {
        var eve = connectTo(otherLoop);
        eve.sends("SUBSCRIBE\nid:early\ndestination:/topic/#\n\n^@");
        var bob = Clients.connectAs(this, "bob");
        bob.sends("SUBSCRIBE\nid:u\ndestination:/user/topic/a\n\n^@SUBSCRIBE\nid:t\ndestination:/temp-topic/a\n\n^@");
        eve.sends("SUBSCRIBE\nid:late\ndestination:/topic/#\n\n^@SUBSCRIBE\nid:one\ndestination:/topic/*\n\n^@");
        connect().sends("SEND\ndestination:/user/bob/topic/a\n\nmine^@");
        bob.sends("SEND\ndestination:/temp-topic/a\n\nmine, too^@");
        assertThat(bob.takeBodies()).containsExactly("mine", "mine, too");
        eve.gotNothing();
    }

    @Test
    void topicsThatOnlyAPatternBroughtUpAreNotKeptForEver() {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/#\n\n^@");
        var alice = connect();
        for (int i = 0; i < 10_100; i++) {
            alice.feeds("SEND\ndestination:/topic/t." + i + "\n\n" + i + "^@");
        }
        settle();
        assertThat(bob.takeBodies()).hasSize(10_100);
        assertThat(broker.topicCount()).isEqualTo(10_000);
        alice.sends("SEND\ndestination:/topic/t.0\n\nagain^@");
        assertThat(bob.takeBodies()).containsExactly("again");
        bob.sends("UNSUBSCRIBE\nid:0\n\n^@");
        assertThat(broker.topicCount()).isZero();
    }
}
