package io.fanfare.server;

import java.net.InetAddress;
import java.util.List;

/** Proxies in front of the server. Each component is described at its method of {@link Builder}. */
public record ProxyOptions(List<AddressRange> trustedProxies, boolean proxyProtocol) {

    public static final ProxyOptions DEFAULT = new Builder().build();

    public ProxyOptions {
        trustedProxies = List.copyOf(trustedProxies);
    }

    /** A builder: no proxy is trusted until one is named. */
    public static Builder builder() {
        return new Builder();
    }

    /** Whether the address is one of a trusted proxy. */
    public boolean trusts(InetAddress address) {
        return trustedProxies.stream().anyMatch(range -> range.contains(address));
    }

    /** Whether a connection from this address begins with a header of the PROXY protocol. */
    boolean sendsProxyHeader(InetAddress address) {
        return proxyProtocol && trusts(address);
    }

    /** Collects values; each has its default until it is set. */
    public static final class Builder {
        private List<AddressRange> trustedProxies = List.of();
        private boolean proxyProtocol;

        private Builder() {}

        /**
         * Proxies whose word about a client's address counts, in {@code X-Forwarded-For} and in the PROXY protocol; none.
         * What other addresses say of it is ignored.
         */
        public Builder trustedProxies(List<AddressRange> value) {
            trustedProxies = value;
            return this;
        }

        /**
         * Whether connections of trusted proxies begin with a header of the PROXY protocol, version 1 or 2; false. When
         * true, such a connection without the header is closed.
         */
        public Builder proxyProtocol(boolean value) {
            proxyProtocol = value;
            return this;
        }

        /** What was set, and the defaults of the rest. */
        public ProxyOptions build() {
            return new ProxyOptions(trustedProxies, proxyProtocol);
        }
    }
}
