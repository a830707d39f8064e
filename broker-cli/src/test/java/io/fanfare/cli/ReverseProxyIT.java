package io.fanfare.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.Await;
import io.fanfare.testing.Needs;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.RawWebSocket;
import io.fanfare.testing.SelfSigned;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs nginx and HAProxy with the configurations in docs/proxies in front of the jar; only ports and files differ. */
class ReverseProxyIT {

    private static final Path DOCUMENTS = Path.of("..", "docs", "proxies");
    private static final String ORIGIN = "Origin: https://app.example.com";

    /** What nginx needs beside the file in docs: Debian's {@code nginx.conf} without its paths, which are root's. */
    private static final String NGINX = """
            daemon off;
            pid %1$s/nginx.pid;
            error_log stderr;
            events {}
            http {
                access_log off;
                client_body_temp_path %1$s/body;
                proxy_temp_path %1$s/proxy;
                fastcgi_temp_path %1$s/fastcgi;
                uwsgi_temp_path %1$s/uwsgi;
                scgi_temp_path %1$s/scgi;
                include %1$s/fanfare.conf;
            }
            """;

    @TempDir
    private static Path directory;

    private static SelfSigned certificate;
    private static Fanfare serve;
    private static String port;
    private static String adminPort;

    @BeforeAll
    static void start() {
        certificate = SelfSigned.ec(directory, "push.example.com");
        serve = Fanfare.run(
                Map.of("FANFARE_LISTEN_PORT", "0", "FANFARE_LISTEN_STOMP_PORT", "off", "FANFARE_ADMIN_PORT", "0"),
                "serve",
                "-c",
                DOCUMENTS.resolve("fanfare.yaml").toString());
        Matcher ready =
                serve.printed("ready ws=ws://127\\.0\\.0\\.1:(\\d+)/ws tcp=off admin=http://127\\.0\\.0\\.1:(\\d+)");
        port = ready.group(1);
        adminPort = ready.group(2);
    }

    @AfterAll
    static void end() {
        if (serve != null) {
            serve.close();
        }
    }

    @Test
    void nginxPassesOnWhoConnectsAndFromWhichPage() throws Exception {
        Path program = Needs.nginx();
        int proxyPort = freePort();
        String shown = Files.readString(DOCUMENTS.resolve("nginx.conf"));
        write(
                "fanfare.conf",
                replace(
                        shown,
                        Map.of(
                                "listen 443 ssl",
                                "listen 127.0.0.1:" + proxyPort + " ssl",
                                "/etc/ssl/push.example.com/fullchain.pem",
                                certificate.certificateFile().toString(),
                                "/etc/ssl/push.example.com/privkey.pem",
                                certificate.keyFile().toString(),
                                "127.0.0.1:15674",
                                "127.0.0.1:" + port)));
        Path main = write("nginx.conf", NGINX.formatted(directory));

        proxyCarriesStomp(
                proxyPort,
                "127.0.0.2",
                program.toString(),
                "-e",
                "stderr",
                "-p",
                directory.toString(),
                "-c",
                main.toString());
    }

    @Test
    void haproxyPassesOnWhoConnectsAndFromWhichPage() throws Exception {
        Path program = Needs.haproxy();
        int proxyPort = freePort();
        Path pem = write(
                "haproxy.pem",
                Files.readString(certificate.certificateFile()) + Files.readString(certificate.keyFile()));
        String shown = Files.readString(DOCUMENTS.resolve("haproxy.cfg"));
        Path main = write(
                "haproxy.cfg",
                replace(
                        shown,
                        Map.of(
                                "bind :443", "bind 127.0.0.1:" + proxyPort,
                                "/etc/haproxy/push.example.com.pem", pem.toString(),
                                "127.0.0.1:15674", "127.0.0.1:" + port,
                                "port 15672", "port " + adminPort)));

        proxyCarriesStomp(proxyPort, "127.0.0.3", program.toString(), "-db", "-f", main.toString());
    }

    /** The client's address is one of this machine that is no trusted proxy's. */
    private static void proxyCarriesStomp(int proxyPort, String client, String... command) throws Exception {
        Process proxy = new ProcessBuilder(command).inheritIO().start();
        try {
            Await.until("the proxy listens", () -> listens(proxy, proxyPort, client));
            deliversToAPage(proxyPort, client);
            tellsTheClientsAddress(proxyPort, client);
            assertThat(status(proxyPort, client, "Origin: https://evil.example.org"))
                    .isEqualTo("HTTP/1.1 403 Forbidden");
        } finally {
            proxy.destroy();
            proxy.waitFor();
        }
    }

    private static void deliversToAPage(int proxyPort, String client) throws Exception {
        try (RawWebSocket page =
                RawWebSocket.open(connect(proxyPort, client), ORIGIN).connects()) {
            page.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\nreceipt:r\n\n^@").gotStart("RECEIPT\nreceipt-id:r\n");
            page.sends("SEND\ndestination:/topic/a\n\nhi^@");
            page.gotStart("MESSAGE\nsubscription:0\n");
        }
    }

    /** What the client itself claims does not count. */
    private static void tellsTheClientsAddress(int proxyPort, String client) throws Exception {
        try (RawWebSocket other =
                RawWebSocket.open(connect(proxyPort, client), ORIGIN, "X-Forwarded-For: 198.51.100.7")) {
            other.sends("NONSENSE\n\n^@").gotStart("ERROR\n");
        }
        serve.complained(".*refused conn=- user=- peer=" + client.replace(".", "\\.") + " via=127\\.0\\.0\\.1:\\d+ .*");
    }

    /** The first line of the answer to a handshake; a proxy does not end the connection after it. */
    private static String status(int proxyPort, String client, String origin) throws Exception {
        try (RawTcp tcp = connect(proxyPort, client)) {
            tcp.sends(RawWebSocket.request(origin).getBytes(ISO_8859_1));
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int next = tcp.read(); next != '\r'; next = tcp.read()) {
                line.write(next);
            }
            return line.toString(ISO_8859_1);
        }
    }

    private static RawTcp connect(int proxyPort, String client) throws Exception {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(certificate.store());
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, trust.getTrustManagers(), null);
        Socket socket = tls.getSocketFactory().createSocket();
        socket.bind(new InetSocketAddress(client, 0));
        return RawTcp.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), proxyPort), socket);
    }

    /** HAProxy listens before its first health check; it refuses clients with 503 until then. */
    private static boolean listens(Process proxy, int proxyPort, String client) throws Exception {
        assertThat(proxy.isAlive()).as("the proxy runs").isTrue();
        try (Socket probe = new Socket()) {
            probe.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), proxyPort));
        } catch (IOException e) {
            return false;
        }
        return status(proxyPort, client, ORIGIN).equals("HTTP/1.1 101 Switching Protocols");
    }

    /** The text with each of these exchanged; each must be there. */
    private static String replace(String text, Map<String, String> replacements) {
        assertThat(text).contains(replacements.keySet());
        String replaced = text;
        for (Map.Entry<String, String> each : replacements.entrySet()) {
            replaced = replaced.replace(each.getKey(), each.getValue());
        }
        return replaced;
    }

    private static Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
