package io.fanfare.cli.bench;

import io.fanfare.cli.output.Json;
import java.util.Locale;

/**
 * The results of a run in which many clients come at once.
 *
 * @param messages that each client should get
 * @param received by all clients together
 * @param bytes of these, headers included
 * @param recovered clients that missed nothing; for a snapshot 0
 * @param complete from the beginning until a client had all, in nanoseconds
 */
record ReplayReport(
        Workload workload,
        ReplayLoad.Kind kind,
        int messages,
        long received,
        long bytes,
        int recovered,
        Report.Latency complete) {

    /** A table for people. */
    String table() {
        StringBuilder out = new StringBuilder();
        int clients = workload.clients().subscribers();
        row(out, "clients", "%,d, which came at once", clients);
        row(out, kind == ReplayLoad.Kind.SNAPSHOT ? "last values" : "missed", "%,d messages each", messages);
        row(out, "received", "%,d messages, %,.1f MB", received, bytes / 1e6);
        if (kind == ReplayLoad.Kind.RESUME) {
            row(out, "recovered", "%,d of %,d clients", recovered, clients);
        }
        row(out, "complete p50", "%,.1f ms", complete.p50() / 1e6);
        row(out, "         p90", "%,.1f ms", complete.p90() / 1e6);
        row(out, "         p99", "%,.1f ms", complete.p99() / 1e6);
        row(out, "         max", "%,.1f ms", complete.max() / 1e6);
        return out.toString();
    }

    private static void row(StringBuilder out, String name, String format, Object... values) {
        out.append(String.format(Locale.ROOT, "%-15s", name))
                .append(String.format(Locale.ROOT, format, values))
                .append(System.lineSeparator());
    }

    /** The report as one JSON object on one line; times in microseconds. */
    String json() {
        return Json.text(json -> {
            json.writeStartObject();
            json.writeStringField("kind", kind.name().toLowerCase(Locale.ROOT));
            json.writeStringField("url", workload.url().toString());
            json.writeNumberField("subs", workload.clients().subscribers());
            json.writeNumberField("messages", messages);
            json.writeNumberField("size", workload.traffic().size());
            json.writeNumberField("received", received);
            json.writeNumberField("bytes", bytes);
            json.writeNumberField("recovered", recovered);
            json.writeObjectFieldStart("complete_us");
            json.writeNumberField("p50", complete.p50() / 1e3);
            json.writeNumberField("p90", complete.p90() / 1e3);
            json.writeNumberField("p99", complete.p99() / 1e3);
            json.writeNumberField("max", complete.max() / 1e3);
            json.writeEndObject();
            json.writeEndObject();
        });
    }
}
