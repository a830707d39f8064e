package io.fanfare.selector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InvalidSelectorTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "price = |8: expected a value after '='",
                "a = = 1 |5: expected a value after '=', found '='",
                "= 1 |1: expected a value, found '='",
                "a = 1 AND |10: expected a value after 'AND'",
                "a 1 |3: expected AND, OR or the end after 'a', found '1'",
                "a = 1 b |7: expected AND, OR or the end after '1', found 'b'",
                "a = 1 = 1 |7: expected AND, OR or the end after '1', found '='",
                "(a = 1 |7: expected ')' after '1'",
                "a = 1) |6: expected AND, OR or the end after '1', found ')'",
                "() |2: expected a value after '(', found ')'",
                "5 |1: expected a condition, found a number",
                "a AND 'x' |7: expected a condition, found a text",
                "a OR b + 1 |6: expected a condition, found a number",
                "NOT 5 |5: expected a condition, found a number",
                "(a = 1) = TRUE |1: expected a value, found a condition",
                "a = (b = 1) |5: expected a value, found a condition",
                "1 + (a = 1) = 2 |5: expected a value, found a condition",
                "a < 'x' |5: only numbers have an order, found a text",
                "TRUE >= a |1: only numbers have an order, found TRUE or FALSE",
                "a BETWEEN 'a' AND 'b' |11: only numbers have an order, found a text",
                "a BETWEEN 1 OR 2 |13: expected AND after '1', found 'OR'",
                "a + 'x' = 1 |5: arithmetic takes numbers, found a text",
                "2 * TRUE = 1 |5: arithmetic takes numbers, found TRUE or FALSE",
                "-'x' = 1 |2: arithmetic takes numbers, found a text",
                "a NOT 5 |7: expected BETWEEN, IN or LIKE after 'NOT', found '5'",
                "a NOT = 5 |7: expected BETWEEN, IN or LIKE after 'NOT', found '='",
                "a IS 5 |6: expected NULL after 'IS', found '5'",
                "a = NULL |5: expected a value after '=', found 'NULL'",
                "5 IS NULL |1: expected the name of a header before IS NULL",
                "'x' IN ('x') |1: expected the name of a header before IN",
                "a + 1 LIKE 'x' |1: expected the name of a header before LIKE",
                "a IN 'x' |6: expected '(' after 'IN', found ''x''",
                "a IN () |7: expected a text or a number after '(', found ')'",
                "a IN ('x', b) |12: expected a text or a number after ',', found 'b'",
                "a IN (-'x') |8: expected a text or a number after '-', found ''x''",
                "a IN ('x' 'y') |11: expected ',' or ')' after ''x'', found ''y''",
                "a LIKE b |8: expected a text after 'LIKE', found 'b'",
                "a LIKE 'b' ESCAPE 1 |19: expected a text after 'ESCAPE', found '1'",
                "in = 1 |1: expected a value, found 'in'",
                "a = 'x |5: the closing ' is missing",
                "a = \"x |5: the closing \" is missing",
                "\"\" = 1 |1: the header name between the quotes is empty",
                "a = #1 |5: unexpected character '#'",
                "a ! b |3: unexpected character '!'",
                "a = . |5: unexpected character '.'",
                "a = 57L |7: a number is followed by 'L'",
                "a = 0x1F |6: a number is followed by 'x1F'",
                "a = 1e |6: a number is followed by 'e'",
                "a = 1e999 |5: the number is out of range",
            })
    void theMessageSaysWhatIsWrongAndWhere(String selector, String problem) {
        assertThat(message(selector)).isEqualTo("invalid selector at column " + problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "content-type = 'text/plain' |1",
                "a = 1 AND content-type <> 'text/plain' |11",
                "'text/plain' = content-type |16",
                "x-new = TRUE |1",
                "content-type LIKE 'text/%' |1",
                "content-type IN ('a') |1",
                "content-type IS NULL |1",
            })
    void aNameWithAHyphenNeedsQuotes(String selector, int column) {
        assertThat(message(selector))
                .startsWith("invalid selector at column " + column + ": a header with a hyphen in its name stands in")
                .contains("double quotes, as in \"content-type\"")
                .endsWith("' is a subtraction");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"high-low > 5", "5 = high-low", "\"content-type\" = 'x'", "high - low = 'x'"})
    void aSubtractionIsASubtraction(String selector) {
        assertThat(Selector.parse(selector).text()).isEqualTo(selector);
    }

    // CVE-2018-1270, CVE-2018-1275
    @Test
    @Tag("case-63")
    @Tag("advisory-2")
    void anExpressionOfAnotherLanguageIsAnError() {
        assertThat(message("T(java.lang.Runtime).getRuntime().exec('id')"))
                .isEqualTo("invalid selector at column 2: expected AND, OR or the end after 'T', found '('");
        assertThat(message("${jndi:ldap://x}")).startsWith("invalid selector at column 2: unexpected character");
    }

    @Test
    void columnsCountCharactersNotUtf16() {
        assertThat(message("a = '😀😀' #")).startsWith("invalid selector at column 10:");
    }

    @Test
    void controlAndInvisibleCharactersAreEscaped() {
        assertThat(message("a = \u0007")).endsWith("unexpected character '\\u{7}'");
        assertThat(message("a = \u202e")).endsWith("unexpected character '\\u{202e}'");
        assertThat(message("a = 1 'x\r\n\u001b[31m\ud800'")).endsWith("found ''x\\u{d}\\u{a}\\u{1b}[...'");
        assertThat(message("a\u0000b = 1")).contains("unexpected character '\\u{0}'");
    }

    @Test
    void atMostFortyCharactersOfTheTextAreShown() {
        String problem = message("a = 'SECRET" + "S".repeat(1_000) + "' '" + "S".repeat(1_000) + "'");

        assertThat(problem.chars().filter(character -> character == 'S').count())
                .isLessThan(40);
        assertThat(problem).hasSizeLessThan(140);
    }

    private static String message(String selector) {
        InvalidSelectorException thrown =
                catchThrowableOfType(InvalidSelectorException.class, () -> Selector.parse(selector));
        assertThat(thrown).as(selector).isNotNull();
        return String.valueOf(thrown.getMessage());
    }
}
