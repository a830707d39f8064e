package io.fanfare.broker;

import io.fanfare.frame.CloseCode;
import io.fanfare.loop.Loops;
import io.fanfare.publish.Destinations;
import io.fanfare.publish.Publisher;
import io.fanfare.queue.QueueAdministration;
import io.fanfare.session.Session;
import java.time.Duration;
import java.util.Set;

/** Makes a broker as it was at its start: sessions first, then what they and their loops had, then what destinations hold. */
final class Clearing {

    /** How long clients may take to answer their Close. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(500);

    private static final Duration LOOP_TIMEOUT = Duration.ofSeconds(10);

    private final Sessions sessions;
    private final Destinations destinations;
    private final Publisher publisher;
    private final QueueAdministration queues;
    private final Loops loops;

    Clearing(
            Sessions sessions,
            Destinations destinations,
            Publisher publisher,
            QueueAdministration queues,
            Loops loops) {
        this.sessions = sessions;
        this.destinations = destinations;
        this.publisher = publisher;
        this.queues = queues;
        this.loops = loops;
    }

    void run() {
        Set<Session> open = sessions.all();
        open.forEach(session ->
                session.loop().execute(() -> session.dismiss(CloseCode.RESTARTING, "the broker has been cleared")));
        loops.awaitTurns(LOOP_TIMEOUT);
        if (!sessions.awaitEnd(open, CLOSE_TIMEOUT)) {
            open.forEach(session -> session.loop().execute(session::abort));
            sessions.awaitEnd(open, LOOP_TIMEOUT);
        }
        // what other loops had for the sessions, or from them
        loops.awaitTurns(LOOP_TIMEOUT);
        publisher.clear();
        destinations.durables().endAllAway();
        loops.awaitTurns(LOOP_TIMEOUT);
        destinations.presence().clear();
        queues.clear();
        destinations.topics().clear();
        // shares of loops in topics that have gone
        loops.awaitTurns(LOOP_TIMEOUT);
    }
}
