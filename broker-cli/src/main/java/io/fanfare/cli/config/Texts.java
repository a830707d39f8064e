package io.fanfare.cli.config;

import io.fanfare.cli.config.ConfigNode.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Several texts: a list, or one line with commas between them. */
record Texts(Text text) implements Type<List<String>> {

    @Override
    public List<String> read(ConfigNode node) {
        List<String> texts = new ArrayList<>();
        for (ConfigNode item : items(node)) {
            texts.add(text.read(item));
        }
        return List.copyOf(texts);
    }

    private List<ConfigNode> items(ConfigNode node) {
        if (node instanceof Scalar line) {
            List<ConfigNode> items = new ArrayList<>();
            for (String item : line.text().split(",", -1)) {
                items.add(new Scalar(line.key(), line.place(), item.strip()));
            }
            return items;
        }
        return node.items("a list");
    }

    @Override
    public String write(List<String> values) {
        return values.stream().map(text::write).collect(Collectors.joining(", ", "[", "]"));
    }
}
