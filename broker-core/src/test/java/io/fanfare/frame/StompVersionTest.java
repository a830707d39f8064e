package io.fanfare.frame;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class StompVersionTest {

    @ParameterizedTest
    @CsvSource({
        "'1.0,1.1,1.2', 1.2",
        "'1.2,1.1,1.0', 1.2",
        "'1.0,1.1,2.0', 1.1",
        "'1.1, 1.0', 1.1",
        "' 1.2 ', 1.2",
        "'\t1.0,', 1.0",
        "'9,1.0,x,,', 1.0",
        "'1.1,1.1', 1.1"
    })
    @Tag("item-58")
    void theHighestCommonVersionCounts(String acceptVersion, String expected) {
        assertThat(StompVersion.highestOf(acceptVersion))
                .map(StompVersion::toString)
                .contains(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",", "2.0", "1.3", "1", "1.20", "01.2", "v1.2", "1.1 1.2"})
    @Tag("item-60")
    void thereMayBeNoCommonVersion(String acceptVersion) {
        assertThat(StompVersion.highestOf(acceptVersion)).isEmpty();
    }

    @Test
    @Tag("item-60")
    void allNamesEveryVersion() {
        assertThat(StompVersion.ALL.split(",")).containsExactly("1.0", "1.1", "1.2");
    }

    @Test
    void only10TrimsAndDoesNotEscape() {
        assertThat(StompVersion.values()).filteredOn(StompVersion::trims).containsExactly(StompVersion.V1_0);
        assertThat(StompVersion.values())
                .filteredOn(StompVersion::escapes)
                .containsExactly(StompVersion.V1_1, StompVersion.V1_2);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsEscapedIsUnescapedToItself(StompVersion version) {
        for (int b = -128; b < 256; b++) {
            int letter = version.escape(b);
            if (letter >= 0) {
                assertThat(version.unescape(letter)).isEqualTo(b);
            }
        }
    }
}
