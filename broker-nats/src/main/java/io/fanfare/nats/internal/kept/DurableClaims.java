package io.fanfare.nats.internal.kept;

import io.fanfare.backplane.DurableKey;
import io.fanfare.backplane.DurableProgress;
import io.fanfare.backplane.DurableRegistry;
import io.fanfare.backplane.DurableTerms;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The holder of each durable subscription, by the records that all nodes read, and the claims of this node. Any thread may call. */
final class DurableClaims implements DurableReader.Sink {

    private static final Logger LOG = LoggerFactory.getLogger("io.fanfare.nats");

    /** How long a claim waits for the connection before to tell what it has delivered. */
    private static final Duration HANDOVER = Duration.ofSeconds(2);

    /** A claim writes itself anew so often in the time after which it would be forgotten. */
    private static final int REFRESHES = 4;

    /** What it needs to know of NATS; these calls wait for it. */
    interface Engine {

        /** As {@link Kept#end}. */
        long end(String epoch) throws IOException;

        /** As {@link DurableStream#forget}. */
        void forget(long sequence) throws IOException;
    }

    private final String node;
    private final Predicate<String> isAlive;
    private final DurableWriter writer;
    private final Engine engine;

    /** Makes the calls that wait. */
    private final ScheduledExecutorService thread;

    private final DurableTable table = new DurableTable();

    /** Claims of this node that are not left, by their ids; guarded by the table, as these are. */
    private final Map<String, DurableHold> mine = new HashMap<>();

    /**
     * When the first claim came behind the one that may have delivered, by the time of its record: those that come
     * behind that one wait no longer for the same connection. Guarded by the table.
     */
    private final Map<DurableKey, Long> handovers = new HashMap<>();

    /**
     * None yet.
     *
     * @param isAlive whether a node of this name is there
     */
    DurableClaims(
            String node,
            Predicate<String> isAlive,
            DurableWriter writer,
            Engine engine,
            ScheduledExecutorService thread) {
        this.node = node;
        this.isAlive = isAlive;
        this.writer = writer;
        this.engine = engine;
        this.thread = thread;
    }

    private void later(Duration delay, Runnable task) {
        try {
            thread.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.trace("a task comes after the end", e);
        }
    }

    // ---- what this node writes --------------------------------------------------------------------------------------

    DurableHold claim(DurableKey key, DurableTerms terms, DurableProgress start, DurableRegistry.Claimant claimant) {
        String id = writer.nextId();
        DurableHold hold;
        synchronized (table) {
            DurableTable.Entry entry = table.get(key);
            long life = entry == null ? 0 : entry.life();
            DurableRecord record = DurableRecord.claim(key, terms, id, node, claimant.name(), life, start);
            hold = new DurableHold(this, record, claimant);
            mine.put(id, hold);
        }
        writer.write(id, hold.record).whenComplete((done, why) -> {
            if (why != null) {
                fail(hold, why);
            }
        });
        return hold;
    }

    private void fail(DurableHold hold, Throwable why) {
        synchronized (table) {
            mine.remove(hold.id());
        }
        hold.ready.completeExceptionally(why.getCause() == null ? why : why.getCause());
    }

    /** What the holder of a claim has come to. */
    DurableRecord saved(DurableHold hold, DurableProgress now, boolean hasLeft, long maybe) {
        synchronized (table) {
            return hold.record.save(hold.life, hold.order, now, hasLeft, maybe);
        }
    }

    DurableWriter writer() {
        return writer;
    }

    void left(DurableHold hold, DurableRecord last) {
        synchronized (table) {
            mine.remove(hold.id());
        }
        writer.write(last).exceptionally(why -> {
            LOG.debug("durable subscription {}: its end was not kept, or others were first", hold.key(), why);
            return null;
        });
    }

    // ---- what all nodes read ----------------------------------------------------------------------------------------

    @Override
    public void take(long sequence, long time, DurableRecord record) {
        List<DurableHold> lost = new ArrayList<>();
        synchronized (table) {
            Optional<DurableTable.Entry> before = table.apply(sequence, time, record);
            handover(record.key(), time);
            switch (record.kind()) {
                case CLAIM -> {
                    claimed(sequence, record);
                    lose(record, lost);
                }
                case SAVE -> {}
                case END -> {
                    lose(record, lost);
                    before.ifPresent(this::forgetSave);
                }
            }
        }
        if (record.kind() == DurableRecord.Kind.END) {
            lost.forEach(each -> each.over(Optional.of(record.holder())));
        } else {
            lost.forEach(each -> each.taken(record.holder()));
        }
    }

    private void claimed(long sequence, DurableRecord record) {
        DurableHold hold = mine.get(record.claim());
        DurableTable.Entry entry = table.get(record.key());
        if (hold != null && entry != null) {
            hold.order = sequence;
            hold.life = entry.life();
        }
    }

    /** Claims of this node that another record makes none. */
    private void lose(DurableRecord by, List<DurableHold> into) {
        mine.values()
                .removeIf(each -> each.order != 0
                        && each.key().equals(by.key())
                        && !each.id().equals(by.claim())
                        && into.add(each));
    }

    /** How much longer a claim of this time waits for the connection before. */
    private Duration handover(DurableKey key, long time) {
        DurableTable.Entry entry = table.get(key);
        if (entry == null || entry.isLeft() || entry.progressOrder() == entry.order()) {
            handovers.remove(key);
            return Duration.ZERO;
        }
        long passed = time - handovers.computeIfAbsent(key, any -> time);
        return HANDOVER.minusMillis(Math.max(0, Math.min(passed, HANDOVER.toMillis())));
    }

    @Override
    public void settled(long time, String id, DurableRecord record) {
        boolean isCurrent;
        synchronized (table) {
            DurableTable.Entry entry = table.get(record.key());
            isCurrent = record.kind() != DurableRecord.Kind.SAVE
                    || (entry != null && entry.last().claim().equals(record.claim()));
            if (entry != null) {
                goOn(time, record, entry);
            }
        }
        writer.read(id, isCurrent);
    }

    private void goOn(long time, DurableRecord record, DurableTable.Entry entry) {
        switch (record.kind()) {
            case CLAIM -> {
                DurableHold hold = mine.get(record.claim());
                if (hold != null) {
                    waitOrProceed(hold, entry, time);
                }
            }
            case SAVE ->
                mine.values().stream()
                        .filter(each -> each.isWaiting && each.key().equals(record.key()))
                        .toList()
                        .forEach(this::proceedIfLeft);
            case END -> {}
        }
    }

    private void waitOrProceed(DurableHold hold, DurableTable.Entry entry, long time) {
        boolean mayTell = !entry.isLeft() && (entry.node().equals(node) || isAlive.test(entry.node()));
        if (!mayTell) {
            proceed(hold);
            return;
        }
        hold.isWaiting = true;
        later(handover(hold.key(), time), () -> {
            synchronized (table) {
                if (hold.isWaiting) {
                    proceed(hold);
                }
            }
        });
    }

    private void proceedIfLeft(DurableHold hold) {
        DurableTable.Entry entry = table.get(hold.key());
        if (entry != null && entry.isLeft()) {
            proceed(hold);
        }
    }

    /** Nothing more comes of the connection before: what it may have delivered is what there is by now. */
    private void proceed(DurableHold hold) {
        hold.isWaiting = false;
        DurableTable.Entry entry = table.get(hold.key());
        if (entry == null || !mine.containsKey(hold.id())) {
            return;
        }
        if (entry.isLeft()) {
            begin(hold, entry, entry.maybe());
        } else {
            later(
                    Duration.ZERO,
                    () -> begin(hold, entry, lastOf(entry.progress().epoch())));
        }
    }

    private long lastOf(String epoch) {
        try {
            return engine.end(epoch);
        } catch (IOException | RuntimeException e) {
            LOG.debug("the end of what topics keep is not known just now", e);
            return Long.MAX_VALUE;
        }
    }

    /** Writes down what the claim begins with: what the one before writes from now on is nothing any more. */
    private void begin(DurableHold hold, DurableTable.Entry entry, long maybe) {
        hold.goesOn(entry, maybe);
        writer.write(saved(hold, entry.progress(), false, 0)).whenComplete((done, why) -> {
            if (why == null) {
                hold.ready.complete(hold);
                forgetSave(entry);
            } else {
                fail(hold, why);
            }
        });
    }

    @Override
    public void beginAnew() {
        List<DurableHold> lost;
        synchronized (table) {
            table.clear();
            handovers.clear();
            lost = List.copyOf(mine.values());
            mine.clear();
        }
        lost.forEach(each -> each.over(Optional.empty()));
    }

    /** Forgets what has had no record for so long, and has claims of this node write some. */
    void expire(long now, Duration expiry) {
        List<DurableHold> old = new ArrayList<>();
        synchronized (table) {
            for (DurableHold each : mine.values()) {
                DurableTable.Entry entry = table.get(each.key());
                if (entry != null && each.hasBegun() && now - entry.time() > expiry.toMillis() / REFRESHES) {
                    old.add(each);
                }
            }
            table.expire(now, expiry);
            handovers.keySet().removeIf(key -> table.get(key) == null);
        }
        old.forEach(DurableHold::refresh);
    }

    // ---- what is of no use ------------------------------------------------------------------------------------------

    /** Another claim has it in full, or there is none any more. */
    private void forgetSave(DurableTable.Entry before) {
        if (before.progressAt() > 0) {
            later(Duration.ZERO, () -> {
                try {
                    engine.forget(before.progressAt());
                } catch (IOException | RuntimeException e) {
                    // another node has done it, or it goes with its age
                    LOG.debug("a record of durable subscriptions that is of no use stays a while", e);
                }
            });
        }
    }

    // ---- for this node ----------------------------------------------------------------------------------------------

    Optional<DurableRegistry.Entry> get(DurableKey key) {
        synchronized (table) {
            return Optional.ofNullable(table.get(key)).map(this::shown);
        }
    }

    List<DurableRegistry.Entry> all() {
        synchronized (table) {
            return table.all().stream().map(this::shown).toList();
        }
    }

    private DurableRegistry.Entry shown(DurableTable.Entry entry) {
        String holder = entry.last().node();
        boolean isConnected =
                holder.equals(node) ? mine.containsKey(entry.last().claim()) : !entry.isAway() && isAlive.test(holder);
        return new DurableRegistry.Entry(entry.last().key(), entry.last().terms(), isConnected);
    }
}
