package io.fanfare.cli.bench;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fanfare.cli.output.Json;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/**
 * The results of a run.
 *
 * @param cores share of a core that the generator's own thread used; without a rate, 1 means that it was the bottleneck
 */
record Report(Workload workload, Counts counts, Latency latency, double cores, Trouble trouble) {

    /**
     * Numbers of messages and deliveries.
     *
     * @param sentInTime messages that were sent in the measured part
     * @param receivedInTime deliveries that came in the measured part
     * @param sent messages that were due in the measured part and were sent
     * @param expected deliveries that these messages should make
     * @param received deliveries that they made
     */
    record Counts(long sentInTime, long receivedInTime, long sent, long expected, long received) {

        /** Deliveries that are missing. */
        long lost() {
            return expected - received;
        }
    }

    /** Percentiles of the time from when a message was due until it was read, in nanoseconds. */
    record Latency(long p50, long p90, long p99, long p999, long max) {

        static Latency of(Histogram nanos) {
            return new Latency(
                    nanos.getValueAtPercentile(50),
                    nanos.getValueAtPercentile(90),
                    nanos.getValueAtPercentile(99),
                    nanos.getValueAtPercentile(99.9),
                    nanos.getMaxValue());
        }
    }

    /**
     * Failures of the run.
     *
     * @param unsent messages that were due and could not be sent
     * @param disconnected connections that ended before the end of the run
     * @param reason of the first of them; empty without one
     * @param stalls times that publishers waited a second for deliveries that did not come
     */
    record Trouble(long unsent, long disconnected, String reason, int stalls) {}

    static Report of(LoadGenerator generator, long cpuNanos, int stalls) {
        Meter meter = generator.meter();
        Counts counts = new Counts(
                meter.sentInTime(), meter.receivedInTime(), meter.sent(), generator.expected(), meter.received());
        Optional<String> reason = generator.connections().stream()
                .flatMap(connection -> connection.failure().stream())
                .findFirst();
        long disconnected = generator.connections().stream()
                .filter(BenchConnection::isEnded)
                .count();
        Trouble trouble = new Trouble(generator.meter().unsent(), disconnected, reason.orElse(""), stalls);
        double cores =
                cpuNanos / (double) generator.workload().traffic().duration().toNanos();
        return new Report(generator.workload(), counts, Latency.of(meter.latency()), cores, trouble);
    }

    double sentPerSecond() {
        return counts.sentInTime / seconds();
    }

    double deliveredPerSecond() {
        return counts.receivedInTime / seconds();
    }

    /** Bytes of bodies that were delivered, in millions per second. */
    double megabytesPerSecond() {
        return deliveredPerSecond() * workload.traffic().size() / 1e6;
    }

    private double seconds() {
        return workload.traffic().duration().toNanos() / 1e9;
    }

    /** A table for people, with a sentence for each kind of failure. */
    String table() {
        StringBuilder out = new StringBuilder();
        Workload.Clients clients = workload.clients();
        row(
                out,
                "connections",
                "%,d (%,d pubs, %,d subs)",
                workload.connections(),
                clients.publishers(),
                clients.subscribers());
        row(out, "sent", "%,.0f messages/s", sentPerSecond());
        row(out, "delivered", "%,.0f messages/s", deliveredPerSecond());
        row(out, "bodies", "%,.1f MB/s", megabytesPerSecond());
        row(out, "lost", "%,d of %,d deliveries", counts.lost(), counts.expected);
        row(out, "latency p50", "%,.3f ms", latency.p50 / 1e6);
        row(out, "        p90", "%,.3f ms", latency.p90 / 1e6);
        row(out, "        p99", "%,.3f ms", latency.p99 / 1e6);
        row(out, "        p99.9", "%,.3f ms", latency.p999 / 1e6);
        row(out, "        max", "%,.3f ms", latency.max / 1e6);
        row(out, "bench itself", "%.2f of a core", cores);
        if (trouble.disconnected > 0) {
            line(out, "%,d connections ended before the end of the run: %s", trouble.disconnected, trouble.reason);
        }
        if (trouble.unsent > 0) {
            line(out, "%,d messages were due and could not be sent: the rate is too high", trouble.unsent);
        }
        if (trouble.stalls > 0) {
            line(out, "%,d times nothing came for a second, and the publishers continued without it", trouble.stalls);
        }
        return out.toString();
    }

    private static void row(StringBuilder out, String name, String format, Object... values) {
        line(out, "%-15s" + format, with(name, values));
    }

    private static Object[] with(String name, Object[] values) {
        Object[] all = new Object[values.length + 1];
        all[0] = name;
        System.arraycopy(values, 0, all, 1, values.length);
        return all;
    }

    private static void line(StringBuilder out, String format, Object... values) {
        out.append(String.format(Locale.ROOT, format, values)).append(System.lineSeparator());
    }

    /** The report as one JSON object on one line; times in microseconds. */
    String json() {
        return Json.text(this::writeTo);
    }

    /** Writes the report as a JSON object. */
    void writeTo(JsonGenerator json) throws IOException {
        json.writeStartObject();
        writeWorkload(json);
        json.writeNumberField("sent", counts.sent);
        json.writeNumberField("sent_per_s", sentPerSecond());
        json.writeNumberField("delivered", counts.received);
        json.writeNumberField("delivered_per_s", deliveredPerSecond());
        json.writeNumberField("megabytes_per_s", megabytesPerSecond());
        json.writeNumberField("expected", counts.expected);
        json.writeNumberField("lost", counts.lost());
        writeLatency(json);
        json.writeNumberField("bench_cores", cores);
        json.writeNumberField("unsent", trouble.unsent);
        json.writeNumberField("disconnected", trouble.disconnected);
        json.writeStringField("reason", trouble.reason);
        json.writeNumberField("stalls", trouble.stalls);
        json.writeEndObject();
    }

    private void writeWorkload(JsonGenerator json) throws IOException {
        json.writeStringField("url", workload.url().toString());
        json.writeStringField("destination", workload.destination());
        json.writeNumberField("pubs", workload.clients().publishers());
        json.writeNumberField("subs", workload.clients().subscribers());
        json.writeNumberField("topics", workload.clients().topics());
        json.writeStringField("transport", workload.clients().transport().toString());
        json.writeStringField("ack", workload.ack().toString());
        json.writeNumberField("size", workload.traffic().size());
        json.writeNumberField("rate", workload.traffic().rate());
        json.writeNumberField("duration_s", seconds());
        json.writeNumberField("connections", workload.connections());
    }

    private void writeLatency(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("latency_us");
        json.writeNumberField("p50", latency.p50 / 1e3);
        json.writeNumberField("p90", latency.p90 / 1e3);
        json.writeNumberField("p99", latency.p99 / 1e3);
        json.writeNumberField("p99_9", latency.p999 / 1e3);
        json.writeNumberField("max", latency.max / 1e3);
        json.writeEndObject();
    }
}
