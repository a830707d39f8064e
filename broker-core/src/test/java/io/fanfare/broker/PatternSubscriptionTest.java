package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Patterns of topics, while messages wait in a loop's mailbox. */
class PatternSubscriptionTest extends BrokerTest {

    private static String subscribe(String destination) {
        return "SUBSCRIBE\nid:0\ndestination:" + destination + "\nreceipt:r\n\n^@";
    }

    private static final String SEND = "SEND\ndestination:/topic/a\n\nhi^@";
    private static final String UNSUBSCRIBE = "UNSUBSCRIBE\nid:0\n\n^@";

    @Test
    @DisplayName("a topic that came up for a pattern goes when the pattern went before its first message arrived")
    void aTopicNobodySawGoes() {
        var alice = connect();
        var bob = connectTo(otherLoop);
        bob.sends(subscribe("/topic/#"));
        alice.feeds(SEND);
        bob.feeds(UNSUBSCRIBE);
        settle();
        bob.got("RECEIPT\nreceipt-id:r\n\n^@");
        bob.gotNothing();
        assertThat(broker.topicCount()).isZero();
    }

    @Test
    @DisplayName("what waits of a topic that has gone is not new to who subscribes then")
    void whatWaitsOfATopicThatHasGoneIsNotNew() {
        var alice = connect();
        var bob = connectTo(otherLoop);
        var carol = connectTo(otherLoop);
        bob.sends(subscribe("/topic/#"));
        alice.sends(subscribe("/topic/a"));
        alice.feeds(SEND);
        alice.feeds(UNSUBSCRIBE);
        carol.feeds(subscribe("/topic/*"));
        settle();
        bob.got("RECEIPT\nreceipt-id:r\n\n^@", "MESSAGE\nsubscription:0\ndestination:/topic/a\n\nhi^@");
        carol.got("RECEIPT\nreceipt-id:r\n\n^@");
        carol.gotNothing();
        alice.sends(SEND);
        carol.got("MESSAGE\nsubscription:0\ndestination:/topic/a\n\nhi^@");
    }
}
