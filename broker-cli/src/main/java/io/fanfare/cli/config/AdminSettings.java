package io.fanfare.cli.config;

import static io.fanfare.cli.config.Setting.server;

import io.fanfare.cli.config.ValueTypes.Count;
import io.fanfare.cli.config.ValueTypes.Flag;
import io.fanfare.cli.config.ValueTypes.Text;
import io.fanfare.server.ServerOptions;
import java.util.List;

/** The admin listener, with the health checks: the keys of {@code admin}. */
final class AdminSettings {

    static final List<Setting<?>> ALL = List.of(
            server(
                    "admin.host",
                    Text.HOST,
                    "Address or name to bind to.",
                    options -> options.admin().host(),
                    (server, host) -> server.admin(admin -> admin.host(host))),
            server(
                    "admin.port",
                    Count.PORT.or("off", ServerOptions.OFF),
                    "HTTP port of /healthz and /readyz; 0 takes a free one, off switches it off.",
                    options -> options.admin().port(),
                    (server, port) -> server.admin(admin -> admin.port(port))),
            server(
                    "admin.allow_remote",
                    new Flag(),
                    "Whether host may be other than loopback, and requests may name any Host; the listener has no login.",
                    options -> options.admin().allowRemote(),
                    (server, allowed) -> server.admin(admin -> admin.allowRemote(allowed))));

    private AdminSettings() {}
}
