package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.options.TopicRule;
import io.fanfare.testing.Received;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What changes around a replay while it goes on: nothing comes twice, and nothing is missing without a word. */
class ReplayEdgeTest extends BrokerTest {

    private static final String BODY = "x".repeat(1_000);
    private static final int MANY = 500;

    private Client alice;

    @BeforeEach
    void smallOutboxes() {
        brokerWith(BrokerOptions.builder()
                .outbox(o -> o.maxOutboxBytes(200_000))
                .topics(t -> t.rules(List.of(rule().history(MANY)))
                        .mergePatch((before, after) -> new Beginnings().diff(before, after)))
                .build());
        alice = connect();
    }

    private static TopicRule rule() {
        return TopicRule.of("/topic/h.#").retainByKey("k");
    }

    private static String send(String key, String body) {
        return "SEND\ndestination:/topic/h.a\nk:" + key + "\n\n" + body + "^@";
    }

    /** A client in the middle of the replay of many messages. */
    private Client slowly(String headers) {
        Client bob = connect();
        bob.stopsReading();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/h.a\n" + headers + "\n\n^@");
        return bob;
    }

    private void publishMany() {
        IntStream.range(0, MANY).forEach(i -> alice.feeds(send("y" + i, BODY)));
        settle();
    }

    @Test
    @DisplayName(
            "what comes to a topic that keeps something from its SUBSCRIBE on comes behind the RECEIPT, also beside a pattern")
    void receiptComesFirstWhereTheFirstTopicBeginsToKeep() {
        Client bob = connect();
        bob.feeds("SUBSCRIBE\nid:0\ndestination:/topic/h.a,/topic/h.x.*\nreceipt:r\n\n^@");
        alice.feeds(send("k", "1") + send("k", "2"));
        settle();
        List<Received> got = bob.takeAll();
        assertThat(got).extracting(Received::command).containsExactly("RECEIPT", "MESSAGE", "MESSAGE");
        assertThat(got.subList(1, 3)).extracting(Received::text).containsExactly("1", "2");
    }

    @Test
    @DisplayName("where the rest of a replay is gone, the next live message tells how much that was, once")
    void aLossAtTheEndIsTold() {
        publishMany();
        Client bob = slowly("from:first");
        broker.operations().clearTopic("/topic/h.a");
        bob.reads();
        List<Received> replayed = bob.takeAll();
        assertThat(replayed).hasSizeBetween(1, MANY - 1).noneMatch(each -> each.has("dropped"));
        alice.sends(send("k", "next"), send("k", "after"));
        List<Received> live = bob.takeAll();
        assertThat(live).extracting(Received::text).containsExactly("next", "after");
        assertThat(live.get(0).header("dropped")).isEqualTo(Integer.toString(MANY - replayed.size()));
        assertThat(live.get(1).has("dropped")).isFalse();
    }

    @Test
    @DisplayName("a message that was published during the replay tells the loss, too, and is not counted in it")
    void whatWaitsBehindALossTellsIt() {
        publishMany();
        Client bob = slowly("from:first");
        broker.operations().clearTopic("/topic/h.a");
        alice.sends(send("k", "during"));
        broker.topicRules(List.of(rule()));
        alice.sends(send("k", "without a history"));
        bob.reads();
        List<Received> all = bob.takeAll();
        assertThat(all.get(all.size() - 2).text()).isEqualTo("during");
        assertThat(all.get(all.size() - 2).header("dropped")).isEqualTo(Integer.toString(MANY + 2 - all.size()));
        assertThat(all.get(all.size() - 1).text()).isEqualTo("without a history");
        assertThat(all.get(all.size() - 1).has("dropped")).isFalse();
    }

    @Test
    @DisplayName("a subscription that missed a value in its replay gets the next one whole")
    void noPatchToAValueThatWasLost() {
        Client first = connect();
        first.sends("SUBSCRIBE\nid:0\ndestination:/topic/h.a\nreceipt:r\ndelta:merge-patch\n\n^@");
        String epoch = first.next("a RECEIPT").header("epoch");
        first.isLost();
        IntStream.range(1, MANY).forEach(i -> alice.feeds(send("y" + i, BODY)));
        alice.sends(send("k", BODY + 1));
        Client bob = slowly("delta:merge-patch\nfrom:" + epoch + "/0");
        broker.topicRules(List.of(rule()));
        bob.reads();
        assertThat(bob.takeAll()).noneMatch(each -> each.header("k").equals("k"));
        for (int i = 2; i <= 4; i++) {
            alice.sends(send("k", BODY + i));
        }
        List<Received> live = bob.takeAll();
        assertThat(live.get(0).text()).isEqualTo(BODY + 2);
        assertThat(live.get(2).has("delta")).as("nothing missed since").isTrue();
    }

    @Test
    @DisplayName("a topic that is named and matched, and begins to keep something before the replay, comes once")
    void aNamedTopicThatAPatternMatchesComesOnce() {
        alice.sends("SEND\ndestination:/topic/h.b\nk:1\n\nb^@");
        Client bob = connect();
        bob.feeds("SUBSCRIBE\nid:0\ndestination:/topic/h.a,/topic/h.*\n\n^@" + send("1", "a"));
        settle();
        assertThat(bob.takeBodies()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    @DisplayName("with retained:true a wildcard that matched nothing kept gets what is kept meanwhile once")
    void aWildcardOfNothingKeptGetsItOnce() {
        Client bob = connect();
        bob.feeds("SUBSCRIBE\nid:0\ndestination:/topic/h.*\nretained:true\n\n^@" + send("1", "a"));
        settle();
        assertThat(bob.takeBodies()).containsOnlyOnce("a");
    }
}
