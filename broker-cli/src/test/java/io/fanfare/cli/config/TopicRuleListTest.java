package io.fanfare.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.options.TopicRule;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What topics keep, as the configuration file says it. */
class TopicRuleListTest {

    private static List<TopicRule> rules(String yaml) {
        Configuration configuration = new Configuration();
        configuration.readText(Path.of("fanfare.yaml"), yaml);
        configuration.refuseMistakes();
        return configuration.topics();
    }

    @Test
    void rulesAreAListOfSections() {
        assertThat(rules("""
                topics:
                  - {match: "/topic/prices.#", retain: key=symbol, history: {messages: 1000, age: 10m, bytes: 8MiB}}
                  - match: /topic/log
                    history: {messages: 5}
                  - {match: /user/queue/notes, retain: last}
                  - {match: "/topic/room.#", presence: true}
                  - {match: /topic/hall, presence: false}
                """))
                .containsExactly(
                        TopicRule.of("/topic/prices.#")
                                .retainByKey("symbol")
                                .history(1000, Duration.ofMinutes(10), 8L << 20),
                        TopicRule.of("/topic/log").history(5),
                        TopicRule.of("/user/queue/notes").retainLast(),
                        TopicRule.of("/topic/room.#").withPresence(),
                        TopicRule.of("/topic/hall"));
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        List<TopicRule> rules = List.of(
                TopicRule.of("/topic/a.*").retainByKey("it's: a").history(3, Duration.ofSeconds(90), 12_345),
                TopicRule.of("/user/topic/#").retainLast(),
                TopicRule.of("/topic/b").withPresence(),
                TopicRule.of("/topic/c").withPresence().history(5).retainLast(),
                TopicRule.of("/topic/it's/#").history(7));
        assertThat(rules("topics: " + new TopicRuleList().write(rules))).isEqualTo(rules);
    }

    @ParameterizedTest
    @DisplayName("a mistake is told with its place and what to write instead")
    @CsvSource(
            delimiter = '|',
            value = {
                "topics: all | topics must be a list of rules such as",
                "topics: [{retain: last}] | topics[0] must have match",
                "topics: [{match: /topic/a, retain: all}] | topics[0].retain must be last, or key=HEADER",
                "topics: [{match: /topic/a, retain: key=}] | topics[0].retain must be last, or key=HEADER",
                "topics: [{match: /queue/a, retain: last}] | topics[0] is no rule: match begins with /topic/",
                "topics: [{match: '/topic/#.a'}] | last word",
                "topics: [{match: '/topic/{user}'}] | topics[0] is no rule: match begins with /topic/",
                "topics: [{match: '/topic/a,/topic/b'}] | without a comma",
                "topics: [{match: /topic/a, history: 5}] | topics[0].history must be a history such as",
                "topics: [{match: /topic/a, history: {age: 5m}}] | topics[0].history must have messages",
                "topics: [{match: /topic/a, history: {messages: 0}}] | topics[0].history.messages must be a number from 1",
                "topics: [{match: /topic/a, history: {messages: 5, size: 1}}] | unknown key 'topics[0].history.size'",
                "topics: [{match: /topic/a, presence: 1}] | topics[0].presence must be true or false",
                "topics: [{match: /user/topic/a, presence: true}] | topics[0] is no rule: presence is for topics that all clients share",
                "topics: [{match: /topic/a, keep: 1}] | unknown key 'topics[0].keep'; a rule has match, retain, history and presence",
            })
    void mistakes(String yaml, String message) {
        assertThatThrownBy(() -> rules(yaml))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("fanfare.yaml:1:")
                .hasMessageContaining(message);
    }
}
