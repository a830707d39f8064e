package io.fanfare.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.ProtocolException;
import io.fanfare.message.Destination;
import io.fanfare.message.TopicName;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which loops have subscriptions to patterns, as topics ask for it. */
class PatternIndexTest extends TopicFixture {

    private static final int BROUGHT_UP = 10_000;

    private final PatternIndex index = new PatternIndex();
    private final TopicLoop one = new TopicLoop(brokerLoop, topics, memory, (before, after) -> null);
    private final TopicLoop two = new TopicLoop(otherBrokerLoop, topics, memory, (before, after) -> null);

    /** A subscription of one that has no other. */
    private long add(String pattern, TopicLoop its) {
        return index.add(TopicName.splitPattern(pattern), its, pattern);
    }

    private void remove(String pattern, TopicLoop its) {
        index.remove(TopicName.splitPattern(pattern), its, pattern);
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

    /** The words of a name, which counts how often one of them is looked at: once at each place that a search comes to. */
    private static final class Looked extends AbstractList<String> {

        private final List<String> words;
        int looks;

        Looked(String name) {
            words = TopicName.split(name);
        }

        @Override
        public String get(int index) {
            looks++;
            return words.get(index);
        }

        @Override
        public int size() {
            return words.size();
        }
    }

    /** A pattern of 16 words: in each place its bit says whether {@code *} stands there, and otherwise the name's word. */
    private static String crossing(int bits) {
        return IntStream.range(0, 16)
                .mapToObj(i -> (bits & (1 << i)) == 0 ? "w" + i : "*")
                .collect(Collectors.joining("."));
    }

    @Test
    void aNameIsFoundInSomeHundredStepsWhateverPatternsThereAre() {
        int refused = 0;
        for (int bits = 0; bits < 1 << 16; bits++) {
            try {
                add(crossing(bits), one);
            } catch (ProtocolException e) {
                refused++;
            }
        }
        int[] found = new int[1];
        Looked name = new Looked(crossing(0));
        index.find(name, entry -> found[0]++);
        assertThat(found[0]).isEqualTo((1 << 16) - refused);
        assertThat(name.looks).isLessThan(1_200);
    }

    @Test
    void patternsWhoseWildcardsStandAlikeAreOneOfThe32AndThoseWithTwoAreNone() {
        for (int i = 0; i < 32; i++) {
            add(crossing(7 << 5 | i), one);
        }
        String other = crossing(7 << 5).replace("w0", "other");
        add(other, two);
        add(crossing(3), one);
        add(crossing(3 << 5), two);
        assertThatThrownBy(() -> add(crossing(7 << 6 | 1), one))
                .isInstanceOfSatisfying(ProtocolException.class, refusal -> {
                    assertThat(refusal.summary()).isEqualTo("too many patterns");
                    assertThat(refusal.closeCode()).isEqualTo(CloseCode.OVERLOAD);
                })
                .hasMessageContaining("32 arrangements");
        // what has not been added ends nothing
        remove(crossing(7 << 6 | 1), one);
        remove(crossing(7 << 5), two);
        assertThatThrownBy(() -> add(crossing(7 << 6 | 1), one)).isInstanceOf(ProtocolException.class);
        remove(crossing(7 << 5), one);
        assertThatThrownBy(() -> add(crossing(7 << 6 | 1), one)).isInstanceOf(ProtocolException.class);
        remove(other, two);
        add(crossing(7 << 6 | 1), one);
    }

    private void addFor(String owner, int arrangement) {
        index.add(TopicName.splitPattern(crossing(7 << 5 | arrangement)), one, owner);
    }

    private void removeFor(String owner, int arrangement) {
        index.remove(TopicName.splitPattern(crossing(7 << 5 | arrangement)), one, owner);
    }

    @Test
    void oneOwnerHasAQuarterOfTheArrangementsWhoeverElseHasThem() {
        for (int i = 0; i < 8; i++) {
            addFor("alice", i);
            addFor("bob", i);
        }
        assertThatThrownBy(() -> addFor("alice", 8))
                .isInstanceOfSatisfying(
                        ProtocolException.class,
                        refusal -> assertThat(refusal.closeCode()).isEqualTo(CloseCode.OVERLOAD))
                .hasMessageContaining("this user, or address, have 8 arrangements of three or more *")
                .hasMessageContaining("its limit is 8");
        addFor("alice", 0);
        addFor("carol", 8);
        assertThatThrownBy(() -> addFor("bob", 8)).as("one that is there").isInstanceOf(ProtocolException.class);
    }

    @Test
    void theFirstThatLeavesAnArrangementLeavesTheOthersTheirs() {
        for (int i = 0; i < 8; i++) {
            addFor("alice", i);
            addFor("alice", i);
            addFor("bob", i);
        }
        removeFor("alice", 0);
        assertThatThrownBy(() -> addFor("alice", 8)).as("she has it still").isInstanceOf(ProtocolException.class);
        removeFor("alice", 0);
        addFor("alice", 8);
        assertThatThrownBy(() -> addFor("bob", 9)).isInstanceOf(ProtocolException.class);
        removeFor("bob", 0);
        addFor("bob", 9);
        int[] found = new int[1];
        index.find(TopicName.split(crossing(0)), entry -> found[0] += entry.count());
        assertThat(found[0]).isEqualTo(7 * 3 + 2);
    }
}
