package io.fanfare.cli.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/**
 * What a run measured.
 *
 * @param cores how much of a core the load's thread used itself; without a rate, 1 means that it was the bottleneck
 */
record Report(Plan plan, Counts counts, Latency latency, double cores, Trouble trouble) {

    /**
     * Messages and deliveries.
     *
     * @param sentInTime messages that were sent while it counted
     * @param receivedInTime deliveries that came while it counted
     * @param sent messages that were due while it counted and were sent
     * @param expected the deliveries they should make
     * @param received the deliveries they made
     */
    record Counts(long sentInTime, long receivedInTime, long sent, long expected, long received) {

        /** Deliveries that did not come. */
        long lost() {
            return expected - received;
        }
    }

    /** From when a message was due until it was read, in nanoseconds. */
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
     * What went wrong.
     *
     * @param unsent messages that were due and could not be sent
     * @param disconnected connections that ended before their time
     * @param reason why the first of them did; empty when none did
     * @param stalls how often publishers waited a second for deliveries that did not come
     */
    record Trouble(long unsent, long disconnected, String reason, int stalls) {}

    static Report of(Load load, long cpuNanos, int stalls) {
        Meter meter = load.meter();
        Counts counts =
                new Counts(meter.sentInTime(), meter.receivedInTime(), meter.sent(), load.expected(), meter.received());
        Optional<String> reason =
                load.peers().stream().flatMap(peer -> peer.failure().stream()).findFirst();
        long disconnected = load.peers().stream().filter(Peer::isEnded).count();
        Trouble trouble = new Trouble(load.meter().unsent(), disconnected, reason.orElse(""), stalls);
        double cores = cpuNanos / (double) load.plan().flow().duration().toNanos();
        return new Report(load.plan(), counts, Latency.of(meter.latency()), cores, trouble);
    }

    double sentPerSecond() {
        return counts.sentInTime / seconds();
    }

    double deliveredPerSecond() {
        return counts.receivedInTime / seconds();
    }

    /** Of bodies, delivered. */
    double megabytesPerSecond() {
        return deliveredPerSecond() * plan.flow().size() / 1e6;
    }

    private double seconds() {
        return plan.flow().duration().toNanos() / 1e9;
    }

    /** A table for people, and a sentence for each thing that went wrong. */
    String table() {
        StringBuilder out = new StringBuilder();
        Plan.Crowd crowd = plan.crowd();
        row(
                out,
                "connections",
                "%,d (%,d pubs, %,d subs)",
                plan.connections(),
                crowd.publishers(),
                crowd.subscribers());
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
            line(out, "%,d connections ended before their time: %s", trouble.disconnected, trouble.reason);
        }
        if (trouble.unsent > 0) {
            line(out, "%,d messages were due and could not be sent: the rate is too high", trouble.unsent);
        }
        if (trouble.stalls > 0) {
            line(out, "%,d times nothing came for a second, and the publishers went on without", trouble.stalls);
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

    /** One object on one line; times in microseconds. */
    String json() {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
            json.writeStartObject();
            writePlan(json);
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
        } catch (IOException e) {
            throw new UncheckedIOException("a string can't be written to", e);
        }
        return out.toString();
    }

    private void writePlan(JsonGenerator json) throws IOException {
        json.writeStringField("url", plan.url().toString());
        json.writeStringField("destination", plan.destination());
        json.writeNumberField("pubs", plan.crowd().publishers());
        json.writeNumberField("subs", plan.crowd().subscribers());
        json.writeNumberField("topics", plan.crowd().topics());
        json.writeStringField("ack", plan.ack().toString());
        json.writeNumberField("size", plan.flow().size());
        json.writeNumberField("rate", plan.flow().rate());
        json.writeNumberField("duration_s", seconds());
        json.writeNumberField("connections", plan.connections());
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
