package io.fanfare.admin.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** docs/metrics.md, the Grafana board and the alert rules say what a real {@code /metrics} has, and nothing else. */
class MetricsDocumentsIT {

    @RegisterExtension
    static final LoadedServer SERVER = new LoadedServer();

    private static final Path DOCS = Path.of("..", "docs");

    private static final Pattern ROW =
            Pattern.compile("\\| `(fanfare_[a-z_]+)` \\| (\\w+) \\| (\\w*) \\| (.*?) \\| (.+) \\|");
    private static final Pattern SECTION = Pattern.compile("^`(fanfare_[a-z_]+)`(?::|\\.)", Pattern.MULTILINE);
    private static final Pattern VALUE = Pattern.compile("^\\| `([a-z-]+)` \\|", Pattern.MULTILINE);
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    /** A metric of a query, with its matchers in braces. */
    private static final Pattern METRIC = Pattern.compile("\\b(fanfare_[a-z_]+)(?:\\{([^}]*)})?");

    private static final Pattern WORD = Pattern.compile("\\b[a-zA-Z_][a-zA-Z0-9_]*\\b");
    private static final Pattern BY = Pattern.compile("by \\(([^)]*)\\)");
    private static final Set<String> LANGUAGE =
            Set.of("absent", "sum", "max", "rate", "topk", "histogram_quantile", "by");

    /** A row of the table. */
    private record Row(String type, String unit, Set<String> labels) {}

    private static String page() throws IOException {
        return Files.readString(DOCS.resolve("metrics.md"));
    }

    private static Map<String, Row> documented() throws IOException {
        Map<String, Row> rows = new HashMap<>();
        Matcher row = ROW.matcher(page());
        while (row.find()) {
            Set<String> labels = CODE.matcher(row.group(4))
                    .results()
                    .map(label -> label.group(1))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertThat(rows.put(row.group(1), new Row(row.group(2), row.group(3), labels)))
                    .as("documented twice: " + row.group(1))
                    .isNull();
        }
        return rows;
    }

    @Test
    void eachMetricIsDocumentedAndEachDocumentedOneIsThere() throws IOException {
        PageText text = SERVER.page();
        Map<String, Row> documented = documented();
        assertThat(documented.keySet())
                .containsExactlyInAnyOrderElementsOf(text.types().keySet());
        documented.forEach((name, row) -> {
            assertThat(text.types().get(name)).as("type of " + name).isEqualTo(row.type());
            assertThat(text.labelsOf(name)).as("labels of " + name).isEqualTo(row.labels());
            assertThat(name.contains("bytes"))
                    .as("unit of " + name)
                    .isEqualTo(row.unit().equals("bytes"));
            assertThat(name.contains("seconds"))
                    .as("unit of " + name)
                    .isEqualTo(row.unit().equals("seconds"));
        });
    }

    @Test
    void eachReasonIsDocumentedAndEachDocumentedOneIsThere() throws IOException {
        PageText text = SERVER.page();
        String reasons = page().substring(page().indexOf("### Reasons"), page().indexOf("## What to watch"));
        List<String> sections = List.of(reasons.split("(?m)^(?=`fanfare_)"));
        List<String> seen = new ArrayList<>();
        for (String section : sections.subList(1, sections.size())) {
            Matcher title = SECTION.matcher(section);
            assertThat(title.find()).as(section).isTrue();
            seen.add(title.group(1));
            Set<String> values = VALUE.matcher(section)
                    .results()
                    .map(value -> value.group(1))
                    .collect(Collectors.toSet());
            assertThat(values)
                    .as(title.group(1))
                    .isEqualTo(text.named(title.group(1)).stream()
                            .flatMap(sample -> sample.labels().values().stream())
                            .collect(Collectors.toSet()));
        }
        assertThat(seen)
                .containsExactlyInAnyOrder(
                        "fanfare_connections_closed_total",
                        "fanfare_connections_refused_total",
                        "fanfare_messages_dropped_total",
                        "fanfare_slow_consumers_total");
    }

    @Test
    void eachQueryOfTheBoardNamesWhatThereIs() throws IOException {
        JsonNode board = new ObjectMapper()
                .readTree(DOCS.resolve("grafana").resolve("fanfare.json").toFile());
        List<String> queries = board.findValuesAsText("expr");
        assertThat(queries).hasSizeGreaterThan(30);
        assertThat(queries).hasSizeGreaterThanOrEqualTo(board.get("panels").size());
        PageText text = SERVER.page();
        queries.forEach(query -> check(query, text));
        assertThat(board.get("panels"))
                .allSatisfy(panel -> assertThat(panel.get("targets")).isNotEmpty());
    }

    @Test
    void eachAlertNamesWhatThereIsAndIsExplained() throws IOException {
        JsonNode alerts = new YAMLMapper()
                .readTree(DOCS.resolve("prometheus").resolve("alerts.yaml").toFile());
        JsonNode rules = alerts.at("/groups/0/rules");
        assertThat(rules).hasSizeGreaterThan(5).allSatisfy(rule -> {
            assertThat(rule.path("alert").asText()).matches("Fanfare[A-Za-z]+");
            assertThat(rule.at("/labels/severity").asText()).isIn("critical", "warning");
            assertThat(rule.path("annotations").fieldNames()).toIterable().containsExactly("summary", "action");
        });
        List<String> expressions = rules.findValuesAsText("expr");
        PageText text = SERVER.page();
        expressions.forEach(expression -> check(expression, text));

        String watch = page().substring(page().indexOf("## What to watch"));
        List<String> conditions = CODE.matcher(watch)
                .results()
                .map(condition -> condition.group(1).replace("\\|", "|"))
                .filter(condition -> condition.contains("fanfare_"))
                .toList();
        assertThat(conditions).containsExactlyInAnyOrderElementsOf(expressions);
    }

    /** Each metric has samples with the labels that the query speaks of, and no other word of it is unknown. */
    private static void check(String query, PageText text) {
        Matcher metric = METRIC.matcher(query);
        Set<String> labels = new TreeSet<>();
        boolean found = false;
        while (metric.find()) {
            found = true;
            List<PageText.Sample> samples = text.named(metric.group(1));
            assertThat(samples).as(metric.group(1) + " of " + query).isNotEmpty();
            samples.forEach(sample -> labels.addAll(sample.labels().keySet()));
            checkMatchers(query, metric.group(2), samples);
        }
        assertThat(found).as("a metric in " + query).isTrue();
        Matcher by = BY.matcher(query);
        while (by.find()) {
            assertThat(labels).as(query).containsAll(List.of(by.group(1).split(", ")));
        }
        String rest = METRIC.matcher(query)
                .replaceAll("")
                .replaceAll("\\[(\\$__rate_interval|\\d+m)]", "")
                .replaceAll("by \\([^)]*\\)", "");
        assertThat(WORD.matcher(rest).results().map(word -> word.group()).toList())
                .as(query)
                .isSubsetOf(LANGUAGE);
        assertThat(query.chars().filter(c -> c == '(').count())
                .as(query)
                .isEqualTo(query.chars().filter(c -> c == ')').count());
    }

    private static void checkMatchers(String query, String matchers, List<PageText.Sample> samples) {
        if (matchers == null) {
            return;
        }
        for (String matcher : matchers.split(",")) {
            Matcher parts = Pattern.compile("(\\w+)(=~|=)\"(.*)\"").matcher(matcher);
            assertThat(parts.matches()).as(query).isTrue();
            if (parts.group(1).equals("job")) {
                // Prometheus' own, from its configuration
                continue;
            }
            for (String value : parts.group(3).split("\\|")) {
                assertThat(samples)
                        .as(value + " of " + query)
                        .anyMatch(sample -> value.equals(sample.labels().get(parts.group(1))));
            }
        }
    }
}
