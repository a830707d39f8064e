package io.fanfare.cli.check;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The broker under test.
 *
 * @param login user and passcode lines of CONNECT are sent when it is not null
 * @param host of CONNECT
 * @param topics prefix of topics, such as {@code /topic/}
 * @param queues prefix of queues
 * @param timeout how long to wait for any one answer
 */
record Target(
        URI url,
        Optional<SSLContext> trust,
        @Nullable String login,
        @Nullable String passcode,
        String host,
        String topics,
        String queues,
        Duration timeout) {

    private static final Map<String, Integer> PORTS =
            Map.of("ws", 80, "wss", 443, "tcp", 61613, "stomp", 61613, "tls", 61614, "stomp+ssl", 61614);

    Target {
        if (url.getHost() == null || !PORTS.containsKey(scheme(url))) {
            throw new IllegalArgumentException(
                    "check wants ws://HOST/PATH, wss://HOST/PATH, tcp://HOST:PORT or tls://HOST:PORT, not " + url);
        }
    }

    private static String scheme(URI url) {
        return String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
    }

    boolean isWebSocket() {
        return scheme(url).startsWith("ws");
    }

    boolean isSecure() {
        return scheme(url).equals("wss")
                || scheme(url).equals("tls")
                || scheme(url).equals("stomp+ssl");
    }

    int port() {
        return url.getPort() < 0 ? PORTS.getOrDefault(scheme(url), 0) : url.getPort();
    }

    /** The lines of CONNECT that every session of the check has: host, login, passcode. */
    String connectLines() {
        String lines = "host:" + host + "\n";
        if (login != null) {
            lines += "login:" + login + "\n";
        }
        return passcode == null ? lines : lines + "passcode:" + passcode + "\n";
    }
}
