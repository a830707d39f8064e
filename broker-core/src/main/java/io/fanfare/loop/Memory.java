package io.fanfare.loop;

import io.fanfare.broker.BrokerOptions;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much a broker holds for its clients, and what follows when that is too much: publishers are not read from while a
 * lot is under way, and SEND is refused when the whole is more than the JVM can bear. Any thread may ask.
 */
public final class Memory {

    private final BrokerOptions options;

    /** What queues and open transactions hold, bytes. */
    private final AtomicLong held = new AtomicLong();

    /** They know what is under way: in their mailboxes, and in outboxes whose sockets are full. */
    private volatile EventLoop[] loops = {};

    public Memory(BrokerOptions options) {
        this.options = options;
    }

    public synchronized void add(EventLoop loop) {
        EventLoop[] more = Arrays.copyOf(loops, loops.length + 1);
        more[loops.length] = loop;
        loops = more;
    }

    /** Counts what queues and transactions take, or with a negative number let go of. */
    public void hold(long bytes) {
        held.addAndGet(bytes);
    }

    /** What queues and open transactions hold, bytes. */
    public long held() {
        return held.get();
    }

    /** What waits for loops or sockets, bytes; shared ones count once. */
    public long underWay() {
        long sum = 0;
        for (EventLoop loop : loops) {
            sum += loop.bytesUnderWay();
        }
        return sum;
    }

    /** Whether publishers should wait until more has got to the subscribers. */
    public boolean isHigh() {
        return underWay() > options.memory().highMemoryBytes();
    }

    /** Whether no message may come in any more. */
    public boolean isFull() {
        return held() + underWay() > options.memory().maxMemoryBytes();
    }
}
