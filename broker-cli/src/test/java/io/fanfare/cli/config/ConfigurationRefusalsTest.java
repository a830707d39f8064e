package io.fanfare.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Refuses configurations with mistakes, each with its place, and files that are too large or too deep. */
class ConfigurationRefusalsTest {

    @TempDir
    Path folder;

    // ---- mistakes ---------------------------------------------------------------------------------------------

    @ParameterizedTest(name = "{0}")
    @DisplayName("case 87: an unknown key is refused with its place and the nearest one")
    @CsvSource(
            delimiter = '|',
            value = {
                "limits: {max_fram_bytes: 4MiB}|1:10: unknown key 'limits.max_fram_bytes';"
                        + " did you mean limits.max_frame_bytes?",
                "limits: {max_haeders: 4}|1:10: unknown key 'limits.max_haeders'; did you mean limits.max_headers?",
                "max_queue_bytes: 4|1:1: unknown key 'max_queue_bytes'; did you mean queues.max_queue_bytes?",
                "limit: {max_headers: 4}|1:1: unknown key 'limit'; did you mean limits?",
                "queues: {max_headers: 4}|1:10: unknown key 'queues.max_headers'; did you mean limits.max_headers?",
                "allow_anonymous: true|1:1: unknown key 'allow_anonymous'; did you mean auth.allow_anonymous?",
                "bananas: 4|1:1: unknown key 'bananas'; 'fanfare config default' prints every key",
                "Limits: {}|1:1: unknown key 'Limits'; did you mean limits?",
                "4: 5|1:1: unknown key '4'; 'fanfare config default' prints every key"
            })
    void unknownKey(String yaml, String mistake) throws IOException {
        assertThat(mistakes(yaml)).containsExactly(mistake);
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("case 87: a wrong unit, true for a number, a number out of range are refused with their place")
    @CsvSource(
            delimiter = '|',
            value = {
                "limits.max_headers: true|1:21: limits.max_headers must be a number from 1 to 2147483647, not 'true'",
                "limits.max_headers: 0|1:21: limits.max_headers must be a number from 1 to 2147483647, not '0'",
                "limits.max_headers: -1|1:21: limits.max_headers must be a number from 1 to 2147483647, not '-1'",
                "limits.max_headers: 99999999999|1:21: limits.max_headers must be a number from 1 to 2147483647,"
                        + " not '99999999999'",
                "limits.max_headers: 1e3|1:21: limits.max_headers must be a number from 1 to 2147483647, not '1e3'",
                "limits.max_headers:|1:20: limits.max_headers must be a number from 1 to 2147483647, not nothing",
                "limits.max_headers: [1]|1:21: limits.max_headers must be a number from 1 to 2147483647, not a list",
                "limits.max_headers: {a: 1}|1:21: limits.max_headers must be a number from 1 to 2147483647,"
                        + " not a section",
                "listen.port: 65536|1:14: listen.port must be a number from 0 to 65535, not '65536'",
                "listen.stomp_port: -1|1:20: listen.stomp_port must be a number from 0 to 65535, or off, not '-1'",
                "limits.login_timeout: 10|1:23: limits.login_timeout must be a time from 1ms to 1d with its unit"
                        + " (ms, s, m, h, d), not '10'",
                "limits.login_timeout: 10 sec|1:23: limits.login_timeout must be a time from 1ms to 1d with its unit"
                        + " (ms, s, m, h, d), not '10 sec'",
                "limits.login_timeout: 10KiB|1:23: limits.login_timeout must be a time from 1ms to 1d with its unit"
                        + " (ms, s, m, h, d), not '10KiB'",
                "limits.login_timeout: 2d|1:23: limits.login_timeout must be a time from 1ms to 1d with its unit"
                        + " (ms, s, m, h, d), not '2d'",
                "heart_beat.send: 99ms|1:18: heart_beat.send must be a time from 100ms to 1d with its unit"
                        + " (ms, s, m, h, d), or off, not '99ms'",
                "limits.max_frame_bytes: 4MB|1:25: limits.max_frame_bytes must be a size from 1B to 1GiB"
                        + " (B, KiB, MiB, GiB, TiB), not '4MB'",
                "limits.max_frame_bytes: 1.5MiB|1:25: limits.max_frame_bytes must be a size from 1B to 1GiB"
                        + " (B, KiB, MiB, GiB, TiB), not '1.5MiB'",
                "limits.max_frame_bytes: 2GiB|1:25: limits.max_frame_bytes must be a size from 1B to 1GiB"
                        + " (B, KiB, MiB, GiB, TiB), not '2GiB'",
                "limits.max_frame_bytes: 999999999999999999TiB|1:25: limits.max_frame_bytes must be a size from 1B to"
                        + " 1GiB (B, KiB, MiB, GiB, TiB), not '999999999999999999TiB'",
                "memory.max_memory_bytes: 101%|1:26: memory.max_memory_bytes must be a size from 1B to 1024TiB"
                        + " (B, KiB, MiB, GiB, TiB), or a part of the heap such as 50%, not '101%'",
                "auth.allow_anonymous: yes|1:23: auth.allow_anonymous must be true or false, not 'yes'",
                "listen.path: ws|1:14: listen.path must be a path that begins with /, not 'ws'",
                "listen.host: ''|1:14: listen.host must be an address or a name, not ''",
                "auth.jwt.issuer: \"a\\Nb\"|1:18: auth.jwt.issuer must be a text of one line, or off, not 'a\\u0085b'",
                "tls.key: \"a\\nb\"|1:10: tls.key must be the path of a file, or off, not 'a\\u000ab'",
                "listen.origins: {a: b}|1:17: listen.origins must be a list, not a section",
                "listen.origins: ['']|1:18: listen.origins[0] must be an origin such as https://app.example.com,"
                        + " not ''",
                "limits: 5|1:9: limits is a section: its keys stand below it, further to the right",
                "limits: [max_headers]|1:9: limits is a section: its keys stand below it, further to the right"
            })
    void badValue(String yaml, String mistake) throws IOException {
        assertThat(mistakes(yaml)).containsExactly(mistake);
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("case 87: what is not YAML is refused with its place")
    @CsvSource(
            delimiter = '|',
            value = {
                "limits: a: b|1:10: not YAML: mapping values are not allowed here",
                "limits: [1, 2|1:14: not YAML: expected ',' or ']', but got <stream end>",
                "\"limits: 1|1:11: not YAML: found unexpected end of stream",
                "limits: @|1:9: not YAML: found character '@' that cannot start any token. (Do not use @ for indentation)",
                "{a: *b}|1:5: aliases are not supported: '*b'",
                "a: !!java.net.URL [x]|1:4: tags are not supported: 'tag:yaml.org,2002:java.net.URL'",
                "!!int +|1:1: tags are not supported: 'tag:yaml.org,2002:int'",
                "just text|1:1: a configuration is keys with values, not 'just text'",
                "[1]|1:1: a configuration is keys with values, not a list"
            })
    void notYaml(String yaml, String mistake) throws IOException {
        assertThat(mistakes(yaml)).containsExactly(mistake);
    }

    @Test
    void tabsAreNotYaml() throws IOException {
        assertThat(mistakes("limits:\n\tmax_headers: 5\n"))
                .singleElement()
                .asString()
                .startsWith("2:1: not YAML: found character '\\t(TAB)'");
    }

    @Test
    void secondDocumentIsRefused() throws IOException {
        assertThat(mistakes("limits: {max_headers: 5}\n---\nlimits: {max_headers: 6}\n"))
                .containsExactly("3:1: a second YAML document; a configuration is one");
        assertThat(mistakes("---\n---\nlimits: {max_headers: 6}\n"))
                .containsExactly("3:1: a second YAML document; a configuration is one");
    }

    @Test
    void keyThatStandsTwiceIsRefused() throws IOException {
        assertThat(mistakes("limits:\n  max_headers: 5\n  max_headers: 6\n"))
                .containsExactly("3:3: 'limits.max_headers' stands in line 2 already");
        assertThat(mistakes("limits.max_headers: 5\nlimits:\n  max_headers: 6\n"))
                .containsExactly("3:3: 'limits.max_headers' stands in line 1 already");
        assertThat(mistakes("limits: {}\nqueues: {}\nlimits: {}\n"))
                .containsExactly("3:1: 'limits' stands in line 1 already");
    }

    @Test
    @DisplayName("case 87: all mistakes are told at once")
    void allMistakesAreTold() throws IOException {
        assertThat(mistakes("""
                                listen:
                                  prot: 5
                                  path: ws
                                limits:
                                  max_headers: true
                                colour: red
                                """))
                .containsExactly(
                        "2:3: unknown key 'listen.prot'; did you mean listen.port?",
                        "3:9: listen.path must be a path that begins with /, not 'ws'",
                        "5:16: limits.max_headers must be a number from 1 to 2147483647, not 'true'",
                        "6:1: unknown key 'colour'; 'fanfare config default' prints every key");
    }

    @Test
    void allMistakesOfAListAreTold() throws IOException {
        assertThat(mistakes("listen.origins: ['', same-origin, a b]"))
                .containsExactly(
                        "1:18: listen.origins[0] must be an origin such as https://app.example.com, not ''",
                        "1:35: listen.origins[2] must be an origin such as https://app.example.com, not 'a b'");
    }

    @Test
    void manyMistakesAreCut() throws IOException {
        StringBuilder yaml = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            yaml.append("bananas").append(i).append(": 1\n");
        }
        assertThat(mistakes(yaml.toString())).hasSize(51).endsWith("and 950 more");
    }

    @Test
    void mistakesAreSafeToPrint() throws IOException {
        assertThat(mistakes("limits.max_headers: \"\\e[31m\\nroot\""))
                .containsExactly("1:21: limits.max_headers must be a number from 1 to 2147483647,"
                        + " not '\\u001b[31m\\u000aroot'");
    }

    @Test
    void whatDoesNotFitTogetherIsToldWithItsPlace() throws IOException {
        Path file = file("listen.host: localhost\ntls:\n  certificates: fanfare.yaml\n");

        assertThatThrownBy(() -> Configuration.check(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(file + ":3:17: TLS needs both a certificate and its key");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FANFARE_LISTEN_PORT|x|listen.port must be a number from 0 to 65535, not 'x'",
                "FANFARE_LIMIT_MAX_HEADERS|5|unknown variable 'FANFARE_LIMIT_MAX_HEADERS';"
                        + " did you mean FANFARE_LIMITS_MAX_HEADERS?",
                "FANFARE_PORT|80|unknown variable 'FANFARE_PORT'; 'fanfare config default' prints every key",
            })
    void variableThatIsWrongIsNamed(String variable, String value, String sentence) {
        Configuration configuration = new Configuration();
        configuration.readEnvironment(Map.of(variable, value));

        assertThat(linesOf(configuration)).containsExactly(variable + ": " + sentence);
    }

    @Test
    void valueOfAVariableIsAtThatVariable() throws IOException {
        Configuration configuration = new Configuration();
        configuration.readFile(file("auth.jwt.audience: fanfare"));
        configuration.readEnvironment(Map.of("FANFARE_AUTH_JWT_AUDIENCE", "other"));

        assertThat(linesOf(configuration))
                .singleElement()
                .asString()
                .startsWith("FANFARE_AUTH_JWT_AUDIENCE: tokens are not");
    }

    // ---- attacks --------------------------------------------------------------------------------------------------

    @Test
    @DisplayName("case 87: ten thousand brackets are refused at the seventeenth")
    void deepNestingIsRefused() throws IOException {
        assertThat(mistakes("a: " + "[".repeat(10_000))).containsExactly("1:20: nested more than 16 deep");
        assertThat(mistakes("{a: ".repeat(10_000))).containsExactly("1:69: nested more than 16 deep");
    }

    @Test
    @DisplayName(
            "case 87: a megabyte of values, or of keys that each repeat a long one, is refused before it fills the heap")
    void aFileThatWouldGrowIsRefused() throws IOException {
        assertThat(mistakes("a: [" + "0,".repeat(400_000) + "]")).containsExactly("1:100001: more than 50,000 values");
        String name = "a".repeat(511);
        assertThat(mistakes("? " + name + "\n: {" + "b,".repeat(400_000) + "}"))
                .containsExactly("2:4: a key of more than 512 characters, with its sections: 'b'");
        assertThat(mistakes("? " + name + "a\n: 1"))
                .containsExactly(
                        "1:3: a key of more than 512 characters, with its sections: '" + "a".repeat(64) + "...'");
        assertThat(mistakes("limits.max_headers: " + "9".repeat(65_537)))
                .containsExactly("1:21: limits.max_headers is longer than 65,536 characters");
    }

    @Test
    @DisplayName("case 87: a file over a megabyte is refused")
    void hugeFileIsRefused() throws IOException {
        assertThat(mistakes("#".repeat(YamlReader.MAX_BYTES))).isEmpty();
        assertThat(mistakes("#".repeat(YamlReader.MAX_BYTES + 1))).containsExactly("is larger than 1,048,576 B");
    }

    @Test
    void fileThatNeverEndsIsRefused() {
        Configuration configuration = new Configuration();
        configuration.readFile(Path.of("/dev/zero"));

        assertThat(linesOf(configuration)).containsExactly("/dev/zero: is larger than 1,048,576 B");
    }

    @Test
    @DisplayName("case 87: a missing file is one sentence")
    void missingFileIsRefused() {
        Configuration configuration = new Configuration();
        configuration.readFile(folder.resolve("none.yaml"));

        assertThat(linesOf(configuration)).containsExactly(folder.resolve("none.yaml") + ": no such file");
    }

    @Test
    void folderIsNoFile() {
        Configuration configuration = new Configuration();
        configuration.readFile(folder);

        assertThat(linesOf(configuration)).containsExactly(folder + ": Is a directory");
    }

    @Test
    void bytesThatAreNoTextAreRefused() throws IOException {
        Path file = folder.resolve("fanfare.yaml");
        Files.write(file, "listen: {host: é}".getBytes(StandardCharsets.ISO_8859_1));
        Configuration configuration = new Configuration();
        configuration.readFile(file);

        assertThat(linesOf(configuration)).containsExactly(file + ": is not UTF-8");
        assertThat(mistakes("limits: {}\nqueues: \u0000"))
                .containsExactly("2:9: not YAML: a character that must not stand there: '\\u0000'");
    }

    /** The mistakes of a file, without the file's name. */
    private List<String> mistakes(String yaml) throws IOException {
        Path file = file(yaml);
        Configuration configuration = new Configuration();
        configuration.readFile(file);
        return linesOf(configuration).stream()
                .map(line -> line.replace(file + ":", "").strip())
                .toList();
    }

    /** The mistakes of a configuration; none when it is accepted. */
    private static List<String> linesOf(Configuration configuration) {
        try {
            configuration.server();
            return List.of();
        } catch (ConfigException e) {
            return e.lines();
        }
    }

    private Path file(String yaml) throws IOException {
        return Files.writeString(folder.resolve("fanfare.yaml"), yaml);
    }
}
