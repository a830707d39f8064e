package io.fanfare.examples.dashboard;

import java.time.Duration;

/**
 * Options of the command line.
 *
 * @param port of the page; 0: a free one
 * @param webSocketPort of the broker; 0: a free one
 * @param interval between two measurements
 */
record DashboardOptions(int port, int webSocketPort, Duration interval) {

    static final DashboardOptions DEFAULT = new DashboardOptions(0, 0, Duration.ofSeconds(1));

    static final String USAGE = """
            Usage: examples/dashboard/run [--port N] [--ws-port N] [--interval MS]

            Measures this machine, publishes the numbers through an embedded broker, and serves a page that draws them.

              --port N       port of the page; 0, the default: a free one
              --ws-port N    port of the broker; 0, the default: a free one
              --interval MS  milliseconds between two measurements, at least 100; 1000 by default
              --help         this text
            """;

    /**
     * Reads the arguments, {@code --name value} or {@code --name=value}.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    static DashboardOptions parse(String... arguments) {
        DashboardOptions options = DEFAULT;
        for (int i = 0; i < arguments.length; i++) {
            String[] parts = arguments[i].split("=", 2);
            if (parts.length == 1 && i + 1 == arguments.length) {
                throw new IllegalArgumentException(
                        isKnown(parts[0]) ? parts[0] + " needs a number" : "there is no option " + parts[0]);
            }
            String value = parts.length == 2 ? parts[1] : arguments[++i];
            options = options.with(parts[0], value);
        }
        return options;
    }

    private static boolean isKnown(String name) {
        return name.equals("--port") || name.equals("--ws-port") || name.equals("--interval");
    }

    private DashboardOptions with(String name, String value) {
        return switch (name) {
            case "--port" -> new DashboardOptions(number(name, value, 0, 65_535), webSocketPort, interval);
            case "--ws-port" -> new DashboardOptions(port, number(name, value, 0, 65_535), interval);
            case "--interval" ->
                new DashboardOptions(port, webSocketPort, Duration.ofMillis(number(name, value, 100, 3_600_000)));
            default -> throw new IllegalArgumentException("there is no option " + name);
        };
    }

    private static int number(String name, String value, int least, int most) {
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // refused below
        }
        throw new IllegalArgumentException(name + " must be a number from " + least + " to " + most + ", not " + value);
    }
}
