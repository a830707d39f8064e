package io.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.Needs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.regex.Matcher;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the jar as users do: the start of serve, and its errors. */
class ServeIT {

    @Test
    void firstLinesTellWhereAndWhatIsNotKeptAndWithoutATerminalNothingToTry() {
        try (Fanfare serve = Fanfare.serve("--path", "/live")) {
            Matcher ready = serve.printed("ready ws=(ws://127\\.0\\.0\\.1:\\d+/live) tcp=off admin=off");

            assertThat(serve.out()).anyMatch(line -> line.endsWith(ready.group(1)));
            assertThat(serve.out()).anyMatch(line -> line.contains("in memory"));
            assertThat(serve.out()).noneMatch(line -> line.contains("fanfare sub"));
        }
    }

    @Test
    void terminalGetsLinesToTryWhichWork() {
        Needs.script();
        try (Fanfare serve = Fanfare.onATerminal(
                Map.of("TERM", "xterm"), "serve", "--port=0", "--stomp-port=-1", "--admin-port=-1")) {
            String sub = serve.printed("  fanfare (sub ws://127\\.0\\.0\\.1:\\d+/ws /topic/hello)")
                    .group(1);
            String pub = serve.printed("  fanfare (pub ws://127\\.0\\.0\\.1:\\d+/ws /topic/hello Hello)")
                    .group(1);
            serve.printed("ready ws=.*");
            try (InProcess subscriber = InProcess.run((sub + " -n 1").split(" "))) {
                subscriber.complained("subscribed to /topic/hello");
                try (InProcess publisher = InProcess.run(pub.split(" "))) {
                    assertThat(publisher.exitCode()).isZero();
                }
                assertThat(subscriber.exitCode()).isZero();
                assertThat(subscriber.out()).containsExactly("Hello");
            }
        }
    }

    @Test
    void tooFewOpenFilesForTheConnectionsAreToldInTheLog() {
        try (Fanfare serve =
                Fanfare.limited("ulimit -n 500", "serve", "--port=0", "--stomp-port=-1", "--admin-port=-1")) {
            serve.complained(
                    ".* WARN  ServeCommand limits.max_connections is 50000, but this process may have 500 files open: .*");
            serve.printed("ready ws=.*");
        }
    }

    @Test
    void plainStompIsServedToo() throws IOException {
        try (Fanfare serve = Fanfare.serve("--stomp-port", "0")) {
            serve.printed("ready ws=ws://127\\.0\\.0\\.1:\\d+/ws tcp=127\\.0\\.0\\.1:\\d+ admin=off");
            serve.connect().close();
        }
    }

    @Test
    void missingCertificateIsOneSentenceAndExitCodeOne() {
        try (Fanfare serve = Fanfare.run("serve", "--port=0", "--tls-cert=missing.crt", "--tls-key=missing.key")) {
            assertThat(serve.exitCode()).isEqualTo(1);
            assertThat(serve.err())
                    .containsExactly(
                            "fanfare: cannot read missing.crt: there is no such file", "Try: fanfare serve --help");
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"--port", "--stomp-port", "--admin-port"})
    @DisplayName("case 81: a port in use is one sentence and exit code 1")
    void portInUseIsOneSentenceAndExitCodeOne(String taken) throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Fanfare serve = Fanfare.serve(taken, String.valueOf(socket.getLocalPort()))) {
            assertThat(serve.exitCode()).isEqualTo(1);
            assertThat(serve.err()).hasSize(2);
            assertThat(serve.err().get(0))
                    .startsWith("fanfare: cannot listen on 127.0.0.1:" + socket.getLocalPort())
                    .doesNotContain("Exception");
            assertThat(serve.out()).noneMatch(line -> line.startsWith("ready"));
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
}
