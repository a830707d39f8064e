package io.fanfare.packages;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fanfare.testing.Program;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.SelfSigned;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The container image: its layout, and what it runs, started as a container engine would. */
class ImageIT {

    private static final Path IMAGE = Path.of("target", "fanfare-image.tar");
    private static final Path JAR = Path.of("..", "broker-cli", "target", "fanfare.jar");

    /** Modules that libraries name in parts that the broker does not use. */
    private static final Set<String> UNUSED = Set.of("java.desktop", "java.sql");

    @TempDir
    private static Path directory;

    private static OciArchive image;
    private static Sandbox container;

    @BeforeAll
    static void unpack() throws IOException {
        image = OciArchive.unpack(IMAGE, directory.resolve("image"));
        Path root = Files.createDirectories(directory.resolve("unpacked"));
        for (Path layer : image.layers()) {
            OciArchive.tar("--extract", "--same-permissions", "--file=" + layer, "--directory=" + root);
        }
        SelfSigned certificate = SelfSigned.ec(directory, "broker");
        Files.copy(certificate.certificateFile(), root.resolve("etc/fanfare/cert.pem"));
        Files.copy(certificate.keyFile(), root.resolve("etc/fanfare/key.pem"));
        Program.output(
                Map.of(),
                List.of(
                        "chown",
                        "65532:65532",
                        root.resolve("etc/fanfare/key.pem").toString()));
        String workingDirectory = image.configuration().at("/config/WorkingDir").asText();
        container = Sandbox.ofFolder(Files.createDirectories(directory.resolve("mount")), root, workingDirectory);
    }

    @AfterAll
    static void close() {
        if (container != null) {
            container.close();
        }
    }

    @Test
    void layoutIsThatOfTheOciSpecification() throws IOException {
        assertThat(image.layout().path("imageLayoutVersion").asText()).isEqualTo("1.0.0");
        assertThat(image.index().path("schemaVersion").asInt()).isEqualTo(2);
        assertThat(image.index().path("manifests")).hasSize(1);
        assertThat(image.manifest().path("schemaVersion").asInt()).isEqualTo(2);
        assertThat(image.manifest().at("/config/mediaType").asText())
                .isEqualTo("application/vnd.oci.image.config.v1+json");
        assertThat(image.layers()).hasSize(3);
        assertThat(image.configuration().path("os").asText()).isEqualTo("linux");
        assertThat(image.configuration().at("/rootfs/diff_ids")).hasSize(3);
    }

    @Test
    void configurationNamesAUserPortsAndLabels() throws IOException {
        JsonNode config = image.configuration().path("config");

        assertThat(config.path("User").asText()).isEqualTo("65532:65532");
        assertThat(config.path("ExposedPorts").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("15674/tcp", "61613/tcp", "15672/tcp");
        assertThat(texts(config.path("Cmd"))).containsExactly("serve");
        assertThat(config.path("Labels")
                        .path("org.opencontainers.image.licenses")
                        .asText())
                .isEqualTo("Apache-2.0");
        assertThat(config.path("Labels")
                        .path("org.opencontainers.image.version")
                        .asText())
                .matches("\\d+\\.\\d+\\.\\d+.*");
    }

    /** A new version of Fanfare is a new layer of a few MB; that of Java and its libraries stays. */
    @Test
    void jarHasALayerOfItsOwnWithTheLicences() throws IOException {
        List<Path> layers = image.layers();

        assertThat(files(layers.get(2)))
                .contains("usr/share/fanfare/fanfare.jar")
                .noneMatch(file -> file.startsWith("opt/"));
        assertThat(files(layers.get(1)))
                .contains("opt/java/bin/java", "opt/java/legal/java.base/LICENSE")
                .anyMatch(file -> file.matches("usr/share/doc/libc6/copyright"));
        assertThat(directory.resolve("unpacked/usr/share/fanfare/fanfare.jar")).hasSameBinaryContentAs(JAR);
    }

    @Test
    void onlyRootOwnsAndWritesFiles() throws IOException {
        for (Path layer : image.layers()) {
            assertThat(OciArchive.tar("--list", "--verbose", "--numeric-owner", "--file=" + layer)
                            .lines())
                    .allMatch(line -> line.matches("[-d]rw.r-.r-. 0/0 .*") || line.endsWith(" tmp/"));
        }
    }

    @Test
    void entrypointServesOnAReadOnlyFileSystem() throws IOException {
        try (Program serve = run(List.of("FANFARE_AUTH_ALLOW_ANONYMOUS=true"), "serve")) {
            var ready = serve.printed(
                    "ready ws=ws://127\\.0\\.0\\.1:\\d+/ws tcp=127\\.0\\.0\\.1:(\\d+) admin=http://127\\.0\\.0\\.1:(\\d+)");
            RawTcp.connect(Integer.parseInt(ready.group(1))).connects().close();
            assertThat(healthy(Integer.parseInt(ready.group(2)))).startsWith("HTTP/1.1 200");
            assertThat(owner(serve.pid())).isEqualTo("65532");

            serve.terminate();
            serve.endedWith(0);
        }
    }

    /** The address that the image sets is reached by other machines. */
    @Test
    void withoutAuthenticationItDoesNotStart() throws IOException {
        String host = "FANFARE_LISTEN_HOST=0.0.0.0";
        assertThat(texts(image.configuration().at("/config/Env"))).contains(host);
        try (Program serve = run(List.of(host), "serve")) {
            assertThat(serve.endedWith(1)).contains("allow_anonymous");
        }
    }

    @Test
    void runtimeHasWhatTlsAndTheOtherCommandsNeed() throws IOException {
        try (Program serve = run(
                List.of("FANFARE_AUTH_ALLOW_ANONYMOUS=true"),
                "serve",
                "--tls-cert=/etc/fanfare/cert.pem",
                "--tls-key=/etc/fanfare/key.pem")) {
            String port =
                    serve.printed("ready ws=wss://127\\.0\\.0\\.1:(\\d+)/ws .*").group(1);
            String url = "wss://127.0.0.1:" + port + "/ws";
            try (Program pub = run(List.of(), "pub", url, "/queue/a", "Hello", "--insecure");
                    Program sub = run(List.of(), "sub", url, "/queue/a", "-n", "1", "--insecure")) {
                pub.endedWith(0);
                assertThat(sub.endedWith(0)).contains("Hello");
            }
        }
        try (Program config = run(List.of(), "config", "default")) {
            assertThat(config.endedWith(0)).contains("listen:");
        }
    }

    @Test
    void everyModuleThatTheJarNeedsIsInTheRuntime() {
        // in this process: it takes some ten seconds of a processor, and longer than a program may where others are
        // busy
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        int exitCode = ToolProvider.findFirst("jdeps")
                .orElseThrow()
                .run(
                        new PrintStream(printed, true, UTF_8),
                        System.err,
                        "--multi-release=17",
                        "--ignore-missing-deps",
                        "--list-deps",
                        JAR.toString());
        assertThat(exitCode).isZero();
        // a line for each module; behind a slash is an internal package of it
        Set<String> needed = printed.toString(UTF_8)
                .lines()
                .map(line -> line.strip().split("/")[0])
                .filter(module -> !UNUSED.contains(module))
                .collect(Collectors.toSet());

        List<String> there = run(List.of(), List.of("/opt/java/bin/java", "--list-modules"))
                .endedWith(0)
                .lines()
                .map(line -> line.split("@")[0])
                .toList();
        assertThat(there).containsAll(needed).contains("jdk.crypto.ec");
    }

    /** The certificates of authorities are there, for a JWK set at an https URL. */
    @Test
    void javaTrustsTheUsualAuthorities() throws Exception {
        Path store = directory.resolve("unpacked/opt/java/lib/security/cacerts");
        var trusted = java.security.KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
        assertThat(trusted.size()).isGreaterThan(50);
    }

    /** Java's own classes are in an archive that fits, which makes the start faster: -Xshare:on fails without. */
    @Test
    void archiveOfJavasClassesIsUsed() {
        run(List.of(), List.of("/opt/java/bin/java", "-Xshare:on", "-version")).endedWith(0);
    }

    /** The jar's classes are in an archive that fits, in the image's working directory. */
    @Test
    void archiveOfTheJarsClassesIsUsed() throws IOException {
        assertThat(image.configuration().at("/config/WorkingDir").asText()).isEqualTo("/usr/share/fanfare");
        assertThat(Files.readAllLines(directory.resolve("unpacked/usr/share/fanfare/java.options")))
                .contains("-XX:SharedArchiveFile=/usr/share/fanfare/fanfare.jsa");
        run(List.of("JDK_JAVA_OPTIONS=-Xshare:on"), "--version").endedWith(0);
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(item -> texts.add(item.asText()));
        return texts;
    }

    private static List<String> files(Path layer) {
        return OciArchive.tar("--list", "--file=" + layer).lines().toList();
    }

    /** Runs the image's entry point with these arguments, on free ports. */
    private static Program run(List<String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(texts(image.configuration().at("/config/Entrypoint")));
        command.addAll(List.of(arguments));
        List<String> all = new ArrayList<>(texts(image.configuration().at("/config/Env")));
        // the image's 0.0.0.0 is meant for the network of a container, which these processes have not
        all.add("FANFARE_LISTEN_HOST=127.0.0.1");
        all.addAll(List.of("FANFARE_LISTEN_PORT=0", "FANFARE_LISTEN_STOMP_PORT=0", "FANFARE_ADMIN_PORT=0"));
        all.addAll(environment);
        return run(all, command);
    }

    private static Program run(List<String> environment, List<String> command) {
        return container.startAs("65532:65532", environment, command);
    }

    private static String healthy(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    private static String owner(long pid) throws IOException {
        return Files.getAttribute(Path.of("/proc", Long.toString(pid)), "unix:uid")
                .toString();
    }
}
