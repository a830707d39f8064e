package io.fanfare.cli.config;

import static io.fanfare.cli.config.Setting.broker;
import static io.fanfare.cli.config.Setting.server;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.frame.FrameLimits;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/** What one client may do: the keys of {@code limits}. */
final class LimitSettings {

    private static final Word<Integer> COUNT_OR_OFF = Count.POSITIVE.or("off", 0);
    private static final Type<Integer> BYTES = intBytes(1, 1 << 30);
    private static final Word<Long> BYTES_OR_OFF = Size.ANY.or("off", 0L);
    private static final Time TIMEOUT = new Time(Duration.ofMillis(1), Duration.ofDays(1));

    /** The longest of STOMP's commands, UNSUBSCRIBE. */
    private static final int LONGEST_COMMAND = 11;

    static final List<Setting<?>> ALL = List.of(
            server(
                    "limits.max_connections",
                    Count.POSITIVE,
                    "Connections of all listeners together.",
                    options -> options.limits().maxConnections(),
                    (server, value) -> server.limits(limits -> limits.maxConnections(value))),
            server(
                    "limits.max_connections_per_address",
                    COUNT_OR_OFF,
                    "Connections of one client's address.",
                    options -> options.limits().maxConnectionsPerAddress(),
                    (server, value) -> server.limits(limits -> limits.maxConnectionsPerAddress(value))),
            broker(
                    "limits.max_connections_per_user",
                    COUNT_OR_OFF,
                    "Connections of one user.",
                    BrokerOptions::maxConnectionsPerUser,
                    BrokerOptions.Builder::maxConnectionsPerUser),
            server(
                    "limits.max_pending_handshakes",
                    Count.POSITIVE,
                    "Sockets whose client is not connected yet; beyond it the address with most of them loses its oldest.",
                    options -> options.limits().maxPendingHandshakes(),
                    (server, value) -> server.limits(limits -> limits.maxPendingHandshakes(value))),
            server(
                    "limits.handshake_timeout",
                    TIMEOUT,
                    "From the open socket to the end of the WebSocket handshake.",
                    options -> options.timeouts().handshakeTimeout(),
                    (server, value) -> server.timeouts(timeouts -> timeouts.handshakeTimeout(value))),
            server(
                    "limits.max_request_header_bytes",
                    BYTES,
                    "The headers of an HTTP request.",
                    options -> options.limits().maxRequestHeaderBytes(),
                    (server, value) -> server.limits(limits -> limits.maxRequestHeaderBytes(value))),
            broker(
                    "limits.login_timeout",
                    TIMEOUT,
                    "From the open connection to CONNECT.",
                    BrokerOptions::loginTimeout,
                    BrokerOptions.Builder::loginTimeout),
            broker(
                    "limits.authentication_timeout",
                    TIMEOUT,
                    "How long it may take to find out who a client is.",
                    BrokerOptions::authenticationTimeout,
                    BrokerOptions.Builder::authenticationTimeout),
            broker(
                    "limits.frame_timeout",
                    TIMEOUT,
                    "How long a client may be silent in the middle of a frame.",
                    BrokerOptions::frameTimeout,
                    BrokerOptions.Builder::frameTimeout),
            broker(
                    "limits.write_timeout",
                    TIMEOUT,
                    "How long a client for whom something waits may take nothing.",
                    BrokerOptions::writeTimeout,
                    BrokerOptions.Builder::writeTimeout),
            server(
                    "limits.close_timeout",
                    new Time(Duration.ZERO, Duration.ofDays(1)),
                    "How long shutdown waits for clients to answer the WebSocket Close.",
                    options -> options.timeouts().closeTimeout(),
                    (server, value) -> server.timeouts(timeouts -> timeouts.closeTimeout(value))),
            server(
                    "limits.drain_timeout",
                    new Time(Duration.ZERO, Duration.ofDays(1)),
                    "The time over which shutdown spreads the closing of its clients, after it has refused new ones.",
                    options -> options.timeouts().drainTimeout(),
                    (server, value) -> server.timeouts(timeouts -> timeouts.drainTimeout(value))),
            frames(
                    "limits.max_frame_bytes",
                    BYTES,
                    "A frame, from its command to its NUL.",
                    FrameLimits::maxFrameBytes,
                    FrameLimits::withMaxFrameBytes),
            broker(
                    "limits.max_frame_bytes_before_connected",
                    BYTES,
                    "The same until CONNECTED.",
                    BrokerOptions::maxFrameBytesBeforeConnected,
                    BrokerOptions.Builder::maxFrameBytesBeforeConnected),
            frames(
                    "limits.max_command_bytes",
                    intBytes(LONGEST_COMMAND, 1 << 10),
                    "A frame's first line.",
                    FrameLimits::maxCommandBytes,
                    FrameLimits::withMaxCommandBytes),
            frames(
                    "limits.max_header_line_bytes",
                    BYTES,
                    "One header of a frame, name and value.",
                    FrameLimits::maxHeaderLineBytes,
                    FrameLimits::withMaxHeaderLineBytes),
            frames(
                    "limits.max_headers",
                    Count.POSITIVE,
                    "Headers of a frame.",
                    FrameLimits::maxHeaders,
                    FrameLimits::withMaxHeaders),
            broker(
                    "limits.max_subscriptions",
                    Count.POSITIVE,
                    "Subscriptions of a connection at a time.",
                    BrokerOptions::maxSubscriptions,
                    BrokerOptions.Builder::maxSubscriptions),
            broker(
                    "limits.max_transactions",
                    Count.POSITIVE,
                    "Open transactions of a connection.",
                    BrokerOptions::maxTransactions,
                    BrokerOptions.Builder::maxTransactions),
            broker(
                    "limits.max_transaction_frames",
                    Count.POSITIVE,
                    "Frames of a transaction.",
                    BrokerOptions::maxTransactionFrames,
                    BrokerOptions.Builder::maxTransactionFrames),
            broker(
                    "limits.max_destination_bytes",
                    BYTES,
                    "A destination, with its prefix, in UTF-8.",
                    BrokerOptions::maxDestinationBytes,
                    BrokerOptions.Builder::maxDestinationBytes),
            broker(
                    "limits.max_destination_words",
                    Count.POSITIVE,
                    "Words of a destination's name.",
                    BrokerOptions::maxDestinationWords,
                    BrokerOptions.Builder::maxDestinationWords),
            broker(
                    "limits.max_destinations",
                    Count.POSITIVE,
                    "Topics and queues of the broker at a time.",
                    BrokerOptions::maxDestinations,
                    BrokerOptions.Builder::maxDestinations),
            broker(
                    "limits.max_destinations_per_connection",
                    Count.POSITIVE,
                    "Topics a connection subscribes to, and queues and durable subscriptions that are there because of it.",
                    BrokerOptions::maxDestinationsPerConnection,
                    BrokerOptions.Builder::maxDestinationsPerConnection),
            broker(
                    "limits.max_outbox_bytes",
                    Size.ANY,
                    "What may wait for one connection; one that is slower is closed.",
                    BrokerOptions::maxOutboxBytes,
                    BrokerOptions.Builder::maxOutboxBytes),
            broker(
                    "limits.max_message_rate",
                    COUNT_OR_OFF,
                    "SEND frames of a connection in a second; who sends faster is made to wait.",
                    BrokerOptions::maxMessageRate,
                    BrokerOptions.Builder::maxMessageRate),
            broker(
                    "limits.max_byte_rate",
                    BYTES_OR_OFF,
                    "Bytes of a connection in a second.",
                    BrokerOptions::maxByteRate,
                    BrokerOptions.Builder::maxByteRate),
            broker(
                    "limits.max_user_message_rate",
                    COUNT_OR_OFF,
                    "SEND frames of all connections of a user in a second.",
                    BrokerOptions::maxUserMessageRate,
                    BrokerOptions.Builder::maxUserMessageRate),
            broker(
                    "limits.max_user_byte_rate",
                    BYTES_OR_OFF,
                    "Bytes of all connections of a user in a second.",
                    BrokerOptions::maxUserByteRate,
                    BrokerOptions.Builder::maxUserByteRate),
            broker(
                    "limits.max_subscribe_rate",
                    COUNT_OR_OFF,
                    "SUBSCRIBE and UNSUBSCRIBE frames of a connection in a second.",
                    BrokerOptions::maxSubscribeRate,
                    BrokerOptions.Builder::maxSubscribeRate),
            broker(
                    "limits.max_control_rate",
                    COUNT_OR_OFF,
                    "Heart-beats, pings, pongs, empty messages and tiny fragments of a connection in a second.",
                    BrokerOptions::maxControlRate,
                    BrokerOptions.Builder::maxControlRate),
            broker(
                    "limits.rate_burst",
                    TIMEOUT,
                    "How much of each of these may come at once: as much as in this time.",
                    BrokerOptions::rateBurst,
                    BrokerOptions.Builder::rateBurst),
            broker(
                    "limits.max_rate_delay",
                    TIMEOUT,
                    "How long a client may be made to wait in a minute before it is closed.",
                    BrokerOptions::maxRateDelay,
                    BrokerOptions.Builder::maxRateDelay),
            broker(
                    "limits.durable_expiry",
                    new Time(Duration.ofMillis(1), Duration.ofDays(365)),
                    "How long a durable subscription waits for its client to come back.",
                    BrokerOptions::durableExpiry,
                    BrokerOptions.Builder::durableExpiry));

    private LimitSettings() {}

    private static Type<Integer> intBytes(int min, int max) {
        return new Size(min, max).as(Math::toIntExact, Integer::longValue);
    }

    private static Setting<Integer> frames(
            String key,
            Type<Integer> type,
            String comment,
            Function<FrameLimits, Integer> get,
            BiFunction<FrameLimits, Integer, FrameLimits> with) {
        return broker(
                key,
                type,
                comment,
                options -> get.apply(options.frameLimits()),
                (broker, value) -> broker.frameLimits(with.apply(broker.build().frameLimits(), value)));
    }
}
