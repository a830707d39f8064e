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
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Delays publishers without a connection (HTTP, the embedding program) when a connection would not be read from: while messages of the same topic wait until
 * subscribers have room, or too much is under way to all. Any thread may call.
 */
final class PublisherWait {

    /** How long one waits that is refused then. */
    private static final Duration SHORT = Duration.ofMillis(100);

    /** When to look again whether memory has room: nothing tells how much is under way to sockets and other nodes. */
    private static final Duration MEMORY_WAIT = Duration.ofMillis(20);

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
        boolean hasRoom;
        try {
            hasRoom = hasRoomWithin(Objects.requireNonNullElse(longest, SHORT).toNanos(), targets);
        } catch (InterruptedException e) {
            // one that is interrupted waits no longer
            Thread.currentThread().interrupt();
            hasRoom = false;
        }
        if (!hasRoom && (longest == null || !memory.hasRoom())) {
            throw new ProtocolException(
                    "publish later",
                    "subscribers have yet to take what was published before (max_outbox_bytes, high_memory_bytes)",
                    CloseCode.OVERLOAD);
        }
    }

    private boolean hasRoomWithin(long nanos, List<Target> targets) throws InterruptedException {
        long start = System.nanoTime();
        while (true) {
            boolean isHigh = !memory.hasRoom();
            CountDownLatch relief = isHigh ? null : relief(targets);
            if (!isHigh && relief == null) {
                return true;
            }
            long left = nanos - (System.nanoTime() - start);
            if (left <= 0 || memory.loops().isCurrent()) {
                return false;
            }
            if (relief == null) {
                TimeUnit.NANOSECONDS.sleep(Math.min(left, MEMORY_WAIT.toNanos()));
            } else {
                relief.await(left, TimeUnit.NANOSECONDS);
            }
        }
    }

    /** What is counted down when messages of one of the topics wait no longer; null: none wait. */
    private @Nullable CountDownLatch relief(List<Target> targets) {
        return targets.stream()
                .map(target -> topics.get(target.destination()).flatMap(Topic::relief))
                .flatMap(Optional::stream)
                .findFirst()
                .orElse(null);
    }
}
