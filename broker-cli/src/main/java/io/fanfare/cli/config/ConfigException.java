package io.fanfare.cli.config;

import java.util.ArrayList;
import java.util.List;

/** A configuration that can't be used, with all its mistakes and their places. */
public final class ConfigException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Limit on the lines of {@link #lines()}: a file of a megabyte has room for a lot of mistakes. */
    static final int MAX_LINES = 50;

    /** One mistake in a configuration, with its place. */
    record Problem(Place place, String sentence) {

        @Override
        public String toString() {
            return place + ": " + sentence;
        }
    }

    private final transient List<Problem> problems;

    ConfigException(List<Problem> problems) {
        super(String.join("\n", lines(problems)));
        this.problems = List.copyOf(problems);
    }

    ConfigException(Place place, String sentence) {
        this(List.of(new Problem(place, sentence)));
    }

    List<Problem> problems() {
        return problems;
    }

    /** The mistakes, a line each; at most 50, and a last line that counts the others. */
    public List<String> lines() {
        return lines(problems);
    }

    private static List<String> lines(List<Problem> problems) {
        List<String> lines = new ArrayList<>();
        problems.stream().limit(MAX_LINES).map(Problem::toString).forEach(lines::add);
        if (problems.size() > MAX_LINES) {
            lines.add("and " + (problems.size() - MAX_LINES) + " more");
        }
        return lines;
    }
}
