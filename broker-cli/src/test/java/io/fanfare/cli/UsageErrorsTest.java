package io.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.cli.output.Colours;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Command lines that are wrong, and the help; without a socket. */
class UsageErrorsTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

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
                "pub -d /topic/a",
                "pub -m hi",
                "pub -d /topic/a -m hi -H noequals",
                "sub",
                "sub -d /topic/a -n many",
                "sub -d /topic/a --url :::",
                "bench --size big",
                "bench --duration 10y",
                "bench --ack never",
                "user hash",
                "config",
                "config nope",
                "config check",
                "config check a b"
            })
    void mistakesAreExitCodeTwoASentenceAndALineToTry(String args) {
        assertThat(run(args.split(" "))).isEqualTo(2);
        assertThat(err.toString().lines())
                .hasSize(2)
                .satisfiesExactly(
                        sentence -> assertThat(sentence).startsWith("fanfare: ").doesNotContain("Exception"),
                        remedy -> assertThat(remedy).startsWith("Try: fanfare").endsWith(" --help"));
        assertThat(out.toString()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "--nope|unknown option '--nope'",
                "serve --prot 1|unknown option '--prot'; did you mean --port?",
                "serve --prot=1|unknown option '--prot'; did you mean --port?",
                "pub --haeder a=b|unknown option '--haeder'; did you mean --header?",
                "serve -z|unknown option '-z'",
                "serve more|unexpected argument 'more'",
                "publish|unknown command 'publish'; did you mean pub?",
                "subscribe /topic/a|unknown command 'subscribe'; did you mean sub?",
                "nope|unknown command 'nope'",
                "srve|unknown command 'srve'; did you mean serve?",
                "config chekc|unknown command 'chekc'; did you mean check?",
                "config|fanfare config needs a command: check, default",
                "completion csh|invalid value for positional parameter at index 0 (SHELL): one of bash, zsh, fish, not"
                        + " 'csh'",
                "bench --ack x|invalid value for option '--ack': one of auto, client, client-individual, not 'x'",
                "sub /topic/a -n many|invalid value for option '--count': 'many' is no whole number",
                "queues --limit x|invalid value for option '--limit': 'x' is no whole number",
                "pub /topic/a hi --rate x|invalid value for option '--rate': 'x' is no number",
                "status --api 127.0.0.1:15672|invalid value for option '--api': '127.0.0.1:15672' is no URL such as"
                        + " http://HOST:PORT or ws://HOST:PORT/PATH",
                "help nope|unknown subcommand 'nope'"
            })
    void unknownWordsGetTheNearestOneAndNotTheWholeHelp(String args, String sentence) {
        assertThat(run(args.split(" "))).isEqualTo(2);
        assertThat(err.toString().lines()).first().isEqualTo("fanfare: " + sentence);
        assertThat(err.toString().lines()).hasSize(2);
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
                "serve --port 99999|listen.port must be 0 to 65535, not 99999",
                "serve --port -1|listen.port must be 0 to 65535, not -1",
                "serve --port 0 --stomp-port -2|stomp_port must be 0 to 65535, or -1 for off, not -2",
                "serve --port 0 --admin-port 65536|admin.port must be 0 to 65535, or -1 for off, not 65536",
                "serve --port 0 --path ws|listen.path must be a path that begins with /, not 'ws'",
                "sub -d /topic/a -n -1|--count must be 0 or more, not -1",
                "sub|a destination is missing, such as /topic/prices",
                "sub /topic/a /topic/b|one destination, not /topic/b too; a composite one is A,B",
                "sub -d /topic/a /topic/b|one destination, not /topic/b too; a composite one is A,B",
                "sub /topic/a --json --format x|--format and --json exclude each other",
                "sub /topic/a --format {body|--format has a { without a }; {{ is a brace",
                "pub hi|there is nothing to send: give messages as arguments, or --file, --lines or -",
                "pub /topic/a hi --lines|messages come from arguments or from --file and --lines, not from both",
                "pub /topic/a hi -n 0|--count must be 1 or more, not 0",
                "pub /topic/a hi --dedup-id=|--dedup-id must not be empty",
                "pub /topic/a hi --dedup-id 1 -H _AMQ_DUPL_ID:2|--dedup-id and --header dedup-id exclude each other",
                "pub /topic/a hi --rate -1|--rate must be 0 or more, not -1.0",
                "pub ws://a/ws /topic/a hi --url ws://b/ws|two URLs: ws://b/ws and ws://a/ws",
                "bench --pubs 0|--pubs must be 1 or more, not 0",
                "bench --subs 1 --topics 2|--topics must be at most --subs: each subscriber takes one topic",
                "bench --size 7|--size must be 8 to 1048576, not 7",
                "bench --size 2MiB|--size must be 8 to 1048576, not 2097152",
                "bench --rate -1|--rate must be 0 or more, not -1",
                "bench --duration 0s|--duration must be more than 0",
                "bench --duration 25h|--warm-up and --duration together must be at most a day",
                "bench --pubs 60000|--pubs and --subs together must be at most 60000",
                "bench --url http://localhost/ws|bench wants ws://HOST/PATH or wss://HOST/PATH, not http://localhost/ws",
                "bench --url ws://my_app/ws|Java connects to no host named my_app (letters, digits, - and . only): use its"
                        + " IP address, or another name for it",
                "pub -d /topic/a -m hi --url ws://my_app:15674/ws|Java connects to no host named my_app:15674 (letters,"
                        + " digits, - and . only): use its IP address, or another name for it",
                "pub -d /topic/a -m hi --url http://localhost/ws|a broker's URI is ws://HOST/PATH or wss://HOST/PATH,"
                        + " not http://localhost/ws"
            })
    void valuesThatCantBeAreOneSentence(String args, String sentence) {
        assertThat(run(args.split(" "))).isEqualTo(2);
        assertThat(err.toString().lines())
                .containsExactly("fanfare: " + sentence, "Try: fanfare " + args.split(" ")[0] + " --help");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {"--help", "help", "serve --help", "pub -h", "sub --help", "bench --help", "config -h", "help pub"
            })
    void helpGoesToStandardOutput(String args) {
        assertThat(run(args.split(" "))).isZero();
        assertThat(out.toString()).startsWith("Usage: fanfare").doesNotContain("\u001B");
        assertThat(err.toString()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"--help", "serve --help", "pub -h", "config check --help", "user hash --help"})
    void everyHelpEndsWithTheExitCodes(String args) {
        assertThat(run(args.split(" "))).isZero();
        assertThat(out.toString().replaceAll("\\s+", " "))
                .contains(
                        "Exit codes: 0 the command did what it was asked to do 1 it failed;", " 2 the command line is")
                .contains(
                        " 3 no broker answers",
                        " 4 the broker refuses:",
                        " 5 what was waited for did not come in time");
    }

    private int run(String... args) {
        return Main.commandLine(args, Colours.OFF, Colours.OFF)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }
}
