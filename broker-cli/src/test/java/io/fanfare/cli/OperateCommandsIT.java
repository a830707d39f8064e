package io.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.Needs;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.RunningCommand;
import io.fanfare.testing.StompSocket;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Runs each command of operators from the jar, against one broker for all; what tests ask for beside, in this process. */
class OperateCommandsIT {

    private static Fanfare serve;
    private static String api;
    private static int tcpPort;

    @BeforeAll
    static void start() {
        serve = Fanfare.serve("--stomp-port=0", "--admin-port=0");
        Matcher ready = serve.printed("ready .* tcp=127\\.0\\.0\\.1:(\\d+) admin=(http://127\\.0\\.0\\.1:\\d+)");
        tcpPort = Integer.parseInt(ready.group(1));
        api = ready.group(2);
    }

    @AfterAll
    static void stop() {
        serve.close();
    }

    private static StompSocket connect() {
        return StompSocket.over(RawTcp.connect(tcpPort)).connects("1.2");
    }

    /** What a command of the jar prints, which must succeed. */
    private static List<String> run(String... command) {
        try (Fanfare fanfare = Fanfare.run(withApi(command))) {
            return printed(fanfare);
        }
    }

    /** What a command prints in this process, which must succeed. */
    private static List<String> here(String... command) {
        try (InProcess fanfare = InProcess.run(withApi(command))) {
            return printed(fanfare);
        }
    }

    private static String[] withApi(String... command) {
        return Stream.concat(Stream.of(command), Stream.of("--api=" + api)).toArray(String[]::new);
    }

    private static List<String> printed(RunningCommand fanfare) {
        assertThat(fanfare.exitCode()).as("%s", fanfare).isZero();
        assertThat(fanfare.err()).isEmpty();
        return fanfare.out();
    }

    @Test
    void statusShowsTheBroker() {
        assertThat(run("status"))
                .anyMatch(line -> line.matches("broker +\\S+ at " + api + "/api/v1"))
                .anyMatch(line -> line.matches("state +serves"));
    }

    @Test
    void connectionsAreListedAndClosed() {
        try (StompSocket client = connect()) {
            client.sends("SUBSCRIBE\nid:closed\ndestination:/topic/closed\nreceipt:r\n\n^@")
                    .got("RECEIPT\nreceipt-id:r\n\n^@");
            String row = run("subscriptions", "--where", "id=closed").get(1);
            String id = row.substring(0, row.indexOf(' '));
            assertThat(here("connections", "show", id)).anyMatch(line -> line.matches("transport +tcp"));

            assertThat(run("connections", "close", id, "--yes", "--reason", "go"))
                    .containsExactly("closed " + id);
            client.gotError(4403, "go");
        }
    }

    @Test
    void topicsAreListed() {
        try (StompSocket client = connect()) {
            client.subscribes("id:0\ndestination:/topic/listed");

            assertThat(run("topics", "--filter", "listed"))
                    .satisfiesExactly(
                            head -> assertThat(head).startsWith("destination"),
                            row -> assertThat(row).matches("/topic/listed +1 +0 +0 +0 +0"));
        }
    }

    @Test
    void whatATopicKeepsIsShownAndCleared() {
        try (StompSocket client = connect()) {
            client.sends("SEND\ndestination:/topic/kept\nretain:set\nretain-key:k\n\n{}^@")
                    .publishes("/topic/behind", "it");
        }
        assertThat(here("topics", "show", "kept")).anyMatch(line -> line.matches("retained +1"));
        assertThat(run("topics", "values", "kept", "-n", "1"))
                .first()
                .asString()
                .startsWith("k  ");
        assertThat(here("topics", "clear", "kept", "--yes")).containsExactly("cleared 1 messages of kept");
        assertThat(here("topics", "values", "kept")).containsExactly("the topic keeps no last value here");
    }

    @Test
    void queuesArePeekedMovedPurgedAndDeleted() {
        try (StompSocket client = connect()) {
            client.publishes("/queue/from", "{}").publishes("/queue/from", "2");
        }
        assertThat(here("queues", "peek", "from", "-n", "1")).last().isEqualTo("  { }");
        assertThat(run("queues", "move", "from", "to", "--yes"))
                .containsExactly("moved 2 messages of from to /queue/to");
        assertThat(here("queues", "purge", "to", "--yes")).containsExactly("purged 2 messages of to");
    }

    @Test
    void durableSubscriptionsAreListed() {
        try (StompSocket client = StompSocket.over(RawTcp.connect(tcpPort))) {
            client.sends("CONNECT\naccept-version:1.2\nhost:h\nlogin:carol\nclient-id:phone\n\n^@")
                    .got("CONNECTED\nversion:1.2\n\n^@")
                    .subscribes("id:news\ndestination:/topic/news\ndurable:true");
        }
        assertThat(run("durables", "-o", "json"))
                .singleElement()
                .asString()
                .contains("\"client_id\":\"phone\"", "\"total\":1");
    }

    @Test
    void topPrintsALineForEachLookWithoutATerminal() {
        assertThat(run("top", "-n", "2", "--interval", "100ms"))
                .hasSize(2)
                .allMatch(line -> line.matches("\\d\\d:\\d\\d:\\d\\d  connections \\d+  published .*"));
    }

    @Test
    void topDrawsAScreenOnATerminalUntilQ() {
        Needs.script();
        try (Fanfare top = Fanfare.onATerminal(Map.of("TERM", "xterm"), "top", "--api", api)) {
            // the alternate screen begins
            top.printed(".*\\[\\?1049h.*fanfare top.*");
            top.types("1");
            top.printed(".*topics by out/s.*");
            top.types("q");
            assertThat(top.exitCode()).as("%s", top).isZero();
            assertThat(String.join("\n", top.out())).contains("\u001B[?1049l");
        }
    }

    @Test
    void anActionWithoutATerminalNeedsYes() {
        try (Fanfare drain = Fanfare.run("drain", "--api", api)) {
            assertThat(drain.exitCode()).isEqualTo(2);
            assertThat(drain.err())
                    .satisfiesExactly(
                            sentence ->
                                    assertThat(sentence).startsWith("fanfare: this needs a confirmation: This closes"),
                            remedy -> assertThat(remedy).isEqualTo("Try: the same with --yes"));
        }
    }

    @Test
    void anActionOnATerminalAsks() {
        Needs.script();
        try (StompSocket client = connect()) {
            client.publishes("/queue/asked", "1");
        }
        try (Fanfare purge = Fanfare.onATerminal(Map.of(), "queues", "purge", "asked", "--api", api)) {
            purge.types("n\n");
            assertThat(purge.exitCode()).isEqualTo(1);
            assertThat(String.join("\n", purge.out()))
                    .contains("This throws away 1 messages of /queue/asked. Go on? [y/N]", "nothing done");
        }
        try (Fanfare purge = Fanfare.onATerminal(Map.of(), "queues", "purge", "asked", "--api", api)) {
            purge.types("y\n");
            assertThat(purge.exitCode()).as("%s", purge).isZero();
            assertThat(String.join("\n", purge.out())).contains("purged 1 messages of asked");
        }
    }

    @Test
    void drainSendsTheClientsAway() {
        try (Fanfare other = Fanfare.serve("--stomp-port=0", "--admin-port=0")) {
            String admin = other.printed("ready .* admin=(http://127\\.0\\.0\\.1:\\d+)")
                    .group(1);
            RawTcp client = other.connect();
            try (Fanfare drain = Fanfare.run("drain", "--yes", "--over=0s", "--wait=30s", "--api", admin)) {
                assertThat(drain.exitCode()).as("%s", drain).isZero();
                assertThat(drain.out()).containsExactly("drained");
            }
            client.gotStart("ERROR\nmessage:restarting; retry-after=*ms\n").ended();
            assertThat(other.isAlive()).isTrue();
        }
    }
}
