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
}
