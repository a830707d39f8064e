package io.fanfare.examples.dashboard;

import io.fanfare.examples.web.Arguments;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Options of the command line.
 *
 * @param port of the page; 0: a free one
 * @param webSocketPort of the broker; 0: a free one
 * @param interval between two measurements
 * @param broker one that runs already; empty: the example starts its own
 */
record DashboardOptions(int port, int webSocketPort, Duration interval, Optional<URI> broker) {

    static final DashboardOptions DEFAULT = every(Duration.ofSeconds(1));

    static final String USAGE = """
            Usage: examples/dashboard/run [--port N] [--ws-port N] [--interval MS] [--broker URL]

            Measures this machine, publishes the numbers through an embedded broker, and serves a page that draws them.

              --port N       port of the page; 0, the default: a free one
              --ws-port N    port of the broker; 0, the default: a free one
              --interval MS  milliseconds between two measurements, at least 100; 1000 by default
              --broker URL   uses a broker that runs already, such as ws://127.0.0.1:15674/ws, and starts none; what
                             its topics keep is its own affair
              --help         this text
            """;

    /** Free ports, a broker of its own. */
    static DashboardOptions every(Duration interval) {
        return new DashboardOptions(0, 0, interval, Optional.empty());
    }

    /**
     * Reads the arguments, {@code --name value} or {@code --name=value}.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    static DashboardOptions parse(String... arguments) {
        Arguments given = Arguments.parse(Set.of("--port", "--ws-port", "--interval", "--broker"), arguments);
        return new DashboardOptions(
                given.port("--port"),
                given.port("--ws-port"),
                Duration.ofMillis(given.number("--interval", 1_000, 100, 3_600_000)),
                given.broker("--broker"));
    }
}
