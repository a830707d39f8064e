package io.fanfare.loop;

import io.fanfare.statistics.Count;
import io.fanfare.statistics.LoopCounts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Event loop: runs the tasks, timers and writes of its connections on one thread, in turns. A transport gives it a thread by
 * calling {@link #turn} again and again; tests call it by hand, with a clock they move.
 *
 * <p>Everything that was written to a connection in one turn leaves at the turn's end, in as few writes as possible.
 */
public abstract class EventLoop {

    /** Something that writes at the end of a turn: one connection. Owned by its loop, which calls it. */
    public interface Output {

        /** Writes what was appended during the turn. */
        void flush();

        /**
         * The socket has taken nothing for the write timeout.
         *
         * @param waitingBytes bytes that wait for it
         */
        void stalled(long waitingBytes);

        /**
         * Cuts the connection: its socket takes nothing, and all connections together hold too much.
         *
         * @param waitingBytes bytes that wait for it
         */
        void reclaim(long waitingBytes);

        /** Cuts the connection, because flushing it failed. */
        void abort();
    }

    private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);

    /** Bytes after which a long turn flushes early, so that the first receivers do not wait for the last message. */
    private static final int FLUSH_EARLY_BYTES = 1 << 20;

    /** How long a loop sleeps that waits for nothing. */
    static final long IDLE_NANOS = Duration.ofDays(1).toNanos();

    private final LongSupplier clock;
    private final Mailbox mailbox;
    private final Mailbox.Receiver tasks = this::runAll;

    /** Made with the first timer, when the clock is known. */
    private @Nullable TimerWheel timers;

    private final LoopCounts counts = new LoopCounts();
    private final TurnBuffer buffer = new TurnBuffer(counts);
    private final LongJobs longJobs;
    private List<Output> touched = new ArrayList<>();
    private List<Output> touchedBefore = new ArrayList<>();
    private final BlockedOutboxes blocked = new BlockedOutboxes(counts);

    private final List<Consumer<EventLoop>> onEnd = new CopyOnWriteArrayList<>();

    /** Whether {@link #roundBegan} belongs to the turn to come. */
    private boolean inRound;

    private long roundBegan;

    /** How many of this turn's items were tasks, and not for clients. */
    private int tasksRun;

    /** When the last flush began. */
    private long flushBegan;

    /** Creates a loop that has not taken a turn, by the system's clock; called by any thread. */
    protected EventLoop() {
        this(System::nanoTime);
    }

    /**
     * Creates a loop that has not taken a turn; called by any thread.
     *
     * @param clock nanoseconds from an arbitrary origin; asked by any thread
     */
    protected EventLoop(LongSupplier clock) {
        this(clock, new Mailbox());
    }

    /** Creates a loop with a mailbox that tests look into. */
    protected EventLoop(LongSupplier clock, Mailbox mailbox) {
        this.clock = clock;
        this.longJobs = new LongJobs(clock);
        this.mailbox = mailbox;
        mailbox.clock(clock);
    }

    /** Whether the calling thread is the one that runs this loop. */
    public abstract boolean isCurrent();

    /** Whether it takes no turns: its thread has ended, and no other loop has taken it over yet. Asked by any thread. */
    public boolean hasEnded() {
        return false;
    }

    /**
     * Another loop's thread takes its turns from now on: its own has ended, and not all that lives here belongs to a
     * connection. Called on the other one. Loops that last as long as their broker need not have it.
     */
    protected void goOnWith(EventLoop other) {}

    /** Has this run when the loop has ended, by the thread that ended it. */
    final void onEnd(Consumer<EventLoop> task) {
        onEnd.add(task);
    }

    /**
     * Tells that the thread has ended, when {@link #hasEnded} says so: another loop is to take the turns. Called by any
     * thread.
     */
    protected final void ended() {
        onEnd.forEach(task -> task.accept(this));
    }

    /** Makes the loop take a turn soon; called by any thread. */
    protected abstract void wakeUp();

    /** The clock, in nanoseconds from an arbitrary origin; called by any thread. */
    public final long nanoTime() {
        return clock.getAsLong();
    }

    /** Runs the task on this loop, after everything that was handed to it before; called by any thread. */
    public final void execute(Runnable task) {
        post(tasks, task, 0);
    }

    /** Does the job on this loop, a part in each turn, after everything that was handed to it before; called by any thread. */
    public final void executeInParts(LongJobs.Job job) {
        execute(() -> longJobs.add(job));
    }

    /** Runs the task on this loop once the time has passed; called on the loop. */
    public final Timer schedule(Duration delay, Runnable task) {
        assert isCurrent();
        long now = nanoTime();
        if (timers == null) {
            timers = new TimerWheel(now, this::isCurrent);
        }
        return timers.add(task, now + delay.toNanos());
    }

    /**
     * Hands an item to a receiver that lives on this loop; called by any thread.
     *
     * @param bytes memory that the item takes until it is received; 0 where it is counted elsewhere
     */
    public final void post(Mailbox.Receiver receiver, Object item, long bytes) {
        if (mailbox.post(receiver, item, bytes) && !isCurrent()) {
            wakeUp();
        }
    }

    /**
     * Sets what should come in one turn; called before anything is posted.
     *
     * @param bytes memory of messages: in one turn a socket that is full can't say that it has room
     */
    public final void limitMailbox(long bytes) {
        mailbox.limit(bytes);
    }

    /** What it has been handed, for those that hold some of it back. */
    public final Mailbox mailbox() {
        return mailbox;
    }

    /** What messages need that wait for this loop, about; asked by any thread. */
    public final long mailboxBytes() {
        return mailbox.bytes() + mailbox.heldBack();
    }

    /** What bytes that sockets have not taken need, shared ones once; asked by any thread. */
    public final long outboxBytes() {
        return buffer.keptBytes();
    }

    /** What the loop counts; read by any thread, written by the loop's. */
    public final LoopCounts counts() {
        return counts;
    }

    /** Adds to a count; called on the loop. */
    public final void count(Count count, long more) {
        counts.add(count, more);
    }

    /** What messages that wait for this loop and bytes that sockets have not taken need, about; asked by any thread. */
    public final long bytesUnderWay() {
        return mailboxBytes() + buffer.keptBytes();
    }

    /** Has a connection flushed at the end of this turn; called once a turn for each. */
    final void touch(Output output) {
        touched.add(output);
    }

    /** The outboxes whose sockets are full. */
    final BlockedOutboxes blocked() {
        return blocked;
    }

    /** An outbox that publishers wait for more, or less. */
    final void congested(int change) {
        assert isCurrent();
        blocked.congested(change);
    }

    /** Has a task run on the loop whenever publishers wait for one of its connections less. */
    public final void onRelief(Runnable task) {
        blocked.onRelief(task);
    }

    /** Whether publishers wait for a connection of this loop; asked by any thread. */
    public final boolean isCongested() {
        return blocked.isCongested();
    }

    public final TurnBuffer buffer() {
        return buffer;
    }

    /** Does the job, a part in each turn; called on the loop. */
    public final void startInParts(LongJobs.Job job) {
        assert isCurrent();
        longJobs.add(job);
    }

    /** Flushes at once when this turn has written much already. */
    public final void flushIfLong() {
        if (buffer.used() > FLUSH_EARLY_BYTES) {
            flush();
        }
    }

    /** Writes what was appended in this turn so far: a long job that does so has the time of it counted as its own. */
    public final void flushNow() {
        assert isCurrent();
        flush();
    }

    /** Whether {@link #turn} has something to do right now; called on the loop. */
    public final boolean hasWork() {
        return !mailbox.isEmpty() || !touched.isEmpty() || longJobs.nanosToNext() == 0;
    }

    /** Nanoseconds until a timer may be due or long jobs go on, at most a day; called on the loop. */
    public final long nanosToNextTimer() {
        long longest = Math.min(IDLE_NANOS, longJobs.nanosToNext());
        return timers == null ? longest : Math.min(longest, timers.nextDelay(nanoTime()));
    }

    /** The thread has stopped waiting for events: what it does from now on is a part of the turn to come. */
    protected final void roundBegins() {
        assert isCurrent();
        inRound = true;
        roundBegan = nanoTime();
    }

    /** Takes one turn: runs what was handed over, then timers, then a part of the long jobs, then writes. Never throws. */
    public final void turn() {
        assert isCurrent();
        long now = nanoTime();
        long began = inRound ? roundBegan : now;
        inRound = false;
        tasksRun = 0;
        int items = mailbox.drain();
        if (items > 0) {
            counts.times().lag().record(now - mailbox.firstDrained());
        }
        if (timers != null) {
            // by the time of the last look at the sockets: what came while the thread stood still has come in time
            timers.expire(began, EventLoop::run);
        }
        longJobs.run();
        flush();
        long end = nanoTime();
        if (items > tasksRun) {
            counts.times().publishToWrite().record(end - mailbox.firstDrained());
        }
        counts.times().turns().record(end - began);
    }

    /** When the flush began that goes on: one look at the clock serves all connections. */
    final long flushBegan() {
        return flushBegan;
    }

    private void flush() {
        if (!touched.isEmpty()) {
            flushBegan = nanoTime();
        }
        while (!touched.isEmpty()) {
            List<Output> now = touched;
            touched = touchedBefore;
            touchedBefore = now;
            for (int i = 0; i < now.size(); i++) {
                Output output = now.get(i);
                try {
                    output.flush();
                } catch (RuntimeException | Error e) {
                    LOG.error("bug while writing to {}", output, e);
                    output.abort();
                }
            }
            now.clear();
        }
        buffer.reset();
    }

    private void runAll(Object[] items, int from, int to) {
        tasksRun += to - from;
        for (int i = from; i < to; i++) {
            run((Runnable) items[i]);
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.error("bug in a task of the event loop", e);
        }
    }
}
