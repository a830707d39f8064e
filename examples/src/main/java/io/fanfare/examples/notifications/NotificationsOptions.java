package io.fanfare.examples.notifications;

import io.fanfare.examples.web.Arguments;
import java.time.Duration;
import java.util.Set;

/**
 * Options of the command line.
 *
 * @param port of the page; 0: a free one
 * @param webSocketPort of the broker; 0: a free one
 * @param every time between two notifications that the back end makes up; zero: it makes up none
 * @param tokenLife how long a token is valid
 */
record NotificationsOptions(int port, int webSocketPort, Duration every, Duration tokenLife) {

    static final String USAGE = """
            Usage: examples/notifications/run [--port N] [--ws-port N] [--every S] [--token-life S]

            Serves an inbox for two demo users, and pushes notifications to them through the HTTP API of an embedded broker.

              --port N        port of the page; 0, the default: a free one
              --ws-port N     port of the broker; 0, the default: a free one
              --every S       seconds between two notifications that are made up; 10 by default, 0: none
              --token-life S  seconds that a token is valid, at least 4; 60 by default
              --help          this text
            """;

    /**
     * Reads the arguments, {@code --name value} or {@code --name=value}.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    static NotificationsOptions parse(String... arguments) {
        Arguments given = Arguments.parse(Set.of("--port", "--ws-port", "--every", "--token-life"), arguments);
        return new NotificationsOptions(
                given.port("--port"),
                given.port("--ws-port"),
                Duration.ofSeconds(given.number("--every", 10, 0, 86_400)),
                Duration.ofSeconds(given.number("--token-life", 60, 4, 86_400)));
    }
}
