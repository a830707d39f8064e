package io.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.client.StompClient;
import io.fanfare.testing.SelfSigned;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs pub, sub and bench, as processes and in this one, against serve in another one. */
class ClientCommandsIT {

    private static Fanfare serve;
    private static String url;

    @BeforeAll
    static void start() {
        serve = Fanfare.serve();
        url = serve.url();
    }

    @AfterAll
    static void stop() {
        serve.close();
    }

    @Test
    void pubAndSubMeetInServe() {
        try (Fanfare sub = Fanfare.run("sub", "-d", "/topic/a", "-n", "2", "--url", url)) {
            sub.complained("subscribed to /topic/a");
            try (Fanfare pub = Fanfare.run("pub", "-d", "/topic/a", "-m", "one", "--url", url)) {
                assertThat(pub.exitCode()).isZero();
                assertThat(pub.err()).isEmpty();
            }
            publish(url, "/topic/b", "other");
            publish(url, "/topic/a", "two");

            assertThat(sub.exitCode()).isZero();
            assertThat(sub.out()).containsExactly("one", "two");
        }
    }

    @Test
    void everythingSpeaksTlsWithACertificate(@TempDir Path directory) {
        SelfSigned certificate = SelfSigned.ec(directory, "broker");
        try (Fanfare secure = Fanfare.serve(
                "--stomp-port=0",
                "--tls-cert=" + certificate.certificateFile(),
                "--tls-key=" + certificate.keyFile())) {
            String wss = secure.printed("ready ws=(wss://127\\.0\\.0\\.1:\\d+/ws) tcp=127\\.0\\.0\\.1:(\\d+) admin=off")
                    .group(1);
            String trust = "--tls-ca=" + certificate.certificateFile();
            try (InProcess sub = InProcess.run("sub", "-d", "/topic/a", "-n", "2", "--url", wss, "--insecure")) {
                sub.complained("subscribed to /topic/a");
                publish(wss, "/topic/a", "one", trust);
                publish(wss, "/topic/a", "two", "--insecure");

                assertThat(sub.exitCode()).isZero();
                assertThat(sub.out()).containsExactly("one", "two");
            }
            try (InProcess pub = InProcess.run("pub", "-d", "/topic/a", "-m", "hi", "--url", wss)) {
                assertThat(pub.exitCode()).isEqualTo(3);
                assertThat(pub.err()).hasSize(2);
                assertThat(pub.err().get(0))
                        .isEqualTo("fanfare: TLS with " + wss
                                + " failed: no authority that is trusted here has signed its certificate");
                assertThat(pub.err().get(1)).startsWith("Try: --tls-ca FILE");
            }
        }
    }

    @Test
    void subPrintsUtf8WhateverTheLocale() {
        try (StompClient client = StompClient.connect(URI.create(url));
                Fanfare sub = Fanfare.run(Map.of("LC_ALL", "C"), "sub", "-d", "/topic/utf8", "-n", "1", "--url", url)) {
            sub.complained("subscribed to /topic/utf8");
            client.send("/topic/utf8", "é€😀").join();

            assertThat(sub.exitCode()).isZero();
            assertThat(sub.out()).containsExactly("é€😀");
        }
    }

    @Test
    void aRepeatWithADedupIdIsDeliveredNowhere() {
        String pub = "pub -d /topic/dedup -m hi --receipt --dedup-id job --url " + url;
        assertThat(run(pub)).containsExactly("sent 1: matched 0, delivered 0, queued 0, dropped 1");
        assertThat(run(pub)).first().asString().startsWith("sent 1: ").endsWith("duplicates 1");
        // of several messages each has an id of its own
        assertThat(run(pub + " --count 3"))
                .first()
                .asString()
                .startsWith("sent 3: ")
                .endsWith("dropped 3");
        assertThat(run(pub + " --count 4 --output json"))
                .first()
                .asString()
                .contains("\"sent\":4", "\"dropped\":1", "\"duplicates\":3");
    }

    private static List<String> run(String command) {
        try (InProcess fanfare = InProcess.run(command.split(" "))) {
            assertThat(fanfare.exitCode()).as("%s", fanfare.err()).isZero();
            return fanfare.out();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pub -d nowhere -m hi", "sub -d nowhere"})
    void refusedCommandSaysWhy(String command) {
        try (InProcess refused = InProcess.run((command + " --url " + url).split(" "))) {
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.err()).hasSize(2);
            assertThat(refused.err().get(0))
                    .startsWith("fanfare: ")
                    .contains("invalid destination")
                    .doesNotContain("Exception");
        }
    }

    @Test
    void subEndsWhenItsBrokerDoes() {
        try (Fanfare ending = Fanfare.serve();
                InProcess sub = InProcess.run("sub", "-d", "/topic/a", "--url", ending.url())) {
            sub.complained("subscribed to /topic/a");
            ending.terminate();

            assertThat(sub.exitCode()).isEqualTo(1);
            assertThat(sub.err()).anyMatch(line -> line.startsWith("fanfare: ") && line.contains("1012"));
            assertThat(ending.exitCode()).isZero();
        }
    }

    @Test
    void benchPrintsOneJsonObjectAndNothingElse() {
        try (Fanfare bench = Fanfare.run("bench", "--url", url, "--json", "--duration=200ms", "--warm-up=0s")) {
            assertThat(bench.exitCode()).isZero();
            assertThat(bench.err()).isEmpty();
            assertThat(bench.out()).hasSize(1);
            assertThat(bench.out().get(0)).matches("\\{.*\"lost\":0,.*}");
        }
    }

    private static void publish(String url, String destination, String body, String... more) {
        List<String> command = new ArrayList<>(List.of("pub", "-d", destination, "-m", body, "--url", url));
        command.addAll(List.of(more));
        try (InProcess pub = InProcess.run(command.toArray(String[]::new))) {
            pub.succeeds();
            assertThat(pub.err()).isEmpty();
        }
    }
}
