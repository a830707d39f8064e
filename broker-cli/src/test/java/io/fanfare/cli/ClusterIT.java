package io.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.cli.output.Colours;
import io.fanfare.nats.testing.NatsServers;
import io.fanfare.testing.Await;
import io.fanfare.testing.Program;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.StompSocket;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code fanfare serve --nats}: nodes as processes. */
class ClusterIT {

    @TempDir
    private Path directory;

    private static Fanfare serve(String... more) {
        String[] all = new String[more.length + 2];
        System.arraycopy(more, 0, all, 0, more.length);
        all[more.length] = "--stomp-port=0";
        all[more.length + 1] = "--admin-port=0";
        return Fanfare.serve(all);
    }

    private static String adminUri(Fanfare node) {
        return node.printed("ready .* admin=(\\S+)").group(1);
    }

    private static String status(Fanfare node) {
        return asks(node, "status");
    }

    /** What a command prints that asks a node. */
    private static String asks(Fanfare node, String... command) {
        StringWriter out = new StringWriter();
        assertThat(exitCode(node, out, command)).as("%s", out).isZero();
        return out.toString();
    }

    private static int exitCode(Fanfare node, StringWriter out, String... command) {
        String[] args = Stream.concat(Stream.of(command), Stream.of("--api", adminUri(node)))
                .toArray(String[]::new);
        return Main.commandLine(args, Colours.OFF, Colours.OFF)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(out, true))
                .execute(args);
    }

    private static StompSocket client(Fanfare node) {
        Matcher ready = node.printed("ready .* tcp=127\\.0\\.0\\.1:(\\d+) .*");
        return StompSocket.over(RawTcp.connect(Integer.parseInt(ready.group(1))))
                .connects("1.2");
    }

    @Test
    void twoNodesKnowEachOtherAndAnotherWithOtherSettingsIsRefused() throws IOException {
        Path other = Files.writeString(directory.resolve("other.yaml"), "topics: [{match: /topic/a, retain: last}]\n");
        try (NatsServers nats = NatsServers.withJetStream(directory, 1);
                Fanfare one = serve("--nats", nats.url(0));
                Fanfare two = serve("--nats", nats.url(0))) {
            StompSocket bob = client(two);
            Await.until(
                    "both are listed",
                    () -> status(one)
                                    .lines()
                                    .filter(line -> line.matches("node +\\w{4} .*ready, \\d+ connections?.*"))
                                    .count()
                            == 2);
            assertThat(status(one)).containsOnlyOnce("(this one)");
            bob.subscribes("id:0\ndestination:/topic/a");
            client(one).sends("SEND\ndestination:/topic/a\n\nhello^@");
            bob.gotMessage("hello");
            try (Fanfare third = serve("--nats", nats.url(0), "-c", other.toString())) {
                assertThat(third.exitCode()).isEqualTo(1);
                assertThat(third.err())
                        .anyMatch(line -> line.startsWith("fanfare: the cluster refuses this node: topics differs"));
            }
        }
    }

    @Test
    void operatorsSeeAndChangeWhatAllNodesKeepAtAnyOfThem() throws IOException {
        Path file = Files.writeString(directory.resolve("kept.yaml"), """
                topics: [{match: /topic/prices.#, retain: last, history: {messages: 100}}]
                queues: {shared: [/queue/orders.#], max_queue_bytes: 10MiB}
                cluster: {kept_bytes: 16MiB}
                """);
        try (NatsServers nats = NatsServers.withJetStream(directory, 1);
                Fanfare one = serve("--nats", nats.url(0), "-c", file.toString());
                Fanfare two = serve("--nats", nats.url(0), "-c", file.toString())) {
            StompSocket alice = client(one);
            alice.publishes("/topic/prices.a", "12").publishes("/queue/orders", "first");
            alice.publishes("/queue/orders", "second");
            Await.until("node two has it", () -> asks(two, "topics").contains("/topic/prices.a"));
            StompSocket bob = client(two);
            bob.subscribes("id:0\nack:client-individual\nprefetch-count:1\ndestination:/queue/orders");
            bob.gotMessage("first");
            assertThat(asks(two, "topics", "clear", "prices.a", "--yes")).startsWith("cleared 2 messages of prices.a");
            Await.until(
                    "node one has cleared it",
                    () -> asks(one, "topics", "values", "prices.a").contains("no last value"));
            Await.until(
                    "node one knows node two's consumer",
                    () -> asks(one, "queues", "--where", "consumers=1").contains("/queue/orders"));
            assertThat(asks(one, "queues", "show", "orders")).containsPattern("shared +(true|yes)");
            assertThat(asks(one, "queues", "peek", "orders")).contains("first", "second");
            assertThat(asks(one, "queues", "move", "orders", "orders.later", "--yes"))
                    .startsWith("moved 1 messages of orders to /queue/orders.later");
            StringWriter refusal = new StringWriter();
            assertThat(exitCode(one, refusal, "queues", "delete", "orders", "--yes"))
                    .isNotZero();
            assertThat(refusal.toString()).contains("the queue has consumers");
            assertThat(asks(one, "queues", "purge", "orders", "--yes")).startsWith("purged 1 messages of orders");
            assertThat(asks(one, "queues", "delete", "orders.later", "--yes")).startsWith("deleted orders.later");
        }
    }

    @Test
    void aNodeThatIsRefusedWhenItJoinsLaterEndsAsOneThatIsRefusedAtOnce() throws IOException {
        Path other = Files.writeString(directory.resolve("shared.yaml"), "queues: {shared: [/queue/a]}\n");
        try (NatsServers nats = NatsServers.one(directory);
                Fanfare one = serve("--nats", nats.url(0))) {
            one.printed("ready .*");
            nats.kill(0);
            try (Fanfare late = serve("--nats", nats.url(0), "-c", other.toString())) {
                late.printed("ready .*");
                nats.restart(0);
                assertThat(late.exitCode()).isEqualTo(1);
                assertThat(late.err())
                        .anyMatch(line ->
                                line.startsWith("fanfare: the cluster refuses this node: queues.shared differs"));
            }
        }
    }

    @Test
    void aServerElsewhereWithoutTlsIsRefusedAtTheKey() {
        try (Fanfare node = serve("--nats", "nats://user:secret@nats.example:4222")) {
            assertThat(node.exitCode()).isEqualTo(1);
            assertThat(node.err())
                    .anyMatch(line -> line.contains("nats://nats.example:4222 is not on loopback and has no TLS"))
                    .noneMatch(line -> line.contains("secret"));
        }
    }

    @Test
    void withoutNatsNothingOfItIsLoaded() throws IOException {
        Path loaded = directory.resolve("loaded");
        try (Program broker = Program.start(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load:file=" + loaded,
                "-jar",
                Fanfare.JAR.toString(),
                "serve",
                "--port=0",
                "--stomp-port=-1",
                "--admin-port=-1"))) {
            broker.printed("ready .*");
            assertThat(Files.readAllLines(loaded))
                    .anyMatch(line -> line.contains("io.fanfare.server.FanfareServer"))
                    .noneMatch(line -> line.contains(" io.nats.") || line.contains(" org.bouncycastle."))
                    .noneMatch(line -> line.contains(" io.fanfare.nats.NatsBackplane"));
        }
    }
}
