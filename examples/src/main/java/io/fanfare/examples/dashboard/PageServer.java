package io.fanfare.examples.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Serves the page, its scripts and its configuration from the class path, on the loopback interface. */
final class PageServer implements AutoCloseable {

    private static final String FOLDER = "dashboard/";
    private static final String STOMPJS = "vendor/stompjs/";

    private static final Map<String, String> CONTENT_TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "json", "application/json",
            "map", "application/json",
            "svg", "image/svg+xml");

    private final HttpServer http;
    private final ExecutorService threads = Executors.newFixedThreadPool(4, task -> {
        Thread daemon = new Thread(task, "dashboard-page");
        daemon.setDaemon(true);
        return daemon;
    });
    private final byte[] config;
    private final String contentSecurityPolicy;
    private final String stompJs = webJarFolder("stomp__stompjs") + "esm6/";

    private PageServer(HttpServer http, String config, URI broker) {
        this.http = http;
        this.config = config.getBytes(UTF_8);
        // only files of this server, and the connection to the broker
        this.contentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
                + "connect-src 'self' " + broker.getScheme() + "://" + broker.getAuthority()
                + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    }

    /**
     * Starts serving.
     *
     * @param port 0: a free one
     * @param config the JSON that the page finds at {@code /config.json}
     * @param broker the URL that the page may connect to
     * @throws UncheckedIOException when the port is not available; the message names it
     */
    static PageServer start(int port, String config, URI broker) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        try {
            HttpServer http = HttpServer.create(address, 0);
            PageServer server = new PageServer(http, config, broker);
            http.createContext("/", server::handle);
            http.setExecutor(server.threads);
            http.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on port " + port + ": " + e.getMessage(), e);
        }
    }

    URI uri() {
        return URI.create("http://localhost:" + http.getAddress().getPort() + "/");
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Headers headers = exchange.getResponseHeaders();
            headers.set("Content-Security-Policy", contentSecurityPolicy);
            headers.set("X-Content-Type-Options", "nosniff");
            headers.set("Referrer-Policy", "no-referrer");
            headers.set("Cache-Control", "no-cache");
            String method = exchange.getRequestMethod();
            if (!method.equals("GET") && !method.equals("HEAD")) {
                headers.set("Allow", "GET, HEAD");
                exchange.sendResponseHeaders(405, -1);
                return;
            }
            String path = exchange.getRequestURI().getPath().substring(1);
            String file = path.isEmpty() ? "index.html" : path;
            byte[] content = file.equals("config.json") ? config : read(file);
            if (content == null) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            headers.set("Content-Type", contentType(file));
            if (method.equals("HEAD")) {
                exchange.sendResponseHeaders(200, -1);
                return;
            }
            exchange.sendResponseHeaders(200, content.length);
            try (OutputStream body = exchange.getResponseBody()) {
                body.write(content);
            }
        }
    }

    private byte @Nullable [] read(String file) throws IOException {
        // plain names of files only: no folder, and no path out of the folder
        if (!file.matches("[A-Za-z0-9_-]+([./][A-Za-z0-9_-]+)*\\.[a-z]+")) {
            return null;
        }
        String resource = file.startsWith(STOMPJS) ? stompJs + file.substring(STOMPJS.length()) : FOLDER + file;
        try (InputStream in = PageServer.class.getClassLoader().getResourceAsStream(resource)) {
            return in == null ? null : in.readAllBytes();
        }
    }

    private static String contentType(String file) {
        String extension = file.substring(file.lastIndexOf('.') + 1);
        return CONTENT_TYPES.getOrDefault(extension, "application/octet-stream");
    }

    /** The folder of a WebJar's files; its name contains the version. */
    private static String webJarFolder(String artifact) {
        String about = "META-INF/maven/org.webjars.npm/" + artifact + "/pom.properties";
        try (InputStream in = PageServer.class.getClassLoader().getResourceAsStream(about)) {
            if (in == null) {
                throw new IllegalStateException("the WebJar " + artifact + " is not on the class path");
            }
            Properties properties = new Properties();
            properties.load(in);
            return "META-INF/resources/webjars/" + artifact + "/" + properties.getProperty("version") + "/";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdown();
    }
}
