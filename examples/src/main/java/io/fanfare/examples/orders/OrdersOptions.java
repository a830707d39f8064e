package io.fanfare.examples.orders;

import io.fanfare.examples.web.Arguments;
import java.time.Duration;
import java.util.Set;

/**
 * Options of the command line.
 *
 * @param port of the page; 0: a free one
 * @param webSocketPort of the broker; 0: a free one
 * @param adminPort of the console; 0: a free one
 * @param workers how many there are at first
 * @param work how long a worker has an order
 * @param rate orders a second
 * @param orders how many in all; 0: until the example ends
 */
record OrdersOptions(int port, int webSocketPort, int adminPort, int workers, Duration work, int rate, int orders) {

    static final String USAGE = """
            Usage: examples/orders/run [--workers N] [--work MS] [--rate N] [--orders N]
                                       [--port N] [--ws-port N] [--admin-port N]

            Starts a broker, a shop that places orders, and workers that settle them, each a process of its own: kill some. Serves
            a page that shows where the orders are.

              --workers N     processes that settle orders, 1 to 8; 3 by default
              --work MS       milliseconds that an order takes, at most 60000; 250 by default
              --rate N        orders a second, 1 to 500; 8 by default
              --orders N      orders in all, then the sums are printed; 0, the default: until the example is ended
              --port N        port of the page; 0, the default: a free one
              --ws-port N     port of the broker; 0, the default: a free one
              --admin-port N  port of the console; 0, the default: a free one
              --help          this text
            """;

    /**
     * Reads the arguments, {@code --name value} or {@code --name=value}.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    static OrdersOptions parse(String... arguments) {
        Set<String> known = Set.of("--port", "--ws-port", "--admin-port", "--workers", "--work", "--rate", "--orders");
        Arguments given = Arguments.parse(known, arguments);
        return new OrdersOptions(
                given.port("--port"),
                given.port("--ws-port"),
                given.port("--admin-port"),
                given.number("--workers", 3, 1, Orders.NAMES.size()),
                Duration.ofMillis(given.number("--work", 250, 0, 60_000)),
                given.number("--rate", 8, 1, 500),
                given.number("--orders", 0, 0, 1_000_000));
    }
}
