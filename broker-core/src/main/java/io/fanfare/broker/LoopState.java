package io.fanfare.broker;

import io.fanfare.frame.FrameEncoder;
import java.util.HashMap;
import java.util.Map;

/** What one loop keeps for the broker: its share of every topic, and its encoders. Owned by that loop. */
final class LoopState {

    private final EventLoop loop;
    private final Map<Topic, Fanout> fanouts = new HashMap<>();
    private final FrameEncoder frames = new FrameEncoder();
    private final MessageEncoder messages;

    LoopState(EventLoop loop, String messageIdPrefix) {
        this.loop = loop;
        this.messages = new MessageEncoder(loop.buffer(), messageIdPrefix);
    }

    EventLoop loop() {
        return loop;
    }

    /** For frames that only one connection gets. */
    FrameEncoder frames() {
        return frames;
    }

    MessageEncoder messages() {
        return messages;
    }

    /** This loop's subscribers of the topic. */
    Fanout fanout(Topic topic) {
        return fanouts.computeIfAbsent(topic, t -> new Fanout(this));
    }

    void forget(Topic topic) {
        fanouts.remove(topic);
    }
}
