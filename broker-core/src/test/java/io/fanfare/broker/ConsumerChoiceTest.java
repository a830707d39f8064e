package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.testing.Received;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which of a queue's consumers gets which message. */
class ConsumerChoiceTest extends BrokerTest {

    private static String subscribe(String more) {
        return "SUBSCRIBE\nid:0\ndestination:/queue/a\nack:client-individual\n" + more + "\n\n^@";
    }

    private static void sendsUpTo(Client client, int count) {
        for (int i = 1; i <= count; i++) {
            client.sends("SEND\ndestination:/queue/a\n\n" + i + "^@");
        }
    }

    private static List<String> bodies(List<Received> messages) {
        return messages.stream().map(Received::text).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"prefetch-count", "activemq.prefetchSize"})
    @DisplayName("item 125, case 60: no more messages wait for their ACK than the subscription wants")
    void prefetchLimitsWhatIsUnsettled(String header) {
        var bob = connect();
        bob.sends(subscribe(header + ":2"));
        sendsUpTo(connect(), 4);
        var first = bob.takeAll();
        assertThat(bodies(first)).containsExactly("1", "2");
        bob.sends("ACK\nid:" + first.get(1).header("ack") + "\n\n^@");
        assertThat(bob.takeBodies()).containsExactly("3");
    }

    @Test
    @DisplayName("item 125: without a word about it, prefetch is the broker's option")
    void prefetchHasADefault() {
        brokerWith(BrokerOptions.builder().queues(q -> q.prefetch(3)).build());
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\nack:client\n\n^@");
        sendsUpTo(connect(), 5);
        var messages = bob.takeAll();
        assertThat(bodies(messages)).containsExactly("1", "2", "3");
        bob.sends("ACK\nid:" + messages.get(2).header("ack") + "\n\n^@");
        assertThat(bob.takeBodies()).containsExactly("4", "5");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "many", "1.5", "1000000000000000000"})
    @DisplayName("item 125: prefetch is a number")
    void prefetchIsANumber(String value) {
        var bob = connect();
        bob.sends(subscribe("prefetch-count:" + value));
        bob.gotError(CloseCode.PROTOCOL_ERROR, "invalid prefetch-count", "whole number");
    }

    @Test
    void consumersTakeTurns() {
        var bob = connect();
        var carol = connectTo(otherLoop);
        bob.sends(subscribe("x:y"));
        carol.sends(subscribe("x:y"));
        sendsUpTo(connect(), 4);
        assertThat(bob.takeBodies()).containsExactly("1", "3");
        assertThat(carol.takeBodies()).containsExactly("2", "4");
    }

    @Test
    @Tag("case-60")
    void aConsumerThatHasEnoughIsPassedOver() {
        var bob = connect();
        var carol = connect();
        bob.sends(subscribe("prefetch-count:1"));
        carol.sends(subscribe("prefetch-count:2"));
        sendsUpTo(connect(), 5);
        var toBob = bob.takeAll();
        assertThat(bodies(toBob)).containsExactly("1");
        assertThat(carol.takeBodies()).containsExactly("2", "3");
        bob.sends("ACK\nid:" + toBob.get(0).header("ack") + "\n\n^@");
        assertThat(bob.takeBodies()).containsExactly("4");
    }

    @Test
    void aConsumerThatDoesNotReadIsPassedOverWithoutAcksToo() {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\nprefetch-count:1\n\n^@");
        bob.stopsReading();
        var carol = connect();
        carol.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\n\n^@");
        sendsUpTo(connect(), 4);
        assertThat(carol.takeBodies()).containsExactly("2", "3", "4");
        bob.reads();
        assertThat(bob.takeBodies()).containsExactly("1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"exclusive", "activemq.exclusive"})
    void anExclusiveConsumerGetsAll(String header) {
        var alice = connect();
        var bob = connect();
        var carol = connect();
        bob.sends(subscribe("x:y"));
        carol.sends(subscribe(header + ":true"));
        sendsUpTo(alice, 3);
        assertThat(carol.takeBodies()).containsExactly("1", "2", "3");
        bob.gotNothing();
    }

    @Test
    @DisplayName("item 108: who takes over from an exclusive consumer begins with what that had not settled")
    void theNextExclusiveConsumerTakesOverInOrder() {
        var bob = connect();
        var carol = connect();
        bob.sends(subscribe("exclusive:true\nprefetch-count:1"));
        carol.sends(subscribe("exclusive:true"));
        sendsUpTo(connect(), 3);
        assertThat(bob.takeBodies()).containsExactly("1");
        carol.gotNothing();
        bob.isLost();
        carol.got(
                "MESSAGE\nsubscription:0\ndestination:/queue/a\nack:*\nredelivered:true\ndelivery-count:2\n\n1^@",
                "MESSAGE\nsubscription:0\ndestination:/queue/a\nack:*\n\n2^@",
                "MESSAGE\nsubscription:0\ndestination:/queue/a\nack:*\n\n3^@");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-priority", "activemq.priority"})
    void theConsumerOfHigherPriorityIsServedFirst(String header) {
        var bob = connect();
        var carol = connect();
        var dave = connect();
        bob.sends(subscribe(header + ":-1"));
        carol.sends(subscribe(header + ":10\nprefetch-count:2"));
        dave.sends(subscribe("prefetch-count:1"));
        sendsUpTo(connect(), 5);
        assertThat(carol.takeBodies()).containsExactly("1", "2");
        assertThat(dave.takeBodies()).containsExactly("3");
        assertThat(bob.takeBodies()).containsExactly("4", "5");
    }

    @Test
    void aConsumersPriorityIsANumber() {
        var bob = connect();
        bob.sends(subscribe("x-priority:high"));
        bob.gotError(CloseCode.PROTOCOL_ERROR, "invalid x-priority", "'high'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"message-group", "JMSXGroupID", "_AMQ_GROUP_ID"})
    void aGroupStaysWithOneConsumer(String header) {
        var bob = connect();
        var carol = connectTo(otherLoop);
        bob.sends(subscribe("x:y"));
        carol.sends(subscribe("x:y"));
        var alice = connect();
        for (String each : new String[] {"red 1", "red 2", "blue 1", "red 3", "blue 2", "red 4"}) {
            String group = each.substring(0, each.indexOf(' '));
            alice.sends("SEND\ndestination:/queue/a\n" + header + ":" + group + "\n\n" + each + "^@");
        }
        assertThat(bob.takeBodies()).containsExactly("red 1", "red 2", "red 3", "red 4");
        assertThat(carol.takeBodies()).containsExactly("blue 1", "blue 2");
    }

    @Test
    void aGroupWaitsForItsConsumerAndHoldsUpNoOther() {
        var bob = connect();
        var carol = connect();
        bob.sends(subscribe("prefetch-count:1"));
        carol.sends(subscribe("prefetch-count:9"));
        var alice = connect();
        alice.sends("SEND\ndestination:/queue/a\nmessage-group:g\n\ng1^@");
        alice.sends("SEND\ndestination:/queue/a\nmessage-group:g\n\ng2^@SEND\ndestination:/queue/a\n\nother^@");
        var first = bob.takeAll();
        assertThat(bodies(first)).containsExactly("g1");
        assertThat(carol.takeBodies()).containsExactly("other");
        bob.sends("ACK\nid:" + first.get(0).header("ack") + "\n\n^@");
        assertThat(bob.takeBodies()).containsExactly("g2");
    }

    @Test
    @DisplayName("item 108: a group goes on with another consumer, in order, when its own has gone")
    void aGroupGoesOnElsewhereWhenItsConsumerHasGone() {
        var bob = connect();
        bob.sends(subscribe("prefetch-count:1"));
        var carol = connect();
        carol.sends(subscribe("prefetch-count:9"));
        var alice = connect();
        for (int i = 1; i <= 3; i++) {
            alice.sends("SEND\ndestination:/queue/a\nmessage-group:g\n\n" + i + "^@");
        }
        assertThat(bob.takeBodies()).containsExactly("1");
        carol.gotNothing();
        bob.isLost();
        assertThat(carol.takeBodies()).containsExactly("1", "2", "3");
    }

    @Test
    void messagesOfHigherPriorityComeFirstAndEqualOnesInOrder() {
        var alice = connect();
        for (String priority : new String[] {"1", "9", "4", "0", "9"}) {
            alice.sends("SEND\ndestination:/queue/a\npriority:" + priority + "\n\np" + priority + "^@");
        }
        alice.sends("SEND\ndestination:/queue/a\n\ndefault^@");
        var bob = connect();
        bob.sends(subscribe("x:y"));
        var messages = bob.takeAll();
        assertThat(bodies(messages)).containsExactly("p9", "p9", "p4", "default", "p1", "p0");
        assertThat(messages.get(0).header("priority")).isEqualTo("9");
    }

    @Test
    void aMessageThatComesBackKeepsItsPlaceAmongThoseOfItsPriority() {
        var alice = connect();
        alice.sends("SEND\ndestination:/queue/a\n\n1^@SEND\ndestination:/queue/a\n\n2^@");
        var bob = connect();
        bob.sends(subscribe("prefetch-count:1"));
        var first = bob.takeAll().get(0);
        alice.sends("SEND\ndestination:/queue/a\npriority:9\n\nurgent^@");
        bob.sends("NACK\nid:" + first.header("ack") + "\n\n^@");
        assertThat(bob.takeBodies()).containsExactly("urgent");
        bob.isLost();
        var carol = connect();
        carol.sends(subscribe("x:y"));
        assertThat(carol.takeBodies()).containsExactly("urgent", "1", "2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10", "-1", "high", ""})
    void aMessagesPriorityGoesFrom0To9(String priority) {
        var alice = connect();
        alice.sends("SEND\ndestination:/queue/a\npriority:" + priority + "\n\nhi^@");
        alice.gotError(CloseCode.PROTOCOL_ERROR, "invalid priority");
    }
}
