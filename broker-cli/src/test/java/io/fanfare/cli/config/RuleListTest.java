package io.fanfare.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.security.Authorizer;
import io.fanfare.security.Authorizer.Action;
import io.fanfare.security.Rule;
import io.fanfare.security.Rules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuleListTest {

    @TempDir
    Path folder;

    private Authorizer authorizer(String yaml) throws IOException {
        Path file = Files.writeString(folder.resolve("fanfare.yaml"), yaml);
        Configuration configuration = new Configuration();
        configuration.readFile(file);
        return configuration.server().options().broker().auth().authorizer();
    }

    private List<Rule> rules(String yaml) throws IOException {
        return ((Rules) authorizer(yaml)).rules();
    }

    @Test
    void rulesAreAListOfSections() throws IOException {
        assertThat(rules("""
                permissions:
                  - allow: subscribe
                    to: [/topic/prices.#, '/topic/news']
                    roles: [trader, guest]
                  - {allow: publish, to: /topic/prices.*, users: [feed]}
                  - {allow: presence, to: /topic/rooms.#}
                  - deny: all
                    to: ['#']
                    claims: {team: red, 'https://acme.example/level': '3'}
                """))
                .containsExactly(
                        Rule.allow(Action.SUBSCRIBE, "/topic/prices.#", "/topic/news")
                                .forRoles("trader", "guest"),
                        Rule.allow(Action.SEND, "/topic/prices.*").forUsers("feed"),
                        Rule.allow(Action.PRESENCE, "/topic/rooms.#"),
                        Rule.deny("#").forClaim("team", "red").forClaim("https://acme.example/level", "3"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "permissions: []"})
    void withoutRulesEverybodyMayDoEverything(String yaml) throws IOException {
        assertThat(authorizer(yaml)).isSameAs(Authorizer.ALL);
    }

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        List<Rule> rules = List.of(
                Rule.allow("/topic/{user}.#")
                        .forUsers("a", "b c", "it's", "0_", "null")
                        .forRoles("r"),
                Rule.deny(Action.PRESENCE, "#"),
                Rule.deny(Action.SEND, "#", "/user/*/queue/x").forClaim("a:b", "1"),
                Rule.allow(Action.SUBSCRIBE, "/topic/{claim:https://acme.example/team}"));
        assertThat(rules("permissions: " + new RuleList().write(rules))).isEqualTo(rules);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "permissions: | permissions must be a list of rules such as",
                "permissions: all | :1:14: permissions must be a list of rules such as",
                "permissions: [all] | :1:15: permissions[0] must be a rule such as",
                "permissions: [{allow: send, to: /topic/a}] | permissions[0].allow must be publish, subscribe, presence or all, not 'send'",
                "permissions: [{allow: all}] | permissions[0] must have allow or deny, and to",
                "permissions: [{to: /topic/a}] | permissions[0] must have allow or deny, and to",
                "permissions: [{allow: all, deny: all, to: /topic/a}] | permissions[0] must have allow or deny, and not both",
                "permissions: [{allow: all, to: /topics/a}] | permissions[0] is no rule: invalid destination in a rule: /topics/a",
                "permissions: [{allow: all, to: '/topic/#.a'}] | last word",
                "permissions: [{allow: all, to: /topic/a, user: [b]}] | unknown key 'permissions[0].user'",
                "permissions: [{allow: all, to: /topic/a, users: []}] | permissions[0].users must not be empty",
                "permissions: [{allow: all, to: /topic/a, roles: }] | permissions[0].roles must be a list",
                "permissions: [{allow: all, to: /topic/a, claims: {}}] | permissions[0].claims must not be empty",
                "permissions: [{allow: all, to: /topic/a, claims: {a: [b]}}] | permissions[0].claims.a must be",
                "permissions: [{allow: all, to: /topic/a, claims: {'': b}}] | permissions[0].claims must be claims whose names are",
                "permissions: [{allow: all, to: /topic/a, claims: {\"a\\nb\": c}}] | not 'a\\u000ab'",
                "permissions: [{allow: all, to: /topic/a, \"a\\nb\": c}] | unknown key 'permissions[0].a\\u000ab'",
            })
    void mistakesAreToldWithTheirPlace(String yaml, String message) {
        assertThatThrownBy(() -> authorizer(yaml))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("fanfare.yaml:1:")
                .hasMessageContaining(message);
    }

    @Test
    void unknownKeysAreEscaped() {
        assertThatThrownBy(() -> authorizer("permissions: [{allow: all, to: /topic/a, \"a\\nb\\e\": c}]"))
                .hasMessageContaining("unknown key 'permissions[0].a\\u000ab\\u001b'; a rule has");
    }

    @Test
    void everyMistakeIsTold() {
        assertThatThrownBy(() -> authorizer("permissions:\n  - {allow: x}\n  - {deny: y}\n"))
                .hasMessageContaining("permissions[0]")
                .hasMessageContaining("permissions[1]");
    }
}
