package io.fanfare.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.client.StompClient;
import io.fanfare.client.StompException;
import io.fanfare.frame.Headers;
import io.fanfare.security.UsersFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The jar as users run it: serve, pub, sub and bench as processes. */
class ServeIT {

    private static final String READY = "ready ws=(ws://127\\.0\\.0\\.1:\\d+/ws) tcp=127\\.0\\.0\\.1:(\\d+) admin=off";
    private static final String READY_WITHOUT_TCP = "ready ws=(\\S+) tcp=off admin=off";

    @Test
    void pubAndSubMeetInServe() {
        try (Fanfare serve = serve("--stomp-port", "0")) {
            String url = serve.printed(READY).group(1);
            try (Fanfare sub = Fanfare.run("sub", "-d", "/topic/a", "-n", "2", "--url", url)) {
                sub.complained("subscribed to /topic/a");
                assertThat(pub(url, "/topic/a", "one")).isZero();
                assertThat(pub(url, "/topic/b", "other")).isZero();
                assertThat(pub(url, "/topic/a", "two")).isZero();

                assertThat(sub.exitCode()).isZero();
                assertThat(sub.out()).containsExactly("one", "two");
            }
        }
    }

    @Test
    void everythingSpeaksTlsWithACertificate(@TempDir Path directory) throws Exception {
        Certificate certificate = Certificate.make(directory);
        try (Fanfare serve = Fanfare.run(
                "serve",
                "--port=0",
                "--stomp-port=0",
                "--admin-port=-1",
                "--tls-cert=" + certificate.file(),
                "--tls-key=" + certificate.keyFile())) {
            String url = serve.printed("ready ws=(wss://127\\.0\\.0\\.1:\\d+/ws) tcp=127\\.0\\.0\\.1:(\\d+) admin=off")
                    .group(1);
            String trust = "--tls-ca=" + certificate.file();
            try (Fanfare sub = Fanfare.run("sub", "-d", "/topic/a", "-n", "2", "--url", url, "--insecure")) {
                sub.complained("subscribed to /topic/a");
                assertThat(pub(url, "/topic/a", "one", trust)).isZero();
                assertThat(pub(url, "/topic/a", "two", "--insecure")).isZero();

                assertThat(sub.exitCode()).isZero();
                assertThat(sub.out()).containsExactly("one", "two");
            }
            try (Fanfare pub = Fanfare.run("pub", "-d", "/topic/a", "-m", "hi", "--url", url)) {
                assertThat(pub.exitCode()).isEqualTo(1);
                assertThat(pub.err()).hasSize(1);
                assertThat(pub.err().get(0)).startsWith("fanfare: TLS with " + url + " failed: ");
            }
        }
    }

    @Test
    void missingCertificateIsOneSentenceAndExitCodeOne() {
        try (Fanfare serve = Fanfare.run("serve", "--port=0", "--tls-cert=missing.crt", "--tls-key=missing.key")) {
            assertThat(serve.exitCode()).isEqualTo(1);
            assertThat(serve.err()).containsExactly("fanfare: cannot read missing.crt: there is no such file");
        }
    }

    @Test
    void subPrintsUtf8WhateverTheLocale() {
        try (Fanfare serve = serve()) {
            String url = serve.printed(READY_WITHOUT_TCP).group(1);
            try (StompClient client = StompClient.connect(URI.create(url));
                    Fanfare sub =
                            Fanfare.run(Map.of("LC_ALL", "C"), "sub", "-d", "/topic/a", "-n", "1", "--url", url)) {
                sub.complained("subscribed to /topic/a");
                client.send("/topic/a", "é€😀").join();

                assertThat(sub.exitCode()).isZero();
                assertThat(sub.out()).containsExactly("é€😀");
            }
        }
    }

    @Test
    void plainStompIsServedToo() throws IOException {
        try (Fanfare serve = serve("--stomp-port", "0")) {
            int port = Integer.parseInt(serve.printed(READY).group(2));
            connected(port).close();
        }
    }

    @Test
    @DisplayName("item 123: SIGTERM: clients see 1012, the exit code is 0")
    void sigtermEndsItInOrder() throws Exception {
        try (Fanfare serve = serve()) {
            String url = serve.printed(READY_WITHOUT_TCP).group(1);
            CompletableFuture<StompException> end = new CompletableFuture<>();
            StompClient.builder(URI.create(url)).onError(end::complete).connect();

            serve.terminate();

            assertThat(end.get(10, TimeUnit.SECONDS).closeCode()).hasValue(1012);
            assertThat(serve.exitCode()).isZero();
            assertThat(serve.err()).noneMatch(line -> line.contains("Exception"));
        }
    }

    @Test
    @DisplayName("case 75: a second SIGTERM ends the process at once, with 0")
    void secondSigtermIsImmediate() throws IOException {
        try (Fanfare serve = serve("--stomp-port", "0", "--drain-timeout", "1h")) {
            int port = Integer.parseInt(serve.printed(READY).group(2));
            try (Socket one = connected(port);
                    Socket other = connected(port)) {
                serve.terminate();
                serve.complained(".* draining clients=2 .*");
                assertThat(serve.isAlive()).isTrue();
                serve.terminate();

                assertThat(serve.exitCode()).isZero();
                assertThat(one.isConnected() && other.isConnected()).isTrue();
            }
        }
    }

    @Test
    @DisplayName("case 75: SIGTERM: /readyz is 503 while clients are there, and the process ends when they have gone")
    void sigtermTurnsReadinessRed() throws Exception {
        try (Fanfare serve = serve("--stomp-port", "0", "--admin-port", "0", "--drain-timeout", "1h")) {
            Matcher ready =
                    serve.printed("ready ws=(\\S+) tcp=127\\.0\\.0\\.1:(\\d+) admin=(http://127\\.0\\.0\\.1:\\d+)");
            URI readyz = URI.create(ready.group(3) + "/readyz");
            assertThat(get(readyz).statusCode()).isEqualTo(200);
            int port = Integer.parseInt(ready.group(2));
            try (Socket one = connected(port);
                    Socket other = connected(port)) {
                serve.terminate();
                serve.complained(".* draining clients=2 .*");
                assertThat(one.isConnected() && other.isConnected()).isTrue();
                assertThat(get(readyz).statusCode()).isEqualTo(503);
                assertThat(get(readyz).body()).startsWith("draining");
            }
            assertThat(serve.exitCode()).isZero();
        }
    }

    private static HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    /** A client of plain STOMP that is connected. */
    private static Socket connected(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(10_000);
        socket.getOutputStream().write("CONNECT\naccept-version:1.2\nhost:a\n\n\0".getBytes(UTF_8));
        assertThat(new String(socket.getInputStream().readNBytes(10), UTF_8)).isEqualTo("CONNECTED\n");
        return socket;
    }

    @Test
    void firstLinesTellWhereAndWhatIsNotKept() {
        try (Fanfare serve = serve("--path", "/live")) {
            Matcher ready = serve.printed("ready ws=(ws://127\\.0\\.0\\.1:\\d+/live) tcp=off admin=off");

            assertThat(serve.out()).anyMatch(line -> line.endsWith(ready.group(1)));
            assertThat(serve.out()).anyMatch(line -> line.contains("in memory"));
        }
    }

    @Test
    void flagWinsOverEnvironmentOverFileOverDefault(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("fanfare.yaml"), """
                listen:
                  port: 0
                  stomp_port: off
                  path: /file
                admin.port: off
                limits:
                  max_headers: 5
                  max_subscriptions: 5
                """);
        Map<String, String> environment =
                Map.of("FANFARE_LISTEN_PATH", "/environment", "FANFARE_LIMITS_MAX_HEADERS", "4");
        try (Fanfare serve = Fanfare.run(environment, "serve", "-c", file.toString(), "--path", "/flag")) {
            String url =
                    serve.printed("ready ws=(\\S+:\\d+/flag) tcp=off admin=off").group(1);

            assertThatThrownBy(() -> send(url, 5)).hasMessageContaining("limit of 4 (max_headers)");
        }
        try (Fanfare serve = Fanfare.run(environment, "serve", "-c", file.toString())) {
            serve.printed("ready ws=\\S+/environment tcp=off admin=off");
        }
        try (Fanfare serve = Fanfare.run("serve", "-c", file.toString())) {
            String url = serve.printed("ready ws=(\\S+/file) tcp=off admin=off").group(1);

            assertThatThrownBy(() -> send(url, 6)).hasMessageContaining("limit of 5 (max_headers)");
        }
    }

    /** Sends a frame with so many headers. */
    private static void send(String url, int headers) {
        Headers.Builder all = Headers.builder();
        for (int i = 0; i < headers; i++) {
            all.add("h" + i, "x");
        }
        try (StompClient client = StompClient.connect(URI.create(url))) {
            client.send("/topic/a", all.build(), new byte[0]).join();
        }
    }

    @Test
    @DisplayName("case 87: serve does not start with a bad configuration")
    void badConfigurationDoesNotStart(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("fanfare.yaml"), "listen:\n  port: true\n");
        try (Fanfare serve = Fanfare.run(Map.of("FANFARE_LISTEN_HOTS", "x"), "serve", "-c", file.toString())) {
            assertThat(serve.exitCode()).isEqualTo(1);
            assertThat(serve.err())
                    .containsExactly(
                            "fanfare: " + file + ":2:9: listen.port must be a number from 0 to 65535, not 'true'",
                            "fanfare: FANFARE_LISTEN_HOTS: unknown variable 'FANFARE_LISTEN_HOTS';"
                                    + " did you mean FANFARE_LISTEN_HOST?");
            assertThat(serve.out()).isEmpty();
        }
    }

    @Test
    void defaultConfigurationOfTheJarPassesItsCheck(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("fanfare.yaml");
        try (Fanfare config = Fanfare.run("config", "default")) {
            assertThat(config.exitCode()).isZero();
            assertThat(config.err()).isEmpty();
            Files.write(file, config.out());
        }
        try (Fanfare check = Fanfare.run("config", "check", file.toString())) {
            assertThat(check.exitCode()).isZero();
            assertThat(check.out()).containsExactly("ok");
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"--port", "--stomp-port", "--admin-port"})
    @DisplayName("case 81: a port in use is one sentence and exit code 1")
    void portInUseIsOneSentenceAndExitCodeOne(String taken) throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Fanfare serve = serve(taken, String.valueOf(socket.getLocalPort()))) {
            assertThat(serve.exitCode()).isEqualTo(1);
            assertThat(serve.err()).hasSize(1);
            assertThat(serve.err().get(0))
                    .startsWith("fanfare: cannot listen on 127.0.0.1:" + socket.getLocalPort())
                    .doesNotContain("Exception");
            assertThat(serve.out()).noneMatch(line -> line.startsWith("ready"));
        }
    }

    @Test
    void refusedPubSaysWhy() {
        try (Fanfare serve = serve()) {
            String url = serve.printed(READY_WITHOUT_TCP).group(1);
            try (Fanfare pub = Fanfare.run("pub", "-d", "nowhere", "-m", "hi", "--url", url)) {
                assertThat(pub.exitCode()).isEqualTo(1);
                assertThat(pub.err()).hasSize(1);
                assertThat(pub.err().get(0))
                        .startsWith("fanfare: ")
                        .contains("invalid destination")
                        .doesNotContain("Exception");
            }
            try (Fanfare sub = Fanfare.run("sub", "-d", "nowhere", "--url", url)) {
                assertThat(sub.exitCode()).isEqualTo(1);
                assertThat(sub.err()).hasSize(1);
                assertThat(sub.err().get(0)).contains("invalid destination").doesNotContain("Exception");
            }
        }
    }

    @Test
    void benchPrintsOneJsonObjectAndNothingElse() {
        try (Fanfare serve = serve()) {
            String url = serve.printed(READY_WITHOUT_TCP).group(1);
            try (Fanfare bench = Fanfare.run("bench", "--url", url, "--json", "--duration=200ms", "--warm-up=0s")) {
                assertThat(bench.exitCode()).isZero();
                assertThat(bench.err()).isEmpty();
                assertThat(bench.out()).hasSize(1);
                assertThat(bench.out().get(0)).matches("\\{.*\"lost\":0,.*}");
            }
        }
    }

    @Test
    void usersFileOfTheConfigurationLetsItsUsersInAndNobodyElse(@TempDir Path folder) throws IOException {
        Path users = folder.resolve("users");
        Files.writeString(users, UsersFile.line("alice", "correct horse", List.of()));
        Files.setPosixFilePermissions(users, PosixFilePermissions.fromString("rw-------"));
        Path config = Files.writeString(folder.resolve("fanfare.yaml"), "auth:\n  users_file: users\n");
        try (Fanfare serve = serve("-c", config.toString())) {
            String url = serve.printed(READY_WITHOUT_TCP).group(1);
            assertThat(pubAs("alice", "correct horse", url).exitCode()).isZero();
            try (Fanfare refused = pubAs("alice", "wrong horse", url)) {
                assertThat(refused.exitCode()).isEqualTo(1);
                assertThat(refused.err()).singleElement().asString().contains("authentication failed");
            }
            serve.complained(".* INFO +Login not let in peer=127\\.0\\.0\\.1:\\d+ login='alice' reason=wrong passcode");
            assertThat(serve.err()).noneMatch(line -> line.contains("horse"));
        }
    }

    private static Fanfare pubAs(String login, String passcode, String url) {
        return Fanfare.run("pub", "-d", "/topic/a", "-m", "hi", "--login", login, "--passcode", passcode, "--url", url);
    }

    @Test
    void benchWithoutABrokerIsOneSentence() throws IOException {
        String url;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            url = "ws://127.0.0.1:" + socket.getLocalPort() + "/ws";
        }
        try (Fanfare bench = Fanfare.run("bench", "--url", url)) {
            assertThat(bench.exitCode()).isEqualTo(1);
            assertThat(bench.err()).containsExactly("fanfare: no connection to " + url + ": Connection refused");
            assertThat(bench.out()).isEmpty();
        }
    }

    @Test
    void subEndsWhenItsBrokerDoes() {
        try (Fanfare serve = serve();
                Fanfare sub = Fanfare.run(
                        "sub",
                        "-d",
                        "/topic/a",
                        "--url",
                        serve.printed(READY_WITHOUT_TCP).group(1))) {
            sub.complained("subscribed to /topic/a");
            serve.terminate();

            assertThat(sub.exitCode()).isEqualTo(1);
            assertThat(sub.err()).anyMatch(line -> line.startsWith("fanfare: ") && line.contains("1012"));
            assertThat(serve.exitCode()).isZero();
        }
    }

    @Test
    void versionComesFromTheJar() {
        try (Fanfare version = Fanfare.run("--version")) {
            assertThat(version.exitCode()).isZero();
            assertThat(version.out()).hasSize(1);
            assertThat(version.out().get(0)).matches("fanfare \\d+\\.\\d+.*");
        }
    }

    @Test
    void unknownOptionIsExitCodeTwo() {
        try (Fanfare mistake = Fanfare.run("serve", "--nope")) {
            assertThat(mistake.exitCode()).isEqualTo(2);
            assertThat(mistake.err().get(0)).contains("--nope");
        }
    }

    /** A broker with a free port; no plain STOMP and no admin listener unless they are asked for. */
    private static Fanfare serve(String... more) {
        List<String> args = new ArrayList<>(List.of("serve"));
        for (String port : List.of("--port=0", "--stomp-port=-1", "--admin-port=-1")) {
            if (!List.of(more).contains(port.substring(0, port.indexOf('=')))) {
                args.add(port);
            }
        }
        args.addAll(List.of(more));
        return Fanfare.run(args.toArray(String[]::new));
    }

    private static int pub(String url, String destination, String body, String... more) {
        List<String> command = new ArrayList<>(List.of("pub", "-d", destination, "-m", body, "--url", url));
        command.addAll(List.of(more));
        try (Fanfare pub = Fanfare.run(command.toArray(String[]::new))) {
            int code = pub.exitCode();
            assertThat(pub.err()).isEmpty();
            return code;
        }
    }
}
