package io.fanfare.publish;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.Memory;
import io.fanfare.message.Target;
import io.fanfare.topic.Topic;
import io.fanfare.topic.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Has those publish later that are no connection, when a connection would not be read from: while messages of the same topic wait until
 * subscribers have room, or too much is under way to all. Any thread may call.
 */
final class PublisherWait {

    /** How long one waits that is refused then. */
    private static final Duration SHORT = Duration.ofMillis(100);

    private static final long LOOK_NANOS = 1_000_000;

    private final Topics topics;
    private final Memory memory;

    PublisherWait(Topics topics, Memory memory) {
        this.topics = topics;
        this.memory = memory;
    }

    /**
     * Waits for room, on an event loop not at all.
     *
     * @param longest after which the message is taken all the same, unless memory is high; null: it is refused soon
     * @throws ProtocolException when there is no room, and the message must not come in
     */
    void await(List<Target> targets, @Nullable Duration longest) {
        if (hasRoom(targets)) {
            return;
        }
        long start = System.nanoTime();
        long nanos = Objects.requireNonNullElse(longest, SHORT).toNanos();
        // one that is interrupted waits no longer
        while (!memory.loops().isCurrent()
                && !Thread.currentThread().isInterrupted()
                && System.nanoTime() - start < nanos) {
            LockSupport.parkNanos(this, LOOK_NANOS);
            if (hasRoom(targets)) {
                return;
            }
        }
        if (longest == null || !memory.hasRoom()) {
            throw new ProtocolException(
                    "publish later",
                    "subscribers have yet to take what was published before (max_outbox_bytes, high_memory_bytes)",
                    CloseCode.OVERLOAD);
        }
    }

    private boolean hasRoom(List<Target> targets) {
        return memory.hasRoom() && targets.stream().noneMatch(this::isHeldBack);
    }

    private boolean isHeldBack(Target target) {
        return topics.get(target.destination()).filter(Topic::isHeldBack).isPresent();
    }
}
