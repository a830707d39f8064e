package io.fanfare.broker;

import io.fanfare.frame.FrameEncoder;

/** What one loop keeps for the broker: its subscriptions to patterns, and its encoders. Owned by that loop. */
final class LoopState {

    private final EventLoop loop;
    private final PatternTrie<TopicMember> patterns = new PatternTrie<>();
    private final FrameEncoder frames = new FrameEncoder();
    private final MessageEncoder messages;

    LoopState(EventLoop loop, String messageIdPrefix) {
        this.loop = loop;
        this.messages = new MessageEncoder(loop.buffer(), messageIdPrefix);
    }

    EventLoop loop() {
        return loop;
    }

    /** This loop's members of topics that are named by patterns. */
    PatternTrie<TopicMember> patterns() {
        return patterns;
    }

    /** For frames that only one connection gets. */
    FrameEncoder frames() {
        return frames;
    }

    MessageEncoder messages() {
        return messages;
    }
}
