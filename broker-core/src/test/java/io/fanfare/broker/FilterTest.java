package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Selectors and no-local. */
class FilterTest extends BrokerTest {

    @ParameterizedTest
    @ValueSource(strings = {"no-local", "activemq.noLocal"})
    void whoWantsNoneOfItsOwnMessagesGetsOthers(String header) {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n" + header + ":true\n\n^@");
        bob.sends("SUBSCRIBE\nid:1\ndestination:/topic/a\n" + header + ":false\n\n^@");
        bob.sends("SEND\ndestination:/topic/a\n\nmine^@");
        bob.got("MESSAGE\nsubscription:1\ndestination:/topic/a\n\nmine^@");
        connect().sends("SEND\ndestination:/topic/a\n\nyours^@");
        assertThat(bob.takeBodies()).containsExactly("yours", "yours");
    }

    @Test
    void noLocalOfAQueueLeavesOnesOwnMessagesToOthers() {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\nno-local:true\n\n^@SEND\ndestination:/queue/a\n\nmine^@");
        bob.gotNothing();
        var carol = connect();
        carol.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\n\n^@");
        assertThat(carol.takeBodies()).containsExactly("mine");
    }

    @Test
    void aSelectorSeesTheTimeThatTheBrokerSays() {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\nselector:timestamp > 1700000000000\n\n^@");
        bob.sends("SUBSCRIBE\nid:1\ndestination:/topic/a\nselector:JMSTimestamp < 1700000000000\n\n^@");
        bob.sends("SEND\ndestination:/topic/a\ntimestamp:1\n\nhi^@");
        bob.got("MESSAGE\nsubscription:0\ndestination:/topic/a\n\nhi^@");
        bob.gotNothing();
    }

    @Test
    void aFlagIsTrueOrFalse() {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\nno-local:yes\n\n^@");
        bob.gotError(CloseCode.PROTOCOL_ERROR, "invalid no-local", "'yes'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/topic/a", "/topic/*"})
    void aSelectorChoosesFromATopic(String destination) {
        var bob = connect();
        var carol = connectTo(otherLoop);
        bob.sends("SUBSCRIBE\nid:0\ndestination:" + destination + "\nselector:price > 10 AND symbol LIKE 'A%'\n\n^@");
        carol.sends("SUBSCRIBE\nid:0\ndestination:" + destination + "\n\n^@");
        sendPrices("/topic/a");
        assertThat(bob.takeBodies()).containsExactly("2", "4");
        assertThat(carol.takeBodies()).containsExactly("1", "2", "3", "4");
    }

    @Test
    void aSelectorChoosesFromAQueueAndLeavesTheRest() {
        sendPrices("/queue/a");
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\nselector:price > 10 AND symbol LIKE 'A%'\n\n^@");
        assertThat(bob.takeBodies()).containsExactly("2", "4");
        var carol = connect();
        carol.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\n\n^@");
        assertThat(carol.takeBodies()).containsExactly("1", "3");
    }

    @Test
    void whatNoSelectorOfAQueueWantsHoldsUpNothing() {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\nselector:x = 1\nack:client\nprefetch-count:1\n\n^@");
        var alice = connect();
        alice.sends("SEND\ndestination:/queue/a\nx:2\n\nnobody's^@");
        alice.sends("SEND\ndestination:/queue/a\nx:1\n\nfirst^@SEND\ndestination:/queue/a\nx:1\n\nsecond^@");
        var first = bob.got("MESSAGE\nsubscription:0\ndestination:/queue/a\nack:*\nx:1\n\nfirst^@");
        bob.gotNothing();
        bob.sends("ACK\nid:" + first.header("ack") + "\n\n^@");
        bob.got("MESSAGE\nsubscription:0\ndestination:/queue/a\nack:*\nx:1\n\nsecond^@");
    }

    @Test
    void aMissingHeaderMatchesNothing() {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\nselector:x <> 'b'\n\n^@");
        connect().sends("SEND\ndestination:/topic/a\n\nno^@SEND\ndestination:/topic/a\nx:a\n\nyes^@");
        assertThat(bob.takeBodies()).containsExactly("yes");
    }

    @Test
    @DisplayName("item 83, case 63, advisory 2: a selector that is none is an ERROR that shows where")
    void aSelectorThatIsNoneIsAnError() {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\nselector:price >\nreceipt:r\n\n^@");
        var error = bob.gotError(CloseCode.PROTOCOL_ERROR, "invalid selector");
        assertThat(error.header("receipt-id")).isEqualTo("r");
    }

    private void sendPrices(String destination) {
        connect()
                .sends(
                        "SEND\ndestination:" + destination + "\nprice:9\nsymbol:ABC\n\n1^@",
                        "SEND\ndestination:" + destination + "\nprice:100\nsymbol:ABC\n\n2^@",
                        "SEND\ndestination:" + destination + "\nprice:100\nsymbol:XYZ\n\n3^@",
                        "SEND\ndestination:" + destination + "\nprice:10.5\nsymbol:A\n\n4^@");
    }
}
