package io.fanfare.examples.ticker;

import io.fanfare.examples.web.Arguments;
import java.util.Set;

/**
 * Options of the command line.
 *
 * @param port of the page; 0: a free one
 * @param webSocketPort of the broker; 0: a free one
 * @param rate price changes a second
 * @param symbols how many shares there are
 * @param maxRate messages a second of one share, where each has its own rate
 * @param conflated messages a second of all shares together, where they share one
 */
record TickerOptions(int port, int webSocketPort, int rate, int symbols, int maxRate, int conflated) {

    static final String USAGE = """
            Usage: examples/ticker/run [--rate N] [--symbols N] [--max-rate N] [--conflated N]
                                       [--port N] [--ws-port N]

            Publishes price changes through an embedded broker, and serves a page that follows them in four ways and shows what
            each costs.

              --rate N       price changes a second, 1 to 100000; 10000 by default
              --symbols N    shares, 1 to 500; 500 by default
              --max-rate N   messages a second of one share for the page that asks for max-rate, 1 to 100; 2 by default
              --conflated N  messages a second of all shares for the page that conflates, 1 to 1000; 250 by default
              --port N       port of the page; 0, the default: a free one
              --ws-port N    port of the broker; 0, the default: a free one
              --help         this text
            """;

    /**
     * Reads the arguments, {@code --name value} or {@code --name=value}.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    static TickerOptions parse(String... arguments) {
        Arguments given = Arguments.parse(
                Set.of("--port", "--ws-port", "--rate", "--symbols", "--max-rate", "--conflated"), arguments);
        return new TickerOptions(
                given.port("--port"),
                given.port("--ws-port"),
                given.number("--rate", 10_000, 1, 100_000),
                given.number("--symbols", Market.MAX_SHARES, 1, Market.MAX_SHARES),
                given.number("--max-rate", 2, 1, 100),
                given.number("--conflated", 250, 1, 1_000));
    }
}
