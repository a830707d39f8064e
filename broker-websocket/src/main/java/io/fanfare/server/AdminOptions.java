package io.fanfare.server;

import java.util.Optional;

/** The admin listener, with health checks over HTTP. Each component is described at its method of {@link Builder}. */
public record AdminOptions(String host, int port, boolean allowRemote) {

    public static final AdminOptions DEFAULT = new Builder().build();

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException when one is out of its range; the message names its key
     */
    public AdminOptions {
        OptionCheck.require(!host.isBlank(), "admin.host", "an address or a name", "'" + host + "'");
        OptionCheck.portOrOff("admin.port", port);
    }

    public static Builder builder() {
        return new Builder();
    }

    boolean isOn() {
        return port != ServerOptions.OFF;
    }

    /** Why a server does not start with these options, in a sentence; empty when it does. Looks up the host's name. */
    public Optional<String> refusal() {
        if (!isOn() || allowRemote || ServerOptions.isLoopback(host)) {
            return Optional.empty();
        }
        return Optional.of(
                "cannot listen on " + host + ", which is not a loopback address, as the admin listener has no"
                        + " login; where the network keeps strangers out, allow it with allow_remote: true");
    }

    /** Collects values; each has its default until it is set. */
    public static final class Builder {
        private String host = "127.0.0.1";
        private int port = ServerOptions.OFF;
        private boolean allowRemote;

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
         * server with another host does not start: the admin listener has no login.
         */
        public Builder allowRemote(boolean value) {
            allowRemote = value;
            return this;
        }

        public AdminOptions build() {
            return new AdminOptions(host, port, allowRemote);
        }
    }
}
