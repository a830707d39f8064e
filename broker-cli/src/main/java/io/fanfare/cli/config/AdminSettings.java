package io.fanfare.cli.config;

import static io.fanfare.cli.config.Setting.Group.ADMIN;

import io.fanfare.cli.config.Configuration.LogFormat;
import io.fanfare.cli.config.ValueTypes.Count;
import io.fanfare.cli.config.ValueTypes.FilePath;
import io.fanfare.cli.config.ValueTypes.Flag;
import io.fanfare.cli.config.ValueTypes.Size;
import io.fanfare.cli.config.ValueTypes.Text;
import io.fanfare.server.AdminOptions;
import io.fanfare.server.ServerOptions;
import java.util.List;
import java.util.Locale;

/**
 * Settings of what operators see: the keys of {@code admin}, the listener with the API and the health checks, and of
 * {@code log}.
 */
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
                    "HTTP port of the API, /healthz and /readyz; 0 takes a free one, off switches it off.",
                    AdminOptions::port,
                    AdminOptions.Builder::port),
            ADMIN.option(
                    "admin.allow_remote",
                    new Flag(),
                    "Whether host may be other than loopback, and requests may name any Host; the health checks have"
                            + " no login.",
                    AdminOptions::allowRemote,
                    AdminOptions.Builder::allowRemote),
            ADMIN.option(
                    "admin.tls",
                    new Flag(),
                    "Whether the port speaks HTTPS, with tls.certificates; the API needs it where host is not loopback.",
                    AdminOptions::tls,
                    AdminOptions.Builder::tls),
            ADMIN.option(
                    "admin.tokens_file",
                    new FilePath(true),
                    "File of bearer tokens for the API, one a line, 16 characters or more each; off: none. Read again"
                            + " when it changes.",
                    AdminOptions::tokensFile,
                    AdminOptions.Builder::tokensFile),
            ADMIN.option(
                    "admin.max_body_bytes",
                    new Size(1, 64L << 20),
                    "Size of the body of one request; a larger one is answered with 413.",
                    AdminOptions::maxBodyBytes,
                    AdminOptions.Builder::maxBodyBytes),
            new Setting<>(
                    "log.format",
                    new Text("text or json", "text|json"),
                    "Form of a line: text, or json with a member for each value, such as conn, user and reason.",
                    draft -> draft.logging().format().toString(),
                    (draft, word) -> draft.logging().format(LogFormat.valueOf(word.toUpperCase(Locale.ROOT)))));

    private AdminSettings() {}
}
