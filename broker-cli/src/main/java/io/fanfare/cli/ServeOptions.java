package io.fanfare.cli;

import io.fanfare.cli.options.DurationConverter;
import io.fanfare.security.OriginPolicy;
import io.fanfare.server.AdminOptions;
import io.fanfare.server.FanfareServerBuilder;
import io.fanfare.server.ServerOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * The options of {@code fanfare serve}. They are no annotations, unlike those of other commands: the JVM would generate
 * classes to read these, a tenth of the time that the broker takes to start.
 */
final class ServeOptions {

    private final ParseResult parsed;

    ServeOptions(ParseResult parsed) {
        this.parsed = parsed;
    }

    /** The command line of a command with these options. */
    static CommandSpec describe(Object command) {
        CommandSpec spec =
                CommandSpec.wrapWithoutInspection(command).name("serve").versionProvider(new Main.Version());
        spec.usageMessage().description("Runs a broker.");
        Main.addHelpOptions(spec);
        addListeners(spec);
        return spec.addOption(list("URL", "--nats")
                        .description("NATS servers, such as nats://127.0.0.1:4222, that join this node to others"
                                + " (default: none).")
                        .build())
                .addOption(option(Duration.class, "TIME", "--drain-timeout")
                        .converters(new DurationConverter())
                        .description("Time over which shutdown spreads the closing of its connections (default: 10s).")
                        .build())
                .addArgGroup(certificate());
    }

    private static void addListeners(CommandSpec spec) {
        spec.addOption(option(Path.class, "FILE", "-c", "--config")
                        .description("Configuration file; 'fanfare config default' prints one with every key.")
                        .build())
                .addOption(option(String.class, "ADDRESS", "--host")
                        .description("Address to bind to (default: 127.0.0.1).")
                        .build())
                .addOption(option(Integer.class, "PORT", "--port")
                        .description(
                                "WebSocket port; 0 takes a free one (default: " + ServerOptions.DEFAULT_PORT + ").")
                        .build())
                .addOption(option(String.class, "PATH", "--path")
                        .description("Path of the WebSocket endpoint (default: " + ServerOptions.DEFAULT_PATH + ").")
                        .build())
                .addOption(option(Integer.class, "PORT", "--stomp-port")
                        .description("Port of plain STOMP over TCP; 0 takes a free one, -1 switches it off (default: "
                                + ServerOptions.DEFAULT_TCP_PORT + ").")
                        .build())
                .addOption(list("ORIGIN", "--origin")
                        .description("Origins of web pages that may connect, such as https://app.example.com;"
                                + " same-origin (pages from this host, any port) or * (default: same-origin).")
                        .build())
                .addOption(option(String.class, "ADDRESS", "--admin-host")
                        .description("Address of the admin listener (default: 127.0.0.1).")
                        .build())
                .addOption(option(Integer.class, "PORT", "--admin-port")
                        .description(
                                "HTTP port of the admin listener with the console, the API and the health checks; 0"
                                        + " takes a free one, -1 switches it off (default: "
                                        + ServerOptions.DEFAULT_ADMIN_PORT + ").")
                        .build());
    }

    /** The TLS certificate and its key; one without the other is refused. */
    private static ArgGroupSpec certificate() {
        return ArgGroupSpec.builder()
                .exclusive(false)
                .addArg(option(Path.class, "FILE", "--tls-cert")
                        .required(true)
                        .description("Certificate chain (PEM): serves wss and STOMP over TLS instead of ws and plain"
                                + " STOMP.")
                        .build())
                .addArg(option(Path.class, "FILE", "--tls-key")
                        .required(true)
                        .description("Private key of the certificate (PEM, without a passphrase).")
                        .build())
                .build();
    }

    private static OptionSpec.Builder option(Class<?> type, String label, String name, String... names) {
        return OptionSpec.builder(name, names).type(type).paramLabel(label);
    }

    /** An option that takes several values, joined with commas or one by one. */
    private static OptionSpec.Builder list(String label, String name) {
        return option(List.class, label, name).auxiliaryTypes(String.class).splitRegex(",");
    }

    @Nullable
    Path config() {
        return value("--config");
    }

    @Nullable
    List<String> nats() {
        return value("--nats");
    }

    /** Sets what is given of the others. */
    void set(FanfareServerBuilder server) {
        String host = value("--host");
        if (host != null) {
            server.host(host);
        }
        Integer port = value("--port");
        if (port != null) {
            server.port(port);
        }
        String path = value("--path");
        if (path != null) {
            server.path(path);
        }
        Integer stompPort = value("--stomp-port");
        if (stompPort != null) {
            server.tcpPort(stompPort);
        }
        List<String> origins = value("--origin");
        if (origins != null) {
            server.origins(new OriginPolicy(origins));
        }
        server.admin(this::setAdmin);
        Duration drain = value("--drain-timeout");
        if (drain != null) {
            server.timeouts(timeouts -> timeouts.drainTimeout(drain));
        }
        Path chain = value("--tls-cert");
        Path key = value("--tls-key");
        if (chain != null && key != null) {
            server.tls(server.options().tls().withCertificates(chain).withKey(key));
        }
    }

    private void setAdmin(AdminOptions.Builder admin) {
        String host = value("--admin-host");
        if (host != null) {
            admin.host(host);
        }
        Integer port = value("--admin-port");
        if (port != null) {
            admin.port(port);
        }
    }

    /** The value of an option; null where it is not given. */
    private <T> @Nullable T value(String option) {
        return parsed.matchedOptionValue(option, null);
    }
}
