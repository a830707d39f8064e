package io.fanfare.frame;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("item-118")
class PrintableTest {

    @Test
    void textIsQuoted() {
        assertThat(Printable.of("/topic/größe 値")).isEqualTo("'/topic/größe 値'");
        assertThat(Printable.of("")).isEqualTo("''");
    }

    @Test
    @Tag("case-46")
    @Tag("case-47")
    void controlCharactersAreEscapedSoThatALogLineStaysOneLine() {
        assertThat(Printable.of("a\r\nb\tc\0d\u001b[31m\u0085\u007f"))
                .isEqualTo("'a\\u000d\\u000ab\\u0009c\\u0000d\\u001b[31m\\u0085\\u007f'");
        assertThat(Printable.of("a\u2028b\u2029c")).isEqualTo("'a\\u2028b\\u2029c'");
    }

    @Test
    @Tag("case-47")
    void textThatTurnsTheDirectionOfOtherTextIsEscaped() {
        assertThat(Printable.of("a\u202eb\u200bc\ufeffd")).isEqualTo("'a\\u202eb\\u200bc\\ufeffd'");
    }

    @Test
    void surrogatesAreEscapedAlsoWhenTheyStandAlone() {
        assertThat(Printable.of("\ud83d")).isEqualTo("'\\ud83d'");
        assertThat(Printable.of("😀")).isEqualTo("'\\ud83d\\ude00'");
    }

    @Test
    void longTextIsCutBehind64Characters() {
        assertThat(Printable.of("x".repeat(64))).isEqualTo("'" + "x".repeat(64) + "'");
        assertThat(Printable.of("x".repeat(65))).isEqualTo("'" + "x".repeat(64) + "...'");
    }
}
