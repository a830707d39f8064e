package io.fanfare.cli.config;

import static io.fanfare.cli.config.Setting.Group.ADMIN;

import io.fanfare.cli.config.ValueTypes.Count;
import io.fanfare.cli.config.ValueTypes.Flag;
import io.fanfare.cli.config.ValueTypes.Text;
import io.fanfare.server.AdminOptions;
import io.fanfare.server.ServerOptions;
import java.util.List;

/** The admin listener, with the health checks: the keys of {@code admin}. */
final class AdminSettings {

    static final List<Setting<?>> ALL = List.of(
            ADMIN.option(
                    "admin.host",
                    Text.HOST,
                    "Address or name to bind to.",
                    AdminOptions::host,
                    AdminOptions.Builder::host),
            ADMIN.option(
                    "admin.port",
                    Count.PORT.or("off", ServerOptions.OFF),
                    "HTTP port of /healthz and /readyz; 0 takes a free one, off switches it off.",
                    AdminOptions::port,
                    AdminOptions.Builder::port),
            ADMIN.option(
                    "admin.allow_remote",
                    new Flag(),
                    "Whether host may be other than loopback, and requests may name any Host; the listener has no"
                            + " login.",
                    AdminOptions::allowRemote,
                    AdminOptions.Builder::allowRemote));

    private AdminSettings() {}
}
