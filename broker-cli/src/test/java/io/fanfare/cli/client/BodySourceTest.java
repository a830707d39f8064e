package io.fanfare.cli.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.cli.output.CommandException;
import io.fanfare.cli.output.ExitCode;
import io.fanfare.frame.Headers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where bodies come from, whether they are JSON, and what their receipts add up to. */
class BodySourceTest {

    @TempDir
    private Path folder;

    @Test
    void linesEndWithLfOrCrLfAndTheLastNeedsNone() throws IOException {
        Path file = Files.writeString(folder.resolve("lines"), "one\r\n\ntw\ro\nlast");

        assertThat(bodies(BodySource.lines(file))).containsExactly("one", "", "tw\ro", "last");
        assertThat(BodySource.lines(file).size()).isEqualTo(-1);
    }

    @Test
    void lineEndAtTheEndBeginsNoFurtherLine() throws IOException {
        assertThat(bodies(BodySource.lines(Files.writeString(folder.resolve("lines"), "one\n"))))
                .containsExactly("one");
        assertThat(bodies(BodySource.lines(Files.writeString(folder.resolve("empty"), ""))))
                .isEmpty();
    }

    @Test
    void wholeFileIsOneBody() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "a\nb\n");

        assertThat(bodies(BodySource.whole(file))).containsExactly("a\nb\n");
        assertThat(BodySource.whole(file).size()).isEqualTo(1);
    }

    @Test
    void missingFileIsASentence() {
        Path file = folder.resolve("missing");
        assertThatThrownBy(() -> BodySource.lines(file))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("cannot read " + file + ": there is no such file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[1, {\"a\": null}]", "\"text\"", "12", " true "})
    void jsonIsAnyOneValue(String body) {
        JsonCheck.check(body.getBytes(UTF_8), 1);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``|message 3 is no JSON: it is empty",
                "{\"a\":1|message 3 is no JSON: line 1, column",
                "{a:1}|message 3 is no JSON: line 1, column",
                "{} {}|message 3 is no JSON: something follows the value at column 4",
                "hello|message 3 is no JSON: line 1, column"
            })
    void whatIsNoJsonIsASentenceWithThePlace(String body, String start) {
        assertThatThrownBy(() -> JsonCheck.check(body.getBytes(UTF_8), 3))
                .isInstanceOfSatisfying(
                        CommandException.class,
                        refused -> assertThat(refused.exitCode()).isEqualTo(ExitCode.FAILED))
                .hasMessageStartingWith(start);
    }

    @Test
    void bytesThatAreNotUtf8AreNoJson() {
        assertThatThrownBy(() -> JsonCheck.check(new byte[] {'"', (byte) 0xFF, '"'}, 1))
                .hasMessage("message 1 is no JSON: it is not UTF-8");
    }

    @Test
    void receiptsAddUp() {
        Outcomes outcomes = new Outcomes();
        outcomes.add(Headers.of("receipt-id", "1", "matched", "2", "delivered", "2", "queued", "0"));
        outcomes.add(Headers.of("receipt-id", "2", "matched", "1", "delivered", "0", "queued", "1"));

        assertThat(outcomes.text()).isEqualTo("sent 2: matched 3, delivered 2, queued 1");
        assertThat(outcomes.json()).isEqualTo("{\"sent\":2,\"matched\":3,\"delivered\":2,\"queued\":1}");
    }

    @Test
    void otherBrokersReceiptsHaveNoFigures() {
        Outcomes outcomes = new Outcomes();
        outcomes.add(Headers.of("receipt-id", "1"));

        assertThat(outcomes.text()).isEqualTo("sent 1: the broker's receipts have no figures");
        assertThat(outcomes.json()).isEqualTo("{\"sent\":1}");
    }

    private static List<String> bodies(BodySource source) {
        List<String> all = new ArrayList<>();
        try (source) {
            for (byte[] body = source.next(); body != null; body = source.next()) {
                all.add(new String(body, UTF_8));
            }
        }
        return all;
    }
}
