package io.fanfare.server;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The admin listener, with health checks over HTTP and what an {@link HttpExtension} adds. Each component is described at its
 * method of {@link Builder}.
 */
public record AdminOptions(
        String host, int port, boolean allowRemote, boolean tls, Optional<Path> tokensFile, long maxBodyBytes) {

    private static final long MAX_BODY_BYTES = 64L << 20;

    public static final AdminOptions DEFAULT = new Builder().build();

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException when one is out of its range; the message names its key
     */
    public AdminOptions {
        OptionCheck.require(!host.isBlank(), "admin.host", "an address or a name", "'" + host + "'");
        OptionCheck.portOrOff("admin.port", port);
        OptionCheck.require(
                maxBodyBytes > 0 && maxBodyBytes <= MAX_BODY_BYTES,
                "admin.max_body_bytes",
                "1 to " + MAX_BODY_BYTES,
                maxBodyBytes);
    }

    /** A builder: no admin listener until a port is set. */
    public static Builder builder() {
        return new Builder();
    }

    /** Whether the host is an address of the loopback interface; looks up its name. */
    public boolean isLoopback() {
        return ServerOptions.isLoopback(host);
    }

    boolean isOn() {
        return port != ServerOptions.OFF;
    }

    /**
     * Why a server does not start with these options, in a sentence; empty when it does. Looks up the host's name.
     *
     * @param certificates of the server
     */
    public Optional<String> refusal(TlsOptions certificates) {
        if (isOn() && tls && !certificates.isOn()) {
            return Optional.of(
                    "the admin listener can't speak TLS without a certificate (admin.tls, tls.certificates)");
        }
        if (!isOn() || allowRemote || ServerOptions.isLoopback(host)) {
            return Optional.empty();
        }
        return Optional.of(
                "cannot listen on " + host + ", which is not a loopback address, as its health checks have no"
                        + " login; where the network keeps strangers out, allow it with allow_remote: true");
    }

    /** Collects values; each has its default until it is set. */
    public static final class Builder {
        private String host = "127.0.0.1";
        private int port = ServerOptions.OFF;
        private boolean allowRemote;
        private boolean tls;
        private Optional<Path> tokensFile = Optional.empty();
        private long maxBodyBytes = 8L << 20;

        private Builder() {}

        /** Address or name that the admin listener binds to; 127.0.0.1. */
        public Builder host(String value) {
            host = value;
            return this;
        }

        /** HTTP port of {@code /healthz} and {@code /readyz}; -1, the default: off. 0: any free one. */
        public Builder port(int value) {
            port = value;
            return this;
        }

        /**
         * Whether the host may be another address than loopback, and requests may name any host; false. When false, a
         * server with another host does not start: the health checks have no login.
         */
        public Builder allowRemote(boolean value) {
            allowRemote = value;
            return this;
        }

        /** Whether the port speaks HTTPS, with the certificate of the clients' ports ({@link TlsOptions}); false. */
        public Builder tls(boolean value) {
            tls = value;
            return this;
        }

        /**
         * File of the bearer tokens that let operators in, one a line, each of 16 characters or more; empty, the default:
         * there are none. Lines that begin with {@code #} are comments. What reads it, the extension, looks for changes.
         */
        public Builder tokensFile(Optional<Path> value) {
            tokensFile = value;
            return this;
        }

        /** The most that the body of a request may have, in bytes; 8 MiB. A larger one is answered with 413. */
        public Builder maxBodyBytes(long value) {
            maxBodyBytes = value;
            return this;
        }

        /**
         * What was set, and the defaults of the rest.
         *
         * @throws IllegalArgumentException when a value is out of its range; the message names its key
         */
        public AdminOptions build() {
            return new AdminOptions(host, port, allowRemote, tls, tokensFile, maxBodyBytes);
        }
    }
}
