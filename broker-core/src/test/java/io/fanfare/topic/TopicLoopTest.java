package io.fanfare.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.loop.LongJobs;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.TopicName;
import io.fanfare.topic.backlog.DeliveryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** One loop's members by pattern, and what it keeps of topics that come and go. */
class TopicLoopTest extends TopicFixture {

    /** Members by pattern that a loop remembers in the order in which they came. */
    private static final int RECENT = 256;

    private static final Destination ALL = Destination.pattern("a.*");
    private static final DeliveryPolicy ONE_A_SECOND =
            new DeliveryPolicy(DeliveryPolicy.Overflow.CONFLATE, Integer.MAX_VALUE, 1, "*", false);

    private final PatternIndex index = new PatternIndex();
    private final TopicLoop state = new TopicLoop(brokerLoop, topics, memory, (before, after) -> null);

    private TestFeed add(String pattern) {
        TestFeed feed = new TestFeed();
        loop.run(() -> state.addPattern(TopicName.splitPattern(pattern), feed, index));
        return feed;
    }

    private List<Object> members(String name, long after, long upTo) {
        List<Object> found = new ArrayList<>();
        loop.run(() -> state.members(TopicName.split(name), after, upTo, found::add));
        return found;
    }

    private Fanout acquire(Destination topic) {
        return state.acquire(topic, TopicName.split(topic.name()));
    }

    private boolean isKnown(Destination topic) {
        boolean[] known = new boolean[1];
        loop.run(() -> known[0] = state.fanout(topic) != null);
        return known[0];
    }

    @Test
    void membersByPatternAreFoundByTheChangesInWhichTheyCame() {
        List<TestFeed> all =
                IntStream.range(0, 5).mapToObj(i -> add(i == 2 ? "b.*" : "a.*")).toList();
        assertThat(members("a.b", 0, 5)).containsExactlyInAnyOrder(all.get(0), all.get(1), all.get(3), all.get(4));
        assertThat(members("b.b", 0, 5)).containsExactly(all.get(2));
        assertThat(members("a.b", 1, 4)).containsExactlyInAnyOrder(all.get(1), all.get(3));
        assertThat(members("a.b", 4, 5)).containsExactly(all.get(4));
        assertThat(members("a.b", 5, 5)).isEmpty();
    }

    @Test
    void membersByPatternAreFoundAlsoWhenManyHaveComeSince() {
        int many = 2 * RECENT;
        List<TestFeed> all = IntStream.range(0, many).mapToObj(i -> add("a.*")).toList();
        assertThat(members("a.b", 0, many)).hasSize(many);
        for (int after : new int[] {0, 1, RECENT - 1, RECENT, RECENT + 1, many - 1}) {
            assertThat(members("a.b", after, many))
                    .as("after %d", after)
                    .containsExactlyInAnyOrderElementsOf(all.subList(after, many));
            assertThat(members("a.b", after, many - 1))
                    .as("after %d, without the last", after)
                    .containsExactlyInAnyOrderElementsOf(all.subList(after, many - 1));
        }
        assertThat(members("b.b", 0, many)).isEmpty();
    }

    @Test
    void aMemberThatHasEndedItsPatternIsFoundNoMore() {
        TestFeed one = add("a.*");
        TestFeed two = add("a.*");
        long before = state.endings();
        one.end();
        loop.run(() -> {
            state.removePattern(TopicName.splitPattern("a.*"), one, index);
            state.removePattern(TopicName.splitPattern("b.*"), two, index);
        });
        assertThat(state.endings()).isEqualTo(before + 1);
        assertThat(members("a.b", 0, 2)).containsExactly(two);
        assertThat(index.count(TOPIC)).isEqualTo(1);
        settle();
    }

    @Test
    void aMemberOfSeveralPatternsEndsOneAtATime() {
        TestFeed one = new TestFeed();
        loop.run(() -> {
            state.addPattern(TopicName.splitPattern("a.*"), one, index);
            state.addPattern(TopicName.splitPattern("#"), one, index);
            state.removePattern(TopicName.splitPattern("#"), one, index);
        });
        assertThat(members("a.b", 0, 2)).containsExactly(one);
        settle();
    }

    @Test
    void aShareIsThereAsLongAsATopicUsesIt() {
        Fanout one = acquire(TOPIC);
        assertThat(acquire(TOPIC)).as("a topic that follows").isSameAs(one);
        loop.run(() -> state.release(one));
        assertThat(isKnown(TOPIC)).isTrue();
        assertThat(acquire(TOPIC)).isSameAs(one);
        loop.run(() -> {
            state.release(one);
            state.release(one);
        });
        assertThat(isKnown(TOPIC)).isFalse();
        assertThat(state.lingering()).isEmpty();
        assertThat(acquire(TOPIC)).isNotSameAs(one);
    }

    @Test
    void aShareInWhichSomethingWaitsOutlivesItsTopicAndGoesWhenItHasGoneOut() {
        TestSubscription bob = subscribe(new TestSubscription(peer(), "0", ALL).with(ONE_A_SECOND));
        TestSubscription keeper = subscribed(TOPIC);
        publishNow("1");
        publishNow("2");
        unsubscribe(keeper);
        settle();
        assertThat(topics.count()).as("no name holds it").isZero();
        assertThat(bob.peer().bodies()).containsExactly("1");
        publishNow("3");
        pass(Duration.ofMillis(500));
        assertThat(bob.peer().bodies()).as("a topic that comes back goes on").isEmpty();
        pass(Duration.ofSeconds(3));
        assertThat(bob.peer().bodies()).containsExactly("3");
        assertThat(memory.bytes()).isZero();
        unsubscribe(bob);
        settle();
        assertThat(topics.count()).isZero();
    }

    @Test
    void theSharesOfATopicGoWithTheirMembersOrWithTheTopic() {
        Fanout.Shares shares = new Fanout.Shares(TOPIC, TopicName.split(TOPIC.name()));
        shares.of(state).named++;
        shares.removeLeft();
        settle();
        assertThat(isKnown(TOPIC)).isTrue();
        shares.of(state).named--;
        shares.removeLeft();
        assertThat(shares.isEmpty()).isTrue();
        settle();
        assertThat(isKnown(TOPIC)).isFalse();
        shares.of(state);
        assertThat(isKnown(TOPIC)).isTrue();
        shares.clear();
        settle();
        assertThat(isKnown(TOPIC)).isFalse();
    }

    @Test
    void aShareGoesByItselfWhenWhatWaitedInItHasGoneOut() {
        Fanout share = acquire(TOPIC);
        TestSubscription bob = new TestSubscription(peer(), "0", TOPIC).with(ONE_A_SECOND);
        TestSubscription plain = new TestSubscription(peer(), "1", TOPIC);
        loop.run(() -> {
            share.add(plain, 0);
            share.add(bob, 0);
        });
        for (int i = 1; i <= 2; i++) {
            Message message = message("" + i);
            message.place(1, i);
            loop.post(share, message, 0);
        }
        share.postTopicGone();
        settle();
        assertThat(bob.peer().bodies()).containsExactly("1");
        assertThat(isKnown(TOPIC)).isTrue();
        assertThat(state.lingering()).containsExactly(TOPIC);
        pass(Duration.ofMillis(1_100));
        assertThat(bob.peer().bodies()).containsExactly("2");
        assertThat(isKnown(TOPIC)).as("the next one would have to wait").isTrue();
        pass(Duration.ofMillis(1_100));
        assertThat(isKnown(TOPIC)).isFalse();
        assertThat(state.lingering()).isEmpty();
        assertThat(plain.peer().bodies()).containsExactly("1", "2");
    }

    @Test
    void whatWaitsInATopicThatHasGoneIsThrownAwayWithItsLastMember() {
        TestSubscription bob = subscribe(new TestSubscription(peer(), "0", ALL).with(ONE_A_SECOND));
        TestSubscription keeper = subscribed(TOPIC);
        publishNow("1");
        publishNow("2");
        unsubscribe(keeper);
        settle();
        assertThat(memory.bytes()).isPositive();
        unsubscribe(bob);
        settle();
        assertThat(memory.bytes())
                .as("a look at topics that have gone finds it")
                .isZero();
        assertThat(loop.nanosToTimer()).isEqualTo(Duration.ofDays(1).toNanos());
    }

    @Test
    void theTopicsOfAPatternThatHasEndedGoAndOthersStay() {
        TestSubscription bob = subscribed(ALL);
        TestSubscription carol = subscribed(Destination.pattern("b.*"));
        TestSubscription named = subscribed(Destination.topic("a.named"));
        for (String name : List.of("a.1", "a.2", "a.named", "b.1", "aa")) {
            publish(Destination.topic(name), message(name));
        }
        settle();
        assertThat(topics.count()).isEqualTo(4);
        unsubscribe(bob);
        settle();
        assertThat(topics.all().map(topic -> topic.destination().name())).containsExactlyInAnyOrder("a.named", "b.1");
        assertThat(bob.peer().bodies()).containsExactly("a.1", "a.2", "a.named");
        publish(Destination.topic("a.named"), message("more"));
        settle();
        assertThat(bob.peer().bodies()).isEmpty();
        assertThat(named.peer().bodies()).containsExactly("a.named", "more");
        unsubscribe(carol);
        unsubscribe(named);
        settle();
        assertThat(topics.count()).isZero();
    }

    @Test
    void aPatternThatEndsHasNoOtherTopicsLookedThrough() {
        TestSubscription keeper = subscribed(Destination.pattern("b.*"));
        TestSubscription bob = subscribed(ALL);
        IntStream.range(0, 3_000).forEach(i -> publish(Destination.topic("b." + i), message("")));
        publishNow("1");
        unsubscribe(bob);
        int turns = 0;
        for (; loop.isWaitedFor(); turns++) {
            loop.takeTurn();
        }
        assertThat(turns).isLessThan(3);
        assertThat(topics.count()).isEqualTo(3_000);
        unsubscribe(keeper);
        settle();
        assertThat(topics.count()).isZero();
    }

    @Test
    void manyPatternsThatEndTogetherLookThroughTheTopicsOnce() {
        int patterns = 40;
        int many = 3_000;
        TestSubscription keeper = subscribed(Destination.pattern("#"));
        List<TestSubscription> ending = new ArrayList<>();
        for (int i = 0; i < patterns; i++) {
            ending.add(subscribed(Destination.pattern("t" + i + ".*")));
        }
        IntStream.range(0, many).forEach(i -> publish(Destination.topic("t" + i % patterns + "." + i), message("")));
        settle();
        ending.forEach(this::unsubscribe);
        int turns = 0;
        for (; loop.isWaitedFor(); turns++) {
            loop.takeTurn();
        }
        assertThat(turns).isBetween(many / LongJobs.STEPS_PER_TURN, 2 * many / LongJobs.STEPS_PER_TURN);
        assertThat(topics.count()).as("another pattern matches them").isEqualTo(many);
        unsubscribe(keeper);
        settle();
        assertThat(topics.count()).isZero();
    }
}
