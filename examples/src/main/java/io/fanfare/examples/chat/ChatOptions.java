package io.fanfare.examples.chat;

import io.fanfare.examples.web.Arguments;
import java.time.Duration;
import java.util.Set;

/**
 * Options of the command line.
 *
 * @param port of the page; 0: a free one
 * @param webSocketPort of the broker; 0: a free one
 * @param removal how long a removed user stays out
 */
record ChatOptions(int port, int webSocketPort, Duration removal) {

    static final String USAGE = """
            Usage: examples/chat/run [--port N] [--ws-port N] [--removal S]

            Serves a chat for some demo users, one of which is a moderator.

              --port N      port of the page; 0, the default: a free one
              --ws-port N   port of the broker; 0, the default: a free one
              --removal S   seconds that a removed user stays out; 60 by default
              --help        this text
            """;

    /**
     * Reads the arguments, {@code --name value} or {@code --name=value}.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    static ChatOptions parse(String... arguments) {
        Arguments given = Arguments.parse(Set.of("--port", "--ws-port", "--removal"), arguments);
        return new ChatOptions(
                given.port("--port"),
                given.port("--ws-port"),
                Duration.ofSeconds(given.number("--removal", 60, 1, 86_400)));
    }
}
