package io.fanfare.selector;

import static io.fanfare.selector.Verdicts.isTrue;
import static io.fanfare.selector.Verdicts.isUnknown;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArithmeticTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "two + 3 = 5",
                "two - 3 = -1",
                "two * 3 = 6",
                "6 / two = 3",
                "-two = -2",
                "+two = 2",
                "- - two = 2",
                "-+-+two = 2",
                "two-1 = 1",
                "two -1 = 1",
                "two*-1 = -2",
                "-(two + 1) = -3",
                "'5' <> '6' AND two + two = 4",
            })
    void knowsTheFourOperationsAndTheSigns(String selector) {
        isTrue(selector, "two:2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2 + 3 * 4 = 14",
                "(2 + 3) * 4 = 20",
                "10 - 3 - 2 = 5",
                "10 - (3 - 2) = 9",
                "100 / 10 / 5 = 2",
                "100 / (10 / 5) = 50",
                "2 * 3 + 4 * 5 = 26",
                "12 / 2 * 3 = 18",
                "-2 * 3 = -6",
                "4 - -2 = 6",
            })
    void multipliesBeforeItAddsAndGoesFromLeftToRight(String selector) {
        isTrue(selector);
    }

    @Test
    void wholeNumbersDivideAsInJava() {
        isTrue("7 / 2 = 3");
        isTrue("-7 / 2 = -3");
        isTrue("7 / 2.0 = 3.5");
        isTrue("a / 2 = 3", "a:7");
        isTrue("a / 2 = 3.5", "a:7.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1 / 0 = 1", "0 / 0 = 0", "1 / 0.0 > 1", "0.0 / 0.0 <> 1", "1 / a = 1", "1 + 1 / a = 1"})
    void aDivisionByZeroIsUnknown(String selector) {
        isUnknown(selector, "a:0");
    }

    @Test
    void anOverflowOfALongGoesOnAsADouble() {
        isTrue("9223372036854775807 + 1 = 9.223372036854775807e18");
        isTrue("-9223372036854775808 - 1 < -9.2e18");
        isTrue("9223372036854775807 * 9223372036854775807 > 8.5e37");
        isTrue("9223372036854775807 * -2 < -1.8e19");
        isTrue("-9223372036854775808 / -1 > 9.2e18");
        isTrue("-9223372036854775808 * -1 > 9.2e18");
        isTrue("-a > 9.2e18", "a:-9223372036854775808");
        isTrue("- -9223372036854775808 > 9.2e18");
    }

    @Test
    void whatFitsALongStaysExact() {
        isTrue("9223372036854775806 + 1 = 9223372036854775807");
        isTrue("a + 1 <> 9223372036854775806", "a:9223372036854775806");
        isTrue("-4611686018427387904 * 2 = -9223372036854775808");
    }

    @Test
    void aResultThatIsNotFiniteIsNull() {
        isUnknown("1e308 * 10 > 1");
        isUnknown("1e308 * 10 - 1e308 * 10 = 0");
        isUnknown("-1e308 - 1e308 < 0");
    }

    @Test
    void aHeaderThatIsNoNumberMakesArithmeticNull() {
        isUnknown("a + 1 > 0", "a:abc");
        isUnknown("a * 0 = 0", "a:");
        isUnknown("-a < 0", "a:true");
    }
}
