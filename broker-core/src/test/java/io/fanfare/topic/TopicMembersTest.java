package io.fanfare.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.loop.Loops;
import io.fanfare.loop.Memory;
import io.fanfare.message.BrokerLoop;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.Outcome;
import io.fanfare.options.MemoryOptions;
import io.fanfare.options.TopicOptions;
import io.fanfare.options.TopicRule;
import io.fanfare.retention.Position;
import io.fanfare.retention.ReplayRequest;
import io.fanfare.retention.RetentionRules;
import io.fanfare.status.TopicStatus;
import io.fanfare.testing.LincheckMessages;
import io.fanfare.testing.RecordedLoop;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How many members a topic has, by name and by pattern, on several loops, and when it is there for none. */
class TopicMembersTest {

    private static final Destination TOPIC = Destination.topic("a.b");
    private static final Destination PATTERN = Destination.pattern("a.*");
    private static final Destination ALL = Destination.pattern("#");

    private final Topics topics = new Topics(
            new AtomicLong(),
            () -> {},
            new Memory(MemoryOptions.DEFAULT, new Loops()),
            new Loops(),
            TopicOptions.DEFAULT,
            "");
    private final BrokerLoop one = new BrokerLoop(new RecordedLoop(), "");
    private final BrokerLoop two = new BrokerLoop(new RecordedLoop(), "");

    private TestFeed added(Destination destination, BrokerLoop loop) {
        TestFeed feed = new TestFeed();
        topics.add(destination, feed, loop);
        return feed;
    }

    private void leave(Destination destination, TestFeed feed, BrokerLoop loop) {
        feed.end();
        topics.remove(destination, feed, loop);
    }

    private Outcome publish() {
        Outcome outcome = topics.publish(TOPIC, List.of(LincheckMessages.message(1)), Topics.Checks.DUE);
        turns();
        return outcome;
    }

    private void turns() {
        for (int i = 0; i < 3; i++) {
            one.loop().turn();
            two.loop().turn();
        }
    }

    private TopicStatus status() {
        return topics.get(TOPIC).orElseThrow().status();
    }

    @Test
    void membersByNameCountOneByOne() {
        TestFeed first = added(TOPIC, one);
        TestFeed second = added(TOPIC, one);
        TestFeed third = added(TOPIC, two);
        assertThat(topics.subscriberCount(TOPIC)).isEqualTo(3);
        assertThat(status().subscribers()).isEqualTo(3);
        assertThat(publish()).isEqualTo(new Outcome(3, 3, 0, 0));
        leave(TOPIC, second, one);
        assertThat(topics.subscriberCount(TOPIC)).isEqualTo(2);
        assertThat(publish().matched()).isEqualTo(2);
        leave(TOPIC, first, one);
        assertThat(publish().matched()).isEqualTo(1);
        assertThat(status().messagesIn()).isEqualTo(3);
        assertThat(status().messagesOut()).isEqualTo(6);
        leave(TOPIC, third, two);
        assertThat(topics.count()).isZero();
        assertThat(first.heard()).hasSize(2);
        assertThat(second.heard()).hasSize(1);
        assertThat(third.heard()).hasSize(3);
    }

    @Test
    void membersByPatternCountBesideThoseByName() {
        TestFeed named = added(TOPIC, one);
        TestFeed pattern = added(PATTERN, one);
        TestFeed all = added(ALL, two);
        assertThat(topics.subscriberCount(TOPIC)).isEqualTo(3);
        assertThat(publish().matched()).isEqualTo(3);
        assertThat(status().subscribers()).isEqualTo(3);
        assertThat(List.of(
                        named.heard().size(),
                        pattern.heard().size(),
                        all.heard().size()))
                .containsExactly(1, 1, 1);
        leave(PATTERN, pattern, one);
        assertThat(topics.subscriberCount(TOPIC)).isEqualTo(2);
        assertThat(publish().matched()).isEqualTo(2);
        leave(ALL, all, two);
        assertThat(publish().matched()).isEqualTo(1);
        leave(TOPIC, named, one);
        assertThat(topics.count()).isZero();
        assertThat(pattern.heard()).hasSize(1);
        assertThat(all.heard()).hasSize(2);
        assertThat(named.heard()).hasSize(3);
    }

    @Test
    void aTopicThatAPatternBroughtUpCountsAgainFromItsNextMessageOn() {
        TestFeed pattern = added(PATTERN, one);
        TestFeed named = added(TOPIC, one);
        assertThat(publish().matched()).isEqualTo(2);
        leave(TOPIC, named, one);
        assertThat(topics.count()).as("no name holds it").isZero();
        turns();
        assertThat(publish().matched()).isEqualTo(1);
        assertThat(topics.count()).isEqualTo(1);
        assertThat(pattern.heard()).hasSize(2);
        assertThat(named.heard()).hasSize(1);
        assertThat(pattern.heard())
                .extracting(Message::sequence)
                .as("places never go back")
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void aPatternThatIsAskedForTwiceCountsTwice() {
        TestFeed first = added(PATTERN, one);
        TestFeed second = added(PATTERN, one);
        assertThat(topics.subscriberCount(TOPIC)).isEqualTo(2);
        assertThat(publish().matched()).isEqualTo(2);
        leave(PATTERN, first, one);
        assertThat(topics.subscriberCount(TOPIC)).isEqualTo(1);
        assertThat(publish().matched()).isEqualTo(1);
        leave(PATTERN, second, one);
        assertThat(topics.subscriberCount(TOPIC)).isZero();
        assertThat(publish()).isEqualTo(new Outcome(0, 0, 0, 1));
        assertThat(topics.count()).isZero();
        assertThat(second.heard()).hasSize(2);
    }

    @Test
    void aPatternThatDoesNotMatchCountsNothing() {
        added(Destination.pattern("b.*"), one);
        TestFeed named = added(TOPIC, two);
        assertThat(topics.subscriberCount(TOPIC)).isEqualTo(1);
        assertThat(publish().matched()).isEqualTo(1);
        leave(TOPIC, named, two);
        assertThat(publish().matched()).isZero();
        assertThat(topics.count()).isZero();
    }

    @Test
    void aMemberThatIsNoneLeavesNothing() {
        TestFeed named = added(TOPIC, one);
        topics.remove(TOPIC, new TestFeed(), one);
        topics.remove(TOPIC, named, two);
        topics.remove(PATTERN, named, one);
        assertThat(topics.subscriberCount(TOPIC)).isEqualTo(1);
        assertThat(publish().matched()).isEqualTo(1);
        assertThat(named.heard()).hasSize(1);
    }

    @Test
    void aMemberGetsWhatIsPublishedAfterItHasJoinedAndBeforeItLeaves() {
        TestFeed early = added(TOPIC, one);
        topics.publish(TOPIC, List.of(LincheckMessages.message(1)), Topics.Checks.DUE);
        TestFeed late = added(TOPIC, one);
        TestFeed lateByPattern = added(PATTERN, one);
        topics.publish(TOPIC, List.of(LincheckMessages.message(2), LincheckMessages.message(3)), Topics.Checks.DUE);
        turns();
        assertThat(early.heard()).extracting(LincheckMessages::number).containsExactly(1, 2, 3);
        assertThat(late.heard()).extracting(LincheckMessages::number).containsExactly(2, 3);
        assertThat(lateByPattern.heard()).extracting(LincheckMessages::number).containsExactly(2, 3);
        assertThat(status().messagesIn()).isEqualTo(3);
        assertThat(status().messagesOut()).isEqualTo(7);
    }

    @Test
    void aTopicThatHasGoneTakesNothingAndSaysSo() {
        TestFeed named = added(TOPIC, one);
        added(PATTERN, two);
        assertThat(publish().matched()).isEqualTo(2);
        Topic topic = topics.get(TOPIC).orElseThrow();
        PatternIndex patterns = new PatternIndex();
        Message message = LincheckMessages.message(1);
        assertThat(topic.evict()).as("a name holds it").isFalse();
        assertThat(topic.status().subscribers()).isEqualTo(2);
        leave(TOPIC, named, one);

        assertThat(topic.evict()).isTrue();
        assertThat(topic.isUnneeded()).isTrue();
        assertThat(topic.keeps()).isFalse();
        assertThat(topic.publish(List.of(message), patterns, false)).isEqualTo(-1);
        assertThat(topic.publishAt(9, message, patterns)).isEqualTo(-1);
        assertThat(topic.clearAt(9)).isEqualTo(-1);
        assertThat(topic.check(List.of(message), topics.retained().claim())).isFalse();
        assertThat(topic.makesRoom(message)).isFalse();
        assertThat(topic.position(ReplayRequest.NONE).store()).isEqualTo(Position.Store.NOTHING);
        assertThat(topic.status().subscribers()).isZero();
        assertThat(topic.clear()).isZero();
    }

    @Test
    void theStatusOfATopicSaysHowManyMessagesItKeeps() {
        TopicRule rule = TopicRule.of("/topic/#").history(3).retainLast();
        topics.rules(new RetentionRules(List.of(rule)));
        for (int i = 0; i < 4; i++) {
            publish();
        }
        assertThat(status().history()).isEqualTo(3);
        assertThat(status().retained()).isEqualTo(1);
        topics.rules(new RetentionRules(List.of()));
        topics.clear();
        assertThat(topics.count()).isZero();
    }
}
