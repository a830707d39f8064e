package io.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.client.StompClient;
import io.fanfare.testing.SelfSigned;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs pub, sub and bench as processes, against serve in another one. */
class ClientCommandsIT {

    @Test
    void pubAndSubMeetInServe() {
        try (Fanfare serve = Fanfare.serve()) {
            String url = serve.url();
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
    void everythingSpeaksTlsWithACertificate(@TempDir Path directory) {
        SelfSigned certificate = SelfSigned.ec(directory, "broker");
        try (Fanfare serve = Fanfare.run(
                "serve",
                "--port=0",
                "--stomp-port=0",
                "--admin-port=-1",
                "--tls-cert=" + certificate.certificateFile(),
                "--tls-key=" + certificate.keyFile())) {
            String url = serve.printed("ready ws=(wss://127\\.0\\.0\\.1:\\d+/ws) tcp=127\\.0\\.0\\.1:(\\d+) admin=off")
                    .group(1);
            String trust = "--tls-ca=" + certificate.certificateFile();
            try (Fanfare sub = Fanfare.run("sub", "-d", "/topic/a", "-n", "2", "--url", url, "--insecure")) {
                sub.complained("subscribed to /topic/a");
                assertThat(pub(url, "/topic/a", "one", trust)).isZero();
                assertThat(pub(url, "/topic/a", "two", "--insecure")).isZero();

                assertThat(sub.exitCode()).isZero();
                assertThat(sub.out()).containsExactly("one", "two");
            }
            try (Fanfare pub = Fanfare.run("pub", "-d", "/topic/a", "-m", "hi", "--url", url)) {
                assertThat(pub.exitCode()).isEqualTo(3);
                assertThat(pub.err()).hasSize(2);
                assertThat(pub.err().get(0)).startsWith("fanfare: TLS with " + url + " failed: ");
                assertThat(pub.err().get(1)).startsWith("Try: --tls-ca FILE");
            }
        }
    }

    @Test
    void subPrintsUtf8WhateverTheLocale() {
        try (Fanfare serve = Fanfare.serve()) {
            String url = serve.url();
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
    void refusedPubSaysWhy() {
        try (Fanfare serve = Fanfare.serve()) {
            String url = serve.url();
            try (Fanfare pub = Fanfare.run("pub", "-d", "nowhere", "-m", "hi", "--url", url)) {
                assertThat(pub.exitCode()).isEqualTo(1);
                assertThat(pub.err()).hasSize(2);
                assertThat(pub.err().get(0))
                        .startsWith("fanfare: ")
                        .contains("invalid destination")
                        .doesNotContain("Exception");
            }
            try (Fanfare sub = Fanfare.run("sub", "-d", "nowhere", "--url", url)) {
                assertThat(sub.exitCode()).isEqualTo(1);
                assertThat(sub.err()).hasSize(2);
                assertThat(sub.err().get(0)).contains("invalid destination").doesNotContain("Exception");
            }
        }
    }

    @Test
    void subEndsWhenItsBrokerDoes() {
        try (Fanfare serve = Fanfare.serve();
                Fanfare sub = Fanfare.run("sub", "-d", "/topic/a", "--url", serve.url())) {
            sub.complained("subscribed to /topic/a");
            serve.terminate();

            assertThat(sub.exitCode()).isEqualTo(1);
            assertThat(sub.err()).anyMatch(line -> line.startsWith("fanfare: ") && line.contains("1012"));
            assertThat(serve.exitCode()).isZero();
        }
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

    @Test
    void benchPrintsOneJsonObjectAndNothingElse() {
        try (Fanfare serve = Fanfare.serve()) {
            String url = serve.url();
            try (Fanfare bench = Fanfare.run("bench", "--url", url, "--json", "--duration=200ms", "--warm-up=0s")) {
                assertThat(bench.exitCode()).isZero();
                assertThat(bench.err()).isEmpty();
                assertThat(bench.out()).hasSize(1);
                assertThat(bench.out().get(0)).matches("\\{.*\"lost\":0,.*}");
            }
        }
    }
}
