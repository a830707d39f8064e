package io.fanfare.admin.metrics;

import io.fanfare.broker.Broker;
import io.fanfare.statistics.BrokerStatistics;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The last reading of a broker's statistics, which all meters of a scrape share. Any thread may call. */
final class Reading {

    /** A scrape takes less, and no scraper comes again so soon. */
    private static final long MAX_AGE_NANOS = Duration.ofMillis(500).toNanos();

    private final Broker broker;
    private final int maxQueues;
    private final LongSupplier nanoTime;
    private final List<Consumer<BrokerStatistics>> listeners = new CopyOnWriteArrayList<>();
    private @Nullable BrokerStatistics last;
    private long readAt;

    Reading(Broker broker, int maxQueues, LongSupplier nanoTime) {
        this.broker = broker;
        this.maxQueues = maxQueues;
        this.nanoTime = nanoTime;
    }

    Broker broker() {
        return broker;
    }

    /** Tells of each new reading, on the thread that has asked for it. */
    void whenRead(Consumer<BrokerStatistics> listener) {
        listeners.add(listener);
    }

    /** The last reading, or a new one when that is old. */
    BrokerStatistics get() {
        synchronized (this) {
            BrokerStatistics found = last;
            if (found != null && nanoTime.getAsLong() - readAt < MAX_AGE_NANOS) {
                return found;
            }
        }
        return refresh();
    }

    /** A new reading. */
    BrokerStatistics refresh() {
        BrokerStatistics fresh;
        synchronized (this) {
            fresh = broker.statistics(maxQueues);
            last = fresh;
            readAt = nanoTime.getAsLong();
        }
        // without the lock: listeners add meters, and a registry asks for readings under a lock of its own
        listeners.forEach(listener -> listener.accept(fresh));
        return fresh;
    }
}
