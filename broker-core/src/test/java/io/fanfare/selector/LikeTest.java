package io.fanfare.selector;

import static io.fanfare.selector.Verdicts.isFalse;
import static io.fanfare.selector.Verdicts.isTrue;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LikeTest {
    private static final long SEED = 20_240_601L;

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "12%3 123",
                "12%3 12993",
                "l_se lose",
                "% ''",
                "% x",
                "%% x",
                "a% a",
                "%a a",
                "%a% a",
                "a%a aa",
                "_ x",
                "__ xy",
                "_% x",
                "%_ x",
                "%ab%ba% xabbax",
                "%aab% aaab",
                "%_b%_b ababab",
                "a%b%c abbbc",
                "%a_c% xxabaacxx",
                "a.c a.c",
                "[a]* [a]*",
                "^$ ^$",
                "\\d \\d",
                "_ 😀",
                "%_😀 a😀",
                "%😀%_ x😀y",
            })
    void finds(String pattern, String text) {
        isTrue("a LIKE '" + pattern + "'", "a:" + text);
        isFalse("a NOT LIKE '" + pattern + "'", "a:" + text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "12%3 1234", "l_se loose", "'' x", "_ ''", "a ab", "a b", "a%a a", "ab%ba aba", "%ab%ba% xabax", "__ x",
                "%a%a% xax", "a% ba", "%a ab", "a.c abc", "[a] a", "A a", "__ 😀", "%c%b%a% abc", "%_a a", "a_% a",
            })
    void doesNotFind(String pattern, String text) {
        isFalse("a LIKE '" + pattern + "'", "a:" + text);
        isTrue("a NOT LIKE '" + pattern + "'", "a:" + text);
    }

    @Test
    void anEscapedWildcardStandsForItself() {
        isTrue("a LIKE '\\_%' ESCAPE '\\'", "a:_x");
        isFalse("a LIKE '\\_%' ESCAPE '\\'", "a:xx");
        isTrue("a LIKE '100!%' ESCAPE '!'", "a:100%");
        isFalse("a LIKE '100!%' ESCAPE '!'", "a:1000");
        isTrue("a LIKE '!!%' ESCAPE '!'", "a:!x");
        isTrue("a LIKE '%!%%' ESCAPE '!'", "a:x%y");
        isTrue("a LIKE '%%_' ESCAPE '%'", "a:%x");
    }

    @Test
    void theEscapeCharacterMayBeAnyOne() {
        isTrue("a LIKE '😀_😀😀' ESCAPE '😀'", "a:_😀");
        isTrue("a LIKE 'it''''%' ESCAPE ''''", "a:it'");
    }

    @Test
    void withoutEscapeABackslashIsACharacter() {
        isTrue("a LIKE '\\_'", "a:\\x");
    }

    @Test
    void anEscapeBeforeAnythingElseIsAnError() {
        assertThatThrownBy(() -> Selector.parse("a LIKE 'x!y' ESCAPE '!'"))
                .hasMessage("invalid selector at column 8: "
                        + "the escape character in a pattern stands before no %, _ or itself");
        assertThatThrownBy(() -> Selector.parse("a LIKE 'x!' ESCAPE '!'")).isInstanceOf(InvalidSelectorException.class);
    }

    @Test
    void theEscapeIsOneCharacter() {
        assertThatThrownBy(() -> Selector.parse("a LIKE 'x' ESCAPE '!!'"))
                .hasMessage("invalid selector at column 19: the text after ESCAPE is not one character");
        assertThatThrownBy(() -> Selector.parse("a LIKE 'x' ESCAPE ''")).isInstanceOf(InvalidSelectorException.class);
    }

    // CVE-2026-67413, CVE-2026-67240, CVE-2026-66074
    @ParameterizedTest
    @CsvSource({"%a%a%a%a%a%a%a%a%b", "%a%a%a%a%a%a%a%a%b%", "%aaaaaaaab%", "%a_a_a_a_b%", "%a%_b%_b", "a%aab%aab%b"})
    @Tag("case-63")
    @Tag("advisory-4")
    void readsEachCharacterOfATeasingTextOnce(String pattern) {
        LikeMatch match = match(pattern, "a".repeat(10_240));

        assertThat(match.run()).isFalse();
        assertThat(match.steps()).isLessThanOrEqualTo(10_240 + pattern.length());
    }

    @Test
    @Tag("case-63")
    @Tag("advisory-4")
    void aRunLongerThanAWordCostsAStepForEach64OfIt() {
        String run = "a_".repeat(1_000) + "b";
        LikeMatch match = match("%" + run + "%", "a".repeat(10_240));

        assertThat(match.run()).isFalse();
        assertThat(match.steps()).isEqualTo(10_240L * 32); // 2,001 characters in words of 64
    }

    @Test
    void findsRunsOfAnyLengthAcrossTheEdgesOfWords() {
        for (int length : new int[] {1, 2, 63, 64, 65, 127, 128, 129, 200}) {
            String run = "_" + "x".repeat(length - 1);
            assertThat(match("%" + run + "%!", "yyy" + "x".repeat(length) + "!").run())
                    .isTrue();
            assertThat(match("%" + run + "%!", "x".repeat(length - 1) + "!").run())
                    .isFalse();
            assertThat(match("%" + "x".repeat(length) + "y%", "x".repeat(length + 70) + "y")
                            .run())
                    .isTrue();
        }
    }

    @Test
    void agreesWithATableOfAllPrefixes() {
        Random random = new Random(SEED);
        for (int i = 0; i < 50_000; i++) {
            String pattern = random(random, "ab%_", 12);
            String text = random(random, "ab", 14);
            assertThat(match(pattern, text).run())
                    .as("'%s' LIKE '%s', seed %d, case %d", text, pattern, SEED, i)
                    .isEqualTo(ReferenceRules.like(text, pattern));
        }
    }

    private static LikeMatch match(String pattern, String text) {
        Token token = new Token(TokenType.TEXT, pattern, 0, pattern.length());
        return new LikeMatch(new LikeSyntax(new Source(pattern), token, null).parse(), text);
    }

    private static String random(Random random, String alphabet, int maxLength) {
        int length = random.nextInt(maxLength + 1);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }
}
