package io.fanfare.testing;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a test needs of the machine it runs on. Where that is missing the test is skipped with a line that says what to
 * install; where {@code CI} is {@code true} it fails, so that nothing is skipped there unseen.
 */
public final class Needs {

    private Needs() {}

    /** Node and npm. */
    public static void node() {
        program("nodejs", "node");
        program("npm", "npm");
    }

    /** The system's Python with stomp.py. */
    public static void stompPy() {
        file("python3-stomp", Path.of("/usr/bin/python3"));
        file("python3-stomp", Path.of("/usr/lib/python3/dist-packages/stomp/connect.py"));
    }

    /** The system's Python with websockets. */
    public static void pythonWebsockets() {
        file("python3-websockets", Path.of("/usr/bin/python3"));
        file("python3-websockets", Path.of("/usr/lib/python3/dist-packages/websockets/client.py"));
    }

    /** PHP with the Stomp extension, which Debian's packages put into every PHP. */
    public static Path phpStomp() {
        Path php = program("php-cli", "php");
        try {
            Process modules = new ProcessBuilder(php.toString(), "--ri", "stomp")
                    .redirectErrorStream(true)
                    .start();
            modules.getInputStream().readAllBytes();
            return modules.waitFor() == 0 ? php : missing("Stomp extension of PHP", "php-stomp");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The system's Chromium, under one of the names it goes by. */
    public static Path chromium() {
        return program("chromium", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
    }

    /** The program curl. */
    public static Path curl() {
        return program("curl", "curl");
    }

    /** A program that runs another one on a terminal. */
    public static void script() {
        program("bsdutils", "script");
    }

    /** The system's Python, without any library. */
    public static void python() {
        file("python3", Path.of("/usr/bin/python3"));
    }

    /** A program of systemd's, such as {@code systemd-notify}; systemd itself need not run. */
    public static void systemd(String name) {
        program("systemd", name);
    }

    /** The web server nginx. */
    public static Path nginx() {
        return programOfRoot("nginx-light", "nginx");
    }

    /** The load balancer HAProxy. */
    public static Path haproxy() {
        return programOfRoot("haproxy", "haproxy");
    }

    /** The NATS server. */
    public static Path natsServer() {
        return programOfRoot("nats-server", "nats-server");
    }

    /** A shell, such as {@code zsh}. */
    public static Path shell(String name) {
        return program(name, name);
    }

    /** An IPv6 loopback address; a container often has none, and there is nothing to install. */
    public static void ipv6Loopback() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("::1"))) {
            // there is one
        } catch (IOException e) {
            abort("no IPv6 loopback address: " + e.getMessage());
        }
    }

    private static Path program(String debianPackage, String... names) {
        return Arrays.stream(names)
                .flatMap(name -> onPath(name).stream())
                .findFirst()
                .orElseGet(() -> missing(names[0] + " on the PATH", debianPackage));
    }

    /** A program that is outside of most users' PATH; one that is in it comes first, such as another version. */
    private static Path programOfRoot(String debianPackage, String name) {
        Path usual = Path.of("/usr/sbin", name);
        return onPath(name).orElseGet(() -> Files.isExecutable(usual) ? usual : missing(name, debianPackage));
    }

    private static Optional<Path> onPath(String program) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static void file(String debianPackage, Path path) {
        if (!Files.exists(path)) {
            missing(path.toString(), debianPackage);
        }
    }

    private static <T> T missing(String what, String debianPackage) {
        return unmet("no " + what + ": install it (Debian: apt-get install " + debianPackage + ")");
    }

    /** Ends the test: skipped, with this line as the reason, or failed where everything must be there. */
    public static <T> T unmet(String line) {
        return "true".equals(System.getenv("CI")) ? fail(line) : abort(line);
    }
}
