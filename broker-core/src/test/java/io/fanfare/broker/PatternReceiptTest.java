package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.options.TopicRule;
import io.fanfare.testing.Received;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The RECEIPT of a SUBSCRIBE by wildcard says how much comes, and whether something is missing. */
class PatternReceiptTest extends RetainedBrokerTest {

    private static final String SUBSCRIBE = "SUBSCRIBE\nid:0\ndestination:/topic/#\nreceipt:r\n\n^@";

    private Client publisher;

    private void keptTopics(int count) {
        publisher = connect();
        for (int i = 0; i < count; i++) {
            publisher.feeds(set("/topic/t." + i, "k", "v" + i));
        }
        settle();
    }

    private int turnsUntil(Client client, String receipt) {
        for (int turns = 1; turns < 1_000; turns++) {
            loop.takeTurn();
            if (client.connection().taken().length > 0
                    && client.takeAll().stream().anyMatch(each -> receipt.equals(each.find("receipt-id")))) {
                return turns;
            }
        }
        throw new AssertionError("no RECEIPT " + receipt);
    }

    @Test
    @DisplayName("it counts the values of all topics that match, and of no others")
    void valuesOfAllTopics() {
        Client alice = connect();
        alice.sends(set("/topic/a.1", "x", "1"), set("/topic/a.1", "y", "2"), set("/topic/a.2", "x", "3"));
        alice.sends(set("/topic/b.1", "x", "no"));
        Client bob = subscribe("/topic/a.*", "");
        bob.got("RECEIPT\nreceipt-id:r\nretained:3\n\n^@");
        assertThat(bob.takeBodies()).containsExactly("1", "2", "3");
        subscribe("/topic/c.#", "").got("RECEIPT\nreceipt-id:r\nretained:0\n\n^@");
        subscribe("/topic/a.*", "retained:false\n").got("RECEIPT\nreceipt-id:r\nretained:0\n\n^@");
    }

    @Test
    @DisplayName("a topic that several parts of one SUBSCRIBE match counts once; without kept topics nothing is said")
    void severalParts() {
        subscribe("/topic/a.*", "").got("RECEIPT\nreceipt-id:r\n\n^@");
        connect().sends(set("/topic/a.1", "x", "1"), set("/topic/b.1", "x", "2"));
        subscribe("/topic/a.*,/topic/a.1,/topic/#", "").got("RECEIPT\nreceipt-id:r\nretained:2\n\n^@");
    }

    @Test
    @DisplayName(
            "recovered is true where nothing is missing in any topic, and replayed the sum; the first message says it too")
    void recoveredOfAll() {
        topics(TopicRule.of("/topic/h.#").history(2));
        Client alice = connect();
        alice.sends("SEND\ndestination:/topic/h.a\n\na1^@", "SEND\ndestination:/topic/h.b\n\nb1^@");
        Client bob = subscribe("/topic/h.*", "from:first\n");
        bob.got("RECEIPT\nreceipt-id:r\nrecovered:true\nreplayed:2\nretained:0\n\n^@");
        List<Received> all = bob.takeAll();
        assertThat(all).extracting(Received::text).containsExactly("a1", "b1");
        assertThat(all.get(0).header("recovered")).isEqualTo("true");
        assertThat(all.get(0).header("replayed")).isEqualTo("2");
        assertThat(all.get(1).has("recovered")).isFalse();
        subscribe("/topic/none.*", "from:first\n")
                .got("RECEIPT\nreceipt-id:r\nrecovered:false\nreplayed:0\nretained:0\n\n^@");
    }

    @Test
    @DisplayName(
            "recovered is false when one of the topics has let go of something since that time, or has itself gone")
    void missingInOne() {
        topics(TopicRule.of("/topic/h.#").history(1));
        long before = System.currentTimeMillis();
        Client alice = connect();
        alice.sends("SEND\ndestination:/topic/h.a\n\na1^@", "SEND\ndestination:/topic/h.b\n\nb1^@");
        String from = "from:time=" + before + "\n";
        subscribe("/topic/h.*", from).got("RECEIPT\nreceipt-id:r\nrecovered:true\nreplayed:2\nretained:0\n\n^@");
        alice.sends("SEND\ndestination:/topic/h.b\n\nb2^@");
        subscribe("/topic/h.*", from).got("RECEIPT\nreceipt-id:r\nrecovered:false\nreplayed:2\nretained:0\n\n^@");
    }

    @Test
    @DisplayName("a topic that went with its history is missing, whatever is left of others")
    void missingWithItsTopic() {
        topics(
                TopicRule.of("/topic/h.short").history(5, Duration.ofMillis(10), 1 << 20),
                TopicRule.of("/topic/h.#").history(5));
        long before = System.currentTimeMillis();
        Client alice = connect();
        alice.sends("SEND\ndestination:/topic/h.short\n\ns^@", "SEND\ndestination:/topic/h.long\n\nl^@");
        theWallClockMoves(20);
        pass(Duration.ofSeconds(70));
        assertThat(broker.keptTopicCount()).isEqualTo(1);
        subscribe("/topic/h.*", "from:time=" + before + "\n")
                .got("RECEIPT\nreceipt-id:r\nrecovered:false\nreplayed:1\nretained:0\n\n^@");
        subscribe("/topic/h.*", "from:first\n")
                .got("RECEIPT\nreceipt-id:r\nrecovered:true\nreplayed:1\nretained:0\n\n^@");
    }

    @Test
    @DisplayName(
            "many topics are counted over several turns, in which others are served; what the client sends next waits")
    void overSeveralTurns() {
        keptTopics(5_000);
        Client other = connect();
        other.sends("SUBSCRIBE\nid:1\ndestination:/topic/t.7\nretained:false\n\n^@");
        Client bob = connect();
        bob.feeds(SUBSCRIBE + "SUBSCRIBE\nid:n\ndestination:/topic/t.7\nretained:false\nreceipt:n\n\n^@");
        for (int i = 0; i < 3; i++) {
            loop.takeTurn();
            publisher.feeds("SEND\ndestination:/topic/t.7\n\nlive" + i + "^@");
            loop.takeTurn();
            assertThat(other.takeBodies()).containsExactly("live" + i);
            bob.gotNothing();
            assertThat(bob.connection().isSuspended()).isTrue();
        }
        settle();
        bob.got("RECEIPT\nreceipt-id:r\nretained:5000\n\n^@");
        assertThat(bob.connection().isSuspended()).isFalse();
        List<Received> all = bob.takeAll();
        assertThat(all.stream().filter(each -> "n".equals(each.find("receipt-id"))))
                .hasSize(1);
        assertThat(all.stream().filter(each -> "true".equals(each.find("retained"))))
                .hasSize(5_000);
        assertThat(all.stream().map(Received::text).filter(text -> text.startsWith("live")))
                .as("live messages that came meanwhile, for the first subscription alone")
                .containsExactly("live0", "live1", "live2");
        publisher.sends("SEND\ndestination:/topic/t.7\n\nlast^@");
        assertThat(bob.takeBodies()).containsExactly("last", "last");
    }

    @Test
    @DisplayName("pages that open at once share the count: their RECEIPTs take no more turns than one's")
    void shared() {
        keptTopics(3_000);
        Client alone = connect();
        alone.feeds(SUBSCRIBE);
        int turns = turnsUntil(alone, "r");
        settle();
        List<Client> pages = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            Client page = connect();
            pages.add(page);
        }
        pages.forEach(page -> page.feeds(SUBSCRIBE));
        assertThat(turnsUntil(pages.get(49), "r")).isLessThanOrEqualTo(turns + 1);
        settle();
        pages.subList(0, 49).forEach(page -> page.got("RECEIPT\nreceipt-id:r\nretained:3000\n\n^@"));
    }

    @Test
    @DisplayName(
            "UNSUBSCRIBE, or the end of the connection, while topics are counted: nothing comes behind its RECEIPT")
    void endsMeanwhile() {
        keptTopics(3_000);
        Client bob = connect();
        Client carol = connect();
        bob.feeds(SUBSCRIBE + "UNSUBSCRIBE\nid:0\nreceipt:u\n\n^@");
        carol.feeds(SUBSCRIBE);
        loop.takeTurn();
        carol.isLost();
        settle();
        bob.got("RECEIPT\nreceipt-id:r\nretained:3000\n\n^@");
        bob.got("RECEIPT\nreceipt-id:u\n\n^@");
        publisher.sends("SEND\ndestination:/topic/t.7\n\nlive^@");
        bob.gotNothing();
        carol.gotNothing();
    }

    @Test
    @DisplayName("DISCONNECT behind it is answered behind its RECEIPT")
    void disconnectsBehindIt() {
        keptTopics(3_000);
        Client bob = connect();
        bob.feeds(SUBSCRIBE + "DISCONNECT\nreceipt:d\n\n^@");
        settle();
        List<Received> all = bob.takeAll();
        assertThat(all.get(0).header("receipt-id")).isEqualTo("r");
        assertThat(all.get(all.size() - 1).header("receipt-id")).isEqualTo("d");
        bob.wasClosed(CloseCode.NORMAL);
    }
}
