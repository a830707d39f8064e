package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.testing.Received;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of messages that a subscriber is too slow for: SUBSCRIBE {@code overflow}. */
class OverflowTest extends BrokerTest {

    /** Room for about ten messages of this size, with what the broker adds. */
    private static final int LIMIT = 10_000;

    private static final int BODY = 800;

    private Client subscriber(String headers) {
        brokerWith(BrokerOptions.builder().outbox(o -> o.maxOutboxBytes(LIMIT)).build());
        Client bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n" + headers + "\n\n^@");
        return bob;
    }

    /** Messages whose bodies begin with these numbers. */
    private void publish(int from, int to) {
        Client alice = connect();
        for (int i = from; i <= to; i++) {
            alice.sends("SEND\ndestination:/topic/a\nkey:" + (char) ('a' + i % 2) + "\n\n" + body(i) + "^@");
        }
    }

    private static String body(int number) {
        String digits = Integer.toString(number);
        return digits + " ".repeat(BODY - digits.length());
    }

    private static int number(Received message) {
        return Integer.parseInt(message.text().strip());
    }

    private static long left(Received message, String header) {
        return message.has(header) ? Long.parseLong(message.header(header)) : 0;
    }

    @Test
    void whoKeepsUpGetsEverything() {
        Client bob = subscriber("overflow:drop-oldest");
        publish(1, 50);
        List<Received> got = bob.takeAll();
        assertThat(got).extracting(OverflowTest::number).hasSize(50).isSorted();
        assertThat(got).noneMatch(message -> message.has("dropped") || message.has("conflated"));
    }

    @Test
    void whatWaitsForASocketThatHasRoomAgainLeavesOverSeveralTurns() {
        brokerWith(
                BrokerOptions.builder().outbox(o -> o.maxOutboxBytes(10 << 20)).build());
        Client bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\noverflow:drop-oldest\n\n^@");
        bob.stopsReading();
        publish(1, 1_000);
        int before = bob.connection().taken().length;
        bob.connection().room(Long.MAX_VALUE);
        loop.run(bob.connection()::tellRoom);
        loop.takeTurn();
        loop.takeTurn();
        assertThat(bob.connection().taken().length - before).isLessThan(200_000);
        settle();
        assertThat(bob.takeAll()).hasSize(1_000);
    }

    /** The socket is not known to be full before the flush; the policy is asked all the same. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "overflow:drop-oldest",
                "overflow:drop-newest",
                "overflow:conflate",
                "activemq.maximumPendingMessageLimit:3"
            })
    void whatOneTurnBringsBeyondTheOutboxIsDroppedByThePolicyAndNotByTheConnection(String policy) {
        Client bob = subscriber(policy);
        List<String> ids = List.of("0", "1", "2", "3", "4", "5", "6", "7");
        ids.stream()
                .skip(1)
                .forEach(id -> bob.sends("SUBSCRIBE\nid:" + id + "\ndestination:/topic/a\n" + policy + "\n\n^@"));
        bob.stopsReading();
        StringBuilder burst = new StringBuilder("BEGIN\ntransaction:t\n\n^@");
        for (int i = 1; i <= 100; i++) {
            burst.append("SEND\ndestination:/topic/a\ntransaction:t\n\n")
                    .append(body(i))
                    .append("^@");
        }
        connect().sends(burst.append("COMMIT\ntransaction:t\n\n^@").toString());
        bob.isOpen();
        bob.reads();
        List<Received> got = new ArrayList<>(bob.takeAll());
        publish(101, 101);
        got.addAll(bob.takeAll());
        for (String id : ids) {
            List<Received> of = got.stream()
                    .filter(message -> message.header("subscription").equals(id))
                    .toList();
            assertThat(of).extracting(OverflowTest::number).isSorted().endsWith(101);
            assertThat(of.stream()
                            .mapToLong(message -> 1 + left(message, "dropped") + left(message, "conflated"))
                            .sum())
                    .as("what came to %s, and what was said to be left out", id)
                    .isEqualTo(101);
        }
    }

    @Test
    void theOldestAreDroppedAndTheNextMessageTells() {
        Client bob = subscriber("overflow:drop-oldest");
        bob.stopsReading();
        publish(1, 100);
        bob.isOpen();
        bob.reads();
        List<Received> got = bob.takeAll();
        assertThat(number(got.get(0))).as("was on its way").isEqualTo(1);
        assertThat(number(got.get(got.size() - 1))).isEqualTo(100);
        assertThat(got.size()).isBetween(8, 14);
        assertThat(number(got.get(1))).isEqualTo(102 - got.size());
        assertThat(left(got.get(1), "dropped")).isEqualTo(100 - got.size());
        assertThat(got.subList(2, got.size())).noneMatch(message -> message.has("dropped"));
        publish(101, 101);
        assertThat(bob.next("a MESSAGE").has("dropped")).isFalse();
    }

    @Test
    void theNewestAreDroppedAndTheNextMessageTells() {
        Client bob = subscriber("overflow:drop-newest");
        bob.stopsReading();
        publish(1, 100);
        bob.reads();
        List<Received> got = bob.takeAll();
        assertThat(got).extracting(OverflowTest::number).startsWith(1, 2, 3).isSorted();
        assertThat(got.size()).isBetween(8, 14);
        assertThat(got).noneMatch(message -> message.has("dropped"));
        publish(101, 101);
        Received next = bob.next("a MESSAGE");
        assertThat(number(next)).isEqualTo(101);
        assertThat(left(next, "dropped")).isEqualTo(100 - got.size());
    }

    @ParameterizedTest
    @CsvSource({"overflow:conflate,1", "conflate:*,1", "conflate:key,2", "'overflow:conflate\nconflate:key',2"})
    void ofEachKeyTheNewestIsKept(String headers, int keys) {
        Client bob = subscriber(headers);
        bob.stopsReading();
        publish(1, 100);
        bob.reads();
        List<Received> got = bob.takeAll();
        assertThat(got).hasSize(1 + keys);
        assertThat(number(got.get(keys))).isEqualTo(100);
        assertThat(got.stream()
                        .mapToLong(message -> 1 + left(message, "conflated"))
                        .sum())
                .isEqualTo(100);
        assertThat(got).extracting(OverflowTest::number).isSorted();
    }

    @Test
    void activeMqsLimitCountsMessages() {
        Client bob = subscriber("activemq.maximumPendingMessageLimit:3");
        bob.stopsReading();
        publish(1, 10);
        bob.reads();
        assertThat(bob.takeAll()).extracting(OverflowTest::number).containsExactly(1, 8, 9, 10);
    }

    @Test
    void withoutAPolicyTheConnectionEnds() {
        Client bob = subscriber("overflow:disconnect");
        bob.stopsReading();
        publish(1, 100);
        assertThat(bob.connection().closeCode()).isEqualTo(CloseCode.OVERLOAD);
    }

    @Test
    void severalSubscriptionsTakeTurnsAndShareTheLimit() {
        Client bob = subscriber("overflow:drop-oldest");
        bob.sends("SUBSCRIBE\nid:1\ndestination:/topic/a\noverflow:drop-oldest\n\n^@");
        bob.stopsReading();
        publish(1, 100);
        bob.reads();
        List<Received> got = bob.takeAll();
        assertThat(got.size()).isBetween(8, 16);
        for (String id : List.of("0", "1")) {
            List<Received> of = got.stream()
                    .filter(message -> message.header("subscription").equals(id))
                    .toList();
            assertThat(of).extracting(OverflowTest::number).isSorted();
            assertThat(of.stream()
                            .mapToLong(message -> 1 + left(message, "dropped"))
                            .sum())
                    .as("seen and told of by " + id)
                    .isEqualTo(100);
        }
    }

    @Test
    void othersGetEverything() {
        Client bob = subscriber("overflow:drop-oldest");
        Client carol = connect();
        carol.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\noverflow:drop-oldest\n\n^@");
        bob.stopsReading();
        publish(1, 100);
        assertThat(carol.takeAll()).hasSize(100);
    }

    @Test
    void afterUnsubscribeNothingThatWaitedComes() {
        Client bob = subscriber("overflow:drop-oldest");
        bob.stopsReading();
        publish(1, 5);
        bob.sends("UNSUBSCRIBE\nid:0\nreceipt:r\n\n^@");
        bob.reads();
        assertThat(number(bob.next("was on its way"))).isEqualTo(1);
        bob.got("RECEIPT\nreceipt-id:r\n\n^@");
        bob.gotNothing();
    }

    @Test
    void theCountsCantBeForged() {
        Client bob = subscriber("overflow:drop-oldest");
        connect().sends("SEND\ndestination:/topic/a\ndropped:7\nconflated:7\n\nhi^@");
        Received message = bob.next("a MESSAGE");
        assertThat(message.has("dropped") || message.has("conflated")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"overflow:drop", "overflow:", "conflate:", "max-rate:0", "max-rate:fast", "max-rate:1000001"})
    void nonsenseIsRefused(String header) {
        String name = header.substring(0, header.indexOf(':'));
        subscriber(header).gotError(CloseCode.PROTOCOL_ERROR, "invalid " + name, name);
    }

    @ParameterizedTest
    @CsvSource({"/queue/a,auto", "/topic/a,client", "/topic/a,client-individual"})
    void whatMustNotBeLostHasNoPolicy(String destination, String ack) {
        for (String header : List.of("overflow:drop-oldest", "max-rate:5", "conflate:key")) {
            Client bob = connect();
            bob.sends("SUBSCRIBE\nid:0\ndestination:" + destination + "\nack:" + ack + "\n" + header + "\n\n^@");
            bob.gotError(CloseCode.PROTOCOL_ERROR, "invalid subscription", "prefetch-count");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/topic/*", "/topic/x,/topic/y"})
    void equalKeysOfTwoTopicsDoNotReplaceEachOther(String destination) {
        Client bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:" + destination + "\nconflate:key\n\n^@");
        bob.stopsReading();
        Client alice = connect();
        for (int i = 1; i <= 5; i++) {
            alice.sends("SEND\ndestination:/topic/x\nkey:k\n\nx" + i + "^@");
            alice.sends("SEND\ndestination:/topic/y\nkey:k\n\ny" + i + "^@");
        }
        bob.reads();
        assertThat(bob.takeBodies()).containsExactly("x1", "x5", "y5");
    }
}
