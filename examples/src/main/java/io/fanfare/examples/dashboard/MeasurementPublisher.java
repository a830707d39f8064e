package io.fanfare.examples.dashboard;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import io.fanfare.client.StompClient;
import io.fanfare.client.StompException;
import io.fanfare.frame.Headers;
import io.fanfare.frame.HeartBeat;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes measurements of the host to topics at an interval, the rows of the table of processes where they have changed, and
 * the load of the processors many times a second; reconnects after the connection has ended.
 */
final class MeasurementPublisher implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MeasurementPublisher.class);
    private static final ObjectMapper JSON = new ObjectMapper().registerModule(twoDecimals());
    private static final Headers IS_JSON = Headers.of("content-type", "application/json");

    /** Between two messages of {@link #PULSE}. */
    static final Duration PULSE_INTERVAL = Duration.ofMillis(50);

    /** A broker that is silent for about as long is taken for dead. */
    private static final Duration SILENCE = Duration.ofSeconds(2);

    static final String PULSE = "/topic/host.pulse";
    static final String TABLE = "/topic/processes";

    /** The header of a row that says which it is. */
    static final String TABLE_KEY = "pid";

    private final URI broker;
    private final Host host;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread daemon = new Thread(task, "dashboard-publisher");
        daemon.setDaemon(true);
        return daemon;
    });

    // owned by the publisher's thread
    private @Nullable StompClient client;
    private boolean failing;

    /** The table's rows as they were sent, by process id. */
    private Map<Long, JsonNode> rows = Map.of();

    private MeasurementPublisher(URI broker, Host host) {
        this.broker = broker;
        this.host = host;
    }

    static MeasurementPublisher start(URI broker, Host host, Duration interval) {
        MeasurementPublisher publisher = new MeasurementPublisher(broker, host);
        publisher.every(interval, publisher::measure);
        publisher.every(PULSE_INTERVAL, publisher::pulse);
        return publisher;
    }

    private void every(Duration interval, Consumer<StompClient> publish) {
        // the first after an interval, too: before it there is nothing to measure
        thread.scheduleAtFixedRate(
                () -> publish(publish), interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void publish(Consumer<StompClient> publish) {
        try {
            publish.accept(connected());
            failing = false;
        } catch (StompException e) {
            failed(e.getMessage(), null);
        } catch (RuntimeException e) {
            // the executor does not repeat a task that has thrown
            failed(e.toString(), e);
        }
    }

    private void measure(StompClient to) {
        Measurements now = host.measure();
        send(to, "/topic/host.cpu", now.time(), now.cpu());
        send(to, "/topic/host.memory", now.time(), now.memory());
        send(to, "/topic/host.network", now.time(), now.network());
        send(to, "/topic/host.processes", now.time(), now.processes());
        sendTable(to, now.table());
    }

    private void pulse(StompClient to) {
        send(to, PULSE, System.currentTimeMillis(), Map.of("total", host.pulse()));
    }

    /** Sends the rows that are new or have changed, and takes away those of processes that are no longer in the table. */
    private void sendTable(StompClient to, List<Measurements.ProcessRow> table) {
        Map<Long, JsonNode> before = rows;
        Map<Long, JsonNode> now = new LinkedHashMap<>();
        table.forEach(row -> now.put(row.pid(), JSON.valueToTree(row)));
        now.forEach((pid, row) -> {
            if (!row.equals(before.get(pid))) {
                to.sendNow(TABLE, IS_JSON.with(key(pid)), bytes(row));
            }
        });
        before.keySet().stream()
                .filter(pid -> !now.containsKey(pid))
                .forEach(pid -> to.sendNow(TABLE, key(pid).with(Headers.of("retain", "remove")), new byte[0]));
        rows = now;
    }

    private static Headers key(long pid) {
        return Headers.of(TABLE_KEY, String.valueOf(pid));
    }

    /** Logs the first failure in a row; the next interval tries again. */
    private void failed(@Nullable String reason, @Nullable RuntimeException bug) {
        if (!failing) {
            LOG.warn("not published, trying again: {}", reason, bug);
        }
        failing = true;
    }

    private StompClient connected() {
        StompClient open = client;
        if (open == null || !open.isOpen()) {
            open = StompClient.builder(broker)
                    .heartBeat(new HeartBeat(SILENCE, SILENCE))
                    .connectTimeout(SILENCE)
                    .connect();
            client = open;
            // what was under way may be lost: each row that still exists comes again
            rows = new HashMap<>(rows);
            rows.replaceAll((pid, row) -> NullNode.instance);
        }
        return open;
    }

    private static void send(StompClient to, String topic, long time, Object measured) {
        ObjectNode json = JSON.valueToTree(measured);
        json.put("time", time);
        to.sendNow(topic, IS_JSON, bytes(json));
    }

    private static byte[] bytes(JsonNode json) {
        try {
            return JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Rounds to hundredths (of a per cent, of an octet per second); further digits are noise. */
    private static SimpleModule twoDecimals() {
        return new SimpleModule().addSerializer(Double.class, new Rounded()).addSerializer(double.class, new Rounded());
    }

    private static final class Rounded extends StdSerializer<Double> {

        private static final long serialVersionUID = 1L;

        Rounded() {
            super(Double.class);
        }

        @Override
        public void serialize(Double value, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeNumber(Math.round(value * 100) / 100.0);
        }
    }

    /** Stops measuring and closes the connection; returns when both are done, after 10 s at most. */
    @Override
    public void close() {
        thread.execute(() -> {
            if (client != null) {
                client.close();
            }
        });
        thread.shutdown();
        try {
            if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
