package io.fanfare.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A setting that is a list of sections, each with keys of its own. */
class FieldsTest {

    /** A rule such as permissions are made of. */
    private record Rule(String allow, List<String> to, int rank) {}

    private static final Text WORD = new Text("a word", "[a-z/]+");

    private static final Type<Rule> RULE = new Type<>() {
        @Override
        public Rule read(ConfigNode node) {
            Fields fields = new Fields(node, "a rule", Set.of("allow", "to", "rank"));
            return new Rule(
                    fields.need("allow", WORD),
                    fields.need("to", new ListOf<>(WORD)),
                    fields.get("rank", new Count(1, 9)).orElse(5));
        }

        @Override
        public String write(Rule rule) {
            return "{allow: " + rule.allow() + ", to: " + new ListOf<>(WORD).write(rule.to()) + ", rank: " + rule.rank()
                    + "}";
        }
    };

    @TempDir
    Path folder;

    @Test
    void rulesAreRead() throws IOException {
        ConfigNode node = node("""
                - allow: send
                  to: [/topic/a, /topic/b]
                - {allow: subscribe, to: /topic/a, rank: 1}
                """);
        List<Rule> rules = List.of(
                new Rule("send", List.of("/topic/a", "/topic/b"), 5), new Rule("subscribe", List.of("/topic/a"), 1));

        assertThat(new ListOf<>(RULE).read(node)).isEqualTo(rules);
        assertThat(new ListOf<>(RULE).read(node("  " + new ListOf<>(RULE).write(rules))))
                .isEqualTo(rules);
    }

    @Test
    void mistakesOfAllRulesHaveTheirPlaces() throws IOException {
        ConfigNode node = node("""
                - allow: send
                  too: [/topic/a]
                - allow: 5
                - allow: send
                - {allow: send, to: [a, 7, B], rank: 0}
                - send
                """);

        assertThat(catchThrowableOfType(ConfigException.class, () -> new ListOf<>(RULE).read(node))
                        .lines())
                .map(line -> line.substring(line.indexOf(".yaml:") + 6))
                .containsExactly(
                        "3:3: unknown key 'too'; did you mean to?",
                        "4:10: rules[1].allow must be a word, not '5'",
                        "5:3: rules[2] lacks to",
                        "6:25: rules[3].to[1] must be a word, not '7'",
                        "6:28: rules[3].to[2] must be a word, not 'B'",
                        "7:3: rules[4] must be a rule, not 'send'");
    }

    private ConfigNode node(String yaml) throws IOException {
        Path file = Files.writeString(folder.resolve("fanfare.yaml"), "rules:\n" + yaml);
        List<Problem> problems = new ArrayList<>();
        List<ConfigNode.Entry> entries = YamlReader.read(file, problems).pairs();
        assertThat(problems).isEmpty();
        return entries.get(0).value();
    }
}
