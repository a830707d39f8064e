package io.fanfare.publish;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Limits;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.Loops;
import io.fanfare.loop.Memory;
import io.fanfare.loop.MonotonicClock;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.Outcome;
import io.fanfare.message.Target;
import io.fanfare.options.QueueOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * The one way in for messages, from SEND, COMMIT and embedders alike: it refuses while the broker drains or its memory is
 * full, lets expired messages go, keeps delayed ones, and hands all others to their destinations. Any thread may call.
 */
public final class Publisher {

    private static final Duration LONGEST_DELAY = Duration.ofDays(365);

    private final Destinations destinations;
    private final Memory memory;
    private final DrainMode drain;
    private final Loops loops;
    private final int maxDelayed;

    /** As many permits as there may be messages more that wait for their delay. */
    private final Semaphore delayed;

    public Publisher(Destinations destinations, Memory memory, DrainMode drain, Loops loops, QueueOptions options) {
        this.destinations = destinations;
        this.memory = memory;
        this.drain = drain;
        this.loops = loops;
        this.maxDelayed = options.maxDelayed();
        this.delayed = new Semaphore(maxDelayed);
    }

    /**
     * Makes sure that a message may come in at all.
     *
     * @throws ProtocolException when the broker drains or its memory is full
     */
    public void checkOpen() {
        drain.check();
        if (memory.isFull()) {
            throw new ProtocolException("memory alarm", memory.alarm(), CloseCode.OVERLOAD);
        }
    }

    /**
     * Publishes a message.
     *
     * @return what became of it; null when it waits for its delay
     * @throws ProtocolException when a queue has no room, or too many messages wait for their delay
     */
    public @Nullable Outcome publish(List<Target> targets, Message message) {
        if (message.isExpired(MonotonicClock.millis())) {
            destinations.counts().expired(targets.size());
            return new Outcome(targets.size(), 0, 0, targets.size());
        }
        long delay = message.properties().delay();
        if (delay == 0 && targets.size() == 1) {
            Target target = targets.get(0);
            List<Message> one = List.of(message.to(target));
            Outcome outcome = target.destination().kind() == Destination.Kind.QUEUE
                    ? destinations.queues().publish(target.destination(), one)
                    : destinations.topics().publish(target.destination(), one);
            return destinations.counted(target.destination(), 1, outcome);
        }
        Batch batch = new Batch();
        batch.add(targets, message);
        return commit(Map.of(delay, batch));
    }

    /**
     * Publishes all of these, or nothing.
     *
     * @param batches by their delay in milliseconds
     * @return what became of those without a delay; null when there are none
     * @throws ProtocolException when a queue has no room, or too many messages wait for their delay
     */
    public @Nullable Outcome commit(Map<Long, Batch> batches) {
        List<Batch> reserved = new ArrayList<>(batches.size());
        try {
            for (Batch batch : batches.values()) {
                batch.reserve(destinations);
                reserved.add(batch);
            }
            reserveDelays(
                    (int) batches.keySet().stream().filter(delay -> delay > 0).count());
        } catch (ProtocolException e) {
            reserved.forEach(batch -> batch.release(destinations));
            throw e;
        }
        Outcome outcome = null;
        for (Map.Entry<Long, Batch> each : batches.entrySet()) {
            if (each.getKey() > 0) {
                delay(each.getValue(), each.getKey());
            } else {
                outcome = each.getValue().publish(destinations);
            }
        }
        return outcome;
    }

    private void reserveDelays(int batches) {
        if (batches > 0 && !delayed.tryAcquire(batches)) {
            throw new ProtocolException(
                    "too many delayed messages",
                    Limits.exceeded(
                            "%,d messages wait for their delay",
                            maxDelayed - delayed.availablePermits(), maxDelayed, "max_delayed"));
        }
    }

    /** Publishes later what has its room already; a loop does it, whatever has become of the connection. */
    private void delay(Batch batch, long millis) {
        Duration delay = Duration.ofMillis(Math.min(millis, LONGEST_DELAY.toMillis()));
        loops.onCurrentOrAny(loop -> loop.schedule(delay, () -> {
            delayed.release();
            batch.publish(destinations);
        }));
    }
}
