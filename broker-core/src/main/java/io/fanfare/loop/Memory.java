package io.fanfare.loop;

import io.fanfare.frame.Limits;
import io.fanfare.options.MemoryOptions;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the memory that a broker holds for its clients. Publishers are not read from while a lot is under way, and SEND
 * is refused when the whole is more than the JVM can bear. Any thread may call.
 */
public final class Memory {

    private static final Logger LOG = LoggerFactory.getLogger(Memory.class);

    private final MemoryOptions options;
    private final Loops loops;

    /** Bytes under way that no loop knows of. */
    private volatile LongSupplier underWayElsewhere = () -> 0;

    /** Bytes of queues, open transactions, and backlogs. */
    private final AtomicLong held = new AtomicLong();

    /** Whether the loops have been asked to cut connections that take nothing, and not all have done so. */
    private final AtomicBoolean relieving = new AtomicBoolean();

    /** Whether the log says that memory is full. */
    private final AtomicBoolean alarmed = new AtomicBoolean();

    /**
     * Nothing held.
     *
     * @param loops know the bytes under way
     */
    public Memory(MemoryOptions options, Loops loops) {
        this.options = options;
        this.loops = loops;
    }

    /** The broker's clock: what is kept expires by it. */
    public BrokerClock clock() {
        return loops.clock();
    }

    /** Counts bytes that queues, transactions and backlogs take, or with a negative number let go of. */
    public void hold(long bytes) {
        held.addAndGet(bytes);
    }

    /** Bytes of queues, open transactions, backlogs, and messages under way. */
    public long bytes() {
        return held.get() + underWay();
    }

    /** Bytes of messages that wait for a loop, and of chunks that wait for a socket; shared ones count once. */
    public long underWay() {
        return loops.bytesUnderWay() + underWayElsewhere.getAsLong();
    }

    /** Counts bytes as under way that no loop knows of: they wait for other nodes. */
    public void alsoUnderWay(LongSupplier bytes) {
        underWayElsewhere = bytes;
    }

    /** The most that may be held before SEND is refused. */
    public long maxBytes() {
        return options.maxMemoryBytes();
    }

    /** The loops whose mailboxes and outboxes count. */
    public Loops loops() {
        return loops;
    }

    /** What may be under way before publishers wait. */
    public long highBytes() {
        return options.highMemoryBytes();
    }

    /** Whether publishers should wait until more has got to the subscribers. */
    public boolean isHigh() {
        return underWay() > options.highMemoryBytes();
    }

    /** Whether publishers may send on; if not, connections are cut that take nothing: publishers don't wait for these. */
    public boolean hasRoom() {
        if (isHigh()) {
            relieve();
            return false;
        }
        return true;
    }

    private void relieve() {
        if (relieving.compareAndSet(false, true)) {
            loops.onEach(
                    loop -> loop.blocked().cutStalled(loop.nanoTime(), underWay() - options.highMemoryBytes()),
                    () -> relieving.set(false));
        }
    }

    /** Whether no message may come in any more. */
    public boolean isFull() {
        long bytes = bytes();
        boolean isFull = bytes > options.maxMemoryBytes();
        if (isFull != alarmed.get() && alarmed.compareAndSet(!isFull, isFull)) {
            if (isFull) {
                LOG.warn("memory alarm held={} limit={}", bytes, options.maxMemoryBytes());
            } else {
                LOG.info("memory alarm is over held={} limit={}", bytes, options.maxMemoryBytes());
            }
        }
        return isFull;
    }

    /** What an ERROR says while memory is full. */
    public String alarm() {
        return Limits.exceeded("the broker holds %,d B", bytes(), options.maxMemoryBytes(), "max_memory_bytes")
                + "; it takes messages again when consumers have taken some";
    }
}
