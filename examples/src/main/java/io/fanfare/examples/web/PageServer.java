package io.fanfare.examples.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Serves an example's pages from the class path, on the loopback interface: files of the example's folder, shared ones below
 * {@code web/}, a configuration at {@code config.json}, and routes.
 */
public final class PageServer implements AutoCloseable {

    private static final String SHARED = "web/";
    private static final String STOMPJS = SHARED + "vendor/stompjs/";

    private static final Map<String, String> CONTENT_TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "json", "application/json",
            "map", "application/json",
            "svg", "image/svg+xml");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer http;
    private final String folder;
    private final byte[] config;
    private final String contentSecurityPolicy;
    private final Map<String, PostedJson> routes = new HashMap<>();
    private final String stompJs = webJarFolder("stomp__stompjs") + "esm6/";
    private final ExecutorService threads;

    private PageServer(HttpServer http, Builder options) {
        this.http = http;
        this.folder = options.folder + "/";
        this.config = json(options.config);
        // only files of this server, and the connection to the broker
        this.contentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
                + "connect-src 'self' " + options.broker.getScheme() + "://" + options.broker.getAuthority()
                + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        options.routes.forEach((path, route) -> routes.put(path, new PostedJson(route, uri())));
        this.threads = Executors.newFixedThreadPool(4, task -> {
            Thread daemon = new Thread(task, options.folder + "-page");
            daemon.setDaemon(true);
            return daemon;
        });
    }

    /**
     * The options of a server.
     *
     * @param folder of the class path with the example's files
     * @param broker the URL that pages may connect to
     */
    public static Builder of(String folder, URI broker) {
        return new Builder(folder, broker);
    }

    /** Collects what a server serves. */
    public static final class Builder {

        private final String folder;
        private final URI broker;
        private final Map<String, Route> routes = new HashMap<>();
        private Object config = Map.of();

        private Builder(String folder, URI broker) {
            this.folder = folder;
            this.broker = broker;
        }

        /** What the page finds at {@code config.json}. */
        public Builder config(Object value) {
            config = value;
            return this;
        }

        /** What answers the POSTs to a path, such as {@code login}. */
        public Builder route(String path, Route route) {
            routes.put(path, route);
            return this;
        }

        /**
         * Starts serving.
         *
         * @param port 0: a free one
         * @throws UncheckedIOException when the port is not available; the message names it
         */
        public PageServer start(int port) {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            try {
                HttpServer http = HttpServer.create(address, 0);
                PageServer server = new PageServer(http, this);
                http.createContext("/", server::handle);
                http.setExecutor(server.threads);
                http.start();
                return server;
            } catch (IOException e) {
                throw new UncheckedIOException("cannot listen on port " + port + ": " + e.getMessage(), e);
            }
        }
    }

    /** The URL of the first page. */
    public URI uri() {
        return URI.create("http://localhost:" + http.getAddress().getPort() + "/");
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Headers headers = exchange.getResponseHeaders();
            headers.set("Content-Security-Policy", contentSecurityPolicy);
            headers.set("X-Content-Type-Options", "nosniff");
            headers.set("Referrer-Policy", "no-referrer");
            headers.set("Cache-Control", "no-cache");
            String path = exchange.getRequestURI().getPath().substring(1);
            PostedJson route = routes.get(path);
            if (route != null) {
                route.handle(exchange);
            } else {
                handleFile(exchange, path.isEmpty() ? "index.html" : path);
            }
        }
    }

    private void handleFile(HttpExchange exchange, String file) throws IOException {
        Headers headers = exchange.getResponseHeaders();
        String method = exchange.getRequestMethod();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            headers.set("Allow", "GET, HEAD");
            exchange.sendResponseHeaders(405, -1);
            return;
        }
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

    private byte @Nullable [] read(String file) throws IOException {
        // plain names of files only: no folder, and no path out of the folder
        if (!file.matches("[A-Za-z0-9_-]+([./][A-Za-z0-9_-]+)*\\.[a-z]+")) {
            return null;
        }
        String resource = file.startsWith(STOMPJS)
                ? stompJs + file.substring(STOMPJS.length())
                : file.startsWith(SHARED) ? file : folder + file;
        try (InputStream in = PageServer.class.getClassLoader().getResourceAsStream(resource)) {
            return in == null ? null : in.readAllBytes();
        }
    }

    private static String contentType(String file) {
        String extension = file.substring(file.lastIndexOf('.') + 1);
        return CONTENT_TYPES.getOrDefault(extension, "application/octet-stream");
    }

    static byte[] json(Object value) {
        try {
            return JSON.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
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
