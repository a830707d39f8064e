package io.fanfare.cli.config;

import io.fanfare.cli.config.ConfigNode.Entry;
import io.fanfare.cli.config.Type.Word;
import io.fanfare.cli.config.ValueTypes.Count;
import io.fanfare.cli.config.ValueTypes.Flag;
import io.fanfare.cli.config.ValueTypes.Size;
import io.fanfare.cli.config.ValueTypes.Text;
import io.fanfare.cli.config.ValueTypes.Time;
import io.fanfare.frame.Printable;
import io.fanfare.options.TopicRule;
import io.fanfare.options.TopicRule.Retain;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The type of {@code topics}, a list of rules: {@code [{match: /topic/a.#, retain: key=id, history: {messages: 10}}]}. */
record TopicRuleList() implements Type<List<TopicRule>> {

    private static final String FORM =
            "a list of rules such as {match: /topic/prices.#, retain: last, history: {messages: 100}}";
    private static final Text MATCH = new Text("a topic, or a pattern for topics, of one line", ".{1,1000}");
    private static final Count MESSAGES = new Count(1, 10_000_000);
    private static final Time AGE = new Time(Duration.ofMillis(1), Duration.ofDays(365));
    private static final Flag PRESENCE = new Flag();
    private static final RetainWord RETAIN = new RetainWord();

    /** Which last values a rule keeps, by which header. */
    private record Retained(Retain retain, @Nullable String key) {}

    /** {@code last} or {@code key=HEADER}. */
    private record RetainWord() implements Word<Retained> {

        private static final String BY_KEY = "key=";

        @Override
        public String form() {
            return "last, or key=HEADER with the name of a header";
        }

        @Override
        public @Nullable Retained parse(String text) {
            if (text.equals("last")) {
                return new Retained(Retain.LAST, null);
            }
            boolean isKey = text.startsWith(BY_KEY) && text.length() > BY_KEY.length();
            return isKey ? new Retained(Retain.BY_KEY, text.substring(BY_KEY.length())) : null;
        }

        @Override
        public String write(Retained retained) {
            return retained.key() == null ? "last" : MATCH.write(BY_KEY + retained.key());
        }
    }

    /** The bounds of a history; none: 0 messages. */
    private record History(int messages, @Nullable Duration age, long bytes) {

        static final History NONE = new History(0, null, TopicRule.DEFAULT_HISTORY_BYTES);
    }

    @Override
    public List<TopicRule> read(ConfigNode node) {
        return ConfigNode.readAll(node.items(FORM), TopicRuleList::rule);
    }

    private static TopicRule rule(ConfigNode node) {
        String match = null;
        Retained retained = new Retained(Retain.ON_REQUEST, null);
        History history = History.NONE;
        boolean presence = false;
        for (Entry entry : node.entries("a rule such as {match: /topic/prices.#, retain: last}")) {
            ConfigNode value = entry.value();
            switch (entry.name()) {
                case "match" -> match = MATCH.read(value);
                case "retain" -> retained = RETAIN.read(value);
                case "history" -> history = history(value);
                case "presence" -> presence = PRESENCE.read(value);
                default -> throw unknown(entry, "a rule has match, retain, history and presence");
            }
        }
        if (match == null) {
            throw node.refused("must have match");
        }
        try {
            return new TopicRule(
                    match,
                    retained.retain(),
                    retained.key(),
                    history.messages(),
                    history.age(),
                    history.bytes(),
                    presence);
        } catch (IllegalArgumentException e) {
            throw node.refused("is no rule: " + e.getMessage());
        }
    }

    private static History history(ConfigNode node) {
        int messages = 0;
        Duration age = null;
        long bytes = TopicRule.DEFAULT_HISTORY_BYTES;
        for (Entry entry : node.entries("a history such as {messages: 1000, age: 10m, bytes: 8MiB}")) {
            ConfigNode value = entry.value();
            switch (entry.name()) {
                case "messages" -> messages = MESSAGES.read(value);
                case "age" -> age = AGE.read(value);
                case "bytes" -> bytes = Size.ANY.read(value);
                default -> throw unknown(entry, "a history has messages, age and bytes");
            }
        }
        if (messages == 0) {
            throw node.refused("must have messages, the number that is kept");
        }
        return new History(messages, age, bytes);
    }

    private static ConfigException unknown(Entry entry, String keys) {
        return new ConfigException(
                entry.place(), "unknown key " + Printable.of(entry.value().key()) + "; " + keys);
    }

    @Override
    public String write(List<TopicRule> rules) {
        return rules.stream().map(TopicRuleList::write).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String write(TopicRule rule) {
        StringBuilder out = new StringBuilder("{match: ").append(MATCH.write(rule.match()));
        if (rule.retain() != Retain.ON_REQUEST) {
            out.append(", retain: ").append(RETAIN.write(new Retained(rule.retain(), rule.key())));
        }
        if (rule.hasHistory()) {
            out.append(", history: {messages: ").append(rule.historyMessages());
            if (rule.historyAge() != null) {
                out.append(", age: ").append(AGE.write(rule.historyAge()));
            }
            out.append(", bytes: ").append(Size.ANY.write(rule.historyBytes())).append('}');
        }
        if (rule.presence()) {
            out.append(", presence: true");
        }
        return out.append('}').toString();
    }
}
