package io.fanfare.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.Headers;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.MessageFilter;
import io.fanfare.message.SendProperties;
import io.fanfare.options.TopicOptions;
import io.fanfare.options.TopicRule;
import io.fanfare.retention.ReplayRequest;
import io.fanfare.selector.Selector;
import io.fanfare.testing.Received;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a topic keeps comes to those that join before what is published from then on, once, and marked. */
class ReplaysTest extends ReplayFixture {

    @Test
    void lastValuesComeFirstAndTheLastOneSaysSo() {
        values(TOPIC, 2);
        TestSubscription bob = subscribed(ReplayRequest.NONE, TOPIC);
        publish(TOPIC, value("2", "live"));
        settle();
        // its key is new: it was read with the others
        assertThat(marked(bob)).containsExactly("a.b0 retained", "a.b1 retained", "live retained end");
        assertThat(ends).as("told by the last value").isZero();
        publish(TOPIC, value("0", "next"));
        settle();
        assertThat(marked(bob)).containsExactly("next");
    }

    @Test
    void whereNothingIsKeptNothingIsToBeDone() {
        TestSubscription bob = subscribed(ReplayRequest.NONE, TOPIC);
        assertThat(loop.isWaitedFor()).as("a replay").isFalse();
        publishNow("1");
        assertThat(marked(bob)).containsExactly("1");
        assertThat(ends).isZero();
    }

    @Test
    void oneThatWaitsForTheEndIsToldItWhereThereIsNoValue() {
        TestSubscription bob = subscribed(WANTED, TOPIC);
        publish(Destination.topic("x"), message("elsewhere"));
        assertThat(ends).isZero();
        settle();
        assertThat(ends).isEqualTo(1);
        publishNow("1");
        assertThat(marked(bob)).containsExactly("1");
        assertThat(ends).isEqualTo(1);
    }

    @Test
    void oneThatLeavesBeforeTheEndIsNotToldIt() {
        TestSubscription bob = subscribed(WANTED, TOPIC);
        unsubscribe(bob);
        settle();
        assertThat(ends).isZero();
    }

    @Test
    void oneThatWantsValuesOnlyGetsNothingElseAndHasNoTopicComeIntoBeing() {
        subscribed(ONLY, TOPIC);
        settle();
        assertThat(ends).isEqualTo(1);
        assertThat(topics.count()).isZero();
        values(TOPIC, 2);
        TestSubscription bob = subscribed(ONLY, TOPIC);
        TestSubscription carol = subscribed(ONLY, ALL);
        settle();
        publish(TOPIC, value("0", "live"));
        settle();
        assertThat(marked(bob)).containsExactly("a.b0 retained", "a.b1 retained end");
        assertThat(marked(carol)).containsExactly("a.b0 retained", "a.b1 retained end");
        assertThat(topics.subscriberCount(TOPIC)).isZero();
        assertThat(ends).isEqualTo(1);
    }

    @Test
    void theReceiptSaysWhereItBegins() {
        values(TOPIC, 2);
        publish(HISTORY, message("1"), message("2"));
        assertThat(said(subscribe(subscription(TOPIC), ReplayRequest.NONE)).get("retained"))
                .isEqualTo("2");
        Headers ofHistory = said(subscribe(subscription(HISTORY), FIRST));
        assertThat(ofHistory.get("recovered")).isEqualTo("true");
        assertThat(ofHistory.get("replayed")).isEqualTo("2");
        assertThat(ofHistory.get("seq")).isEqualTo("2");
        Headers ofBoth = said(subscribe(subscription(HISTORY, TOPIC), FIRST));
        assertThat(ofBoth.get("recovered")).isEqualTo("false");
        assertThat(ofBoth.get("replayed")).isEqualTo("2");
        assertThat(ofBoth.get("seq")).as("two topics have no common place").isNull();
        assertThat(said(subscribe(subscription(Destination.topic("x")), ReplayRequest.NONE)))
                .isEqualTo(Headers.EMPTY);
        settle();
    }

    @Test
    void theReceiptOfAPatternBesideATopicCountsBoth() {
        publish(HISTORY, message("1"), message("2"));
        publish(Destination.topic("h.b.c"), message("3"));
        CompletableFuture<Headers> receipt = subscribe(subscription(HISTORY, Destination.pattern("h.b.*")), FIRST);
        settle();
        assertThat(said(receipt).get("replayed")).isEqualTo("3");
    }

    @Test
    void aTopicThatBeginsToKeepWhileOneSubscribesIsReplayedOnce() {
        checkRoom = () -> {
            checkRoom = () -> {};
            publish(OTHER, value("x", "first"));
        };
        TestSubscription bob = subscribed(ReplayRequest.NONE, Destination.topic("n"), ALL);
        publish(OTHER, value("y", "second"));
        settle();
        assertThat(marked(bob)).containsExactly("first retained", "second retained end");
    }

    @Test
    void messagesOfAHistoryAreNoValuesAndTheFirstTellsTheVerdict() {
        publish(HISTORY, message("1"), message("2"));
        TestSubscription bob = subscribed(FIRST, HISTORY);
        publish(HISTORY, message("3"));
        settle();
        List<Received> all = bob.peer().take();
        assertThat(all).extracting(Received::text).containsExactly("1", "2", "3");
        assertThat(all).extracting(each -> each.find("replayed")).containsExactly("2", null, null);
        assertThat(all).noneMatch(each -> each.has("retained") || each.has("dropped"));
    }

    @Test
    void valuesThatHaveExpiredOrThatTheFilterLeavesOutDoNotCome() {
        publish(TOPIC, value("x", "1"));
        publish(TOPIC, message("2", new SendProperties(4, clock.uptimeMillis() + 5, 0, null), "k", "y"));
        publish(TOPIC, message("3", "k", "z", "n", "no"));
        TestSubscription bob = subscribe(subscription(TOPIC).with(MessageFilter.of(Selector.parse("n IS NULL"), null)));
        clock.pass(Duration.ofMillis(5));
        settle();
        assertThat(marked(bob)).containsExactly("1 retained end");
    }

    @Test
    void oneThatReadsSlowlyGetsAllLaterAndNobodyWaitsForIt() {
        values(TOPIC, 2_000);
        for (Destination each : List.of(TOPIC, ALL)) {
            TestSubscription slow = new TestSubscription(peer(100_000), "0", each);
            subscribe(slow, ReplayRequest.NONE);
            TestSubscription quick = subscribed(ReplayRequest.NONE, each);
            loop.takeTurn();
            slow.peer().hasRoom(0);
            settle();
            assertThat(quick.peer().take()).hasSize(2_000);
            publish(TOPIC, value("0", "live"));
            settle();
            assertThat(quick.peer().bodies()).containsExactly("live");
            slow.peer().hasRoom(Long.MAX_VALUE);
            settle();
            List<String> bodies = slow.peer().bodies();
            assertThat(bodies).doesNotHaveDuplicates().contains("live", "a.b1", "a.b1999");
            assertThat(bodies).hasSizeBetween(2_000, 2_001);
            unsubscribe(slow);
            unsubscribe(quick);
            publish(TOPIC, value("0", "a.b0"));
        }
        settle();
    }

    @Test
    void aLossThatNoMessageOfTheReplayCouldTellIsToldByTheNext() {
        publishMany(0, 1_000);
        TestSubscription bob = new TestSubscription(peer(100_000), "0", HISTORY);
        bob.peer().hasRoom(0);
        subscribe(bob, FIRST);
        settle();
        topics.find(HISTORY).clear();
        bob.peer().hasRoom(Long.MAX_VALUE);
        settle();
        int replayed = bob.peer().take().size();
        assertThat(replayed).isBetween(1, 999);
        publish(HISTORY, message("next"));
        publish(HISTORY, message("after"));
        settle();
        assertThat(marked(bob)).containsExactly("next dropped:" + (1_000 - replayed), "after");
    }

    @Test
    void whatTheHistoryLetGoOfMeanwhileIsToldByTheNextMessage() {
        topics(TopicRule.of("/topic/h.#").history(1_000));
        publishMany(0, 1_000);
        TestSubscription bob = subscription(HISTORY);
        bob.peer().hasRoom(0);
        subscribe(bob, FIRST);
        settle();
        publishMany(1_000, 1_900);
        bob.peer().hasRoom(Long.MAX_VALUE);
        settle();
        List<Received> all = bob.peer().take();
        long dropped = all.stream()
                .filter(each -> each.has("dropped"))
                .mapToLong(each -> Long.parseLong(each.header("dropped")))
                .sum();
        assertThat(dropped).isPositive();
        assertThat(all.size() + dropped).isEqualTo(1_900);
        assertThat(all.get(all.size() - 1).text()).endsWith("1899");
    }

    private void publishMany(int from, int to) {
        String fill = "x".repeat(500);
        IntStream.range(from, to).forEach(i -> publish(HISTORY, message(fill + i)));
        settle();
    }

    @Test
    void aBugInAReplayHoldsNeitherItsLiveMessagesNorTheNextReplay() {
        values(TOPIC, 2);
        TestSubscription bob = subscribed(ReplayRequest.NONE, TOPIC);
        bob.breaks();
        settle();
        aBugWasLogged();
        assertThat(marked(bob)).isEmpty();
        publish(TOPIC, value("0", "live"));
        settle();
        assertThat(marked(bob)).containsExactly("live");
        TestSubscription carol = subscribed(ReplayRequest.NONE, TOPIC);
        settle();
        assertThat(marked(carol)).containsExactly("a.b1 retained", "live retained end");
    }

    @Test
    void aBugInAReplayToSeveralHoldsNeitherThoseThatHadAPartNorTheOthers() {
        values(TOPIC, 2);
        TestSubscription bob = subscribed(ReplayRequest.NONE, TOPIC);
        TestSubscription carol = subscribed(ReplayRequest.NONE, TOPIC);
        carol.breaks();
        settle();
        aBugWasLogged();
        publish(TOPIC, value("0", "live"));
        settle();
        assertThat(marked(bob)).endsWith("live");
        assertThat(marked(carol)).containsExactly("live");
    }

    @Test
    void aValueThatIsLargerThanAPartComesBehindASmallOne() {
        String large = "x".repeat(300_000);
        publish(TOPIC, value("x", "small"));
        publish(TOPIC, value("y", large));
        TestSubscription bob = subscribed(ReplayRequest.NONE, TOPIC);
        settle();
        assertThat(marked(bob)).containsExactly("small retained", large + " retained end");
    }

    @Test
    void manyThatGoLiveTakeSeveralTurnsWhereSomethingFollowsAndFewWhereNothingDoes() {
        values(TOPIC, 1);
        assertThat(turnsToGoLive(300, false)).isLessThan(3);
        assertThat(turnsToGoLive(300, true)).isGreaterThan(3);
    }

    /** How many turns so many need that have got all values. */
    private int turnsToGoLive(int members, boolean somethingFollows) {
        List<TestSubscription> all = IntStream.range(0, members)
                .mapToObj(i -> subscribed(ReplayRequest.NONE, TOPIC))
                .toList();
        if (somethingFollows) {
            publish(TOPIC, value("0", "live"));
        }
        TestSubscription last = all.get(members - 1);
        int turns = 0;
        for (; last.peer().take().isEmpty(); turns++) {
            assertThat(turns).as("turns until it has the value").isLessThan(100);
            loop.takeTurn();
        }
        for (turns = 0; loop.isWaitedFor(); turns++) {
            assertThat(turns).as("turns until all are live").isLessThan(100);
            loop.takeTurn();
        }
        all.forEach(this::unsubscribe);
        settle();
        return turns;
    }

    @Test
    void whileAnyWantsPatchesTheValueBeforeEachIsKept() {
        topics(TopicOptions.builder()
                .rules(List.of(TopicRule.of("/topic/a.#").retainByKey("k")))
                .build());
        assertThat(published("1").previous()).as("the first").isNull();
        Message second = published("2");
        assertThat(second.previous()).as("nobody wants patches").isNull();
        TestSubscription bob = subscribe(subscription(TOPIC).with(DELTA));
        TestSubscription carol = subscribe(subscription(TOPIC).with(DELTA));
        Message third = published("3");
        assertThat(third.previous()).isSameAs(second);
        unsubscribe(bob);
        Message fourth = published("4");
        assertThat(fourth.previous()).as("one still wants them").isSameAs(third);
        assertThat(third.previous()).as("it is no value any more").isNull();
        unsubscribe(carol);
        assertThat(published("5").previous()).as("none does any more").isNull();
        settle();
    }

    private Message published(String body) {
        Message value = value("x", body);
        publish(TOPIC, value);
        return value;
    }
}
