package io.fanfare.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.security.Authorizer.Action;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RulesTest {

    private static final Principal ALICE = Principal.of("alice");

    private static boolean maySend(Rules rules, Principal who, String destination) {
        return rules.allows(who, Action.SEND, destination);
    }

    private static boolean maySubscribe(Rules rules, Principal who, String destination) {
        return rules.allows(who, Action.SUBSCRIBE, destination);
    }

    // ---- what rules are about ---------------------------------------------------------------------------------------

    @Test
    void whatNoRuleAllowsIsRefused() {
        Rules rules = Rules.of(Rule.allow("/topic/a"));
        assertThat(maySend(rules, ALICE, "/topic/a")).isTrue();
        assertThat(maySend(rules, ALICE, "/topic/b")).isFalse();
        assertThat(maySubscribe(rules, ALICE, "/topic/b")).isFalse();
        assertThat(maySubscribe(Rules.of(), ALICE, "/topic/a")).isFalse();
    }

    @Test
    void aRuleMayBeAboutOneActionOnly() {
        Rules rules = Rules.of(Rule.allow(Action.SUBSCRIBE, "/topic/#"), Rule.allow(Action.SEND, "/queue/jobs"));
        assertThat(maySubscribe(rules, ALICE, "/topic/a")).isTrue();
        assertThat(maySend(rules, ALICE, "/topic/a")).isFalse();
        assertThat(maySend(rules, ALICE, "/queue/jobs")).isTrue();
        assertThat(maySubscribe(rules, ALICE, "/queue/jobs")).isFalse();
    }

    @Test
    @DisplayName("a topic and a queue of one name are two (CVE-2025-27427)")
    void kindsAreCompared() {
        Rules rules = Rules.of(Rule.allow("/topic/a"));
        assertThat(maySubscribe(rules, ALICE, "/queue/a")).isFalse();
        assertThat(maySend(rules, ALICE, "/user/a/topic/a")).isFalse();
        assertThat(maySubscribe(Rules.of(Rule.allow("#")), ALICE, "/queue/a")).isTrue();
    }

    @Test
    void aRuleMayBeForSomeUsers() {
        Rules rules = Rules.of(Rule.allow("/topic/a").forUsers("alice", "bob"));
        assertThat(maySend(rules, ALICE, "/topic/a")).isTrue();
        assertThat(maySend(rules, Principal.of("Alice"), "/topic/a")).isFalse();
        assertThat(maySend(rules, Principal.of(""), "/topic/a")).isFalse();
    }

    @Test
    void aRuleMayBeForSomeRoles() {
        Rules rules = Rules.of(Rule.allow("/topic/a").forRoles("trader", "admin"));
        assertThat(maySend(rules, with(Set.of("trader"), Map.of()), "/topic/a")).isTrue();
        assertThat(maySend(rules, with(Set.of("guest"), Map.of()), "/topic/a")).isFalse();
        assertThat(maySend(rules, ALICE, "/topic/a")).isFalse();
    }

    @Test
    void aRuleMayBeForThoseWithAClaim() {
        Rules rules = Rules.of(Rule.allow("/topic/a").forClaim("team", "red"));
        assertThat(maySend(rules, with(Set.of(), Map.of("team", "red")), "/topic/a"))
                .isTrue();
        assertThat(maySend(rules, with(Set.of(), Map.of("team", List.of("blue", "red"))), "/topic/a"))
                .isTrue();
        assertThat(maySend(rules, with(Set.of(), Map.of("team", "reds")), "/topic/a"))
                .isFalse();
        assertThat(maySend(rules, ALICE, "/topic/a")).isFalse();
        Rules level = Rules.of(Rule.allow("/topic/a").forClaim("level", "3").forClaim("active", "true"));
        assertThat(maySend(level, with(Set.of(), Map.of("level", 3L, "active", true)), "/topic/a"))
                .isTrue();
        assertThat(maySend(level, with(Set.of(), Map.of("level", 3L, "active", false)), "/topic/a"))
                .isFalse();
    }

    @Test
    void usersRolesAndClaimsMustAllFit() {
        Rules rules = Rules.of(Rule.allow("/topic/a").forUsers("alice").forRoles("trader"));
        assertThat(maySend(rules, with(Set.of("trader"), Map.of()), "/topic/a")).isTrue();
        assertThat(maySend(rules, ALICE, "/topic/a")).isFalse();
    }

    private static Principal with(Set<String> roles, Map<String, Object> claims) {
        return new Principal("alice", roles, claims, null);
    }

    // ---- denying ----------------------------------------------------------------------------------------------------

    @Test
    void whatIsDeniedIsNotAllowedByWhateverStandsBeforeOrBehind() {
        Rule allow = Rule.allow("/topic/#");
        Rule deny = Rule.deny("/topic/secret.#");
        for (Rules rules : List.of(Rules.of(allow, deny), Rules.of(deny, allow))) {
            assertThat(maySubscribe(rules, ALICE, "/topic/open")).isTrue();
            assertThat(maySubscribe(rules, ALICE, "/topic/secret")).isFalse();
            assertThat(maySubscribe(rules, ALICE, "/topic/secret.a.b")).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/topic/#", "/topic/*", "/topic/secret", "/topic/*.a", "/topic/secret.#", "/topic/*.#"})
    void aPatternMustNotTouchWhatIsDenied(String pattern) {
        Rules rules = Rules.of(Rule.allow("/topic/#"), Rule.deny("/topic/secret.#"));
        assertThat(maySubscribe(rules, ALICE, pattern)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/topic/open.#", "/topic/*/a", "/topic/open.*", "/topic/secrets.#"})
    void aPatternBesideWhatIsDeniedIsAllowed(String pattern) {
        Rules rules = Rules.of(Rule.allow("/topic/#"), Rule.deny("/topic/secret.#"));
        assertThat(maySubscribe(rules, ALICE, pattern)).isTrue();
    }

    // ---- patterns in patterns ---------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({
        "/topic/a.*, /topic/a.b, true",
        "/topic/a.*, /topic/a.*, true",
        "/topic/a.*, /topic/a.#, false",
        "/topic/a.*, /topic/a/b, false",
        "/topic/a.*, /topic/*.b, false",
        "/topic/a.*, /topic/#, false",
        "/topic/a.#, /topic/a, true",
        "/topic/a.#, /topic/a.#, true",
        "/topic/a.#, /topic/a/#, false",
        "/topic/a.#, /topic/a.*.c, true",
        "/topic/a.#, /topic/a.b/#, true",
        "/topic/#, /topic/*.#, true",
        "/topic/*, /topic/#, false",
        "/topic/*.b, /topic/a.b, true",
        "/topic/*.b, /topic/a.*, false",
        "/topic/>, /topic/a.b, true",
        "/topic/a.**, /topic/a.b.c, true",
        "/topic/A, /topic/a, false",
        "/topic/a, /topic/ab, false",
    })
    void aPatternMustLieInsideWhatIsAllowed(String allowed, String asked, boolean expected) {
        assertThat(maySubscribe(Rules.of(Rule.allow(allowed)), ALICE, asked)).isEqualTo(expected);
    }

    @Test
    void itMustLieInsideWhatOneRuleAllows() {
        Rules rules = Rules.of(Rule.allow("/topic/a", "/topic/a.#"));
        assertThat(maySubscribe(rules, ALICE, "/topic/a.#")).isTrue();
        rules.replace(List.of(Rule.allow("/topic/a", "/topic/a.*", "/topic/a.*.#")));
        assertThat(maySubscribe(rules, ALICE, "/topic/a.#")).isFalse();
    }

    // ---- whose name or claim it is ----------------------------------------------------------------------------------

    @Test
    void aUserIsAWord() {
        Rules rules = Rules.of(Rule.allow("/topic/inbox.{user}.#"));
        assertThat(maySubscribe(rules, ALICE, "/topic/inbox.alice")).isTrue();
        assertThat(maySubscribe(rules, ALICE, "/topic/inbox.alice.#")).isTrue();
        assertThat(maySubscribe(rules, ALICE, "/topic/inbox.bob")).isFalse();
        assertThat(maySubscribe(rules, ALICE, "/topic/inbox.*")).isFalse();
        assertThat(maySubscribe(rules, ALICE, "/topic/inbox.#")).isFalse();
        assertThat(maySubscribe(rules, ALICE, "/topic/inbox/alice")).isFalse();
        assertThat(maySend(rules, ALICE, "/topic/inbox.{user}")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".*",
                "*",
                "#",
                ">",
                "**",
                "a.b",
                "a/b",
                "[a-z]+",
                "a|b",
                "{user}",
                "",
                " ",
                "%2F",
                "a,b",
                "(?i)ALICE"
            })
    @DisplayName("a user's name is no pattern, whatever it is (CVE-2026-57217, -44838, -67407)")
    void aUsersNameIsNoPattern(String name) {
        Rules rules = Rules.of(Rule.allow("/topic/inbox.{user}"), Rule.allow("/user/{user}/queue/#"));
        Principal eve = Principal.of(name);
        for (String other : new String[] {
            "alice", "a", "b", "*", "#", "a.b", "a/b", "a.b.c", "{user}", "x", "ALICE", "%2F", ">", ".*"
        }) {
            boolean own = other.equals(name) && !name.matches(".*[.,/*#>%{} ].*");
            assertThat(maySubscribe(rules, eve, "/topic/inbox." + other))
                    .as(other)
                    .isEqualTo(own);
            assertThat(maySend(rules, eve, "/user/" + other + "/queue/x"))
                    .as(other)
                    .isEqualTo(own);
        }
        assertThat(maySubscribe(rules, eve, "/topic/inbox.#")).isFalse();
        assertThat(maySubscribe(rules, eve, "/topic/inbox")).isFalse();
    }

    @Test
    void aClaimIsAWordOrSeveral() {
        Rules rules = Rules.of(Rule.allow("/topic/teams.{claim:https://acme.example/team}.*"));
        Principal one = with(Set.of(), Map.of("https://acme.example/team", "red"));
        Principal two = with(Set.of(), Map.of("https://acme.example/team", List.of("red", "blue", "a.b", "#")));
        assertThat(maySubscribe(rules, one, "/topic/teams.red.*")).isTrue();
        assertThat(maySubscribe(rules, one, "/topic/teams.blue.*")).isFalse();
        assertThat(maySubscribe(rules, two, "/topic/teams.blue.x")).isTrue();
        assertThat(maySubscribe(rules, two, "/topic/teams.#")).isFalse();
        assertThat(maySubscribe(rules, two, "/topic/teams.a.b")).isFalse();
        assertThat(maySubscribe(rules, ALICE, "/topic/teams.red.x")).isFalse();
    }

    @Test
    void whatIsDeniedByANameThatIsNoWordIsDeniedWhateverTheWord() {
        Rules rules = Rules.of(Rule.allow("/topic/#"), Rule.deny("/topic/bids.{user}"));
        assertThat(maySubscribe(rules, ALICE, "/topic/bids.alice")).isFalse();
        assertThat(maySubscribe(rules, ALICE, "/topic/bids.bob")).isTrue();
        assertThat(maySubscribe(rules, ALICE, "/topic/bids.*")).isFalse();
        assertThat(maySubscribe(rules, Principal.of("a.b"), "/topic/bids.bob")).isFalse();
        assertThat(maySubscribe(rules, Principal.of("a.b"), "/topic/bids")).isTrue();
        Rules byClaim = Rules.of(Rule.allow("/topic/#"), Rule.deny("/topic/{claim:team}"));
        assertThat(maySubscribe(byClaim, ALICE, "/topic/red"))
                .as("no such claim")
                .isFalse();
        Principal red = with(Set.of(), Map.of("team", "red"));
        assertThat(maySubscribe(byClaim, red, "/topic/blue")).isTrue();
    }

    // ---- users' destinations ----------------------------------------------------------------------------------------

    @Test
    void everybodyMaySubscribeToHisOwnUnlessARuleDeniesIt() {
        Rules rules = Rules.of(Rule.allow("/topic/a"));
        assertThat(maySubscribe(rules, ALICE, "/user/queue/x")).isTrue();
        assertThat(maySend(rules, ALICE, "/user/alice/queue/x")).isFalse();
        rules.replace(List.of(Rule.deny(Action.SUBSCRIBE, "/user/queue/x")));
        assertThat(maySubscribe(rules, ALICE, "/user/queue/x")).isFalse();
        assertThat(maySubscribe(rules, ALICE, "/user/topic/x")).isTrue();
    }

    @Test
    void aUserIsOneWordOfHisDestinationsDotsAndAll() {
        Rules rules = Rules.of(Rule.allow(Action.SEND, "/user/*/queue/alerts.#"));
        assertThat(maySend(rules, ALICE, "/user/bob/queue/alerts")).isTrue();
        assertThat(maySend(rules, ALICE, "/user/bob@example.com/queue/alerts.red"))
                .isTrue();
        assertThat(maySend(rules, ALICE, "/user/bob@example.com/topic/alerts")).isFalse();
        assertThat(maySend(rules, ALICE, "/user/bob/x/queue/alerts")).isFalse();
    }

    // ---- what rules can't be ----------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({
        "/topics/a, '/topic/, /queue/ or /user/'",
        "/amq/queue/a, '/topic/, /queue/ or /user/'",
        "/temp-queue/a, '/topic/, /queue/ or /user/'",
        "topic/a, '/topic/, /queue/ or /user/'",
        "a, '/topic/, /queue/ or /user/'",
        "'', '/topic/, /queue/ or /user/'",
        "/topic/, empty",
        "/topic//a, empty",
        "/topic/.a, empty",
        "/topic/a..b, empty",
        "/topic/a., empty",
        "/topic/#.a, last word",
        "/topic/#/#/#/#, last word",
        "/topic/>.>, last word",
        "'/topic/a,/topic/b', comma",
        "/topic/a{user}, a whole word",
        "/topic/{users}, a whole word",
        "/topic/{claim:}, a whole word",
        "/topic/{claim:a.b, a whole word",
        "/topic/{user}{user}, a whole word",
    })
    void aDestinationThatMeansNothingIsRefused(String destination, String why) {
        assertThatThrownBy(() -> Rule.allow(destination))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(destination)
                .hasMessageContaining(why);
    }

    @Test
    void aRuleAboutNothingIsRefused() {
        assertThatThrownBy(() -> Rule.allow()).hasMessageContaining("at least one");
    }
}
