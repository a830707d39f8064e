package io.fanfare.examples.dashboard;

import java.net.URI;

/** The pages as tests serve them, for a broker of theirs. */
final class Pages {

    private Pages() {}

    static PageServer of(URI broker) {
        return PageServer.start(0, """
                {"webSocketUrl": "%s", "intervalMillis": 1000, "pulseMillis": 50, "host": "<b>box</b>", "system": "Linux",
                 "cores": 2, "source": "/proc"}
                """.formatted(broker), broker);
    }
}
