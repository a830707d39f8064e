package io.fanfare.cli.config;

import static io.fanfare.cli.config.Setting.broker;
import static io.fanfare.cli.config.Setting.server;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.cli.config.ValueTypes.Count;
import io.fanfare.cli.config.ValueTypes.Flag;
import io.fanfare.cli.config.ValueTypes.ListOf;
import io.fanfare.cli.config.ValueTypes.Text;
import io.fanfare.server.AddressRange;
import io.fanfare.server.FanfareServerBuilder;
import io.fanfare.server.OriginPolicy;
import io.fanfare.server.ServerOptions;
import java.util.List;

/** Addresses, ports and threads of the clients' listeners: the keys of {@code listen}. */
final class ListenSettings {

    static final List<Setting<?>> ALL = List.of(
            server(
                    "listen.host",
                    Text.HOST,
                    "Address or name to bind to.",
                    options -> options.listen().host(),
                    FanfareServerBuilder::host),
            server(
                    "listen.port",
                    Count.PORT,
                    "Port of STOMP over WebSocket; 0 takes a free one.",
                    options -> options.listen().port(),
                    FanfareServerBuilder::port),
            server(
                    "listen.path",
                    new Text("a path that begins with /", "/[^\\s\\p{Cntrl}?#]{0,255}"),
                    "Path of the WebSocket endpoint; /stomp works beside it.",
                    options -> options.listen().path(),
                    FanfareServerBuilder::path),
            server(
                    "listen.stomp_port",
                    Count.PORT.or("off", ServerOptions.OFF),
                    "Port of plain STOMP over TCP; 0 takes a free one, off switches it off.",
                    options -> options.listen().tcpPort(),
                    FanfareServerBuilder::tcpPort),
            server(
                    "listen.origins",
                    new ListOf<>(new Text("an origin such as https://app.example.com", "[^\\s\\p{Cntrl},]{1,255}"))
                            .as(OriginPolicy::new, OriginPolicy::allowed),
                    "Origins of web pages that may connect: https://app.example.com, same-origin (this host), '*' (all).",
                    options -> options.listen().origins(),
                    FanfareServerBuilder::origins),
            server(
                    "listen.trusted_proxies",
                    new ListOf<>(new Text("an address, or a range such as 10.0.0.0/8", "[0-9a-fA-F:./]{1,64}")),
                    "Proxies whose X-Forwarded-For or PROXY header gives the client's address: [10.0.0.0/8, '::1'].",
                    options -> options.proxies().trustedProxies().stream()
                            .map(AddressRange::toString)
                            .toList(),
                    (server, texts) -> server.proxies(proxies -> proxies.trustedProxies(
                            texts.stream().map(AddressRange::parse).toList()))),
            server(
                    "listen.proxy_protocol",
                    new Flag(),
                    "Whether connections from trusted proxies begin with a PROXY protocol header; others never do.",
                    options -> options.proxies().proxyProtocol(),
                    (server, spoken) -> server.proxies(proxies -> proxies.proxyProtocol(spoken))),
            server(
                    "listen.event_loops",
                    new Count(1, 1024).or("auto", Runtime.getRuntime().availableProcessors()),
                    "Threads that serve connections; auto: one for each processor.",
                    options -> options.listen().loops(),
                    FanfareServerBuilder::loops),
            broker(
                    "listen.server_name",
                    Text.NAME.or("off", "").or("auto", BrokerOptions.DEFAULT.serverName()),
                    "The server header of CONNECTED; auto: fanfare and its version, off: none.",
                    BrokerOptions::serverName,
                    BrokerOptions.Builder::serverName));

    private ListenSettings() {}
}
