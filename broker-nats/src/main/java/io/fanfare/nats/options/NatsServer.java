package io.fanfare.nats.options;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;

/** One NATS server's URL; its text never shows a password. */
record NatsServer(URI url) {

    private static final Set<String> SCHEMES = Set.of("nats", "tls");

    /**
     * Reads a URL such as {@code nats://host:4222}, {@code tls://user:password@host} or {@code host}.
     *
     * @throws IllegalArgumentException when it is none; the message names the key
     */
    static NatsServer of(String text) {
        try {
            URI url = new URI(text.contains("://") ? text : "nats://" + text);
            checkHost(url);
            NatsCheck.require(
                    SCHEMES.contains(String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT))
                            && url.getHost() != null
                            && (url.getPath() == null || url.getPath().isEmpty()),
                    "cluster.nats must be nats://HOST:PORT or tls://HOST:PORT, not " + shown(text));
            return new NatsServer(url);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(
                    "cluster.nats must be nats://HOST:PORT or tls://HOST:PORT, not " + shown(text), e);
        }
    }

    /** NATS's client goes by {@link URI}, which has no host for a name such as Docker Compose makes. */
    private static void checkHost(URI url) {
        String authority = url.getRawAuthority();
        if (url.getHost() == null && authority != null) {
            NatsCheck.require(
                    !shown(authority).matches("[\\w.-]+(:\\d{1,5})?"),
                    "cluster.nats: NATS's client for Java connects to no host named " + shown(authority)
                            + " (letters, digits, - and . only): use its IP address, or another name for it");
        }
    }

    /** A URL whose user and password are left out. */
    private static String shown(String text) {
        return text.substring(text.lastIndexOf('@') + 1);
    }

    boolean isTls() {
        return url.getScheme().equalsIgnoreCase("tls");
    }

    boolean hasLogin() {
        return url.getUserInfo() != null;
    }

    /** Whether the host is this machine, as written: no name but {@code localhost} is looked up. */
    boolean isLoopback() {
        String host = url.getHost();
        return host.equalsIgnoreCase("localhost") || host.equals("[::1]") || host.matches("127(\\.\\d{1,3}){3}");
    }

    @Override
    public String toString() {
        return url.getScheme() + "://" + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort());
    }
}
