package io.fanfare.cli.bench;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fanfare.cli.output.Colours;
import io.fanfare.cli.output.Json;
import io.fanfare.cli.output.Quantity;
import io.fanfare.cli.output.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Two brokers that were measured in turn with one load. What counts are the ratios of the rounds: both parts of a ratio were
 * measured one right after the other, so that a machine which is slower for a minute slows both.
 */
record Comparison(List<Round> rounds) {

    /** Share of a core above which the load generator may have been the bottleneck. */
    private static final double BUSY = 0.9;

    /** One measurement of each broker. */
    record Round(Report first, Report second) {}

    /** The middle of several numbers, and their range. */
    record Spread(double median, double least, double most) {

        static Spread of(List<Double> values) {
            List<Double> sorted = values.stream().sorted().toList();
            int middle = sorted.size() / 2;
            double median =
                    sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
            return new Spread(median, sorted.get(0), sorted.get(sorted.size() - 1));
        }
    }

    /**
     * What is compared.
     *
     * @param name in the table; in JSON with underscores
     * @param format of a value
     */
    private record Measure(String name, String format, ToDoubleFunction<Report> value) {}

    private static final List<Measure> THROUGHPUT = List.of(
            new Measure("delivered per s", "%,.0f", Report::deliveredPerSecond),
            new Measure("sent per s", "%,.0f", Report::sentPerSecond));

    private static final List<Measure> LATENCY = List.of(
            new Measure("p50 ms", "%,.3f", report -> report.latency().p50() / 1e6),
            new Measure("p99 ms", "%,.3f", report -> report.latency().p99() / 1e6),
            new Measure("p99.9 ms", "%,.3f", report -> report.latency().p999() / 1e6));

    /** With a rate the latencies, which mean little without one; otherwise the throughput, which a rate would set. */
    private List<Measure> measures() {
        return rounds.get(0).first().workload().traffic().isPaced() ? LATENCY : THROUGHPUT;
    }

    private Spread spread(ToDoubleFunction<Round> value) {
        return Spread.of(rounds.stream().map(value::applyAsDouble).toList());
    }

    private Spread ratio(Measure measure) {
        return spread(round -> measure.value.applyAsDouble(round.first) / measure.value.applyAsDouble(round.second));
    }

    /** A table for people: medians of both, the median of the ratios, and the least and the largest ratio. */
    String text(Colours colours) {
        Table table = new Table("median", "first", "second", "ratio", "least ratio", "largest ratio");
        for (Measure each : measures()) {
            Spread ratio = ratio(each);
            table.row(
                    each.name,
                    shown(each.format, spread(round -> each.value.applyAsDouble(round.first)).median),
                    shown(each.format, spread(round -> each.value.applyAsDouble(round.second)).median),
                    shown("%.2f", ratio.median),
                    shown("%.2f", ratio.least),
                    shown("%.2f", ratio.most));
        }
        StringBuilder out = new StringBuilder();
        line(out, "first   %s", rounds.get(0).first().workload().url());
        line(out, "second  %s", rounds.get(0).second().workload().url());
        line(out, "rounds  %d, in turn; a ratio is the first's by the second's of one round", rounds.size());
        out.append(table.text(colours));
        troubles().forEach(each -> line(out, "%s", each));
        return out.toString();
    }

    private static Quantity shown(String format, double value) {
        return new Quantity(value, String.format(Locale.ROOT, format, value));
    }

    private static void line(StringBuilder out, String format, Object... values) {
        out.append(String.format(Locale.ROOT, format, values)).append(System.lineSeparator());
    }

    /** A sentence for each broker whose numbers say less than they seem to. */
    private List<String> troubles() {
        List<String> all = new ArrayList<>();
        troubles("first", rounds.stream().map(Round::first).toList(), all);
        troubles("second", rounds.stream().map(Round::second).toList(), all);
        return all;
    }

    private static void troubles(String which, List<Report> reports, List<String> all) {
        long lost = reports.stream().mapToLong(report -> report.counts().lost()).sum();
        if (lost > 0) {
            all.add(Quantity.count(lost) + " deliveries of the " + which + " were lost");
        }
        long ended = reports.stream()
                .mapToLong(report -> report.trouble().disconnected())
                .sum();
        if (ended > 0) {
            all.add(Quantity.count(ended) + " connections to the " + which + " ended before the end of a run");
        }
        boolean isPaced = reports.get(0).workload().traffic().isPaced();
        if (!isPaced && reports.stream().anyMatch(report -> report.cores() > BUSY)) {
            all.add("bench itself used more than " + BUSY + " of a core: it, and not the " + which
                    + ", may have been the bottleneck");
        }
    }

    /** The same as one JSON object on one line, with the reports of all rounds. */
    String json() {
        return Json.text(json -> {
            json.writeStartObject();
            json.writeStringField(
                    "first", rounds.get(0).first().workload().url().toString());
            json.writeStringField(
                    "second", rounds.get(0).second().workload().url().toString());
            json.writeObjectFieldStart("ratios");
            for (Measure each : measures()) {
                write(json, each.name.replace(' ', '_').replace('.', '_'), ratio(each));
            }
            json.writeEndObject();
            json.writeArrayFieldStart("rounds");
            for (Round each : rounds) {
                json.writeStartObject();
                json.writeFieldName("first");
                each.first.writeTo(json);
                json.writeFieldName("second");
                each.second.writeTo(json);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static void write(JsonGenerator json, String name, Spread spread) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeNumberField("median", spread.median);
        json.writeNumberField("least", spread.least);
        json.writeNumberField("most", spread.most);
        json.writeEndObject();
    }
}
