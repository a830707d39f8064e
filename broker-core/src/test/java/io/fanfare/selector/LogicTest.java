package io.fanfare.selector;

import static io.fanfare.selector.Verdicts.isFalse;
import static io.fanfare.selector.Verdicts.isTrue;
import static io.fanfare.selector.Verdicts.isUnknown;
import static io.fanfare.selector.Verdicts.verdict;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** JMS 3.1, section 3.8.1.2, tables 3-4 to 3-6; U is a comparison with a header the message does not have. */
class LogicTest {
    @ParameterizedTest
    @CsvSource({"T,T,T", "T,F,F", "T,U,U", "F,T,F", "F,F,F", "F,U,F", "U,T,U", "U,F,F", "U,U,U"})
    void andHasTheTableOfJms(String left, String right, String expected) {
        assertThat(verdict(term(left) + " AND " + term(right))).isEqualTo(truth(expected));
    }

    @ParameterizedTest
    @CsvSource({"T,T,T", "T,F,T", "T,U,T", "F,T,T", "F,F,F", "F,U,U", "U,T,T", "U,F,U", "U,U,U"})
    void orHasTheTableOfJms(String left, String right, String expected) {
        assertThat(verdict(term(left) + " OR " + term(right))).isEqualTo(truth(expected));
    }

    @ParameterizedTest
    @CsvSource({"T,F", "F,T", "U,U"})
    void notHasTheTableOfJms(String operand, String expected) {
        assertThat(verdict("NOT " + term(operand))).isEqualTo(truth(expected));
    }

    @Test
    void anUnknownEarlyInAChainDoesNotDecideIt() {
        isFalse("absent = 1 AND TRUE AND FALSE");
        isTrue("absent = 1 OR FALSE OR TRUE");
    }

    @Test
    void notIsUndoneByNot() {
        isTrue("NOT NOT TRUE");
        isFalse("NOT NOT NOT TRUE");
        isUnknown("NOT NOT absent = 1");
    }

    @Test
    void andBindsTighterThanOr() {
        isTrue("TRUE OR TRUE AND FALSE");
        isFalse("(TRUE OR TRUE) AND FALSE");
        isTrue("FALSE AND TRUE OR TRUE");
    }

    @Test
    void notBindsTighterThanAndAndLooserThanAComparison() {
        isFalse("NOT TRUE AND FALSE");
        isTrue("NOT (TRUE AND FALSE)");
        isTrue("NOT a = 1", "a:2");
        isTrue("NOT a IS NULL", "a:2");
        isTrue("NOT a BETWEEN 3 AND 4 AND TRUE", "a:2");
    }

    @Test
    void aHeaderAloneIsAConditionOnItsText() {
        isTrue("urgent", "urgent:true");
        isTrue("urgent", "urgent:TRUE");
        isFalse("urgent", "urgent:False");
        isUnknown("urgent", "urgent:yes");
        isUnknown("urgent");
        isTrue("NOT (urgent) AND NOT ((late))", "urgent:false", "late:false");
    }

    @Test
    void isNullIsNeverUnknown() {
        isTrue("a IS NULL");
        isFalse("a IS NOT NULL");
        isFalse("a IS NULL", "a:");
        isTrue("a IS NOT NULL", "a:");
    }

    private static String term(String truth) {
        return switch (truth) {
            case "T" -> "1 = 1";
            case "F" -> "1 = 2";
            default -> "absent = 1";
        };
    }

    private static Truth truth(String letter) {
        return switch (letter) {
            case "T" -> Truth.TRUE;
            case "F" -> Truth.FALSE;
            default -> Truth.UNKNOWN;
        };
    }
}
