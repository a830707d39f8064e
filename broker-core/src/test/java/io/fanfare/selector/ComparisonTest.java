package io.fanfare.selector;

import static io.fanfare.selector.Verdicts.isFalse;
import static io.fanfare.selector.Verdicts.isTrue;
import static io.fanfare.selector.Verdicts.isUnknown;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ComparisonTest {
    @ParameterizedTest
    @CsvSource({
        "=,F,T,F",
        "<>,T,F,T",
        "!=,T,F,T",
        "<,T,F,F",
        "<=,T,T,F",
        ">,F,F,T",
        ">=,F,T,T",
    })
    void eachOperatorKnowsLessEqualAndGreater(String operator, String less, String equal, String greater) {
        check(less, "size " + operator + " 10", "size:9.5");
        check(equal, "size " + operator + " 10", "size:10");
        check(greater, "size " + operator + " 10", "size:10.5");
    }

    @Test
    void besideANumberAHeaderIsANumber() {
        isFalse("price > 10", "price:9.5");
        isTrue("10 > price", "price:9.5");
        isTrue("price = 10", "price:10.0");
        isTrue("price = 1000", "price:1e3");
        isTrue("price = -5", "price:-5");
        isTrue("price = 5", "price:+5");
        isTrue("price = 0", "price:-0.0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "abc",
                "",
                " 10",
                "10 ",
                "1,000",
                "0x1A",
                "NaN",
                "Infinity",
                "-",
                ".",
                "1e",
                "10d",
                "1e999",
                "--1"
            })
    void aHeaderThatIsNoNumberIsUnknownBesideOne(String text) {
        isUnknown("price > 10", "price:" + text);
        isUnknown("price <> 10", "price:" + text);
    }

    @Test
    void besideATextAHeaderIsText() {
        isTrue("size = '10'", "size:10");
        isFalse("size = '10'", "size:10.0");
        isTrue("size <> '10'", "size:10.0");
        isFalse("colour = 'Red'", "colour:red");
        isTrue("'' = colour", "colour:");
    }

    @Test
    void besideATruthValueAHeaderIsOne() {
        isTrue("urgent = TRUE", "urgent:True");
        isTrue("urgent <> TRUE", "urgent:false");
        isTrue("FALSE = urgent", "urgent:FALSE");
        isUnknown("urgent = TRUE", "urgent:1");
        isTrue("urgent = 'True'", "urgent:True");
    }

    @Test
    void twoNumericHeadersCompareAsNumbers() {
        isTrue("a = b", "a:10", "b:10.0");
        isTrue("a < b", "a:9", "b:10");
        isFalse("a > b", "a:9", "b:10");
    }

    @Test
    void twoHeadersNotBothNumericCompareAsTextsOrNotAtAll() {
        isTrue("a = b", "a:x", "b:x");
        isTrue("a <> b", "a:x", "b:10");
        isUnknown("a < b", "a:x", "b:y");
        isUnknown("a >= b", "a:10", "b:y");
    }

    @Test
    void literalsOfUnlikeTypesAreNeitherEqualNorUnequal() {
        isFalse("'1' = 1");
        isFalse("'1' <> 1");
        isFalse("TRUE = 'true'");
        isFalse("1 <> TRUE");
        isUnknown("'x' = 1 / 0");
    }

    @Test
    void literalsOfLikeTypesCompare() {
        isTrue("1 = 1.0");
        isTrue("'a' <> 'b'");
        isTrue("TRUE = TRUE");
        isTrue("TRUE <> FALSE");
    }

    @Test
    void longsCompareExactly() {
        isTrue("a < 9223372036854775807", "a:9223372036854775806");
        isTrue("a = -9223372036854775808", "a:-9223372036854775808");
        isFalse("a = -9223372036854775807", "a:-9223372036854775808");
        isTrue("a = 7", "a:0000000000000000000000000000000000000007");
    }

    @Test
    void numbersTooLongForALongAreApproximate() {
        isTrue("a > 9223372036854775807", "a:99999999999999999999");
        isTrue("a = 1e20", "a:100000000000000000000");
        isTrue("a < 100000000000000000001", "a:1");
    }

    @Test
    void aHeaderOfSixtyFourCharactersIsANumberAndOneMoreIsNot() {
        isTrue("a = 1", "a:1." + "0".repeat(62));
        isUnknown("a = 1", "a:1." + "0".repeat(63));
    }

    private static void check(String expected, String selector, String header) {
        if (expected.equals("T")) {
            isTrue(selector, header);
        } else {
            isFalse(selector, header);
        }
    }
}
