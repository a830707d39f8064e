package io.fanfare.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fanfare.cli.options.AckMode;
import io.fanfare.cli.output.CommandException;
import io.fanfare.frame.Headers;
import io.fanfare.server.FanfareServer;
import io.fanfare.server.TlsOptions;
import io.fanfare.testing.SelfSigned;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Runs bench against a real broker and checks its counts; the speed does not matter here. */
@Timeout(600)
class BenchIT {

    private final FanfareServer server =
            FanfareServer.builder().port(0).tcpPort(-1).start();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void everySubscriberGetsEveryMessage() throws IOException {
        JsonNode report = bench("--subs=5 --pubs=2 --duration=300ms --warm-up=100ms");

        assertThat(report.get("sent").asLong()).isPositive();
        assertThat(report.get("expected").asLong())
                .isEqualTo(5 * report.get("sent").asLong());
        assertThat(report.get("delivered")).isEqualTo(report.get("expected"));
        assertThat(report.get("lost").asLong()).isZero();
        assertThat(report.get("disconnected").asLong()).isZero();
        assertThat(report.get("connections").asInt()).isEqualTo(7);
        assertThat(report.get("delivered_per_s").asDouble()).isPositive();
        assertThat(report.get("bench_cores").asDouble()).isPositive();
    }

    @Test
    void twoBrokersAreMeasuredInTurn() throws IOException {
        try (FanfareServer other = FanfareServer.builder().port(0).tcpPort(-1).start()) {
            JsonNode report =
                    bench("--subs=2 --duration=200ms --warm-up=0s --rounds=2 --compare=" + other.webSocketUri());

            assertThat(report.get("rounds")).hasSize(2);
            report.get("rounds").forEach(round -> {
                assertThat(round.at("/first/url").asText())
                        .isEqualTo(server.webSocketUri().toString());
                assertThat(round.at("/second/url").asText())
                        .isEqualTo(other.webSocketUri().toString());
                assertThat(round.at("/first/lost").asLong()).isZero();
                assertThat(round.at("/second/delivered").asLong()).isPositive();
            });
            assertThat(report.at("/ratios/delivered_per_s/median").asDouble()).isPositive();
        }
        assertThatThrownBy(() -> call("--compare=ws://localhost/", "--rounds=0"))
                .hasMessageContaining("--rounds");
        assertThatThrownBy(() -> call("--compare=ws://localhost/", "--snapshot=5"))
                .hasMessageContaining("--compare");
    }

    @Test
    void rateSaysHowManyMessagesThereAre() throws IOException {
        JsonNode report = bench("--rate=1000 --pubs=3 --subs=4 --duration=500ms --warm-up=100ms");

        assertThat(report.get("sent").asLong()).isEqualTo(500);
        assertThat(report.get("delivered").asLong()).isEqualTo(2000);
        assertThat(report.get("unsent").asLong()).isZero();
    }

    @Test
    void topicsShareSubscribersAndMessages() throws IOException {
        // 300 messages: 100 for each topic; the first has two subscribers
        JsonNode report = bench("--rate=1000 --topics=3 --subs=4 --duration=300ms --warm-up=0s");

        assertThat(report.get("sent").asLong()).isEqualTo(300);
        assertThat(report.get("expected").asLong()).isEqualTo(400);
        assertThat(report.get("lost").asLong()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "client", "client-individual", "CLIENT-INDIVIDUAL"})
    void messageOfAQueueGoesToOneSubscriberWhateverTheAckMode(String mode) throws IOException {
        // more messages than the prefetch: without ACKs the broker would stop sending
        JsonNode report = bench("-d /queue/bench --rate=4000 --subs=2 --duration=500ms --warm-up=0s --ack=" + mode);

        assertThat(report.get("sent").asLong()).isEqualTo(2000);
        assertThat(report.get("delivered").asLong()).isEqualTo(2000);
        assertThat(report.get("lost").asLong()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"client", "client-individual"})
    void topicsMayBeAcknowledgedToo(String mode) throws IOException {
        JsonNode report = bench("--rate=4000 --subs=2 --duration=500ms --warm-up=0s --ack=" + mode);

        assertThat(report.get("delivered").asLong()).isEqualTo(4000);
        assertThat(report.get("ack").asText()).isEqualTo(mode);
    }

    @ParameterizedTest
    @ValueSource(strings = {"8", "1KiB", "70000", "1MiB"})
    void bodiesMayBeSmallAndLarge(String size) throws IOException {
        JsonNode report = bench("--rate=20 --subs=3 --duration=200ms --warm-up=0s --size=" + size);

        assertThat(report.get("delivered").asLong()).isEqualTo(12);
        assertThat(report.get("lost").asLong()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "client", "client-individual"})
    void whatComesInPiecesCountsAsWell(String mode) throws IOException {
        try (CuttingProxy proxy = new CuttingProxy(server.webSocketUri())) {
            JsonNode report =
                    bench("--rate=200 --subs=2 --duration=200ms --warm-up=0s --ack=" + mode + " --url=" + proxy.url());

            assertThat(report.get("sent").asLong()).isEqualTo(40);
            assertThat(report.get("delivered").asLong()).isEqualTo(80);
            assertThat(report.get("disconnected").asLong()).isZero();
        }
    }

    @Test
    void wssWorksLikeWs(@TempDir Path directory) throws IOException {
        SelfSigned certificate = SelfSigned.ec(directory, "tls");
        try (FanfareServer secure = FanfareServer.builder()
                .port(0)
                .tcpPort(-1)
                .tls(TlsOptions.of(certificate.certificateFile(), certificate.keyFile()))
                .start()) {
            String url = " --url=" + secure.webSocketUri();
            String load = "--rate=100 --subs=3 --duration=200ms --warm-up=0s --size=70000";

            JsonNode report = bench(load + " --tls-ca=" + certificate.certificateFile() + url);
            assertThat(report.get("sent").asLong()).isEqualTo(20);
            assertThat(report.get("delivered").asLong()).isEqualTo(60);
            assertThat(report.get("lost").asLong()).isZero();

            assertThat(bench("--duration=300ms --warm-up=0s --insecure" + url)
                            .get("delivered")
                            .asLong())
                    .isPositive();
            assertThatThrownBy(() -> call("--url=" + secure.webSocketUri()))
                    .hasMessage("TLS with " + secure.webSocketUri()
                            + " failed: no authority that is trusted here has signed its certificate");
        }
    }

    @Test
    void percentilesAreInOrder() throws IOException {
        JsonNode latency = bench("--duration=300ms --warm-up=0s").get("latency_us");

        double[] values = {
            0,
            latency.get("p50").asDouble(),
            latency.get("p90").asDouble(),
            latency.get("p99").asDouble(),
            latency.get("p99_9").asDouble(),
            latency.get("max").asDouble()
        };
        assertThat(values).isSorted();
        assertThat(values[1]).isPositive();
    }

    @Test
    void withoutJsonItIsATable() {
        StringWriter out = new StringWriter();

        assertThat(run(out, new StringWriter(), "--url=" + server.webSocketUri(), "--duration=100ms", "--warm-up=0s"))
                .isZero();
        assertThat(out.toString())
                .contains("connections", "11 (1 pubs, 10 subs)", "messages/s", "MB/s", "p99.9", "0 of ")
                .doesNotContain("ended before the end of the run");
    }

    @Test
    void connectionsThatEndInTheMiddleAreReportedWithTheReason() {
        Workload workload = new Workload(
                server.webSocketUri(),
                Optional.empty(),
                Headers.EMPTY,
                "/topic/bench",
                new Workload.Clients(1, 3, 1),
                new Workload.Traffic(128, 100, Duration.ZERO, Duration.ofSeconds(30)),
                AckMode.AUTO);
        Report report;
        try (LoadGenerator generator = new LoadGenerator(workload, time -> CompletableFuture.runAsync(server::close))) {
            report = generator.run();
        }

        assertThat(report.trouble().disconnected()).isEqualTo(4);
        assertThat(report.table())
                .contains("4 connections ended before the end of the run: the broker refused: shutting down");
    }

    @Test
    void nobodyThereIsASentence() throws IOException {
        // a port that is taken, so that no other process gets it, and refuses all connections
        try (Socket bound = new Socket()) {
            bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            URI silent = URI.create("ws://127.0.0.1:" + bound.getLocalPort() + "/ws");
            assertThatThrownBy(() -> call("--url=" + silent))
                    .isInstanceOf(CommandException.class)
                    .hasMessage("no connection to " + silent + ": Connection refused");
        }
    }

    @Test
    void anotherPathIsASentence() {
        URI elsewhere = server.webSocketUri().resolve("/elsewhere");

        assertThatThrownBy(() -> call("--url=" + elsewhere))
                .hasMessage(elsewhere + " answered HTTP 404 to the WebSocket handshake");
    }

    @Test
    void refusedSubscriptionIsASentence() {
        assertThatThrownBy(() -> call("--url=" + server.webSocketUri(), "-d", "/nowhere"))
                .hasMessageStartingWith("the broker refused: invalid destination");
    }

    private JsonNode bench(String options) throws IOException {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String url = options.contains("--url") ? "" : " --url=" + server.webSocketUri();
        String[] args = ("--json " + options + url).split(" ");

        assertThat(run(out, err, args)).as(err.toString()).isZero();
        assertThat(err.toString()).isEmpty();
        assertThat(out.toString()).hasLineCount(1);
        return new ObjectMapper().readTree(out.toString());
    }

    private static int run(StringWriter out, StringWriter err, String... args) {
        return commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }

    /** Runs the command without picocli, so that the test sees its exceptions. */
    private static void call(String... args) throws Exception {
        CommandLine commandLine = commandLine();
        commandLine.parseArgs(args);
        ((BenchCommand) commandLine.getCommand()).call();
    }

    private static CommandLine commandLine() {
        return new CommandLine(new BenchCommand()).setCaseInsensitiveEnumValuesAllowed(true);
    }
}
