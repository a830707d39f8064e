package io.fanfare.topic;

import io.fanfare.loop.EventLoop;
import io.fanfare.message.BrokerLoop;
import io.fanfare.message.TopicMember;
import java.util.IdentityHashMap;
import java.util.Map;

/** One loop's members of topics that patterns name. Owned by that loop. */
final class TopicLoop {

    private final BrokerLoop brokerLoop;
    private final PatternTrie<TopicMember> patterns = new PatternTrie<>();

    /** How many patterns have been asked for here so far; written by this loop, read by publishers. */
    private volatile long patternsSoFar;

    /** For each member by pattern, which of them was its first. */
    private final Map<TopicMember, Long> firstPatterns = new IdentityHashMap<>(0);

    TopicLoop(BrokerLoop brokerLoop) {
        this.brokerLoop = brokerLoop;
    }

    BrokerLoop brokerLoop() {
        return brokerLoop;
    }

    EventLoop loop() {
        return brokerLoop.loop();
    }

    PatternTrie<TopicMember> patterns() {
        return patterns;
    }

    long patternsSoFar() {
        return patternsSoFar;
    }

    /** A member is about to ask for a pattern. */
    void expectPattern(TopicMember member) {
        assert loop().isCurrent();
        long next = patternsSoFar + 1;
        patternsSoFar = next;
        firstPatterns.putIfAbsent(member, next);
    }

    void forgetPatterns(TopicMember member) {
        assert loop().isCurrent();
        firstPatterns.remove(member);
    }

    /** Whether a member's first pattern was there when there had been so many. */
    boolean isAmong(long count, TopicMember member) {
        return firstPatterns.getOrDefault(member, 0L) <= count;
    }
}
