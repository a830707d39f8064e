package io.fanfare.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.Headers;
import io.fanfare.loop.LongJobs;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.Retain;
import io.fanfare.message.SendProperties;
import io.fanfare.options.TopicOptions;
import io.fanfare.options.TopicRule;
import io.fanfare.retention.ReplayRequest;
import io.fanfare.retention.RetentionRules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** When topics begin to keep messages, what they let go of in time, and when they go. */
class KeptTopicsTest extends TopicFixture {

    private static final Destination OTHER = Destination.topic("a.c");
    private static final Destination HISTORY = Destination.topic("h.a");
    private static final TopicRule VALUES = TopicRule.of("/topic/a.#").retainByKey("k");
    private static final TopicRule MESSAGES = TopicRule.of("/topic/h.#").history(10);
    private static final SendProperties SET = new SendProperties(4, SendProperties.NEVER, 0, null, Retain.SET, null);

    private KeptTopics kept() {
        return topics.kept();
    }

    private static Message value(String key) {
        return message("v", "k", key);
    }

    private static Message expiring(String key, long when) {
        return message("v", new SendProperties(4, when, 0, null), "k", key);
    }

    /** A sweep comes each second. */
    private void sweeps(int count) {
        for (int i = 0; i < count; i++) {
            pass(KeptTopics.SWEEP_INTERVAL.plusMillis(20));
        }
    }

    private boolean hasTimer() {
        return Math.min(loop.nanosToTimer(), otherLoop.nanosToTimer())
                < Duration.ofDays(1).toNanos();
    }

    private int valuesOf(Destination topic) {
        return topics.get(topic).map(each -> each.status().retained()).orElse(-1);
    }

    private int historyOf(Destination topic) {
        return topics.get(topic).map(each -> each.status().history()).orElse(-1);
    }

    // ---- rules ----------------------------------------------------------------------------------------------------

    @Test
    void aRuleSaysWhatKeepsAndAMessageMayAskForItself() {
        topics(VALUES, MESSAGES, TopicRule.of("/topic/p.#").withPresence());
        assertThat(kept().keeping(TOPIC)).isEqualTo(VALUES);
        assertThat(kept().keeping(HISTORY)).isEqualTo(MESSAGES);
        assertThat(kept().keeping(Destination.topic("p.a")))
                .as("presence alone")
                .isNull();
        assertThat(kept().keeping(Destination.topic("x"))).isNull();
        Message plain = message("1");
        Message asks = message("2", SET);
        assertThat(kept().wouldKeep(TOPIC, List.of(plain))).isTrue();
        assertThat(kept().wouldKeep(Destination.topic("x"), List.of(plain, plain)))
                .isFalse();
        assertThat(kept().wouldKeep(Destination.topic("x"), List.of(plain, asks)))
                .isTrue();
        assertThat(kept().wouldKeep(Destination.topic("p.a"), List.of(plain))).isFalse();
    }

    @Test
    void aTopicThatIsNotKeptIsForgottenWithItsMessage() {
        topics(VALUES);
        assertThat(publish(Destination.topic("x"), message("1")).dropped()).isEqualTo(1);
        assertThat(topics.count()).isZero();
        assertThat(publish(TOPIC, value("x")).dropped()).isZero();
        assertThat(topics.count()).isEqualTo(1);
        assertThat(topics.keptCount()).isEqualTo(1);
        publish(Destination.topic("x"), message("2", SET));
        assertThat(topics.keptCount()).isEqualTo(2);
        assertThat(valuesOf(Destination.topic("x"))).isEqualTo(1);
    }

    @Test
    void otherRulesAreFollowedWithTheNextSweep() {
        topics(VALUES);
        publish(TOPIC, value("x"));
        publish(TOPIC, value("y"));
        assertThat(memory.bytes()).isPositive();
        topics.rules(new RetentionRules(List.of()));
        sweeps(1);
        assertThat(valuesOf(TOPIC)).isZero();
        sweeps(TopicRetention.GRACE_SWEEPS + 1);
        assertThat(topics.count()).isZero();
        assertThat(memory.bytes()).isZero();
        assertThat(hasTimer()).isFalse();
    }

    @Test
    void otherRulesHaveTopicsBeginToKeepWithTheirNextMessage() {
        TestSubscription bob = subscribed(HISTORY);
        publish(HISTORY, message("1"));
        topics.rules(new RetentionRules(List.of(MESSAGES)));
        publish(HISTORY, message("2"), message("3"));
        assertThat(historyOf(HISTORY)).isEqualTo(2);
        settle();
        assertThat(bob.peer().take())
                .extracting(each -> each.has("epoch"))
                .as("1 had no place that clients see")
                .containsExactly(false, true, true);
    }

    @Test
    void rulesForTopicsOfSeveralNodesStayAsTheyAre() {
        topics(MESSAGES);
        topics.order(MESSAGES, "e", 0);
        topics.rules(new RetentionRules(List.of(VALUES)));
        assertThat(kept().keeping(HISTORY)).isEqualTo(MESSAGES);
        RetentionRules withPresence = new RetentionRules(List.of(MESSAGES.withPresence()));
        topics.rules(withPresence);
        assertThat(kept().rules()).isSameAs(withPresence);
    }

    // ---- sweeps ---------------------------------------------------------------------------------------------------

    @Test
    void whatHasExpiredGoesWithTheNextSweepHoweverMuchItIs() {
        topics(VALUES);
        long soon = clock.uptimeMillis() + 500;
        int many = 2 * LongJobs.STEPS_PER_TURN;
        IntStream.range(0, many).forEach(i -> publish(TOPIC, expiring("" + i, soon)));
        publish(TOPIC, value("stays"));
        publish(OTHER, expiring("x", soon));
        publish(OTHER, expiring("y", soon + 1_000));
        settle();
        assertThat(hasTimer()).isTrue();
        pass(Duration.ofMillis(800));
        assertThat(topics.retained().keys()).as("there was no sweep").isEqualTo(many + 3);
        pass(Duration.ofMillis(300));
        assertThat(topics.retained().keys()).isEqualTo(2);
        sweeps(1);
        assertThat(topics.retained().keys()).isEqualTo(1);
        assertThat(topics.keptCount()).isEqualTo(2);
    }

    @Test
    void aSweepOfMuchTakesSeveralTurns() {
        topics(VALUES);
        long soon = clock.uptimeMillis() + 500;
        int many = 5 * LongJobs.STEPS_PER_TURN;
        IntStream.range(0, many).forEach(i -> publish(TOPIC, expiring("" + i, soon)));
        settle();
        clock.pass(Duration.ofSeconds(2));
        loop.advance(Duration.ofSeconds(2));
        otherLoop.advance(Duration.ofSeconds(2));
        int most = 0;
        int left = many;
        for (int turns = 0; turns < 100; turns++) {
            loop.takeTurn();
            otherLoop.takeTurn();
            int now = topics.retained().keys();
            most = Math.max(most, left - now);
            left = now;
        }
        assertThat(left).isZero();
        assertThat(most).as("in a turn").isBetween(100, LongJobs.STEPS_PER_TURN + 200);
    }

    @Test
    void aTopicThatKeepsNothingGoesAfterAMinuteWithoutAMessageOrASubscriber() {
        topics(VALUES);
        publish(TOPIC, expiring("x", clock.uptimeMillis() + 10));
        sweeps(TopicRetention.GRACE_SWEEPS);
        assertThat(topics.count()).isEqualTo(1);
        // a subscriber that comes and goes begins the minute anew
        TestSubscription bob = subscribed(TOPIC);
        unsubscribe(bob);
        sweeps(TopicRetention.GRACE_SWEEPS);
        assertThat(topics.count()).isEqualTo(1);
        sweeps(2);
        assertThat(topics.count()).isZero();
        assertThat(topics.keptCount()).isZero();
        assertThat(memory.bytes()).isZero();
        sweeps(1);
        assertThat(hasTimer()).as("a sweep to come").isFalse();
    }

    @Test
    void aTopicThatKeepsNothingStaysForItsSubscribersAndKeepsOn() {
        topics(MESSAGES);
        TestSubscription bob = subscribed(HISTORY);
        sweeps(2 * TopicRetention.GRACE_SWEEPS);
        assertThat(topics.count()).isEqualTo(1);
        publish(HISTORY, message("1"));
        settle();
        assertThat(bob.peer().bodies()).containsExactly("1");
        assertThat(historyOf(HISTORY)).isEqualTo(1);
        unsubscribe(bob);
        sweeps(2 * TopicRetention.GRACE_SWEEPS);
        assertThat(historyOf(HISTORY)).as("it keeps a message").isEqualTo(1);
    }

    @Test
    void clearingLetsGoOfAllAndOfTopicsThatNobodyNeeds() {
        topics(VALUES, MESSAGES);
        TestSubscription bob = subscribed(OTHER);
        IntStream.range(0, 500).forEach(i -> publish(TOPIC, value("" + i)));
        publish(OTHER, value("x"));
        publish(HISTORY, message("1"), message("2"));
        topics.clear();
        assertThat(topics.all().map(Topic::destination)).containsExactly(OTHER);
        assertThat(topics.retained().keys()).isZero();
        assertThat(topics.retained().historyBytes()).isZero();
        settle();
        publish(OTHER, value("y"));
        settle();
        assertThat(bob.peer().take()).hasSize(2);
        unsubscribe(bob);
        topics.clear();
        assertThat(topics.count()).isZero();
        assertThat(topics.keptCount()).isZero();
        settle();
        assertThat(memory.bytes()).isZero();
    }

    // ---- histories that are nearly full ---------------------------------------------------------------------------

    @Test
    void whereHistoriesAreNearlyFullTheOldestOfAllTopicsGo() {
        topics(TopicOptions.builder()
                .rules(List.of(TopicRule.of("/topic/h.#").history(10_000)))
                .maxHistoryBytes(200_000)
                .build());
        String fill = "x".repeat(500);
        for (int i = 0; i < 400; i++) {
            publish(Destination.topic("h." + i % 100), message(fill + i));
            clock.pass(Duration.ofMillis(10));
            settle();
        }
        assertThat(topics.retained().isHistoryNearlyFull()).isFalse();
        List<Integer> counts = IntStream.range(0, 100)
                .map(i -> historyOf(Destination.topic("h." + i)))
                .boxed()
                .toList();
        int sum = counts.stream().mapToInt(Integer::intValue).sum();
        assertThat(sum).as("messages kept").isBetween(180, 290);
        // the newest of all are there, whatever their topic
        for (int topic = 0; topic < 100; topic++) {
            assertThat(counts.get(topic)).as("of h.%d", topic).isBetween(1, 4);
        }
    }

    @Test
    void lettingGoOfMuchTakesSeveralTurns() {
        topics(TopicOptions.builder()
                .rules(List.of(TopicRule.of("/topic/h.#").history(100_000)))
                .maxHistoryBytes(16_800_000)
                .build());
        Destination other = Destination.topic("h.b");
        String fill = "x".repeat(500);
        for (int i = 0; i < 30_000; i++) {
            publish(i % 2 == 0 ? HISTORY : other, message(fill));
        }
        int most = 0;
        int before = historyOf(HISTORY) + historyOf(other);
        int left = before;
        for (int turns = 0; topics.retained().isHistoryNearlyFull(); turns++) {
            assertThat(turns).as("turns").isLessThan(100);
            loop.takeTurn();
            otherLoop.takeTurn();
            int now = historyOf(HISTORY) + historyOf(other);
            most = Math.max(most, left - now);
            left = now;
        }
        assertThat(before - left).as("more than in one turn").isGreaterThan(LongJobs.STEPS_PER_TURN + 200);
        assertThat(most).as("in a turn").isBetween(100, LongJobs.STEPS_PER_TURN + 200);
        settle();
    }

    // ---- epochs ---------------------------------------------------------------------------------------------------

    @Test
    void eachTopicHasAnEpochOfItsOwnWithTheBrokersPrefix() {
        topics(MESSAGES);
        Headers first = receipt(HISTORY);
        Headers second = receipt(Destination.topic("h.b"));
        assertThat(first.get("epoch")).startsWith("e-").isNotEqualTo(second.get("epoch"));
        assertThat(second.get("epoch")).startsWith("e-");
    }

    private Headers receipt(Destination topic) {
        Headers receipt = said(subscribe(new TestSubscription(peer(), "0", topic), ReplayRequest.NONE));
        settle();
        return receipt;
    }

    @Test
    void topicsThatAllClientsShareAreFoundByTheBeginningOfTheirNamesInOrder() {
        topics(
                TopicRule.of("/topic/#").retainLast(),
                TopicRule.of("/user/topic/#").retainLast());
        assertThat(kept().hasShared()).isFalse();
        publish(new Destination(Destination.Kind.TOPIC, new Destination.User("bob"), "topic/a.a"), message("1"));
        assertThat(kept().hasShared()).isFalse();
        for (String name : List.of("a.c", "a.b", "b", "a")) {
            publish(Destination.topic(name), message("1"));
        }
        assertThat(kept().hasShared()).isTrue();
        assertThat(kept().count()).isEqualTo(5);
        assertThat(names("", "")).containsExactly("a", "a.b", "a.c", "b");
        assertThat(names("a.", "")).containsExactly("a.b", "a.c");
        assertThat(names("a.", "a.b")).containsExactly("a.c");
        assertThat(names("a.", "a.c")).isEmpty();
        assertThat(names("", "a.b")).containsExactly("a.c", "b");
        topics.clear();
        assertThat(kept().hasShared()).isFalse();
        assertThat(kept().count()).isZero();
    }

    private List<String> names(String prefix, String after) {
        List<String> names = new ArrayList<>();
        kept().beginningWith(prefix, after)
                .forEachRemaining(topic -> names.add(topic.destination().name()));
        return names;
    }
}
