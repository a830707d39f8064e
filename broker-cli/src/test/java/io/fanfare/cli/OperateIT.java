package io.fanfare.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.fanfare.admin.AdminApi;
import io.fanfare.cli.output.Colours;
import io.fanfare.server.FanfareServer;
import io.fanfare.server.TlsOptions;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.SelfSigned;
import io.fanfare.testing.StompSocket;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands of operators inside this process, against a broker inside this process: options, forms, errors. */
class OperateIT {

    private static FanfareServer server;
    private static String api;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void start() {
        server = FanfareServer.builder()
                .port(0)
                .tcpPort(0)
                .loops(1)
                .admin(a -> a.port(0))
                .http(new AdminApi())
                .start();
        api = server.adminUri().orElseThrow().toString();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static StompSocket connect() {
        return StompSocket.over(RawTcp.connect(server.tcpPort())).connects("1.2");
    }

    private int run(String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Main.commandLine(args, Colours.OFF, Colours.OFF)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }

    private void failed(String sentence) {
        assertThat(err.toString().lines())
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("fanfare: ").contains(sentence),
                        second -> assertThat(second).startsWith("Try: "));
    }

    @Test
    void aListIsFilteredSortedAndCutAsTheApiDoes() {
        try (StompSocket client = connect()) {
            client.publishes("/queue/list/a", "1")
                    .publishes("/queue/list/b", "1")
                    .publishes("/queue/list/b", "2");

            assertThat(run("queues", "--api", api, "--filter=list", "--sort=-depth", "--limit=1"))
                    .isZero();
            assertThat(out.toString().lines())
                    .hasSize(3)
                    .anyMatch(line -> line.startsWith("/queue/list/b "))
                    .last()
                    .asString()
                    .startsWith("1 of 2;");
            assertThat(run("queues", "list", "--api", api, "--where", "destination=/queue/list/a", "-o", "json"))
                    .isZero();
            assertThat(out.toString()).contains("\"destination\":\"/queue/list/a\"", "\"total\":1,");
        }
    }

    @Test
    void aFieldThatThereIsNotIsWrongUsage() {
        assertThat(run("topics", "--api", api, "--sort=size")).isEqualTo(2);
        failed("sort must be one of destination, subscribers");
        assertThat(run("topics", "--api", api, "--limit=1001")).isEqualTo(2);
    }

    @Test
    void whatThereIsNotIsASentence() {
        assertThat(run("queues", "show", "none", "--api", api)).isEqualTo(1);
        failed("there is no such queue");
        assertThat(run("queues", "purge", "none", "--yes", "--api", api)).isEqualTo(1);
        assertThat(run("connections", "close", "none", "--yes", "--api", api)).isEqualTo(1);
        failed("there is no such connection");
    }

    @Test
    void aQueueInUseIsNotDeleted() {
        try (StompSocket client = connect()) {
            client.subscribes("id:0\ndestination:/queue/used");

            assertThat(run("queues", "delete", "used", "--yes", "--api", api)).isEqualTo(1);
            failed("the queue has consumers");
        }
    }

    @Test
    void anEmptyQueueIsDeletedByItsWholeName() {
        try (StompSocket client = connect()) {
            client.publishes("/queue/deleted", "1");

            assertThat(run("queues", "delete", "/queue/deleted", "-y", "--api", api + "/api/v1/"))
                    .isZero();
            assertThat(out.toString()).startsWith("deleted /queue/deleted");
        }
    }

    @Test
    void aPeekGoesOnBehindThePositionThatWasShown() {
        try (StompSocket client = connect()) {
            client.publishes("/queue/peeked", "one").publishes("/queue/peeked", "two");

            assertThat(run("queues", "peek", "peeked", "-n1", "--api", api)).isZero();
            String first = out.toString();
            assertThat(first).endsWith("  one" + System.lineSeparator());
            String position = first.lines().findFirst().orElseThrow().replaceFirst(".*position ", "");
            assertThat(run("queues", "peek", "peeked", "--after", position, "--api", api))
                    .isZero();
            assertThat(out.toString()).contains("  two").doesNotContain("  one");
        }
    }

    @Test
    void aSubscriptionIsShown() {
        try (StompSocket client = connect()) {
            client.subscribes("id:shown\ndestination:/topic/shown\nselector:a = 1");
            run("subscriptions", "--where", "id=shown", "--api", api);
            String row = out.toString().lines().skip(1).findFirst().orElseThrow();
            assertThat(run("subscriptions", "show", row.substring(0, row.indexOf(' ')), "shown", "--api", api))
                    .isZero();
            assertThat(out.toString()).contains("a = 1", "/topic/shown");
        }
    }

    @Test
    void topPrintsAScreenOnceWithTheBusiestTopics() {
        try (StompSocket client = connect()) {
            client.subscribes("id:0\ndestination:/topic/busy");

            assertThat(run("top", "--once", "--interval=100ms", "--api", api)).isZero();
            assertThat(out.toString())
                    .contains("topics by in/s", "connections by outbox", "queues by depth")
                    .containsPattern("(?m)^/topic/busy ");
            assertThat(run("top", "-n1", "-o", "json", "--api", api)).isZero();
            assertThat(out.toString()).contains("\"rates\":{", "\"top_topics\":[");
        }
    }

    @Test
    void aMisspeltCommandOfAGroupHasANearestOne() {
        assertThat(run("queues", "prge", "a")).isEqualTo(2);
        failed("unknown command 'prge'; did you mean purge?");
        assertThat(run("queues", "--filtr", "a")).isEqualTo(2);
        failed("unknown option '--filtr'; did you mean --filter?");
    }

    @Test
    void theHelpOfAGroupListsItsCommands() {
        assertThat(run("queues", "--help")).isZero();
        assertThat(out.toString()).contains("list", "show", "peek", "purge", "move", "delete");
    }

    // ---- addresses and credentials ----------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {"status", "top", "connections", "subscriptions", "durables", "topics", "queues", "drain --yes"})
    void addressWhereNothingListensIsExitCodeThree(String command) throws IOException {
        // a port that is taken, so that no other process gets it, and refuses all connections
        try (Socket bound = new Socket()) {
            bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            int port = bound.getLocalPort();
            assertThat(run((command + " --api http://127.0.0.1:" + port).split(" ")))
                    .isEqualTo(3);
            failed("nothing listens at http://127.0.0.1:" + port + "/api/v1 (connection refused)");
        }
    }

    @Test
    void anAddressWhoseLoginsHaveFailedTooOftenIsExitCodeFour() throws IOException {
        byte[] problem =
                "{\"status\":429,\"detail\":\"too many logins from this address have failed\"}".getBytes(UTF_8);
        HttpServer broker = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        broker.createContext("/", exchange -> {
            exchange.sendResponseHeaders(429, problem.length);
            exchange.getResponseBody().write(problem);
            exchange.close();
        });
        broker.start();
        try {
            String url = "http://127.0.0.1:" + broker.getAddress().getPort();
            assertThat(run("status", "--api", url, "--token", "right-horse-battery"))
                    .isEqualTo(4);
            failed("too many logins from this address have failed");
        } finally {
            broker.stop(0);
        }
    }

    @Test
    void whatIsNoApiIsExitCodeThree() throws IOException {
        HttpServer other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        other.start();
        try {
            assertThat(run(
                            "status",
                            "--api",
                            "http://127.0.0.1:" + other.getAddress().getPort()))
                    .isEqualTo(3);
            failed("is no HTTP API of Fanfare");
        } finally {
            other.stop(0);
        }
        assertThat(run("status", "--api", "ftp://h")).isEqualTo(2);
    }

    @Test
    void anOperatorsTokenIsNeededWhereThereAreTokens(@TempDir Path folder) throws IOException {
        Path tokens = Files.writeString(folder.resolve("tokens"), "# operators\ncorrect-horse-battery\n");
        Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString("rw-------"));
        try (FanfareServer closed = FanfareServer.builder()
                .port(0)
                .admin(a -> a.port(0).tokensFile(Optional.of(tokens)))
                .http(new AdminApi())
                .start()) {
            String url = closed.adminUri().orElseThrow().toString();
            assertThat(run("status", "--api", url)).isEqualTo(4);
            failed("requires authentication");
            assertThat(run("status", "--api", url, "--token", "wrong-horse-battery"))
                    .isEqualTo(4);
            failed("does not accept these credentials");
            assertThat(run("status", "--api", url, "--token", "correct-horse-battery"))
                    .isZero();
            assertThat(run("status", "--api", url, "--token-file", tokens.toString()))
                    .isZero();
            assertThat(run("status", "--api", url, "--token=a", "--login=b")).isEqualTo(2);
            failed("exclude each other");
        }
    }

    @Test
    void aCertificateIsTrustedWhenItsFileIsThere(@TempDir Path folder) {
        SelfSigned certificate = SelfSigned.ec(folder, "broker");
        try (FanfareServer secure = FanfareServer.builder()
                .port(0)
                .tls(TlsOptions.of(certificate.certificateFile(), certificate.keyFile()))
                .admin(a -> a.port(0).tls(true))
                .http(new AdminApi())
                .start()) {
            String url = secure.adminUri().orElseThrow().toString();
            assertThat(url).startsWith("https://");
            assertThat(run("status", "--api", url)).isEqualTo(3);
            failed("/api/v1 failed: no authority that is trusted here has signed its certificate");
            assertThat(run("status", "--api", url.replace("https", "http"))).isEqualTo(3);
            failed("is no HTTP API of Fanfare");
            assertThat(err.toString()).contains("https:// where it has TLS");
            assertThat(run(
                            "status",
                            "--api",
                            url,
                            "--tls-ca",
                            certificate.certificateFile().toString()))
                    .as("%s", err)
                    .isZero();
        }
    }
}
