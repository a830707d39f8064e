package io.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.cli.options.HeaderLine;
import io.fanfare.cli.output.Colours;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** Parses command lines, and refuses configurations with a sentence; without a socket. */
class MainTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    // ---- what is understood ---------------------------------------------------------------------------------------

    @Test
    void serveNamesItsDefaultsAndLeavesThemToTheConfiguration() {
        assertThat(parsed("serve").matchedArgs()).isEmpty();
        assertThat(run("serve", "--help")).isZero();
        assertThat(out.toString().replaceAll("\\s+", " "))
                .contains("(default: 127.0.0.1)", "(default: 15674)", "(default: 61613)")
                .contains("(default: /ws)", "(default: same-origin)")
                .contains("(default: 15672)", "(default: 10s)");
    }

    @Test
    void serveTakesAConfigurationFile() {
        assertThat(option(parsed("serve", "-c", "fanfare.yaml"), "--config")).isEqualTo(Path.of("fanfare.yaml"));
    }

    @Test
    void serveTakesSeveralOriginsAtOnceOrOneByOne() {
        ParseResult serve = parsed("serve", "--origin", "https://a.example,https://b.example", "--origin=*");

        assertThat(option(serve, "--origin")).isEqualTo(List.of("https://a.example", "https://b.example", "*"));
    }

    @Test
    void stompPortMayBeOff() {
        assertThat(option(parsed("serve", "--stomp-port", "-1"), "--stomp-port"))
                .isEqualTo(-1);
    }

    @Test
    void pubTakesDestinationBodyAndHeaders() {
        ParseResult pub = parsed("pub", "-d", "/topic/a", "-m", "hi there", "-H", "a=b", "--header", "c=d=e", "-Hf=");

        assertThat(option(pub, "--destination")).isEqualTo("/topic/a");
        assertThat(option(pub, "--message")).isEqualTo(List.of("hi there"));
        assertThat(option(pub, "--header"))
                .isEqualTo(List.of(new HeaderLine("a", "b"), new HeaderLine("c", "d=e"), new HeaderLine("f", "")));
        assertThat(option(pub, "--url")).isEqualTo(URI.create("ws://127.0.0.1:15674/ws"));
    }

    @Test
    void pubTakesAnEmptyBody() {
        assertThat(option(parsed("pub", "-d", "/topic/a", "-m", ""), "-m")).isEqualTo(List.of(""));
    }

    @Test
    void headersMayBeWrittenAsOnTheWire() {
        ParseResult sub = parsed("sub", "/topic/a", "-H", "selector:a = 1", "--header=id=x:y", "-H", "empty:");

        assertThat(option(sub, "--header"))
                .isEqualTo(List.of(
                        new HeaderLine("selector", "a = 1"), new HeaderLine("id", "x:y"), new HeaderLine("empty", "")));
    }

    @Test
    void subTakesDestinationAndCount() {
        ParseResult sub = parsed("sub", "--destination=/queue/q", "-n", "3", "--url", "wss://broker.example/ws");

        assertThat(option(sub, "-d")).isEqualTo("/queue/q");
        assertThat(option(sub, "--count")).isEqualTo(3L);
        assertThat(option(sub, "--url")).isEqualTo(URI.create("wss://broker.example/ws"));
    }

    @Test
    void benchHasDefaults() {
        ParseResult bench = parsed("bench");

        assertThat(option(bench, "--pubs")).isEqualTo(1);
        assertThat(option(bench, "--subs")).isEqualTo(10);
        assertThat(option(bench, "--topics")).isEqualTo(1);
        assertThat(option(bench, "--size")).isEqualTo(128L);
        assertThat(option(bench, "--rate")).isEqualTo(0L);
        assertThat(option(bench, "--duration")).isEqualTo(Duration.ofSeconds(10));
        assertThat(option(bench, "--warm-up")).isEqualTo(Duration.ofSeconds(2));
        assertThat(option(bench, "--ack")).hasToString("auto");
        assertThat(option(bench, "--url")).isEqualTo(URI.create("ws://127.0.0.1:15674/ws"));
    }

    @Test
    void pubAndSubTakeALogin() {
        ParseResult pub = parsed("pub", "-d", "/topic/a", "-m", "hi", "--login", "alice", "--passcode", "secret");
        ParseResult sub = parsed("sub", "-d", "/topic/a", "--passcode=a.b.c");

        assertThat(option(pub, "--login")).isEqualTo("alice");
        assertThat(option(pub, "--passcode")).isEqualTo("secret");
        assertThat(option(sub, "--passcode")).isEqualTo("a.b.c");
    }

    // ---- users ------------------------------------------------------------------------------------------------------

    @Test
    void userHashPrintsALineForAUsersFile() {
        assertThat(runWithInput("correct horse\nmore\n", "user", "hash", "alice", "--role", "admin,trader"))
                .isZero();
        assertThat(out.toString()).matches("alice:\\$argon2id\\$\\S+:admin,trader\\R");
        assertThat(out.toString() + err).doesNotContain("correct horse");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "user hash alice||an empty passcode lets nobody in",
                "user hash a:b|secret|a user's name has no colon and no control characters, and no # in front",
                "user hash alice --role a:b|secret|a role has no colon, comma or control characters"
            })
    void whatCantBeALineIsOneSentence(String args, String input, String sentence) {
        assertThat(runWithInput(input == null ? "" : input, args.split(" "))).isEqualTo(2);
        assertThat(err.toString().lines()).endsWith("fanfare: " + sentence, "Try: fanfare user hash --help");
        assertThat(out.toString()).isEmpty();
    }

    private int runWithInput(String input, String... args) {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        try {
            return run(args);
        } finally {
            System.setIn(before);
        }
    }

    // ---- configuration --------------------------------------------------------------------------------------------

    @Test
    void defaultConfigurationPassesItsCheck(@TempDir Path folder) throws IOException {
        assertThat(run("config", "default")).isZero();
        Path file = Files.writeString(folder.resolve("fanfare.yaml"), out.toString());
        out.getBuffer().setLength(0);

        assertThat(run("config", "check", file.toString())).isZero();
        assertThat(out.toString()).isEqualToIgnoringNewLines("ok");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    @DisplayName("case 87: a configuration's mistakes are a line each and exit code 1")
    void badConfigurationIsExitCodeOneWithALineForEachMistake(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("fanfare.yaml"), "listen:\n  prot: 1\n  path: ws\n");
        for (List<String> command : List.of(List.of("config", "check"), List.of("serve", "-c"))) {
            err.getBuffer().setLength(0);

            assertThat(run(command.get(0), command.get(1), file.toString())).isEqualTo(1);
            assertThat(err.toString().lines())
                    .containsExactly(
                            "fanfare: " + file + ":2:3: unknown key 'listen.prot'; did you mean listen.port?",
                            "fanfare: " + file + ":3:9: listen.path must be a path that begins with /, not 'ws'",
                            "Try: fanfare config default");
            assertThat(out.toString()).isEmpty();
        }
    }

    @Test
    void checkFindsThatEverybodyWouldBeLetInFromTheNetwork(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("fanfare.yaml"), "listen:\n  host: 0.0.0.0\n");

        assertThat(run("config", "check", file.toString())).isEqualTo(1);
        assertThat(err.toString().lines())
                .first()
                .isEqualTo("fanfare: " + file + ":2:9: cannot listen on 0.0.0.0, which is not a loopback"
                        + " address, while every client is accepted without a login: set up authentication, or allow it with"
                        + " allow_anonymous: true");
        Files.writeString(file, "\nauth: {allow_anonymous: true}\n", StandardOpenOption.APPEND);
        assertThat(run("config", "check", file.toString())).isZero();
    }

    @Test
    void serveDoesNotLetEverybodyInFromTheNetwork() {
        assertThat(run("serve", "--host", "0.0.0.0", "--port", "0")).isEqualTo(1);
        assertThat(err.toString())
                .startsWith("fanfare: cannot listen on 0.0.0.0, which is not a loopback address")
                .hasLineCount(2);
    }

    @Test
    void serveDoesNotOpenTheAdminListenerToTheNetwork() {
        assertThat(run("serve", "--port", "0", "--admin-host", "0.0.0.0")).isEqualTo(1);
        assertThat(err.toString().lines())
                .first()
                .isEqualTo("fanfare: cannot listen on 0.0.0.0, which is not a loopback address, as its"
                        + " health checks have no login; where the network keeps strangers out, allow it with"
                        + " allow_remote: true");
    }

    @Test
    void checkFindsThatTheAdminListenerWouldBeOpenToTheNetwork(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("fanfare.yaml"), "admin:\n  host: 0.0.0.0\n");

        assertThat(run("config", "check", file.toString())).isEqualTo(1);
        assertThat(err.toString()).startsWith("fanfare: " + file + ":2:9: cannot listen on 0.0.0.0");
        Files.writeString(file, "  allow_remote: true\n", StandardOpenOption.APPEND);
        assertThat(run("config", "check", file.toString())).isZero();
    }

    // ---- help -----------------------------------------------------------------------------------------------------

    @Test
    void versionIsOneLine() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).matches("fanfare \\S+\\R");
    }

    @Test
    @DisplayName("a command that is known by the first argument is the same as among all commands")
    void oneCommandAlone() {
        Map<String, CommandLine> all =
                Main.commandLine(new String[0], Colours.OFF, Colours.OFF).getSubcommands();
        assertThat(all).hasSizeGreaterThan(10);
        all.forEach((name, command) -> {
            Map<String, CommandLine> some = Main.commandLine(new String[] {name}, Colours.OFF, Colours.OFF)
                    .getSubcommands();
            assertThat(some.get(name).getUsageMessage()).isEqualTo(command.getUsageMessage());
            assertThat(some).as("commands that are made for '%s'", name).hasSize(isAboutAll(name) ? all.size() : 1);
        });
    }

    private static boolean isAboutAll(String name) {
        return name.equals("help") || name.equals("completion");
    }

    private int run(String... args) {
        return Main.commandLine(args, Colours.OFF, Colours.OFF)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }

    private static ParseResult parsed(String... args) {
        CommandLine commandLine = Main.commandLine(args, Colours.OFF, Colours.OFF);
        return commandLine.parseArgs(args).subcommand();
    }

    private static Object option(ParseResult command, String name) {
        return command.commandSpec().findOption(name).getValue();
    }
}
