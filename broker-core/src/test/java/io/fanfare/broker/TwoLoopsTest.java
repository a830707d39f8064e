package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.loop.Framing;
import io.fanfare.testing.HandLoop;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two loops of one broker, whose turns the test interleaves. */
class TwoLoopsTest extends BrokerTest {

    private static String subscribe(String id, String destination) {
        return "SUBSCRIBE\nid:" + id + "\ndestination:" + destination + "\nreceipt:" + id + "\n\n^@";
    }

    private static String send(String destination, String body) {
        return "SEND\ndestination:" + destination + "\n\n" + body + "^@";
    }

    @Test
    void aLoopThatHasWorkFromAnotherIsWoken() {
        var bob = connectTo(otherLoop);
        bob.sends(subscribe("0", "/topic/a"));
        assertThat(otherLoop.isAwake()).isFalse();
        connectTo(loop).feeds(send("/topic/a", "hi"));
        assertThat(otherLoop.isAwake()).isTrue();
        settle();
        bob.got("RECEIPT\nreceipt-id:0\n\n^@", "MESSAGE\nsubscription:0\ndestination:/topic/a\n\nhi^@");
    }

    @Test
    @DisplayName("item 100: one publisher's order holds across destinations")
    void onePublishersOrderHoldsAcrossDestinations() {
        var alice = connect();
        var bob = connectTo(otherLoop);
        bob.sends(subscribe("a", "/topic/a"), subscribe("b", "/topic/b"), subscribe("q", "/queue/q"));
        bob.takeAll();
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            sent.add(Integer.toString(i));
            alice.feeds(send(List.of("/topic/a", "/topic/b", "/queue/q").get(i * 7 % 3), sent.get(i)));
            if (i % 11 == 0) {
                otherLoop.takeTurn();
            }
        }
        settle();
        assertThat(bob.takeBodies()).isEqualTo(sent);
    }

    @RepeatedTest(20)
    @DisplayName(
            "item 100: all subscribers see one order of a topic's messages, whoever sent them and wherever they are")
    void allSeeOneOrder(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        var publishers = List.of(connect(), connectTo(otherLoop));
        List<Client> subscribers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            var each = connectTo(i % 2 == 0 ? loop : otherLoop);
            each.sends(
                    "SUBSCRIBE\nid:" + i % 3 + "\nack:" + (i > 3 ? "client" : "auto") + "\ndestination:/topic/a\n\n^@");
            subscribers.add(each);
        }
        for (int i = 0; i < 80; i++) {
            publishers.get(random.nextInt(2)).feeds(send("/topic/a", Integer.toString(i)));
            switch (random.nextInt(5)) {
                case 0 -> loop.takeTurn();
                case 1 -> otherLoop.takeTurn();
                default -> {}
            }
        }
        settle();
        List<String> order = subscribers.get(0).takeBodies();
        assertThat(order).hasSize(80);
        for (Client each : subscribers.subList(1, subscribers.size())) {
            assertThat(each.takeBodies()).as("what %s got", each).isEqualTo(order);
        }
    }

    @ParameterizedTest
    @DisplayName("item 94: what waits in the mailbox at SUBSCRIBE does not count as sent after it")
    @ValueSource(strings = {"auto", "client", "client-individual"})
    void whatWaitsAtSubscribeIsNotNew(String mode) {
        var alice = connect();
        var bob = connectTo(otherLoop);
        var carol = connectTo(otherLoop);
        bob.sends(subscribe("0", "/topic/a"));
        bob.takeAll();
        // the other loop has subscribers already, so these wait in its mailbox
        alice.feeds(send("/topic/a", "1") + send("/topic/a", "2"));
        carol.feeds("SUBSCRIBE\nid:c\nack:" + mode + "\ndestination:/topic/a\nreceipt:r\n\n^@");
        alice.feeds(send("/topic/a", "3") + send("/topic/a", "4"));
        settle();
        carol.got("RECEIPT\nreceipt-id:r\n\n^@");
        assertThat(carol.takeBodies()).containsExactly("3", "4");
        assertThat(bob.takeBodies()).containsExactly("1", "2", "3", "4");
    }

    @ParameterizedTest
    @DisplayName("item 94: nor does it for a pattern, whether the topic was known before or not")
    @CsvSource({"false,auto", "true,auto", "false,client", "true,client"})
    void whatWaitsAtSubscribeToAPatternIsNotNew(boolean known, String mode) {
        var alice = connect();
        var bob = connectTo(otherLoop);
        var carol = connectTo(otherLoop);
        bob.sends(subscribe("0", "/topic/*"));
        bob.takeAll();
        if (known) {
            alice.sends(send("/topic/a", "0"));
            bob.takeAll();
        }
        alice.feeds(send("/topic/a", "1"));
        carol.feeds("SUBSCRIBE\nid:c\nack:" + mode + "\ndestination:/topic/#\nreceipt:r\n\n^@");
        alice.feeds(send("/topic/a", "2"));
        settle();
        carol.got("RECEIPT\nreceipt-id:r\n\n^@");
        assertThat(carol.takeBodies()).containsExactly("2");
        assertThat(bob.takeBodies()).containsExactly("1", "2");
    }

    @Test
    @DisplayName("item 94: members of one audience that join at different times each get what is theirs")
    void membersJoinAtDifferentTimes() {
        var alice = connect();
        List<Client> members = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            members.add(connectTo(otherLoop));
        }
        for (int i = 0; i < 5; i++) {
            // the same id: the same bytes
            members.get(i).feeds("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
            alice.feeds(send("/topic/a", Integer.toString(i)));
        }
        alice.feeds(send("/topic/a", "5") + send("/topic/a", "6"));
        settle();
        assertThat(members.get(0).takeBodies()).containsExactly("0", "1", "2", "3", "4", "5", "6");
        assertThat(members.get(2).takeBodies()).containsExactly("2", "3", "4", "5", "6");
        assertThat(members.get(4).takeBodies()).containsExactly("4", "5", "6");
    }

    @Test
    @DisplayName("item 94: leaving and joining again between two messages that wait")
    void leavingAndJoiningAgain() {
        var alice = connect();
        var bob = connectTo(otherLoop);
        var carol = connectTo(otherLoop);
        carol.sends(subscribe("0", "/topic/a"));
        carol.takeAll();
        bob.sends(subscribe("0", "/topic/a"));
        bob.takeAll();
        alice.feeds(send("/topic/a", "1"));
        bob.feeds("UNSUBSCRIBE\nid:0\n\n^@");
        alice.feeds(send("/topic/a", "2"));
        bob.feeds("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        alice.feeds(send("/topic/a", "3"));
        settle();
        assertThat(bob.takeBodies()).containsExactly("3");
        assertThat(carol.takeBodies()).containsExactly("1", "2", "3");
    }

    @Test
    @DisplayName("item 94: the last subscriber leaves, and a new one comes, while messages wait")
    void aTopicIsBornAgain() {
        var alice = connect();
        var bob = connectTo(otherLoop);
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        alice.feeds(send("/topic/a", "1"));
        bob.feeds("UNSUBSCRIBE\nid:0\n\n^@SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        alice.feeds(send("/topic/a", "2"));
        settle();
        assertThat(bob.takeBodies()).containsExactly("2");
    }

    @ParameterizedTest
    @DisplayName("item 108: queue messages that wait in the mailbox of one who has gone go back, in order")
    @CsvSource({"auto,UNSUBSCRIBE", "client,UNSUBSCRIBE", "auto,loss", "client,loss", "client,DISCONNECT"})
    void whatWaitsForOneWhoHasGoneGoesBack(String mode, String end) {
        var alice = connect();
        var bob = connectTo(otherLoop);
        bob.sends("SUBSCRIBE\nid:0\nack:" + mode + "\ndestination:/queue/a\n\n^@");
        alice.feeds(send("/queue/a", "1") + send("/queue/a", "2") + send("/queue/a", "3"));
        switch (end) {
            case "loss" -> {
                bob.loop().run(bob.session()::closed);
                bob.loop().run(bob.connection()::abort);
            }
            case "UNSUBSCRIBE" -> bob.feeds("UNSUBSCRIBE\nid:0\n\n^@");
            default -> bob.feeds("DISCONNECT\n\n^@");
        }
        alice.feeds(send("/queue/a", "4"));
        settle();
        bob.gotNothing();
        var carol = connect();
        carol.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\n\n^@");
        for (int i = 1; i <= 4; i++) {
            // never seen by anybody: not redelivered
            carol.got("MESSAGE\nsubscription:0\ndestination:/queue/a\n\n" + i + "^@");
        }
        carol.gotNothing();
    }

    @Test
    @DisplayName("item 108: what waits for one who has gone goes to who is there, before what is newer")
    void whatWaitsGoesToWhoIsThere() {
        brokerWith(BrokerOptions.builder().queues(q -> q.prefetch(2)).build());
        var alice = connect();
        var bob = connectTo(otherLoop);
        var carol = connect();
        bob.sends("SUBSCRIBE\nid:0\nack:client\ndestination:/queue/a\n\n^@");
        alice.feeds(send("/queue/a", "1") + send("/queue/a", "2") + send("/queue/a", "3") + send("/queue/a", "4"));
        bob.feeds("UNSUBSCRIBE\nid:0\n\n^@");
        settle();
        carol.sends("SUBSCRIBE\nid:0\nack:auto\ndestination:/queue/a\n\n^@");
        assertThat(carol.takeBodies()).containsExactly("1", "2", "3", "4");
    }

    @Test
    @DisplayName("item 84: RECEIPT of a SEND from another loop: the message is in, though not yet delivered")
    void theReceiptMayComeBeforeAnotherLoopDelivers() {
        var alice = connect();
        var bob = connectTo(otherLoop);
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        alice.feeds("SEND\ndestination:/topic/a\nreceipt:r\n\nhi^@");
        loop.takeTurn();
        alice.got("RECEIPT\nreceipt-id:r\n\n^@");
        bob.gotNothing();
        settle();
        bob.got("MESSAGE\nsubscription:0\ndestination:/topic/a\n\nhi^@");
    }

    @Test
    @DisplayName("item 55: one publish, each loop, version and framing its own bytes")
    void eachLoopVersionAndFramingItsOwnBytes() {
        List<Client> all = new ArrayList<>();
        for (HandLoop each : List.of(loop, otherLoop)) {
            for (String version : List.of("1.0", "1.1", "1.2")) {
                for (Framing framing : EnumSet.complementOf(EnumSet.of(Framing.EVENTS, Framing.EMBEDDED))) {
                    var client = connect(version, framing, each);
                    client.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
                    all.add(client);
                }
            }
        }
        all.get(4).sends("SEND\ndestination:/topic/a\nx:a\\cb\n\n1^@SEND\ndestination:/topic/a\n\n2^@");
        for (Client each : all) {
            assertThat(each.takeAll())
                    .as("what %s got", each)
                    .hasSize(2)
                    .allMatch(m -> m.header("subscription").equals("0"));
        }
    }
}
