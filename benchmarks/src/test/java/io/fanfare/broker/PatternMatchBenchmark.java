package io.fanfare.broker;

import io.fanfare.benchmarks.Defaults;
import io.fanfare.message.TopicName;
import io.fanfare.topic.PatternTrie;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.infra.Blackhole;

/** Matches a new topic's name against many patterns, of which three match. */
public class PatternMatchBenchmark extends Defaults {

    @Param({"10", "10000"})
    int patterns;

    private final PatternTrie<String> trie = new PatternTrie<>();
    private final List<String> name = TopicName.split("prices.eur.7.ask");

    @Setup
    public void add() {
        for (String pattern : List.of("#", "prices.eur.#", "prices.*.7.ask")) {
            trie.add(TopicName.splitPattern(pattern), pattern, 1);
        }
        for (int i = 3; i < patterns; i++) {
            String pattern = i % 2 == 0 ? "prices.*." + (i + 7) + ".ask" : "prices.usd." + i + ".#";
            trie.add(TopicName.splitPattern(pattern), pattern, 1);
        }
    }

    @Benchmark
    public void match(Blackhole found) {
        trie.match(name, found::consume);
    }
}
