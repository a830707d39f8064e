package io.fanfare.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HarmlessTest {

    @Test
    void controlCharactersDoNoHarmToATerminal() {
        assertThat(Harmless.text("a\u001B[2Jb\u009Bc\r\n\td")).isEqualTo("a\\u001b[2Jb\\u009bc\\u000d\n\td");
    }

    @Test
    void aLineStaysALine() {
        assertThat(Harmless.line("a\nb\tc")).isEqualTo("a\\u000ab\\u0009c");
    }
}
