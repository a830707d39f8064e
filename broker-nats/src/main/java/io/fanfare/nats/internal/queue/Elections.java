package io.fanfare.nats.internal.queue;

import io.fanfare.loop.BrokerClock;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import java.time.Instant;
import java.util.function.BiConsumer;

/**
 * The elections of servers that lead the consumers of queues, as the engine tells of them before the elected one delivers anything.
 * Any thread may call.
 */
final class Elections {

    private static final String ADVISORY = "$JS.EVENT.ADVISORY.CONSUMER.LEADER_ELECTED.";

    private final String prefix;
    private final BrokerClock clock;
    private final BiConsumer<String, Instant> onElected;
    private volatile Instant since;
    private volatile Instant last = Instant.MIN;

    /** @param onElected is told the name of a stream, and when it was, by a thread of jnats */
    Elections(String cluster, BrokerClock clock, BiConsumer<String, Instant> onElected) {
        this.prefix = StreamName.prefix(cluster);
        this.clock = clock;
        this.onElected = onElected;
        this.since = clock.instant();
    }

    /** Listens from now on, also when the connection finds another server. */
    void listen(Connection connection) {
        Dispatcher dispatcher = connection.createDispatcher(message -> {
            String[] words = message.getSubject().split("\\.", -1);
            elected(words[words.length - 2]);
        });
        dispatcher.subscribe(ADVISORY + "*." + Engine.CONSUMER);
        connected();
    }

    private void elected(String stream) {
        if (stream.startsWith(prefix)) {
            Instant now = clock.instant();
            last = now;
            onElected.accept(stream, now);
        }
    }

    /** The connection has a server again: of elections before it nothing is known. */
    void connected() {
        since = clock.instant();
    }

    /** Since when all elections are known of. */
    Instant since() {
        return since;
    }

    /** When the last one was, of any queue. */
    Instant last() {
        return last;
    }
}
