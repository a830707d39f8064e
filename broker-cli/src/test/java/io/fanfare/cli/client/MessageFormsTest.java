package io.fanfare.cli.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.frame.Command;
import io.fanfare.frame.Frame;
import io.fanfare.frame.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageFormsTest {

    private static final Headers HEADERS =
            Headers.of("destination", "/topic/a", "content-type", "text/plain", "twice", "1", "twice", "2");

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "{body}|hé",
                "{destination} {body}!|/topic/a hé!",
                "{content-type}{missing}|text/plain",
                "{twice}|1",
                "{{{body}}}|{hé}",
                "no field|no field",
                "a\\\\b|a\\b"
            })
    void templatesHaveTheBodyAndAnyHeader(String template, String line) {
        assertThat(MessageForms.template(template).apply(message("hé".getBytes(UTF_8))))
                .isEqualTo(line);
    }

    @Test
    void templatesHaveLineEndsAndTabs() {
        assertThat(MessageForms.template("a\\n\\t{body}").apply(message("x".getBytes(UTF_8))))
                .isEqualTo("a\n\tx");
    }

    @Test
    void braceThatIsNotClosedIsRefused() {
        assertThatThrownBy(() -> MessageForms.template("{body} {dest"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("--format has a { without a }; {{ is a brace");
    }

    @Test
    void jsonHasTheFirstOfRepeatedHeadersAndTheBodyAsText() {
        assertThat(MessageForms.json(message("say \"hé\"\n".getBytes(UTF_8))))
                .isEqualTo("{\"destination\":\"/topic/a\",\"headers\":{\"destination\":\"/topic/a\","
                        + "\"content-type\":\"text/plain\",\"twice\":\"1\"},\"body\":\"say \\\"hé\\\"\\n\"}");
    }

    @Test
    void bodiesThatAreNotUtf8AreBase64InJson() {
        assertThat(MessageForms.json(message(new byte[] {(byte) 0xFF, 0}))).endsWith(",\"base64\":\"/wA=\"}");
    }

    private static Frame message(byte[] body) {
        return new Frame(Command.MESSAGE, HEADERS, body);
    }
}
