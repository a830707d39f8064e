package io.fanfare.cli.config;

import static io.fanfare.cli.config.Setting.broker;
import static io.fanfare.cli.config.Setting.server;

import io.fanfare.frame.FrameLimits;
import io.fanfare.server.FanfareServerBuilder;
import io.fanfare.server.ServerOptions;
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
                    ServerOptions::maxConnections,
                    FanfareServerBuilder::maxConnections),
            server(
                    "limits.max_connections_per_address",
                    COUNT_OR_OFF,
                    "Connections of one client's address.",
                    ServerOptions::maxConnectionsPerAddress,
                    FanfareServerBuilder::maxConnectionsPerAddress),
            broker(
                    "limits.max_connections_per_user",
                    COUNT_OR_OFF,
                    "Connections of one user.",
                    o -> o.limits().maxConnectionsPerUser(),
                    (b, v) -> b.limits(l -> l.maxConnectionsPerUser(v))),
            server(
                    "limits.max_pending_handshakes",
                    Count.POSITIVE,
                    "Sockets whose client is not in yet; beyond it the greediest address loses its oldest.",
                    ServerOptions::maxPendingHandshakes,
                    FanfareServerBuilder::maxPendingHandshakes),
            server(
                    "limits.handshake_timeout",
                    TIMEOUT,
                    "From the open socket to the end of the WebSocket handshake.",
                    ServerOptions::handshakeTimeout,
                    FanfareServerBuilder::handshakeTimeout),
            server(
                    "limits.max_request_header_bytes",
                    BYTES,
                    "The headers of an HTTP request.",
                    ServerOptions::maxRequestHeaderBytes,
                    FanfareServerBuilder::maxRequestHeaderBytes),
            broker(
                    "limits.login_timeout",
                    TIMEOUT,
                    "From the open connection to CONNECT.",
                    o -> o.auth().loginTimeout(),
                    (b, v) -> b.auth(a -> a.loginTimeout(v))),
            broker(
                    "limits.authentication_timeout",
                    TIMEOUT,
                    "How long it may take to find out who a client is.",
                    o -> o.auth().authenticationTimeout(),
                    (b, v) -> b.auth(a -> a.authenticationTimeout(v))),
            broker(
                    "limits.frame_timeout",
                    TIMEOUT,
                    "How long a client may be silent in the middle of a frame.",
                    o -> o.limits().frameTimeout(),
                    (b, v) -> b.limits(l -> l.frameTimeout(v))),
            broker(
                    "limits.write_timeout",
                    TIMEOUT,
                    "How long a client for whom something waits may take nothing.",
                    o -> o.outbox().writeTimeout(),
                    (b, v) -> b.outbox(o -> o.writeTimeout(v))),
            server(
                    "limits.close_timeout",
                    new Time(Duration.ZERO, Duration.ofDays(1)),
                    "How long the end of the broker waits for clients to answer its goodbye.",
                    ServerOptions::closeTimeout,
                    FanfareServerBuilder::closeTimeout),
            server(
                    "limits.drain_timeout",
                    new Time(Duration.ZERO, Duration.ofDays(1)),
                    "Over how long the end of the broker spreads its goodbyes, after it has refused what is new.",
                    ServerOptions::drainTimeout,
                    FanfareServerBuilder::drainTimeout),
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
                    o -> o.limits().maxFrameBytesBeforeConnected(),
                    (b, v) -> b.limits(l -> l.maxFrameBytesBeforeConnected(v))),
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
                    o -> o.limits().maxSubscriptions(),
                    (b, v) -> b.limits(l -> l.maxSubscriptions(v))),
            broker(
                    "limits.max_transactions",
                    Count.POSITIVE,
                    "Open transactions of a connection.",
                    o -> o.limits().maxTransactions(),
                    (b, v) -> b.limits(l -> l.maxTransactions(v))),
            broker(
                    "limits.max_transaction_frames",
                    Count.POSITIVE,
                    "Frames of a transaction.",
                    o -> o.limits().maxTransactionFrames(),
                    (b, v) -> b.limits(l -> l.maxTransactionFrames(v))),
            broker(
                    "limits.max_destination_bytes",
                    BYTES,
                    "A destination, with its prefix, in UTF-8.",
                    o -> o.destinations().maxDestinationBytes(),
                    (b, v) -> b.destinations(d -> d.maxDestinationBytes(v))),
            broker(
                    "limits.max_destination_words",
                    Count.POSITIVE,
                    "Words of a destination's name.",
                    o -> o.destinations().maxDestinationWords(),
                    (b, v) -> b.destinations(d -> d.maxDestinationWords(v))),
            broker(
                    "limits.max_destinations",
                    Count.POSITIVE,
                    "Topics and queues of the broker at a time.",
                    o -> o.destinations().maxDestinations(),
                    (b, v) -> b.destinations(d -> d.maxDestinations(v))),
            broker(
                    "limits.max_destinations_per_connection",
                    Count.POSITIVE,
                    "Topics a connection subscribes to, and queues and durable subscriptions that are there because of it.",
                    o -> o.limits().maxDestinationsPerConnection(),
                    (b, v) -> b.limits(l -> l.maxDestinationsPerConnection(v))),
            broker(
                    "limits.max_outbox_bytes",
                    Size.ANY,
                    "What may wait for one connection; one that is slower is closed.",
                    o -> o.outbox().maxOutboxBytes(),
                    (b, v) -> b.outbox(o -> o.maxOutboxBytes(v))),
            broker(
                    "limits.max_message_rate",
                    COUNT_OR_OFF,
                    "SEND frames of a connection in a second; who sends faster is made to wait.",
                    o -> o.rates().maxMessageRate(),
                    (b, v) -> b.rates(r -> r.maxMessageRate(v))),
            broker(
                    "limits.max_byte_rate",
                    BYTES_OR_OFF,
                    "Bytes of a connection in a second.",
                    o -> o.rates().maxByteRate(),
                    (b, v) -> b.rates(r -> r.maxByteRate(v))),
            broker(
                    "limits.max_user_message_rate",
                    COUNT_OR_OFF,
                    "SEND frames of all connections of a user in a second.",
                    o -> o.rates().maxUserMessageRate(),
                    (b, v) -> b.rates(r -> r.maxUserMessageRate(v))),
            broker(
                    "limits.max_user_byte_rate",
                    BYTES_OR_OFF,
                    "Bytes of all connections of a user in a second.",
                    o -> o.rates().maxUserByteRate(),
                    (b, v) -> b.rates(r -> r.maxUserByteRate(v))),
            broker(
                    "limits.max_subscribe_rate",
                    COUNT_OR_OFF,
                    "SUBSCRIBE and UNSUBSCRIBE frames of a connection in a second.",
                    o -> o.rates().maxSubscribeRate(),
                    (b, v) -> b.rates(r -> r.maxSubscribeRate(v))),
            broker(
                    "limits.max_control_rate",
                    COUNT_OR_OFF,
                    "Heart-beats, pings, pongs, empty messages and tiny fragments of a connection in a second.",
                    o -> o.rates().maxControlRate(),
                    (b, v) -> b.rates(r -> r.maxControlRate(v))),
            broker(
                    "limits.rate_burst",
                    TIMEOUT,
                    "How much of each of these may come at once: as much as in this time.",
                    o -> o.rates().rateBurst(),
                    (b, v) -> b.rates(r -> r.rateBurst(v))),
            broker(
                    "limits.max_rate_delay",
                    TIMEOUT,
                    "How long a client may be made to wait in a minute before it is closed.",
                    o -> o.rates().maxRateDelay(),
                    (b, v) -> b.rates(r -> r.maxRateDelay(v))),
            broker(
                    "limits.durable_expiry",
                    new Time(Duration.ofMillis(1), Duration.ofDays(365)),
                    "How long a durable subscription waits for its client to come back.",
                    o -> o.queues().durableExpiry(),
                    (b, v) -> b.queues(q -> q.durableExpiry(v))));

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
                options -> get.apply(options.limits().frameLimits()),
                (broker, value) -> broker.limits(
                        l -> l.frameLimits(with.apply(broker.build().limits().frameLimits(), value))));
    }
}
