package io.fanfare.cli.check;

import io.fanfare.cli.output.Colours;
import io.fanfare.cli.output.Json;
import io.fanfare.cli.output.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.regex.Matcher;
import java.util.stream.Collectors;

/**
 * The results of a run.
 *
 * @param server what CONNECTED says of the broker; empty when it says nothing
 */
record CheckResults(Target target, String server, List<Result> results) {

    /** Limit on a check, in timeouts: a broker that reads nothing can hold up a write for ever. */
    private static final int MAX_WAITS = 40;

    private static final ScheduledExecutorService WATCHDOG = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "check-watchdog");
        thread.setDaemon(true);
        return thread;
    });

    /** The start of a row of the table, in front of the verdict. */
    private static final String ROW = "^(\\s*\\d+  )";

    /**
     * The result of one check.
     *
     * @param note what came instead; empty with most passes
     */
    record Result(Check check, Verdict verdict, String note) {}

    /**
     * Runs checks one after the other.
     *
     * @param progress called with the number of checks that are done
     */
    static CheckResults run(Target target, String server, List<Check> checks, IntConsumer progress) {
        List<Result> results = new ArrayList<>();
        for (Check check : checks) {
            results.add(run(target, check));
            progress.accept(results.size());
        }
        return new CheckResults(target, server, List.copyOf(results));
    }

    private static Result run(Target target, Check check) {
        if (!check.appliesTo(target)) {
            return new Result(check, Verdict.SKIPPED, "WebSocket only");
        }
        long limit = target.timeout().toMillis() * MAX_WAITS;
        try (Trial trial = new Trial(target, check.item())) {
            Future<?> watchdog = WATCHDOG.schedule(trial::close, limit, TimeUnit.MILLISECONDS);
            try {
                check.probe().run(trial);
                return new Result(check, Verdict.PASS, trial.note());
            } catch (Finding finding) {
                return new Result(check, finding.verdict(), finding.note());
            } finally {
                watchdog.cancel(false);
            }
        }
    }

    boolean isConforming() {
        return results.stream().noneMatch(result -> result.verdict() == Verdict.FAIL);
    }

    /** A table for people, and a line with the sums. */
    String text(Colours colours) {
        Table table = new Table("item", "result", "rule", "source", "instead");
        results.forEach(
                each -> table.row(each.check.item(), each.verdict, each.check.rule(), each.check.source(), each.note));
        String lines = Arrays.stream(table.text(colours).split(System.lineSeparator()))
                .map(line -> coloured(line, colours))
                .collect(Collectors.joining(System.lineSeparator()));
        return lines + System.lineSeparator() + System.lineSeparator() + summary() + System.lineSeparator();
    }

    private static String coloured(String line, Colours colours) {
        return line.replaceFirst(ROW + "fail ", "$1" + Matcher.quoteReplacement(colours.red("fail ")))
                .replaceFirst(ROW + "pass ", "$1" + Matcher.quoteReplacement(colours.green("pass ")))
                .replaceFirst(ROW + "lenient ", "$1" + Matcher.quoteReplacement(colours.yellow("lenient ")));
    }

    private String summary() {
        String who = server.isEmpty() ? target.url().toString() : server + " at " + target.url();
        return who + ": "
                + sums().entrySet().stream()
                        .map(each -> each.getValue() + " " + each.getKey())
                        .collect(Collectors.joining(", "));
    }

    private Map<Verdict, Long> sums() {
        Map<Verdict, Long> sums = new EnumMap<>(Verdict.class);
        for (Verdict verdict : Verdict.values()) {
            sums.put(
                    verdict,
                    results.stream().filter(each -> each.verdict == verdict).count());
        }
        return sums;
    }

    /** One JSON object on one line. */
    String json() {
        return Json.text(json -> {
            json.writeStartObject();
            json.writeStringField("url", target.url().toString());
            json.writeStringField("server", server);
            for (Map.Entry<Verdict, Long> each : sums().entrySet()) {
                json.writeNumberField(each.getKey().toString(), each.getValue());
            }
            json.writeArrayFieldStart("items");
            for (Result each : results) {
                json.writeStartObject();
                json.writeNumberField("item", each.check.item());
                json.writeStringField("rule", each.check.rule());
                json.writeStringField("source", each.check.source());
                json.writeStringField("result", each.verdict.toString());
                json.writeStringField("instead", each.note);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }
}
