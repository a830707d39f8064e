package io.fanfare.server;

import io.fanfare.security.OriginPolicy;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * Options of listeners, where clients connect: addresses, ports and the threads behind them. Each component is described
 * at its method of {@link Builder}.
 */
public record ListenOptions(
        String host,
        int port,
        String path,
        int tcpPort,
        boolean trailingLf,
        int compressionMinBytes,
        int loops,
        OriginPolicy origins,
        boolean httpPublish,
        boolean sse) {

    /** Of smaller messages, compression saves little more than it adds. */
    public static final int DEFAULT_COMPRESSION_MIN_BYTES = 256;

    public static final ListenOptions DEFAULT = new Builder().build();

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException when one is out of its range; the message names its key
     */
    public ListenOptions {
        OptionCheck.require(!host.isBlank(), "listen.host", "an address or a name", "'" + host + "'");
        OptionCheck.port("listen.port", port);
        OptionCheck.require(path.startsWith("/"), "listen.path", "a path that begins with /", "'" + path + "'");
        OptionCheck.require(isPathOfUri(path), "listen.path", "a path as a URI has it", "'" + path + "'");
        OptionCheck.portOrOff("stomp_port", tcpPort);
        OptionCheck.require(
                compressionMinBytes == ServerOptions.OFF || compressionMinBytes > 0,
                "listen.compression",
                "a number of octets, or off",
                String.valueOf(compressionMinBytes));
        OptionCheck.positive("event_loops", loops);
    }

    /** RFC 3986 3.3: other characters are encoded there. */
    private static boolean isPathOfUri(String path) {
        try {
            return new URI("ws://localhost" + path).getRawPath().equals(path);
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /** A builder: clients connect from this host alone until an address is set. */
    public static Builder builder() {
        return new Builder();
    }

    /** The same on other ports: those that were bound where any free one was asked for. */
    ListenOptions withPorts(int webSocket, int tcp) {
        return new ListenOptions(
                host, webSocket, path, tcp, trailingLf, compressionMinBytes, loops, origins, httpPublish, sse);
    }

    /** Collects values; each has its default until it is set. */
    public static final class Builder {
        private String host = "127.0.0.1";
        private int port = ServerOptions.DEFAULT_PORT;
        private String path = ServerOptions.DEFAULT_PATH;
        private int tcpPort = 0;
        private boolean trailingLf = true;
        private int compressionMinBytes = ServerOptions.OFF;
        private int loops = Runtime.getRuntime().availableProcessors();
        private OriginPolicy origins = OriginPolicy.SAME_ORIGIN;
        private boolean httpPublish;
        private boolean sse = true;

        private Builder() {}

        /**
         * Address or name that the ports of clients bind to; 127.0.0.1, so that only this machine can connect. {@code
         * 0.0.0.0}: all interfaces.
         */
        public Builder host(String value) {
            host = value;
            return this;
        }

        /** Port of STOMP over WebSocket; 15674. 0: any free one. */
        public Builder port(int value) {
            port = value;
            return this;
        }

        /**
         * Request path of the WebSocket endpoint; {@code /ws}. {@code /stomp} works beside it, and each with a slash or {@code
         * /websocket} behind it; others get a 404.
         */
        public Builder path(String value) {
            path = value;
            return this;
        }

        /** Port of STOMP over TCP; 0: any free one. -1: off. */
        public Builder tcpPort(int value) {
            tcpPort = value;
            return this;
        }

        /**
         * Whether a line feed follows the NUL of each frame over TCP, as clients written for RabbitMQ and ActiveMQ may
         * expect; true. Over WebSocket none ever does.
         */
        public Builder trailingLf(boolean value) {
            trailingLf = value;
            return this;
        }

        /**
         * Octets of a message from which on it is compressed for WebSocket clients that offer permessage-deflate (RFC 7692),
         * as all browsers do; {@link #DEFAULT_COMPRESSION_MIN_BYTES} are a good number. -1, the default: none is, and no
         * client may send compressed messages.
         */
        public Builder compressionMinBytes(int value) {
            compressionMinBytes = value;
            return this;
        }

        /** Event loops, each with a thread, that share the connections; one for each processor. */
        public Builder loops(int value) {
            loops = value;
            return this;
        }

        /** Web pages that may connect; those of the same host. Others get a 403. */
        public Builder origins(OriginPolicy value) {
            origins = value;
            return this;
        }

        /** Whether messages can be published by HTTP on the WebSocket port too, by an {@link HttpExtension}; false. */
        public Builder httpPublish(boolean value) {
            httpPublish = value;
            return this;
        }

        /**
         * Whether {@code GET /sse?destination=...} on the WebSocket port is answered with an event stream, for the
         * EventSource of browsers behind proxies that break WebSocket; true.
         */
        public Builder sse(boolean value) {
            sse = value;
            return this;
        }

        /**
         * What was set, and the defaults of the rest.
         *
         * @throws IllegalArgumentException when a value is out of its range; the message names its key
         */
        public ListenOptions build() {
            return new ListenOptions(
                    host, port, path, tcpPort, trailingLf, compressionMinBytes, loops, origins, httpPublish, sse);
        }
    }
}
