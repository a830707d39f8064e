package io.fanfare.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.message.Destination;
import io.fanfare.message.TopicName;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which loops have subscriptions to patterns, as topics ask for it. */
class PatternIndexTest extends TopicFixture {

    private static final int BROUGHT_UP = 10_000;

    private final PatternIndex index = new PatternIndex();
    private final TopicLoop one = new TopicLoop(brokerLoop, topics, memory, (before, after) -> null);
    private final TopicLoop two = new TopicLoop(otherBrokerLoop, topics, memory, (before, after) -> null);

    private long add(String pattern, TopicLoop its) {
        return index.add(TopicName.splitPattern(pattern), its);
    }

    private void remove(String pattern, TopicLoop its) {
        index.remove(TopicName.splitPattern(pattern), its);
    }

    @Test
    void eachChangeHasANumberByWhichTopicsSeeIt() {
        long none = index.version();
        long first = add("a.*", one);
        assertThat(first).isGreaterThan(none).isEqualTo(index.version());
        long second = add("a.#", two);
        assertThat(second).isGreaterThan(first).isEqualTo(index.version());
        List<String> found = new ArrayList<>();
        long known = index.find(
                TopicName.split("a.b"),
                entry -> found.add((entry.value() == one ? "one" : "two") + " " + entry.last()));
        assertThat(known).isEqualTo(second);
        assertThat(found).containsExactlyInAnyOrder("one " + first, "two " + second);
        remove("a.*", one);
        assertThat(index.version()).isGreaterThan(second);
    }

    @Test
    void subscriptionsOfAllLoopsCount() {
        assertThat(index.count(TOPIC)).isZero();
        assertThat(index.matches(TOPIC)).isFalse();
        add("a.*", one);
        add("a.*", one);
        add("#", two);
        add("b.*", two);
        assertThat(index.count(TOPIC)).isEqualTo(3);
        assertThat(index.matches(TOPIC)).isTrue();
        remove("a.*", one);
        assertThat(index.count(TOPIC)).isEqualTo(2);
        remove("a.*", one);
        remove("#", two);
        assertThat(index.count(TOPIC)).isZero();
        assertThat(index.matches(TOPIC)).isFalse();
        assertThat(index.count(Destination.topic("b.c"))).isEqualTo(1);
        remove("b.*", two);
        assertThat(index.count(Destination.topic("b.c"))).isZero();
        add("b.*", one);
        assertThat(index.count(Destination.topic("b.c"))).isEqualTo(1);
    }

    @Test
    void aPatternMatchesNoTopicThatIsNotShared() {
        add("#", one);
        Destination mine = new Destination(Destination.Kind.TOPIC, new Destination.User("alice"), "a.b");
        assertThat(index.count(mine)).isZero();
        assertThat(index.matches(mine)).isFalse();
    }

    @Test
    void ofTopicsThatPatternsAloneBroughtUpTheOldestGoWhenThereAreTooMany() {
        List<Topic> all = new ArrayList<>();
        for (int i = 0; i < BROUGHT_UP + 2; i++) {
            all.add(topics.byDestination().getOrCreate(Destination.topic("t" + i)));
        }
        for (int i = 0; i < BROUGHT_UP; i++) {
            assertThat(index.broughtUp(all.get(i))).isNull();
        }
        assertThat(index.broughtUp(all.get(BROUGHT_UP))).isSameAs(all.get(0));
        assertThat(index.broughtUp(all.get(BROUGHT_UP + 1))).isSameAs(all.get(1));
    }
}
