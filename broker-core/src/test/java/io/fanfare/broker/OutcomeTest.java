package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the RECEIPT of a SEND tells. */
class OutcomeTest extends BrokerTest {

    private String outcome(String destinationAndHeaders) {
        var alice = connect();
        alice.sends("SEND\ndestination:" + destinationAndHeaders + "\nreceipt:r\n\nhi^@");
        var receipt = alice.next("expected a RECEIPT");
        assertThat(receipt.header("receipt-id")).isEqualTo("r");
        assertThat(receipt.has("nodes")).as("a broker that is alone").isFalse();
        return receipt.find("matched") + " " + receipt.find("delivered") + " " + receipt.find("queued") + " "
                + receipt.find("dropped");
    }

    @Test
    @DisplayName("item 84: a RECEIPT tells what became of the message")
    void aTopicTellsHowManyGotIt() {
        assertThat(outcome("/topic/a")).isEqualTo("0 0 0 1");
        connect().sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        connectTo(otherLoop).sends("SUBSCRIBE\nid:0\ndestination:/topic/*\n\n^@");
        assertThat(outcome("/topic/a")).isEqualTo("2 2 0 0");
        assertThat(outcome("/topic/b")).isEqualTo("1 1 0 0");
    }

    @Test
    @DisplayName("a topic's receivers are those of the moment, by name and by pattern, on every loop")
    void aTopicsReceiversAreThoseOfTheMoment() {
        var bob = connect();
        var carol = connectTo(otherLoop);
        var dave = connectTo(otherLoop);
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@SUBSCRIBE\nid:1\ndestination:/topic/a\n\n^@");
        carol.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        dave.sends("SUBSCRIBE\nid:0\ndestination:/topic/*\n\n^@SUBSCRIBE\nid:1\ndestination:/topic/#\n\n^@");
        receivers(5);
        bob.sends("UNSUBSCRIBE\nid:0\n\n^@");
        receivers(4);
        bob.sends("UNSUBSCRIBE\nid:1\n\n^@");
        receivers(3);
        dave.sends("UNSUBSCRIBE\nid:1\n\n^@");
        receivers(2);
        bob.sends("SUBSCRIBE\nid:2\ndestination:/topic/*\n\n^@");
        receivers(3);
        carol.sends("UNSUBSCRIBE\nid:0\n\n^@");
        receivers(2);
        dave.isLost();
        receivers(1);
        bob.isLost();
        assertThat(outcome("/topic/a")).isEqualTo("0 0 0 1");
    }

    /** Operators are told the same number as publishers. */
    private void receivers(int count) {
        assertThat(outcome("/topic/a")).isEqualTo(count + " " + count + " 0 0");
        assertThat(broker.inspection().topic("/topic/a"))
                .hasValueSatisfying(topic -> assertThat(topic.subscribers()).isEqualTo(count));
    }

    @Test
    @DisplayName("item 84: a RECEIPT tells whether a queue keeps the message")
    void aQueueTellsWhetherItKeepsIt() {
        assertThat(outcome("/queue/a")).isEqualTo("1 0 1 0");
        connect().sends("SUBSCRIBE\nid:0\ndestination:/queue/a\nack:client\nprefetch-count:2\n\n^@");
        assertThat(outcome("/queue/a")).isEqualTo("1 1 0 0");
        assertThat(outcome("/queue/a")).isEqualTo("1 0 1 0");
    }

    @Test
    void aCompositeDestinationSumsUp() {
        connect().sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        assertThat(outcome("/topic/a,/queue/b,/topic/c")).isEqualTo("2 1 1 1");
    }

    @Test
    void aMessageWhoseTimeIsOverIsDropped() {
        connect().sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        assertThat(outcome("/topic/a\nexpires:1")).isEqualTo("1 0 0 1");
    }

    @Test
    void whatIsYetToBePublishedHasNoOutcome() {
        var alice = connect();
        alice.sends("BEGIN\ntransaction:t\n\n^@SEND\ndestination:/topic/a\ntransaction:t\nreceipt:r\n\nhi^@");
        alice.got("RECEIPT\nreceipt-id:r\n\n^@");
        alice.sends("COMMIT\ntransaction:t\nreceipt:c\n\n^@");
        alice.got("RECEIPT\nreceipt-id:c\n\n^@");
        alice.sends("SEND\ndestination:/topic/a\ndelay:1\nreceipt:d\n\nhi^@");
        alice.got("RECEIPT\nreceipt-id:d\n\n^@");
        pass(java.time.Duration.ofSeconds(1));
    }
}
