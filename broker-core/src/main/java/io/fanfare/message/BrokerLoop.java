package io.fanfare.message;

import io.fanfare.frame.FrameEncoder;
import io.fanfare.loop.EventLoop;
import io.fanfare.topic.PatternTrie;
import io.fanfare.topic.TopicMember;
import java.util.IdentityHashMap;
import java.util.Map;

/** What one loop keeps for the broker: its subscriptions to patterns, and its encoders. Owned by that loop. */
public final class BrokerLoop {

    private final EventLoop loop;
    private final PatternTrie<TopicMember> patterns = new PatternTrie<>();

    /** How many patterns have been asked for here so far; written by this loop, read by those who publish. */
    private volatile long patternsSoFar;

    /** For each member by pattern, which of them was its first. */
    private final Map<TopicMember, Long> firstPatterns = new IdentityHashMap<>(0);

    private final FrameEncoder frames = new FrameEncoder();
    private final MessageEncoder messages;

    public BrokerLoop(EventLoop loop, String messageIdPrefix) {
        this.loop = loop;
        this.messages = new MessageEncoder(loop.buffer(), messageIdPrefix);
    }

    public EventLoop loop() {
        return loop;
    }

    /** This loop's members of topics that are named by patterns. */
    public PatternTrie<TopicMember> patterns() {
        return patterns;
    }

    public long patternsSoFar() {
        return patternsSoFar;
    }

    /** A member is about to ask for a pattern. */
    public void expectPattern(TopicMember member) {
        long next = patternsSoFar + 1;
        patternsSoFar = next;
        firstPatterns.putIfAbsent(member, next);
    }

    public void forgetPatterns(TopicMember member) {
        firstPatterns.remove(member);
    }

    /** Whether a member's first pattern was there when there had been so many. */
    public boolean isAmong(long patterns, TopicMember member) {
        return firstPatterns.getOrDefault(member, 0L) <= patterns;
    }

    /** For frames that only one connection gets. */
    public FrameEncoder frames() {
        return frames;
    }

    public MessageEncoder messages() {
        return messages;
    }
}
