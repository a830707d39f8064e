package io.fanfare.message;

import io.fanfare.frame.FrameEncoder;
import io.fanfare.frame.FrameParts;
import io.fanfare.loop.EventLoop;

/** An event loop with the encoders that the broker keeps for it. Only that loop may use them. */
public final class BrokerLoop {

    private final EventLoop loop;
    private final FrameEncoder frames = new FrameEncoder();
    private final FrameParts.Spare frameParts = new FrameParts.Spare();
    private final MessageEncoder messages;

    public BrokerLoop(EventLoop loop, String messageIdPrefix) {
        this.loop = loop;
        this.messages = new MessageEncoder(loop.buffer(), messageIdPrefix);
    }

    public EventLoop loop() {
        return loop;
    }

    /** Whether the caller is the loop's thread. */
    public boolean isCurrent() {
        return loop.isCurrent();
    }

    /** What frames are decoded with. */
    public FrameParts.Spare frameParts() {
        return frameParts;
    }

    /** Encodes frames that only one connection gets. */
    public FrameEncoder frames() {
        return frames;
    }

    public MessageEncoder messages() {
        return messages;
    }
}
