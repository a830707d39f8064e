package io.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** What the command line understands, and what it says when it does not; without a socket. */
class MainTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    // ---- what is understood ---------------------------------------------------------------------------------------

    @Test
    void serveHasDefaults() {
        ParseResult serve = parsed("serve");

        assertThat(option(serve, "--host")).isEqualTo("127.0.0.1");
        assertThat(option(serve, "--port")).isEqualTo(15674);
        assertThat(option(serve, "--stomp-port")).isEqualTo(61613);
        assertThat(option(serve, "--path")).isEqualTo("/ws");
        assertThat(option(serve, "--admin-host")).isEqualTo("127.0.0.1");
        assertThat(option(serve, "--admin-port")).isEqualTo(15672);
        assertThat(option(serve, "--admin-access")).hasToString("LOOPBACK");
        assertThat(option(serve, "--drain-timeout")).isEqualTo(Duration.ofSeconds(10));
        assertThat(option(serve, "--origin")).isEqualTo(List.of("same-origin"));
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
        assertThat(option(pub, "--message")).isEqualTo("hi there");
        assertThat(option(pub, "--header")).isEqualTo(Map.of("a", "b", "c", "d=e", "f", ""));
        assertThat(option(pub, "--url")).isEqualTo(URI.create("ws://127.0.0.1:15674/ws"));
    }

    @Test
    void pubTakesAnEmptyBody() {
        assertThat(option(parsed("pub", "-d", "/topic/a", "-m", ""), "-m")).isEqualTo("");
    }

    @Test
    void subTakesDestinationAndCount() {
        ParseResult sub = parsed("sub", "--destination=/queue/q", "-n", "3", "--url", "wss://broker.example/ws");

        assertThat(option(sub, "-d")).isEqualTo("/queue/q");
        assertThat(option(sub, "--count")).isEqualTo(3);
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

    // ---- what is not ----------------------------------------------------------------------------------------------

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "--nope",
                "serve --nope",
                "serve more",
                "publish",
                "serve --port",
                "serve --port x",
                "serve --drain-timeout soon",
                "serve --admin-access friends",
                "pub -d /topic/a",
                "pub -m hi",
                "pub -d /topic/a -m hi -H noequals",
                "sub",
                "sub -d /topic/a -n many",
                "sub -d /topic/a --url :::",
                "bench --size big",
                "bench --duration 10y",
                "bench --ack never"
            })
    void mistakesAreExitCodeTwoWithTheUsage(String args) {
        assertThat(run(args.split(" "))).isEqualTo(2);
        assertThat(err.toString())
                .containsPattern("Usage: fanfare|Did you mean: fanfare")
                .doesNotContain("\tat ");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void noCommandIsAMistakeThatListsThem() {
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString()).contains("serve", "pub", "sub", "bench");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "serve --port 99999|port must be 0 to 65535, not 99999",
                "serve --port -1|port must be 0 to 65535, not -1",
                "serve --port 0 --stomp-port -2|STOMP port must be -1 to 65535, not -2",
                "serve --port 0 --admin-port 65536|admin port must be -1 to 65535, not 65536",
                "serve --port 0 --stomp-port 0 --admin-port 0 --admin-host 0.0.0.0|the admin listener has no login, so it"
                        + " listens on the loopback interface alone and not on 0.0.0.0; where the network keeps"
                        + " strangers out, set admin_access to anywhere",
                "serve --port 0 --path ws|path must begin with /, not ws",
                "sub -d /topic/a -n -1|--count must be 0 or more, not -1",
                "bench --pubs 0|--pubs must be 1 or more, not 0",
                "bench --subs 1 --topics 2|--topics must be at most --subs: each subscriber takes one topic",
                "bench --size 7|--size must be 8 to 1048576, not 7",
                "bench --size 2MiB|--size must be 8 to 1048576, not 2097152",
                "bench --rate -1|--rate must be 0 or more, not -1",
                "bench --duration 0s|--duration must be more than 0",
                "bench --duration 25h|--warm-up and --duration together must be at most a day",
                "bench --pubs 60000|--pubs and --subs together must be at most 60000",
                "bench --url http://localhost/ws|bench wants ws://HOST/PATH, not http://localhost/ws",
                "pub -d /topic/a -m hi --url http://localhost/ws|a broker's URI is ws://HOST/PATH or wss://HOST/PATH,"
                        + " not http://localhost/ws"
            })
    void valuesThatCantBeAreOneSentence(String args, String sentence) {
        assertThat(run(args.split(" "))).isEqualTo(2);
        assertThat(err.toString()).isEqualToIgnoringNewLines("fanfare: " + sentence);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"--help", "help", "serve --help", "pub -h", "sub --help", "bench --help", "help pub"})
    void helpGoesToStandardOutput(String args) {
        assertThat(run(args.split(" "))).isZero();
        assertThat(out.toString()).startsWith("Usage: fanfare");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void versionIsOneLine() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).matches("fanfare \\S+\\R");
    }

    private int run(String... args) {
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }

    private static ParseResult parsed(String... args) {
        CommandLine commandLine = Main.commandLine();
        return commandLine.parseArgs(args).subcommand();
    }

    private static Object option(ParseResult command, String name) {
        return command.commandSpec().findOption(name).getValue();
    }
}
