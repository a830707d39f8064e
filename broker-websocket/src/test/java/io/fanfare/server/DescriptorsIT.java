package io.fanfare.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.testing.Await;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.RawWebSocket;
import io.fanfare.testing.RawWebSocket.Response;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A process that has no descriptor left, which is one of its own. */
class DescriptorsIT {

    private static final int DESCRIPTORS = 256;
    private static final Pattern LINE = Pattern.compile("no connection can be accepted at .*, tried (\\d+) times");

    /** A server until its input ends; it says its ports. */
    static final class Server {

        private Server() {}

        public static void main(String[] args) throws IOException {
            // the flood's sockets are not to be cut for saying nothing
            Duration patience = Duration.ofHours(1);
            BrokerOptions broker =
                    BrokerOptions.builder().auth(a -> a.loginTimeout(patience)).build();
            try (FanfareServer server = FanfareServer.builder()
                    .port(0)
                    .loops(2)
                    .timeouts(t -> t.handshakeTimeout(patience))
                    .admin(a -> a.port(0))
                    .broker(broker)
                    .start()) {
                System.out.println("ready " + server.webSocketPort() + " " + server.tcpPort() + " "
                        + server.adminUri().orElseThrow().getPort());
                while (System.in.read() >= 0) {
                    // nothing to do
                }
            }
        }
    }

    /** The process, and what it has printed. */
    private static final class Child implements AutoCloseable {

        private final Process process;
        private final List<String> lines = new CopyOnWriteArrayList<>();

        Child() throws IOException {
            String java = ProcessHandle.current().info().command().orElse("java");
            process = new ProcessBuilder(
                            "sh",
                            "-c",
                            "ulimit -n " + DESCRIPTORS + "; exec \"$0\" \"$@\"",
                            java,
                            "-Xmx128m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Server.class.getName())
                    .redirectErrorStream(true)
                    .start();
            Thread reader = new Thread(this::readLines);
            reader.setDaemon(true);
            reader.start();
        }

        private void readLines() {
            try (BufferedReader in = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
                in.lines().forEach(lines::add);
            } catch (IOException | UncheckedIOException e) {
                lines.add(e.toString());
            }
        }

        String[] ready() {
            Await.until("ready", () -> lines.stream().anyMatch(line -> line.startsWith("ready ")));
            return lines.stream()
                    .filter(line -> line.startsWith("ready "))
                    .findFirst()
                    .orElseThrow()
                    .split(" ");
        }

        List<Integer> tries() {
            return triesAt("");
        }

        /** How often each line says that it was tried at a port. */
        List<Integer> triesAt(String port) {
            return lines.stream()
                    .filter(line -> line.contains(":" + port))
                    .map(LINE::matcher)
                    .filter(Matcher::find)
                    .map(matcher -> Integer.valueOf(matcher.group(1)))
                    .toList();
        }

        @Override
        public void close() throws IOException {
            process.getOutputStream().close();
            process.onExit().join();
        }
    }

    @Test
    @DisplayName("case 83: without a descriptor left nobody gets in, a line a second says so, and those there go on")
    void withoutADescriptorLeft() throws IOException {
        List<RawTcp> flood = new ArrayList<>();
        try (Child child = new Child()) {
            String[] ready = child.ready();
            int webSocketPort = Integer.parseInt(ready[1]);
            int tcpPort = Integer.parseInt(ready[2]);
            try (RawTcp http = RawTcp.connect(webSocketPort);
                    RawTcp publisher = RawTcp.connect(tcpPort).connects()) {
                RawWebSocket subscriber = RawWebSocket.open(http)
                        .connects()
                        .sends("SUBSCRIBE\nid:0\ndestination:/topic/a\nreceipt:s\n\n^@")
                        .got("RECEIPT\nreceipt-id:s\n\n^@");
                for (int i = 0; i < DESCRIPTORS; i++) {
                    flood.add(RawTcp.connect(i % 2 == 0 ? webSocketPort : tcpPort));
                }
                Await.until("several lines", () -> child.tries().size() >= 3);
                for (int i = 0; i < 100; i++) {
                    publisher.sends("SEND\ndestination:/topic/a\n\n" + i + "^@");
                    assertThat(subscriber.frame().text()).endsWith("\n\n" + i + "^@");
                }
                flood.forEach(RawTcp::close);
                try (RawTcp late = RawTcp.connect(tcpPort).connects()) {
                    late.sends("SEND\ndestination:/topic/a\n\nback^@");
                    assertThat(subscriber.frame().text()).endsWith("\n\nback^@");
                }
            }
            assertThat(child.tries()).as("tries between two lines: it rests").allMatch(tries -> tries < 200);
            assertThat(child.lines).noneMatch(line -> line.contains("Exception"));
        } finally {
            flood.forEach(RawTcp::close);
        }
    }

    @Test
    @DisplayName("case 83: the admin listener rests too, says so, and answers again")
    void adminListenerWithoutADescriptorLeft() throws IOException {
        List<RawTcp> flood = new ArrayList<>();
        try (Child child = new Child()) {
            String[] ready = child.ready();
            assertThat(health(Integer.parseInt(ready[3])).status()).isEqualTo(200);
            for (int i = 0; i < DESCRIPTORS; i++) {
                flood.add(RawTcp.connect(Integer.parseInt(ready[2])));
            }
            Await.until("no descriptor is left", () -> !child.tries().isEmpty());
            try (RawTcp admin = RawTcp.connect(Integer.parseInt(ready[3]))) {
                Await.until("several lines", () -> child.triesAt(ready[3] + ",").size() >= 3);
                assertThat(child.triesAt(ready[3] + ","))
                        .as("tries between two lines: it rests")
                        .allMatch(tries -> tries < 200);
                flood.forEach(RawTcp::close);
                assertThat(health(admin).status()).isEqualTo(200);
            }
        } finally {
            flood.forEach(RawTcp::close);
        }
    }

    private static Response health(int port) {
        try (RawTcp client = RawTcp.connect(port)) {
            return health(client);
        }
    }

    private static Response health(RawTcp client) {
        return RawWebSocket.handshake(client, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }
}
