package io.fanfare.cli.config;

import static io.fanfare.cli.config.Setting.Group.PROXIES;
import static io.fanfare.cli.config.Setting.broker;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.cli.config.ValueTypes.Count;
import io.fanfare.cli.config.ValueTypes.Flag;
import io.fanfare.cli.config.ValueTypes.ListOf;
import io.fanfare.cli.config.ValueTypes.Text;
import io.fanfare.security.OriginPolicy;
import io.fanfare.server.AddressRange;
import io.fanfare.server.FanfareServerBuilder;
import io.fanfare.server.ListenOptions;
import io.fanfare.server.ProxyOptions;
import io.fanfare.server.ServerOptions;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Addresses, ports and threads of the clients' listeners: the keys of {@code listen}. */
final class ListenSettings {

    static final List<Setting<?>> ALL = List.of(
            listen(
                    "listen.host",
                    Text.HOST,
                    "Address or name to bind to.",
                    ListenOptions::host,
                    FanfareServerBuilder::host),
            listen(
                    "listen.port",
                    Count.PORT,
                    "Port of STOMP over WebSocket; 0 takes a free one.",
                    ListenOptions::port,
                    FanfareServerBuilder::port),
            listen(
                    "listen.path",
                    new Text("a path that begins with /", "/[^\\s\\p{Cntrl}?#]{0,255}"),
                    "Path of the WebSocket endpoint; /stomp works beside it.",
                    ListenOptions::path,
                    FanfareServerBuilder::path),
            listen(
                    "listen.stomp_port",
                    Count.PORT.or("off", ServerOptions.OFF),
                    "Port of plain STOMP over TCP; 0 takes a free one, off switches it off.",
                    ListenOptions::tcpPort,
                    FanfareServerBuilder::tcpPort),
            listen(
                    "listen.stomp_trailing_lf",
                    new Flag(),
                    "Whether a line feed follows each frame over TCP, as some clients of RabbitMQ and ActiveMQ expect.",
                    ListenOptions::trailingLf,
                    FanfareServerBuilder::trailingLf),
            listen(
                    "listen.compression",
                    new Count(1, 1 << 30)
                            .or("off", ServerOptions.OFF)
                            .or("on", ListenOptions.DEFAULT_COMPRESSION_MIN_BYTES),
                    "Compression for WebSocket clients that offer it: off, on (messages of 256 bytes and more), or a least size.",
                    ListenOptions::compressionMinBytes,
                    FanfareServerBuilder::compressionMinBytes),
            listen(
                    "listen.origins",
                    new ListOf<>(new Text("an origin such as https://app.example.com", "[^\\s\\p{Cntrl},]{1,255}"))
                            .as(OriginPolicy::new, OriginPolicy::allowed),
                    "Origins of web pages that may connect: https://app.example.com, same-origin (this host), '*'"
                            + " (all).",
                    ListenOptions::origins,
                    FanfareServerBuilder::origins),
            PROXIES.option(
                    "listen.trusted_proxies",
                    new ListOf<>(new Text("an address, or a range such as 10.0.0.0/8", "[0-9a-fA-F:./]{1,64}")),
                    "Proxies whose X-Forwarded-For or PROXY header gives the client's address: [10.0.0.0/8, '::1'].",
                    proxies -> proxies.trustedProxies().stream()
                            .map(AddressRange::toString)
                            .toList(),
                    (proxies, texts) -> proxies.trustedProxies(
                            texts.stream().map(AddressRange::parse).toList())),
            PROXIES.option(
                    "listen.proxy_protocol",
                    new Flag(),
                    "Whether connections from trusted proxies begin with a PROXY protocol header; others never do.",
                    ProxyOptions::proxyProtocol,
                    ProxyOptions.Builder::proxyProtocol),
            listen(
                    "listen.event_loops",
                    new Count(1, 1024).or("auto", Runtime.getRuntime().availableProcessors()),
                    "Threads that serve connections; auto: one for each processor.",
                    ListenOptions::loops,
                    FanfareServerBuilder::loops),
            listen(
                    "listen.http_publish",
                    new Flag(),
                    "Whether POST /api/v1/publish works on the WebSocket port too, with the logins and permissions of SEND.",
                    ListenOptions::httpPublish,
                    FanfareServerBuilder::httpPublish),
            listen(
                    "listen.sse",
                    new Flag(),
                    "Whether GET /sse?destination=... on the WebSocket port is an event stream, for EventSource.",
                    ListenOptions::sse,
                    FanfareServerBuilder::sse),
            broker(
                    "listen.server_name",
                    Text.NAME.or("off", "").or("auto", BrokerOptions.DEFAULT.serverName()),
                    "The server header of CONNECTED; auto: fanfare and its version, off: none.",
                    BrokerOptions::serverName,
                    BrokerOptions.Builder::serverName));

    private ListenSettings() {}

    private static <T> Setting<T> listen(
            String key,
            Type<T> type,
            String comment,
            Function<ListenOptions, T> get,
            BiConsumer<FanfareServerBuilder, T> set) {
        return Setting.server(key, type, comment, options -> get.apply(options.listen()), set);
    }
}
