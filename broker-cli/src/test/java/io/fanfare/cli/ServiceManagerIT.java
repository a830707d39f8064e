package io.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.Await;
import io.fanfare.testing.Needs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code serve} reports to systemd, as a service with {@code Type=notify}. */
class ServiceManagerIT {

    /** Binds the socket, then prints a line for each datagram. */
    private static final String RECEIVER = """
            import socket, sys
            receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            receiver.bind(sys.argv[1])
            print('bound', flush=True)
            while True:
                print(receiver.recv(4096).decode().replace('\\n', ' '), flush=True)
            """;

    @TempDir
    private Path directory;

    @Test
    void readinessAndShutdownAreReported() throws IOException {
        Needs.python();
        Needs.systemd("systemd-notify");
        Path socket = directory.resolve("notify");
        Path reports = directory.resolve("reports");
        Process receiver = new ProcessBuilder("/usr/bin/python3", "-c", RECEIVER, socket.toString())
                .redirectOutput(reports.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            awaitReport(reports, "bound");
            try (Fanfare serve = Fanfare.run(
                    Map.of("NOTIFY_SOCKET", socket.toString()),
                    "serve",
                    "--port=0",
                    "--stomp-port=-1",
                    "--admin-port=-1")) {
                String ready = serve.printed("ready .*").group();
                awaitReport(reports, "READY=1 STATUS=" + ready);
                assertThat(Files.readString(reports)).doesNotContain("STOPPING");

                serve.terminate();
                awaitReport(reports, "STOPPING=1 STATUS=closing connections");
                assertThat(serve.exitCode()).isZero();
            }
        } finally {
            receiver.destroyForcibly();
        }
    }

    private static void awaitReport(Path reports, String line) {
        Await.until(line, () -> lines(reports).contains(line));
    }

    private static List<String> lines(Path reports) {
        try {
            return Files.readAllLines(reports);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void brokerServesWhereSystemdNotifyIsMissing() throws IOException {
        try (Fanfare serve = Fanfare.run(
                Map.of("NOTIFY_SOCKET", directory.resolve("none").toString(), "PATH", directory.toString()),
                "serve",
                "--port=0",
                "--stomp-port=0",
                "--admin-port=-1")) {
            serve.complained(".*cannot report READY=1 to systemd: .*");
            serve.connect().close();
        }
    }
}
