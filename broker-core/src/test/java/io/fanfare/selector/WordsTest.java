package io.fanfare.selector;

import static io.fanfare.selector.Verdicts.isFalse;
import static io.fanfare.selector.Verdicts.isTrue;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WordsTest {
    @Test
    void aQuoteInATextIsDoubled() {
        isTrue("a = 'it''s'", "a:it's");
        isTrue("a = ''''", "a:'");
        isTrue("a = ''", "a:");
        isTrue("a = 'say \"hi\"'", "a:say \"hi\"");
        isTrue("a = 'x\ty'", "a:x\ty");
    }

    @Test
    void aHeaderThatIsNoIdentifierIsWrittenInDoubleQuotes() {
        isTrue("\"content-type\" = 'text/plain'", "content-type:text/plain");
        isTrue("\"a\"\"b\" = 1", "a\"b:1");
        isTrue("\"in\" = 1", "in:1");
        isTrue("\"two words\" IS NOT NULL", "two words:");
        isTrue("\"plain\" = plain", "plain:1");
    }

    @Test
    void withoutQuotesAHyphenIsAMinus() {
        isTrue("content-length = 3", "content:5", "length:2", "content-length:9");
    }

    @Test
    void keywordsAreReadInAnyCase() {
        isTrue("not a Is nUlL aNd a bEtween 1 And 2 oR fAlSe", "a:1");
        isTrue("a lIKe 'x!%' escApe '!' and a NoT iN ('y') and TruE", "a:x%");
    }

    @Test
    void headerNamesAreReadExactly() {
        isTrue("JMSXGroupID = 'g'", "JMSXGroupID:g");
        isTrue("jmsxgroupid IS NULL", "JMSXGroupID:g");
        isTrue(
                "$a_1 = _b$ AND äöü = 1 AND nullable = 1 AND ands = 1",
                "$a_1:1",
                "_b$:1",
                "äöü:1",
                "nullable:1",
                "ands:1");
    }

    @Test
    void keywordsAreFoundInATurkishLocaleToo() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("tr"));
        try {
            isTrue("a is not null and a in ('x') and a like 'x'", "a:x");
        } finally {
            Locale.setDefault(before);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "7. = 7",
                ".5 = 0.5",
                "1e3 = 1000",
                "1E+3 = 1000",
                "25e-1 = 2.5",
                "7.5e1 = 75",
                "010 = 10",
                "1.e2=100"
            })
    void numbersAreWrittenInManyWays(String selector) {
        isTrue(selector);
    }

    @Test
    void whiteSpaceIsOptionalWhereTokensDoNotMerge() {
        isTrue("a=1 AND(b)IN('x')AND'y'='y'", "a:1", "b:x");
        isTrue(" \t\r\n\fa\n=\n1 ", "a:1");
        isTrue("a<>-1", "a:1");
    }

    @Test
    void parenthesesMayStandAroundValuesAndConditions() {
        isTrue("((a)) = (((1))) AND ((a + (2)) > 2)", "a:1");
        isFalse("(NOT ((a = 1)))", "a:1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t\n"})
    void anEmptySelectorSelectsEveryMessage(String text) {
        assertThat(Selector.parse(text).matches(name -> null)).isTrue();
    }

    @Test
    void theTextIsKeptAsItWas() {
        assertThat(Selector.parse(" a  = 1 ").text()).isEqualTo(" a  = 1 ");
    }
}
