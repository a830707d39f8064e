package io.fanfare.admin.console;

import io.fanfare.server.ServerOptions;
import io.fanfare.server.http.HttpAnswer;
import io.fanfare.server.http.HttpCall;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Serves the page for operators: {@code /}, and below {@code /console/} what it loads. The files say nothing about the
 * broker and need no login; what the page shows comes from the API. Any thread may call.
 */
public final class Console {

    private static final String FOLDER = "/console/";
    private static final String STOMPJS = "vendor/stompjs/";

    /** Names of files and folders of this module alone: no {@code ..}, and nothing that is encoded. */
    private static final Pattern FILE = Pattern.compile("[a-z][A-Za-z0-9-]*([./][A-Za-z0-9-]+)*\\.(?<type>[a-z]+)");

    /** Names and IPv4 addresses: the hosts that a policy can name (CSP 3, 2.3.1). */
    private static final Pattern NAMED_HOST = Pattern.compile("(?<host>[A-Za-z0-9.-]{1,253})(:[0-9]{0,5})?");

    private static final Map<String, String> CONTENT_TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");

    private final String webSocketScheme;
    private final int webSocketPort;
    private final String stompJs = stompJsFolder();

    /**
     * The console of one server.
     *
     * @param options with the port that was bound
     */
    public Console(ServerOptions options) {
        webSocketScheme = options.tls().isOn() ? "wss" : "ws";
        webSocketPort = options.listen().port();
    }

    /** The answer to a request for the page or one of its files; empty: it is for something else. */
    public Optional<HttpAnswer> answer(HttpCall call) {
        String file = fileOf(call.path());
        if (file == null || !(call.method().equals("GET") || call.method().equals("HEAD"))) {
            return Optional.empty();
        }
        Matcher name = FILE.matcher(file);
        String type = name.matches() ? CONTENT_TYPES.get(name.group("type")) : null;
        byte[] content = type == null ? null : read(file);
        return type == null || content == null
                ? Optional.empty()
                : Optional.of(new HttpAnswer(200, headers(type, call), content));
    }

    private static @Nullable String fileOf(String path) {
        if (path.equals("/")) {
            return "index.html";
        }
        return path.startsWith(FOLDER) && !path.endsWith(".html") ? path.substring(FOLDER.length()) : null;
    }

    private byte @Nullable [] read(String file) {
        try (InputStream in = file.startsWith(STOMPJS)
                ? Console.class.getClassLoader().getResourceAsStream(stompJs + file.substring(STOMPJS.length()))
                : Console.class.getResourceAsStream(file)) {
            return in == null ? null : in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, String> headers(String type, HttpCall call) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", type);
        headers.put("Content-Security-Policy", policy(call.header("Host").orElse("")));
        headers.put("Referrer-Policy", "no-referrer");
        headers.put("Cross-Origin-Resource-Policy", "same-origin");
        // a new version of the broker has new files by the same names
        headers.put("Cache-Control", "no-cache");
        return headers;
    }

    /** Files and the API of this listener, the broker's WebSocket on the same host, and nothing else. */
    private String policy(String host) {
        Matcher named = NAMED_HOST.matcher(host);
        // a policy can't name an IPv6 address
        String name = named.matches() ? named.group("host") : "*";
        return String.join(
                "; ",
                "default-src 'none'",
                "script-src 'self'",
                "style-src 'self'",
                "img-src 'self'",
                "connect-src 'self' " + webSocketScheme + "://" + name + ":" + webSocketPort,
                "base-uri 'none'",
                "form-action 'none'",
                "frame-ancestors 'none'",
                "require-trusted-types-for 'script'");
    }

    /** The folder of the WebJar's ES modules; its name has the version. */
    private static String stompJsFolder() {
        String about = "META-INF/maven/org.webjars.npm/stomp__stompjs/pom.properties";
        try (InputStream in = Console.class.getClassLoader().getResourceAsStream(about)) {
            if (in == null) {
                throw new IllegalStateException("the WebJar stomp__stompjs is not on the class path");
            }
            Properties properties = new Properties();
            properties.load(in);
            return "META-INF/resources/webjars/stomp__stompjs/" + properties.getProperty("version") + "/esm6/";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
