package io.fanfare.nats.internal.queue;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.ProtocolException;
import io.fanfare.message.Destination;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;

/** Table of the shared queues in use at this node; bounded. Any thread may call. */
final class Places {

    private final int most;
    private final Map<Destination, SharedQueueStream> queues = new ConcurrentHashMap<>();

    /** So many at most. */
    Places(int most) {
        this.most = most;
    }

    /** All of this moment. */
    Collection<SharedQueueStream> all() {
        return queues.values();
    }

    boolean has(Destination queue) {
        return queues.containsKey(queue);
    }

    /** Whether it still has its place. */
    boolean has(SharedQueueStream queue) {
        return queues.get(queue.queue()) == queue;
    }

    /**
     * The queue of this name, which is used now.
     *
     * @param maker makes it, unless it has a place
     * @throws ProtocolException when there is no place for one more
     */
    SharedQueueStream get(Destination queue, Function<Destination, SharedQueueStream> maker) {
        SharedQueueStream known = queues.get(queue);
        if (known != null) {
            known.used(System.nanoTime());
            return known;
        }
        if (queues.size() >= most) {
            throw new ProtocolException(
                    "too many shared queues",
                    "this node uses " + queues.size() + " shared queues, each a stream, and may use " + most
                            + "; one without messages counts until it has not been used for a while",
                    CloseCode.OVERLOAD);
        }
        return queues.computeIfAbsent(queue, maker);
    }

    /**
     * Takes a queue's place, for another one, unless it is used. What has found it just before goes on with it.
     *
     * @param since by {@link System#nanoTime}
     * @param isUsed whether something uses it at this moment
     */
    void release(SharedQueueStream queue, long since, Predicate<SharedQueueStream> isUsed) {
        queues.computeIfPresent(queue.queue(), (name, known) -> {
            if (known != queue || known.usedAt() - since > 0 || isUsed.test(known)) {
                return known;
            }
            known.release();
            return null;
        });
    }
}
