package io.fanfare.admin.metrics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fanfare.broker.Broker;
import io.fanfare.statistics.BrokerStatistics;
import io.fanfare.statistics.Labelled;
import io.fanfare.statistics.QueueStatistics;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches one broker: takes a sample each second, keeps an hour of them, and publishes them to {@code /stats/overview}
 * and {@code /stats/queues} while clients are subscribed. On a thread of its own, which ends with {@link #close}.
 */
public final class Monitor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Monitor.class);

    /** A timer that was late makes up for it at once: of next to no time a rate has no meaning. */
    private static final double SHORTEST_SECONDS = 0.5;

    /** Queues that {@code /stats/queues} lists. */
    private static final int QUEUES = 50;

    /** Made for the first subscriber: a broker starts without Jackson. */
    private static final class Mapper {

        static final ObjectMapper JSON = new ObjectMapper();
    }

    private final Broker broker;
    private final LongSupplier nanoTime;
    private final InstantSource clock;
    private final History history = new History(History.SAMPLES);
    private final SampleTimer timer;

    // the timer's thread alone

    private @Nullable BrokerStatistics before;
    private long readAt;

    /** A monitor that a test moves. */
    Monitor(Broker broker, LongSupplier nanoTime, InstantSource clock) {
        this.broker = broker;
        this.timer = new SampleTimer();
        this.nanoTime = nanoTime;
        this.clock = clock;
    }

    /** Begins to watch a broker. */
    public static Monitor start(Broker broker) {
        Monitor monitor = new Monitor(broker, System::nanoTime, InstantSource.system());
        monitor.timer.repeat(monitor::guardedTick);
        return monitor;
    }

    /** The samples so far; the first comes after a second. */
    public History history() {
        return history;
    }

    /** A bug must not end the samples. */
    private void guardedTick() {
        try {
            tick();
        } catch (RuntimeException | Error e) {
            LOG.error("bug while reading statistics", e);
        }
    }

    /** Takes a sample and publishes it. */
    void tick() {
        boolean listsQueues = broker.hasStatisticsSubscribers("queues");
        BrokerStatistics now = broker.statistics(listsQueues ? QUEUES : 0);
        long time = nanoTime.getAsLong();
        BrokerStatistics last = before;
        double seconds = (time - readAt) / 1e9;
        if (last != null && seconds < SHORTEST_SECONDS) {
            return;
        }
        before = now;
        readAt = time;
        if (last == null) {
            return;
        }
        history.add(clock.instant(), new Series.Span(last, now, seconds));
        if (broker.hasStatisticsSubscribers("overview")) {
            publish("overview", overview(now));
        }
        if (listsQueues) {
            publish("queues", queues(now));
        }
    }

    private void publish(String name, Map<String, Object> object) {
        try {
            broker.operations().publishStatistics(name, Mapper.JSON.writeValueAsBytes(object));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The sample, and the counts since the start that have reasons. */
    private Map<String, Object> overview(BrokerStatistics now) {
        Map<String, Object> object = history.last();
        object.put("memory_limit_bytes", now.memory().limit());
        object.put("closed", byLabel(now.connections().closed()));
        object.put("refused", byLabel(now.connections().refused()));
        object.put("dropped", byLabel(now.messages().dropped()));
        object.put("slow_consumers", byLabel(now.slowConsumers()));
        object.put("draining", broker.isDraining());
        return object;
    }

    private static <K extends Labelled> Map<String, Long> byLabel(Map<K, Long> counts) {
        Map<String, Long> labelled = new LinkedHashMap<>();
        counts.forEach((reason, count) -> labelled.put(reason.label(), count));
        return labelled;
    }

    private Map<String, Object> queues(BrokerStatistics now) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("time", history.last().getOrDefault("time", 0L));
        object.put("count", now.destinations().queues());
        object.put("ready", now.destinations().ready());
        object.put("unacknowledged", now.destinations().unacknowledged());
        object.put("deepest", now.queues().stream().map(Monitor::queue).toList());
        return object;
    }

    private static Map<String, Object> queue(QueueStatistics queue) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("destination", queue.destination());
        object.put("ready", queue.ready());
        object.put("unacknowledged", queue.unacknowledged());
        object.put("bytes", queue.bytes());
        object.put("consumers", queue.consumers());
        return object;
    }

    /** Ends the samples and their thread; waits five seconds for it at most. */
    @Override
    public void close() {
        timer.close();
    }
}
