package io.fanfare.selector;

import static io.fanfare.selector.Verdicts.isFalse;
import static io.fanfare.selector.Verdicts.isTrue;
import static io.fanfare.selector.Verdicts.isUnknown;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** JMS 3.1, section 3.8.1.2: a header the message does not have is NULL. */
class MissingHeaderTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "absent",
                "absent = 1",
                "absent <> 1",
                "absent != 1",
                "absent < 1",
                "absent <= 1",
                "absent > 1",
                "absent >= 1",
                "1 = absent",
                "absent = 'x'",
                "absent <> 'x'",
                "absent = TRUE",
                "absent <> FALSE",
                "absent = present",
                "present <> absent",
                "absent < present",
                "absent = absent",
                "absent + 1 = 2",
                "1 - absent = 2",
                "absent * 0 = 0",
                "0 / absent = 0",
                "-absent = 0",
                "+absent = 0",
                "absent + 1 = 'x'",
                "absent BETWEEN 1 AND 2",
                "absent NOT BETWEEN 1 AND 2",
                "1 BETWEEN absent AND 2",
                "1 BETWEEN 0 AND absent",
                "absent IN ('x', 1)",
                "absent NOT IN ('x')",
                "absent LIKE '%'",
                "absent NOT LIKE 'x'",
            })
    void makesUnknown(String selector) {
        isUnknown(selector, "present:1");
    }

    @Test
    void doesNotMatterWhereTheOtherBoundDecides() {
        isFalse("3 BETWEEN absent AND 2");
        isTrue("3 NOT BETWEEN absent AND 2");
    }
}
