package io.fanfare.cli.config;

import static io.fanfare.cli.config.Setting.Group.AUTH;
import static io.fanfare.cli.config.Setting.Group.DESTINATIONS;
import static io.fanfare.cli.config.Setting.Group.LIMITS;
import static io.fanfare.cli.config.Setting.Group.OUTBOX;
import static io.fanfare.cli.config.Setting.Group.QUEUES;
import static io.fanfare.cli.config.Setting.Group.RATES;
import static io.fanfare.cli.config.Setting.Group.SERVER_LIMITS;
import static io.fanfare.cli.config.Setting.Group.TIMEOUTS;

import io.fanfare.cli.config.Type.Word;
import io.fanfare.cli.config.ValueTypes.Count;
import io.fanfare.cli.config.ValueTypes.Size;
import io.fanfare.cli.config.ValueTypes.Time;
import io.fanfare.frame.FrameLimits;
import io.fanfare.options.AuthOptions;
import io.fanfare.options.ConnectionLimits;
import io.fanfare.options.DestinationLimits;
import io.fanfare.options.OutboxOptions;
import io.fanfare.options.QueueOptions;
import io.fanfare.options.RateLimits;
import io.fanfare.server.ServerLimits;
import io.fanfare.server.ServerTimeouts;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Limits on what one client may do: the keys of {@code limits}. */
final class LimitSettings {

    private static final Word<Integer> COUNT_OR_OFF = Count.POSITIVE.or("off", 0);
    private static final Type<Integer> BYTES = intBytes(1, 1 << 30);
    private static final Word<Long> BYTES_OR_OFF = Size.ANY.or("off", 0L);
    private static final Time TIMEOUT = new Time(Duration.ofMillis(1), Duration.ofDays(1));

    /** Bytes of STOMP's longest command, UNSUBSCRIBE. */
    private static final int LONGEST_COMMAND = 11;

    static final List<Setting<?>> ALL = List.of(
            SERVER_LIMITS.option(
                    "limits.max_connections",
                    Count.POSITIVE,
                    "Connections of all listeners together; one more is refused (WebSocket: HTTP 503, TCP: ERROR).",
                    ServerLimits::maxConnections,
                    ServerLimits.Builder::maxConnections),
            SERVER_LIMITS.option(
                    "limits.max_connections_per_address",
                    COUNT_OR_OFF,
                    "Connections of one client address; one more is refused in the same way. off: no limit.",
                    ServerLimits::maxConnectionsPerAddress,
                    ServerLimits.Builder::maxConnectionsPerAddress),
            LIMITS.option(
                    "limits.max_connections_per_user",
                    COUNT_OR_OFF,
                    "Connections of one user; one more CONNECT gets an ERROR. off: no limit.",
                    ConnectionLimits::maxConnectionsPerUser,
                    ConnectionLimits.Builder::maxConnectionsPerUser),
            SERVER_LIMITS.option(
                    "limits.max_pending_handshakes",
                    Count.POSITIVE,
                    "Sockets before CONNECTED; one more cuts the oldest one of the address that has most.",
                    ServerLimits::maxPendingHandshakes,
                    ServerLimits.Builder::maxPendingHandshakes),
            TIMEOUTS.option(
                    "limits.handshake_timeout",
                    TIMEOUT,
                    "Time from accept to the end of the WebSocket handshake; then the socket is cut.",
                    ServerTimeouts::handshakeTimeout,
                    ServerTimeouts.Builder::handshakeTimeout),
            SERVER_LIMITS.option(
                    "limits.max_request_header_bytes",
                    BYTES,
                    "Bytes of an HTTP request's headers; a longer request gets 431.",
                    ServerLimits::maxRequestHeaderBytes,
                    ServerLimits.Builder::maxRequestHeaderBytes),
            AUTH.option(
                    "limits.login_timeout",
                    TIMEOUT,
                    "Time from the open connection to CONNECT; then the connection is closed (1008).",
                    AuthOptions::loginTimeout,
                    AuthOptions.Builder::loginTimeout),
            AUTH.option(
                    "limits.authentication_timeout",
                    TIMEOUT,
                    "Time to check credentials; then the client gets the ERROR 'authentication unavailable' (1013).",
                    AuthOptions::authenticationTimeout,
                    AuthOptions.Builder::authenticationTimeout),
            LIMITS.option(
                    "limits.frame_timeout",
                    TIMEOUT,
                    "Silence in the middle of a frame; then the connection is closed (1008).",
                    ConnectionLimits::frameTimeout,
                    ConnectionLimits.Builder::frameTimeout),
            OUTBOX.option(
                    "limits.write_timeout",
                    TIMEOUT,
                    "Time in which a socket takes none of the bytes that wait for it; then the connection is cut.",
                    OutboxOptions::writeTimeout,
                    OutboxOptions.Builder::writeTimeout),
            TIMEOUTS.option(
                    "limits.close_timeout",
                    new Time(Duration.ZERO, Duration.ofDays(1)),
                    "How long shutdown waits for clients to answer the WebSocket Close; then their connections are"
                            + " cut.",
                    ServerTimeouts::closeTimeout,
                    ServerTimeouts.Builder::closeTimeout),
            TIMEOUTS.option(
                    "limits.drain_timeout",
                    new Time(Duration.ZERO, Duration.ofDays(1)),
                    "Time over which shutdown spreads the closing of its connections; new ones are refused meanwhile.",
                    ServerTimeouts::drainTimeout,
                    ServerTimeouts.Builder::drainTimeout),
            frames(
                    "limits.max_frame_bytes",
                    BYTES,
                    "Bytes of a frame, from its command to its NUL; a longer one gets an ERROR.",
                    FrameLimits::maxFrameBytes,
                    FrameLimits::withMaxFrameBytes),
            LIMITS.option(
                    "limits.max_frame_bytes_before_connected",
                    BYTES,
                    "Bytes of a frame before CONNECTED; a longer one gets an ERROR.",
                    ConnectionLimits::maxFrameBytesBeforeConnected,
                    ConnectionLimits.Builder::maxFrameBytesBeforeConnected),
            frames(
                    "limits.max_command_bytes",
                    intBytes(LONGEST_COMMAND, 1 << 10),
                    "Bytes of a frame's first line; a longer one gets an ERROR.",
                    FrameLimits::maxCommandBytes,
                    FrameLimits::withMaxCommandBytes),
            frames(
                    "limits.max_header_line_bytes",
                    BYTES,
                    "Bytes of one header of a frame, name and value; a longer one gets an ERROR.",
                    FrameLimits::maxHeaderLineBytes,
                    FrameLimits::withMaxHeaderLineBytes),
            frames(
                    "limits.max_headers",
                    Count.POSITIVE,
                    "Headers of a frame; one more gets an ERROR.",
                    FrameLimits::maxHeaders,
                    FrameLimits::withMaxHeaders),
            LIMITS.option(
                    "limits.max_subscriptions",
                    Count.POSITIVE,
                    "Subscriptions of a connection at a time; one more SUBSCRIBE gets an ERROR.",
                    ConnectionLimits::maxSubscriptions,
                    ConnectionLimits.Builder::maxSubscriptions),
            LIMITS.option(
                    "limits.max_id_bytes",
                    intBytes(1, 8 << 10),
                    "Bytes of an id of a subscription, transaction, client or SEND, and of a login that nobody checks; beyond it: ERROR.",
                    ConnectionLimits::maxIdBytes,
                    ConnectionLimits.Builder::maxIdBytes),
            LIMITS.option(
                    "limits.max_transactions",
                    Count.POSITIVE,
                    "Open transactions of a connection; one more BEGIN gets an ERROR.",
                    ConnectionLimits::maxTransactions,
                    ConnectionLimits.Builder::maxTransactions),
            LIMITS.option(
                    "limits.max_transaction_frames",
                    Count.POSITIVE,
                    "Frames of a transaction; one more gets an ERROR.",
                    ConnectionLimits::maxTransactionFrames,
                    ConnectionLimits.Builder::maxTransactionFrames),
            DESTINATIONS.option(
                    "limits.max_destination_bytes",
                    BYTES,
                    "Bytes of a destination in UTF-8, with its prefix; a longer one gets an ERROR.",
                    DestinationLimits::maxDestinationBytes,
                    DestinationLimits.Builder::maxDestinationBytes),
            DESTINATIONS.option(
                    "limits.max_destination_words",
                    Count.POSITIVE,
                    "Words of a destination's name; one more gets an ERROR.",
                    DestinationLimits::maxDestinationWords,
                    DestinationLimits.Builder::maxDestinationWords),
            DESTINATIONS.option(
                    "limits.max_destinations",
                    Count.POSITIVE,
                    "Topics and queues of the broker at a time; a SUBSCRIBE or SEND that needs one more gets an ERROR.",
                    DestinationLimits::maxDestinations,
                    DestinationLimits.Builder::maxDestinations),
            LIMITS.option(
                    "limits.max_destinations_per_connection",
                    Count.POSITIVE,
                    "Topics that a connection subscribes to, plus queues and durable subscriptions it has created;"
                            + " beyond it: ERROR.",
                    ConnectionLimits::maxDestinationsPerConnection,
                    ConnectionLimits.Builder::maxDestinationsPerConnection),
            OUTBOX.option(
                    "limits.max_outbox_bytes",
                    StorageSettings.BYTES,
                    "Bytes that wait for one connection; beyond it the connection is closed as too slow (1013).",
                    OutboxOptions::maxOutboxBytes,
                    OutboxOptions.Builder::maxOutboxBytes),
            RATES.option(
                    "limits.max_message_rate",
                    COUNT_OR_OFF,
                    "SEND frames of a connection per second; beyond it reading is delayed. off: no limit.",
                    RateLimits::maxMessageRate,
                    RateLimits.Builder::maxMessageRate),
            RATES.option(
                    "limits.max_byte_rate",
                    BYTES_OR_OFF,
                    "Bytes of a connection per second; beyond it reading is delayed. off: no limit.",
                    RateLimits::maxByteRate,
                    RateLimits.Builder::maxByteRate),
            RATES.option(
                    "limits.max_user_message_rate",
                    COUNT_OR_OFF,
                    "SEND frames per second of all connections of a user; beyond it reading is delayed. off: no limit.",
                    RateLimits::maxUserMessageRate,
                    RateLimits.Builder::maxUserMessageRate),
            RATES.option(
                    "limits.max_user_byte_rate",
                    BYTES_OR_OFF,
                    "Bytes per second of all connections of a user; beyond it reading is delayed. off: no limit.",
                    RateLimits::maxUserByteRate,
                    RateLimits.Builder::maxUserByteRate),
            RATES.option(
                    "limits.max_subscribe_rate",
                    COUNT_OR_OFF,
                    "SUBSCRIBE and UNSUBSCRIBE of a connection per second; beyond it reading is delayed. off: no"
                            + " limit.",
                    RateLimits::maxSubscribeRate,
                    RateLimits.Builder::maxSubscribeRate),
            RATES.option(
                    "limits.max_control_rate",
                    COUNT_OR_OFF,
                    "Heart-beats, Pings, Pongs, empty messages, tiny fragments per second; beyond it reading is"
                            + " delayed. off: no limit.",
                    RateLimits::maxControlRate,
                    RateLimits.Builder::maxControlRate),
            RATES.option(
                    "limits.rate_burst",
                    TIMEOUT,
                    "Burst of each of these rates: as much as the rate allows in this time may come at once.",
                    RateLimits::rateBurst,
                    RateLimits.Builder::rateBurst),
            RATES.option(
                    "limits.max_rate_delay",
                    TIMEOUT,
                    "Delay of a client by these rates, summed over a minute; beyond it the connection is closed"
                            + " (4429).",
                    RateLimits::maxRateDelay,
                    RateLimits.Builder::maxRateDelay),
            QUEUES.option(
                    "limits.durable_expiry",
                    new Time(Duration.ofMillis(1), Duration.ofDays(365)),
                    "How long a durable subscription is kept without its client; then it is deleted with its messages.",
                    QueueOptions::durableExpiry,
                    QueueOptions.Builder::durableExpiry));

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
        return Setting.broker(
                key, type, comment, options -> get.apply(options.limits().frameLimits()), (broker, value) -> {
                    FrameLimits all = with.apply(broker.build().limits().frameLimits(), value);
                    broker.limits(group -> group.frameLimits(all));
                });
    }
}
