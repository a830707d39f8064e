package io.fanfare.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.message.TopicName;
import io.fanfare.testing.AllocationMeter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which patterns a name matches, how often each has been added, and what is left when all have gone. */
class PatternTrieTest {

    private final PatternTrie<String> trie = new PatternTrie<>();
    private long number;

    private void add(String pattern, String value) {
        trie.add(TopicName.splitPattern(pattern), value, ++number);
    }

    private boolean remove(String pattern, String value) {
        return trie.remove(TopicName.splitPattern(pattern), value);
    }

    /** What a name matches: {@code VALUE x COUNT}. */
    private List<String> found(String name) {
        List<String> all = new ArrayList<>();
        trie.match(TopicName.split(name), entry -> all.add(entry.value() + "x" + entry.count()));
        return all;
    }

    @ParameterizedTest(name = "{0} matches {1}")
    @CsvSource({
        "#, a",
        "#, a.b/c",
        "*, a",
        "a, a",
        "a.b, a.b",
        "a.#, a",
        "a/#, a",
        "a/#, a/b.c",
        "a.*, a.b",
        "a/*, a/b",
        "*.b, a.b",
        "a.*.#, a.b",
        "a.*/#, a.b",
        "a.*.#, a.b.c",
        "a.b.#, a.b",
    })
    void aPatternMatches(String pattern, String name) {
        add("x", "another");
        add(pattern, "v");
        assertThat(found(name)).containsExactly("vx1");
    }

    @ParameterizedTest(name = "{0} does not match {1}")
    @CsvSource({
        "*, a.b",
        "a, a.b",
        "a.b, a",
        "a.b, a/b",
        "a.*, a",
        "a.*, a/b",
        "a.*, a.b.c",
        "a.#, a/b",
        "a/#, a.b",
        "a.#, ab",
        "a.#, b",
        "*.b, a.c",
        "a.*.#, a",
        "a.b.#, a.c",
    })
    void aPatternDoesNotMatch(String pattern, String name) {
        add(pattern, "v");
        assertThat(found(name)).isEmpty();
    }

    @Test
    void theRestIsAlsoTheWholeOfNothing() {
        add("#", "v");
        assertThat(trieMatches(List.of())).containsExactly("v");
    }

    private List<String> trieMatches(List<String> name) {
        List<String> all = new ArrayList<>();
        trie.match(name, entry -> all.add(entry.value()));
        return all;
    }

    @Test
    void allPatternsThatANameMatchesAreFoundOnceEach() {
        for (String pattern : List.of("#", "a.#", "a.*", "*.b", "*.*", "a.b", "a.b.#", "a.b/#")) {
            add(pattern, pattern);
        }
        assertThat(found("a.b"))
                .containsExactlyInAnyOrder("#x1", "a.#x1", "a.*x1", "*.bx1", "*.*x1", "a.bx1", "a.b.#x1", "a.b/#x1");
    }

    @Test
    void aValueIsThereUntilItHasBeenRemovedAsOftenAsItWasAdded() {
        add("a.*", "v");
        add("a.*", "w");
        add("a.*", "v");
        List<String> numbers = new ArrayList<>();
        trie.match(
                TopicName.split("a.b"),
                entry -> numbers.add(entry.value() + " " + entry.first() + " to " + entry.last()));
        assertThat(numbers).containsExactly("v 1 to 3", "w 2 to 2");
        assertThat(found("a.b")).containsExactly("vx2", "wx1");
        assertThat(remove("a.*", "v")).isTrue();
        assertThat(found("a.b")).containsExactly("vx1", "wx1");
        assertThat(remove("a.*", "v")).isTrue();
        assertThat(found("a.b")).containsExactly("wx1");
        assertThat(remove("a.*", "v")).isFalse();
        assertThat(trie.isEmpty()).isFalse();
        assertThat(remove("a.*", "w")).isTrue();
        assertThat(trie.isEmpty()).isTrue();
    }

    @Test
    void whatIsNotThereIsNotRemovedAndTakesNothingAway() {
        add("a.b", "v");
        assertThat(remove("a.b", "w")).isFalse();
        assertThat(remove("a.c", "v")).isFalse();
        assertThat(remove("a", "v")).isFalse();
        assertThat(remove("a.b.c", "v")).isFalse();
        assertThat(found("a.b")).containsExactly("vx1");
    }

    @Test
    void patternsThatBeginAlikeEndAlone() {
        add("a.b.c", "long");
        add("a.b", "short");
        add("a.b.d", "other");
        assertThat(remove("a.b.c", "long")).isTrue();
        assertThat(found("a.b.c")).isEmpty();
        assertThat(found("a.b")).containsExactly("shortx1");
        assertThat(remove("a.b", "short")).isTrue();
        assertThat(found("a.b")).isEmpty();
        assertThat(found("a.b.d")).containsExactly("otherx1");
        assertThat(remove("a.b.d", "other")).isTrue();
        assertThat(trie.isEmpty()).isTrue();
    }

    @Test
    void aLookForPatternsAllocatesNothing() {
        List.of("a.*", "a/#", "#", "a.b.#", "*.b").forEach(pattern -> add(pattern, pattern));
        List<String> name = TopicName.split("a.b");
        int[] matches = new int[1];
        Consumer<PatternTrie.Entry<String>> count = entry -> matches[0]++;
        trie.match(name, count);
        AllocationMeter meter = new AllocationMeter();
        long before = meter.bytes();
        for (int i = 0; i < 1_000; i++) {
            trie.match(name, count);
        }
        assertThat(meter.bytes() - before).as("bytes").isLessThan(10_000);
        assertThat(matches[0]).isEqualTo(1_001 * 4);
    }
}
