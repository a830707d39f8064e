package io.fanfare.durable;

import io.fanfare.backplane.DurableProgress;
import io.fanfare.backplane.Lease;
import io.fanfare.backplane.QueueSource;
import io.fanfare.backplane.QueueTaker;
import io.fanfare.loop.LongJobs;
import io.fanfare.message.Feed;
import io.fanfare.message.Message;
import io.fanfare.options.QueueOptions;
import io.fanfare.statistics.Drop;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Messages that wait for the client of a durable subscription, in the one order of its topics, and which messages the
 * client has. Of too many the oldest go, as in any queue of a subscription. Owned by its loop.
 */
final class DurableBacklog implements Feed, QueueSource {

    /** Messages that may be delivered and not settled: all of them are written down with each step. */
    static final int MOST_OPEN = 4_096;

    /** Messages that are handed out in one turn. */
    private static final int AT_ONCE = 100;

    private static final CompletionStage<Void> DONE = CompletableFuture.completedFuture(null);

    private final SharedDurables.Parts parts;
    private final boolean isComposite;

    /** Keeps what has been settled, so that it never comes again; completed when that is so. */
    private final Supplier<CompletionStage<Void>> save;

    private final WaitingMessages ready;

    /** How often messages have been delivered that are not settled, by number; maybe by an earlier connection. */
    private final TreeMap<Long, Integer> open = new TreeMap<>();

    private String epoch;

    /** All up to here, but those that are open, are done with. */
    private long upTo;

    /** The newest that has come, whether or not the filter takes it. */
    private long seen;

    /** Up to here messages may have been delivered before; known when what topics keep has been read. */
    private long maybe;

    private @Nullable QueueTaker taker;
    private boolean live;
    private boolean closed;
    private boolean handing;
    private boolean scheduled;
    private volatile int credit;

    private long in;
    private long out;

    /** For operators; any thread reads it. */
    private volatile Counts counts = Counts.NONE;

    DurableBacklog(
            SharedDurables.Parts parts,
            boolean isComposite,
            DurableProgress from,
            Supplier<CompletionStage<Void>> save) {
        this.parts = parts;
        this.isComposite = isComposite;
        this.save = save;
        this.ready = new WaitingMessages(parts.loop(), parts.memory());
        this.epoch = from.epoch();
        this.upTo = from.upTo();
        this.seen = from.upTo();
        from.open().forEach(number -> open.put(number, 1));
        parts.memory().hold(parts.filter().bytes());
    }

    /** How far the client has come. */
    DurableProgress progress() {
        assert parts.loop().isCurrent();
        return new DurableProgress(epoch, upTo, List.copyOf(open.keySet()));
    }

    /** Takes what the queue's consumer is handed. */
    QueueSource open(QueueTaker queue) {
        taker = queue;
        return this;
    }

    // ---- what comes -----------------------------------------------------------------------------------------------

    @Override
    public String owner() {
        return parts.owner();
    }

    @Override
    public boolean isActive() {
        return !closed;
    }

    @Override
    public boolean isComposite() {
        return isComposite;
    }

    @Override
    public void offer(Message message) {
        assert parts.loop().isCurrent();
        Message.Epoch its = message.epoch();
        if (closed || its == null || !its.name().equals(epoch)) {
            return;
        }
        long number = its.number(message.sequence());
        seen = Math.max(seen, number);
        boolean isDone = number <= upTo && !open.containsKey(number);
        if (!isDone && parts.filter().accepts(message) && mayWait(message)) {
            in++;
            if (number <= maybe) {
                open.putIfAbsent(number, 1);
            }
            put(number, message);
            if (live) {
                handOut();
            }
        }
        passQuiet();
    }

    /** What is for those that wait when it comes does not wait itself. */
    private boolean mayWait(Message message) {
        return !message.properties().isAtOnce() || (live && ready.isEmpty() && credit > 0);
    }

    private void put(long number, Message message) {
        QueueOptions limits = parts.limits();
        while (!ready.isEmpty()
                && (ready.size() >= limits.maxQueueMessages()
                        || ready.bytes() + message.size() > limits.maxQueueBytes())) {
            long oldest = ready.first();
            ready.remove(oldest);
            done(oldest);
            parts.counts().dropped(Drop.QUEUE_FULL, 1);
        }
        ready.put(number, message);
        count();
    }

    private void count() {
        counts = new Counts(ready.size(), open.size(), ready.bytes(), in, out);
    }

    /** Nothing of this number is to be delivered any more. */
    private void done(long number) {
        open.remove(number);
        count();
        upTo = Math.max(upTo, number);
    }

    /** While nothing waits, all that has come is done with but for what is open. */
    private void passQuiet() {
        if (live && ready.isEmpty()) {
            upTo = Math.max(upTo, seen);
        }
    }

    /** All messages up to this number have come, those of other topics too. */
    void quietUpTo(long number) {
        seen = Math.max(seen, number);
        passQuiet();
    }

    /**
     * Begins anew with an order that its numbers are none of.
     *
     * @param now the order's epoch
     */
    void beginAnew(String now) {
        epoch = now;
        upTo = 0;
        seen = 0;
        open.clear();
    }

    /**
     * What topics have kept for it is here.
     *
     * @param maybeDelivered up to this number it may have been delivered before; {@link Long#MAX_VALUE}: all of it
     * @param published up to this number topics have had all that there is; what is open behind it has yet to come
     * @return whether all that was open is there, or may come
     */
    boolean complete(long maybeDelivered, long published) {
        boolean isWhole = !open.headMap(published, true).keySet().retainAll(ready.numbers());
        maybe = maybeDelivered == Long.MAX_VALUE ? seen : maybeDelivered;
        ready.numbers().headSet(maybe, true).forEach(number -> open.putIfAbsent(number, 1));
        count();
        return isWhole;
    }

    /** How many messages wait. */
    int size() {
        return ready.size();
    }

    /** Hands out from now on. */
    void goLive() {
        live = true;
        passQuiet();
        handOut();
    }

    // ---- what goes ------------------------------------------------------------------------------------------------

    @Override
    public void want(int messages) {
        credit = messages;
        if (messages > 0 && !handing) {
            schedule();
        }
    }

    private void schedule() {
        if (live && !closed && !scheduled && !ready.isEmpty()) {
            scheduled = true;
            parts.loop().execute(() -> {
                scheduled = false;
                handOut();
            });
        }
    }

    private void handOut() {
        if (handing || closed) {
            return;
        }
        handing = true;
        try {
            for (int i = 0; i < AT_ONCE && credit > 0 && !ready.isEmpty(); i++) {
                long number = ready.first();
                if (open.size() >= MOST_OPEN && !open.containsKey(number)) {
                    // what has come back is in front of all others: none of these has
                    return;
                }
                hand(number);
            }
        } finally {
            handing = false;
        }
        want(credit);
    }

    private void hand(long number) {
        Message message = Objects.requireNonNull(ready.remove(number));
        int deliveries = open.merge(number, 1, Integer::sum);
        upTo = Math.max(upTo, number);
        out++;
        count();
        Objects.requireNonNull(taker).take(message, deliveries, new BacklogLease(number, message));
    }

    /** A message that the client has, or will have. */
    private final class BacklogLease implements Lease {

        private final long number;
        private final Message message;

        BacklogLease(long number, Message message) {
            this.number = number;
            this.message = message;
        }

        @Override
        public String id() {
            return epoch + "/" + number;
        }

        @Override
        public CompletionStage<Void> settle() {
            assert parts.loop().isCurrent();
            done(number);
            schedule();
            return save.get();
        }

        @Override
        public CompletionStage<Void> discard() {
            return settle();
        }

        @Override
        public CompletionStage<Void> giveBack(long millis) {
            assert parts.loop().isCurrent();
            if (millis > 0 && !closed) {
                ready.keep(message, Duration.ofMillis(millis), this::back);
            } else {
                back();
            }
            return DONE;
        }

        private void back() {
            if (message.properties().isAtOnce()) {
                done(number);
            } else if (!closed) {
                put(number, message);
                schedule();
            }
        }
    }

    /** What waits goes, as topics keep it; what the client has stays the client's to settle. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        parts.memory().hold(-parts.filter().bytes());
        LongJobs.Job rest = ready.clear();
        count();
        if (rest.run(AT_ONCE)) {
            parts.loop().startInParts(rest);
        }
    }

    // ---- for operators --------------------------------------------------------------------------------------------

    /** What waits, what is delivered and not settled, bytes, and how many have come and gone. Any thread may ask. */
    Counts counts() {
        return counts;
    }

    /** In numbers. */
    record Counts(int waiting, int unsettled, long bytes, long in, long out) {

        static final Counts NONE = new Counts(0, 0, 0, 0, 0);
    }
}
