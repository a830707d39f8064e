package io.fanfare.frame;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JsonStringTest {

    @Test
    void quotationMarksBackslashesAndControlsAreEscaped() {
        assertThat(JsonString.of("a\"b\\c\n\r\t\u0000\u001f\u007fé😀"))
                .isEqualTo("\"a\\\"b\\\\c\\n\\r\\t\\u0000\\u001f\u007fé😀\"");
        assertThat(JsonString.of("")).isEqualTo("\"\"");
    }

    @Test
    void octetsOfLongerCharactersStandForThemselves() {
        assertThat(JsonString.escape((byte) '\n')).asString().isEqualTo("\\n");
        assertThat(JsonString.escape((byte) 0)).asString().isEqualTo("\\u0000");
        assertThat(JsonString.escape((byte) 'a')).isEmpty();
        for (int octet = 0x80; octet <= 0xFF; octet++) {
            assertThat(JsonString.escape((byte) octet)).isEmpty();
        }
    }

    @Test
    void aCharacterBeyondAsciiIsNotTakenForTheOctetOfItsNumber() {
        assertThat(JsonString.of("\u0080\u00dc\u0122")).isEqualTo("\"\u0080\u00dc\u0122\"");
    }
}
