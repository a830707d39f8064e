package io.fanfare.admin.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Prometheus' text format, read. */
final class PageText {

    private static final Pattern SAMPLE = Pattern.compile("([a-z0-9_]+)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    /** A line with a value. */
    record Sample(String name, Map<String, String> labels, double value) {}

    /** Types by the names of metrics. */
    private final Map<String, String> types = new TreeMap<>();

    private final List<Sample> samples = new ArrayList<>();

    PageText(byte[] page) {
        for (String line : new String(page, UTF_8).split("\n")) {
            if (line.startsWith("# TYPE ")) {
                String[] parts = line.split(" ");
                types.put(parts[2], parts[3]);
            } else if (!line.startsWith("#") && !line.isBlank()) {
                Matcher sample = SAMPLE.matcher(line);
                if (!sample.matches()) {
                    throw new AssertionError("no sample: " + line);
                }
                samples.add(new Sample(sample.group(1), labels(sample.group(2)), value(sample.group(3))));
            }
        }
    }

    private static Map<String, String> labels(String text) {
        Map<String, String> labels = new TreeMap<>();
        if (text != null) {
            Matcher label = LABEL.matcher(text);
            while (label.find()) {
                labels.put(label.group(1), label.group(2));
            }
        }
        return labels;
    }

    private static double value(String text) {
        return text.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
    }

    Map<String, String> types() {
        return types;
    }

    /** The samples of a metric: of a histogram also those that its name begins. */
    List<Sample> samplesOf(String metric) {
        List<String> suffixes =
                "histogram".equals(types.get(metric)) ? List.of("_bucket", "_sum", "_count") : List.of("");
        return samples.stream()
                .filter(sample ->
                        suffixes.stream().anyMatch(suffix -> sample.name().equals(metric + suffix)))
                .toList();
    }

    /** The names of a metric's labels. */
    Set<String> labelsOf(String metric) {
        return samplesOf(metric).stream()
                .flatMap(sample -> sample.labels().keySet().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The samples of this name. */
    List<Sample> named(String name) {
        return samples.stream().filter(sample -> sample.name().equals(name)).toList();
    }

    /** The one value of this name with, among others, these labels. */
    double value(String name, String... namesAndValues) {
        Map<String, String> wanted = new TreeMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            wanted.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        List<Sample> found = named(name).stream()
                .filter(sample -> sample.labels().entrySet().containsAll(wanted.entrySet()))
                .toList();
        if (found.size() != 1) {
            throw new AssertionError(name + wanted + ": " + found);
        }
        return found.get(0).value();
    }
}
