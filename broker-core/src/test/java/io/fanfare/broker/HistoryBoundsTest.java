package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.options.TopicRule;
import io.fanfare.testing.Received;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Histories: their bounds, and what is told where they have let go of messages. */
class HistoryBoundsTest extends HistoryBrokerTest {

    @Test
    @DisplayName("what the history has let go of while it was replayed is told as dropped")
    void whatIsLostOnTheWayIsTold() {
        brokerWithSmallOutbox(TopicRule.of("/topic/h.#").history(500));
        String body = "x".repeat(1_000);
        for (int i = 1; i <= 500; i++) {
            alice.feeds("SEND\ndestination:/topic/h.a\n\n" + i + " " + body + "^@");
        }
        settle();
        Client bob = connect();
        bob.stopsReading();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/h.a\nfrom:first\noverflow:drop-oldest\n\n^@");
        for (int i = 501; i <= 900; i++) {
            alice.feeds("SEND\ndestination:/topic/h.a\n\n" + i + " " + body + "^@");
        }
        settle();
        bob.reads();
        List<Received> all = bob.takeAll();
        long dropped = all.stream()
                .filter(each -> each.has("dropped"))
                .mapToLong(each -> Long.parseLong(each.header("dropped")))
                .sum();
        assertThat(dropped).isPositive();
        assertThat(all.size() + dropped).isEqualTo(900);
        assertThat(all)
                .extracting(each -> Integer.parseInt(each.text().split(" ")[0]))
                .isSorted();
    }

    private void brokerWithSmallOutbox(TopicRule rule) {
        brokerWith(BrokerOptions.builder()
                .outbox(o -> o.maxOutboxBytes(200_000))
                .topics(t -> t.rules(List.of(rule)))
                .build());
        alice = connect();
    }

    @Test
    @DisplayName("bytes bound the history, and memory counts it")
    void bounds() {
        long few = 10 * 1_300;
        topics(TopicRule.of("/topic/h.#").history(1_000, Duration.ofDays(1), few));
        String body = "x".repeat(1_000);
        for (int i = 0; i < 100; i++) {
            alice.sends("SEND\ndestination:/topic/h.a\n\n" + body + "^@");
        }
        assertThat(broker.memoryBytes()).isBetween(10_000L, few + 1_000);
    }

    @Test
    @DisplayName("messages older than the history's age go, also where none follows")
    void messagesAge() {
        topics(TopicRule.of("/topic/h.#").history(1_000, Duration.ofMillis(1), 1_000_000));
        publish(1, 10);
        theWallClockMoves(5);
        pass(Duration.ofSeconds(2));
        assertThat(broker.memoryBytes()).isLessThan(1_000);
    }

    @Test
    @DisplayName("a history that was cleared goes on: what was in it is said to be missing, what follows is kept")
    void aClearedHistoryGoesOn() {
        publish(1, 3);
        String epoch = subscribe("").next("a RECEIPT").header("epoch");
        assertThat(broker.operations().clearTopic("/topic/h.a")).hasValue(3L);
        Client carol = subscribe("from:" + epoch + "/3");
        assertThat(carol.next("a RECEIPT").header("recovered")).isEqualTo("true");
        publish(4, 5);
        Client dave = subscribe("from:" + epoch + "/3");
        assertThat(dave.next("a RECEIPT").header("recovered")).isEqualTo("true");
        assertThat(dave.takeBodies()).containsExactly("4", "5");
        Client erin = subscribe("from:" + epoch + "/2");
        assertThat(erin.next("a RECEIPT").header("recovered")).isEqualTo("false");
        assertThat(erin.takeBodies()).containsExactly("4", "5");
        pass(Duration.ofSeconds(2));
        assertThat(broker.memoryBytes())
                .as("a topic, two messages, four subscriptions")
                .isLessThan(2_000 + 4 * 1_050);
    }

    @Test
    @DisplayName("all histories together are bounded by max_history_bytes")
    void allHistoriesTogether() {
        brokerWith(BrokerOptions.builder()
                .topics(t -> t.rules(List.of(TopicRule.of("/topic/#").history(1_000)))
                        .maxHistoryBytes(20_000))
                .build());
        alice = connect();
        String body = "x".repeat(1_000);
        for (int i = 0; i < 100; i++) {
            alice.sends("SEND\ndestination:/topic/h." + i % 5 + "\n\n" + body + "^@");
        }
        alice.isOpen();
        assertThat(broker.memoryBytes()).isBetween(10_000L, 20_000L + 5 * 1_000);
    }

    private static final String THOUSAND = "x".repeat(1_000);

    private void brokerWithLittleRoom() {
        brokerWith(BrokerOptions.builder()
                .topics(t -> t.rules(List.of(TopicRule.of("/topic/#").history(1_000)))
                        .maxHistoryBytes(20_000))
                .build());
        alice = connect();
    }

    private void keeps(String topic, int from, int to) {
        for (int i = from; i <= to; i++) {
            alice.sends("SEND\ndestination:/topic/" + topic + "\n\n" + i + " " + THOUSAND + "^@");
            // so that one is older than the next
            theWallClockMoves(2);
        }
    }

    private List<Integer> kept(String topic) {
        Client reader = connect();
        reader.sends("SUBSCRIBE\nid:0\ndestination:/topic/" + topic + "\nfrom:first\n\n^@");
        return reader.takeBodies().stream()
                .map(body -> Integer.valueOf(body.split(" ")[0]))
                .toList();
    }

    @Test
    @DisplayName("when all histories together are full the oldest messages of all topics go, and the newest stay")
    void oldestOfAllTopicsGoFirst() {
        brokerWithLittleRoom();
        keeps("old", 1, 12);
        keeps("idle", 1, 3);
        keeps("busy", 1, 8);
        List<Integer> old = kept("old");
        assertThat(old).isNotEmpty().endsWith(12).hasSizeLessThan(8);
        assertThat(kept("idle")).containsExactly(1, 2, 3);
        assertThat(kept("busy")).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
        keeps("busy", 9, 40);
        assertThat(kept("old")).isEmpty();
        assertThat(kept("idle")).isEmpty();
        List<Integer> busy = kept("busy");
        assertThat(busy).hasSizeBetween(12, 19).endsWith(38, 39, 40).isSorted();
        Client late = connect();
        late.sends("SUBSCRIBE\nid:0\ndestination:/topic/old\nreceipt:r\nfrom:time=1\n\n^@");
        assertThat(late.next("a RECEIPT").header("recovered")).isEqualTo("false");
    }

    @Test
    @DisplayName(
            "within one turn, too, histories keep no more than they may, and a topic that had nothing keeps its newest message")
    void manyMessagesOfOneTurn() {
        brokerWithLittleRoom();
        keeps("old", 1, 12);
        for (int i = 1; i <= 50; i++) {
            alice.feeds("SEND\ndestination:/topic/busy\n\n" + i + " " + THOUSAND + "^@");
        }
        assertThat(broker.memoryBytes()).isLessThan(20_000 + 3_000);
        settle();
        assertThat(kept("busy")).endsWith(48, 49, 50);
    }

    @Test
    @DisplayName("a message for who waits now (ttl:0) is not kept")
    void messagesForWhoWaitsNow() {
        alice.sends("SEND\ndestination:/topic/h.a\n\n1^@", "SEND\ndestination:/topic/h.a\nttl:0\n\n2^@");
        alice.sends("SEND\ndestination:/topic/h.a\n\n3^@");
        assertThat(bodies(subscribe("from:first"))).containsExactly("1", "3");
    }

    @Test
    @DisplayName("a rule that comes later: what was before is not known, and the client is told")
    void aRuleThatComesLater() {
        topics();
        Client bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/h.a\n\n^@");
        publish(1, 3);
        bob.takeAll();
        broker.topicRules(List.of(TopicRule.of("/topic/h.#").history(10)));
        publish(4, 5);
        assertThat(bob.takeAll()).extracting(each -> each.header("seq")).containsExactly("4", "5");
        Client carol = subscribe("from:time=1");
        assertThat(carol.next("a RECEIPT").header("recovered")).isEqualTo("false");
        assertThat(carol.takeBodies()).containsExactly("4", "5");
    }

    @Test
    @DisplayName("from:time counts from when a message was published, not from when it was sent with a delay")
    void aDelayedMessageIsAsNewAsItsPublication() {
        alice.sends("SEND\ndestination:/topic/h.a\ndelay:1000\n\nlate^@");
        theWallClockMoves(3);
        long away = System.currentTimeMillis();
        alice.sends("SEND\ndestination:/topic/h.a\n\nearly^@");
        pass(Duration.ofMillis(1_200));
        Client bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/h.a\nfrom:time=" + away + "\n\n^@");
        assertThat(bob.takeBodies()).containsExactly("early", "late");
        bob.sends("SUBSCRIBE\nid:1\ndestination:/topic/h.a\nfrom:time=" + (away + 10_000) + "\n\n^@");
        bob.gotNothing();
    }
}
