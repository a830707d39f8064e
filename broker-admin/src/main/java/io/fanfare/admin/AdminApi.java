package io.fanfare.admin;

import io.fanfare.admin.console.Console;
import io.fanfare.admin.logging.LogLevels;
import io.fanfare.admin.metrics.Monitor;
import io.fanfare.broker.Broker;
import io.fanfare.server.HttpExtension;
import io.fanfare.server.ServerOptions;
import io.fanfare.server.http.HttpEndpoint;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The HTTP API of a server, on its admin listener under {@code /api/v1}, with Prometheus' text at {@code /metrics} and
 * the console, a page for operators, at {@code /}:
 * {@code FanfareServer.builder().admin(a -> a.port(0)).http(new AdminApi())}. Its routes are described in
 * {@code openapi.yaml}, which it serves. One object may serve several servers.
 */
public final class AdminApi implements HttpExtension {

    private final Supplier<Optional<Map<String, String>>> configuration;
    private final Optional<LogLevels> levels;
    private final LongSupplier nanoTime;

    /** An API that shows the options of its server as the configuration. */
    public AdminApi() {
        this(Optional::empty, Optional.empty(), System::nanoTime);
    }

    /** The same, with another clock for the delay of failed logins. */
    AdminApi(LongSupplier nanoTime) {
        this(Optional::empty, Optional.empty(), nanoTime);
    }

    private AdminApi(
            Supplier<Optional<Map<String, String>>> configuration, Optional<LogLevels> levels, LongSupplier nanoTime) {
        this.configuration = configuration;
        this.levels = levels;
        this.nanoTime = nanoTime;
    }

    /**
     * The same, with another configuration to show.
     *
     * @param values the value in force of each key; asked by any thread, for each request
     */
    public AdminApi withConfiguration(Supplier<Map<String, String>> values) {
        return new AdminApi(() -> Optional.of(values.get()), levels, nanoTime);
    }

    /** The same, with loggers whose levels operators can see and change; without, {@code loggers} is 404. */
    public AdminApi withLogLevels(LogLevels loggers) {
        return new AdminApi(configuration, Optional.of(loggers), nanoTime);
    }

    @Override
    public String clientPath() {
        return Routes.PUBLISH;
    }

    /** Lets clients publish on their own port, with the logins and permissions that they have for SEND. */
    @Override
    public HttpEndpoint openForClients(Broker broker, ServerOptions options) {
        return new ApiEndpoint(
                () -> Routes.ofClients(broker),
                Access.ofClients(broker),
                (int) options.admin().maxBodyBytes(),
                () -> {});
    }

    /**
     * Begins to serve the API.
     *
     * @throws IllegalArgumentException when the file of tokens can't be used; the message is a sentence
     */
    @Override
    public HttpEndpoint open(Broker broker, ServerOptions options) {
        Configuration shown = new Configuration(() -> configuration.get().orElseGet(() -> Configuration.of(options)));
        Access access = Access.of(broker, options, new FailedLogins(nanoTime));
        Monitor monitor = Monitor.start(broker);
        ApiEndpoint api = new ApiEndpoint(
                () -> Routes.of(broker, options, shown, monitor, new Loggers(levels)),
                access,
                (int) options.admin().maxBodyBytes(),
                () -> {
                    monitor.close();
                    access.close();
                });
        return new AdminEndpoint(new Console(options), api);
    }
}
