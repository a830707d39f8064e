package io.fanfare.examples.dashboard;

import io.fanfare.examples.web.PageServer;
import java.net.URI;
import java.util.Map;

/** The pages as tests serve them, for a broker of theirs. */
final class Pages {

    private Pages() {}

    static PageServer of(URI broker) {
        return PageServer.of("dashboard", broker)
                .config(Map.of(
                        "webSocketUrl",
                        broker.toString(),
                        "intervalMillis",
                        1000,
                        "pulseMillis",
                        50,
                        "host",
                        "<b>box</b>",
                        "system",
                        "Linux",
                        "cores",
                        2,
                        "source",
                        "/proc"))
                .start(0);
    }
}
