package io.fanfare.cli.config;

import io.fanfare.cli.config.ConfigNode.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Several values: a list, or one line with commas between them. */
record ListOf<T>(Type<T> item) implements Type<List<T>> {

    @Override
    public List<T> read(ConfigNode node) {
        List<T> values = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (ConfigNode each : items(node)) {
            try {
                values.add(item.read(each));
            } catch (ConfigException e) {
                problems.addAll(e.problems());
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return List.copyOf(values);
    }

    private static List<ConfigNode> items(ConfigNode node) {
        if (node instanceof Scalar line) {
            List<ConfigNode> items = new ArrayList<>();
            for (String text : line.text().split(",", -1)) {
                items.add(new Scalar(line.key(), line.place(), text.strip()));
            }
            return items;
        }
        return node.items("a list");
    }

    @Override
    public String write(List<T> values) {
        return values.stream().map(item::write).collect(Collectors.joining(", ", "[", "]"));
    }
}
