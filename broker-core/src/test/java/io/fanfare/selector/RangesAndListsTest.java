package io.fanfare.selector;

import static io.fanfare.selector.Verdicts.isFalse;
import static io.fanfare.selector.Verdicts.isTrue;
import static io.fanfare.selector.Verdicts.isUnknown;

import org.junit.jupiter.api.Test;

class RangesAndListsTest {
    @Test
    void betweenIncludesBothBounds() {
        isFalse("age BETWEEN 15 AND 19", "age:14.9");
        isTrue("age BETWEEN 15 AND 19", "age:15");
        isTrue("age BETWEEN 15 AND 19", "age:19");
        isFalse("age BETWEEN 15 AND 19", "age:19.1");
        isTrue("age NOT BETWEEN 15 AND 19", "age:20");
        isFalse("age BETWEEN 19 AND 15", "age:17");
    }

    @Test
    void betweenTakesSumsAndHeaders() {
        isTrue("2 * a BETWEEN low - 1 AND low + 1 AND TRUE", "a:5", "low:10");
        isTrue("9 BETWEEN low AND high", "low:1", "high:10");
    }

    @Test
    void betweenIsUnknownForAHeaderThatIsNoNumber() {
        isUnknown("age BETWEEN 15 AND 19", "age:old");
        isUnknown("age NOT BETWEEN 15 AND 19", "age:old");
    }

    @Test
    void inFindsTextsExactly() {
        isTrue("country IN ('UK', 'US', 'France')", "country:US");
        isFalse("country IN ('UK', 'US', 'France')", "country:us");
        isTrue("country NOT IN ('UK')", "country:Peru");
        isFalse("country NOT IN ('UK')", "country:UK");
        isTrue("(country) IN ('UK', 'UK')", "country:UK");
    }

    @Test
    void inFindsNumbersAsNumbers() {
        isTrue("size IN (1, -2, +3.5)", "size:-2.0");
        isTrue("size IN (1, -2, +3.5)", "size:3.5");
        isFalse("size IN (1, -2, +3.5)", "size:2");
        isTrue("size NOT IN (1)", "size:2");
    }

    @Test
    void inIsAChainOfEqualsAlsoWhereTheListIsMixed() {
        isTrue("size IN (1, 'XL')", "size:XL");
        isUnknown("size IN (1, 'XL')", "size:M");
        isUnknown("size = 1 OR size = 'XL'", "size:M");
    }
}
