package io.fanfare.nats.numbers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What each candidate reached in each round, all of one unit. */
final class Rounds {

    private final String unit;
    private final Map<String, List<Double>> values = new LinkedHashMap<>();

    Rounds(String unit) {
        this.unit = unit;
    }

    void add(String candidate, double value) {
        System.out.println("  " + candidate + " " + text(value) + " " + unit);
        values.computeIfAbsent(candidate, any -> new ArrayList<>()).add(value);
    }

    /** Forgets all of it. */
    void clear() {
        values.clear();
    }

    /** Prints rows of a table in Markdown: candidate, median, all rounds. */
    void print() {
        values.forEach((candidate, all) -> System.out.println("| " + candidate + " | " + text(median(all)) + " " + unit
                + " | " + String.join("; ", all.stream().map(Rounds::text).toList()) + " |"));
    }

    /** Prints the ratio of two candidates beside its goal: the median of the rounds' ratios, and all of these. */
    void printRatio(String candidate, String to, String goal) {
        List<Double> ratios = new ArrayList<>();
        List<Double> mine = values.getOrDefault(candidate, List.of());
        List<Double> others = values.getOrDefault(to, List.of());
        for (int i = 0; i < Math.min(mine.size(), others.size()); i++) {
            ratios.add(mine.get(i) / others.get(i));
        }
        System.out.println("| " + candidate + " / " + to + " | **" + text(median(ratios)) + "**, goal " + goal + " | "
                + String.join("; ", ratios.stream().map(Rounds::text).toList()) + " |");
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.isEmpty() ? Double.NaN : sorted.get(sorted.size() / 2);
    }

    private static String text(double value) {
        return String.format(Locale.ROOT, value < 100 ? "%.2f" : "%,.0f", value);
    }
}
