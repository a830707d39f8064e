package io.fanfare.cli.config;

import io.fanfare.cli.config.ConfigNode.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The keys of a section that no settings stand for, such as one rule of a list. */
final class Fields {

    private final ConfigNode section;
    private final Map<String, ConfigNode> values = new HashMap<>();

    /**
     * Takes a section apart.
     *
     * @param form what it is, for errors: "a rule"
     * @param names the keys that it may have
     * @throws ConfigException when it is no section, or has others
     */
    Fields(ConfigNode section, String form, Set<String> names) {
        this.section = section;
        List<Problem> problems = new ArrayList<>();
        for (Entry entry : section.entries(form)) {
            if (names.contains(entry.name())) {
                values.put(entry.name(), entry.value());
            } else {
                problems.add(new Problem(entry.place(), Nearest.unknown("key", entry.name(), names)));
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
    }

    <T> Optional<T> get(String name, Type<T> type) {
        return Optional.ofNullable(values.get(name)).map(type::read);
    }

    /** The value of a key that must be there. */
    <T> T need(String name, Type<T> type) {
        return get(name, type).orElseThrow(() -> section.refused("lacks " + name));
    }
}
