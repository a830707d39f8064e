package io.fanfare.nats.internal.queue;

import io.fanfare.loop.BrokerClock;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The elections of servers that lead the streams of queues and their consumers, as the engine tells of them; of one for
 * a consumer before the elected one delivers anything. Any thread may call.
 */
final class Elections {

    private static final String OF_CONSUMERS = "$JS.EVENT.ADVISORY.CONSUMER.LEADER_ELECTED.";
    private static final String OF_STREAMS = "$JS.EVENT.ADVISORY.STREAM.LEADER_ELECTED.";

    private final String prefix;
    private final BrokerClock clock;
    private final Listener listener;
    private volatile Instant since;
    private volatile Instant last = Instant.MIN;

    /** Told of elections, with the name of the stream, by a thread of jnats. */
    interface Listener {

        /** Of the consumer, at this time. */
        void ofConsumer(String stream, Instant when);

        /** Of the stream. */
        void ofStream(String stream);
    }

    /**
     * Asks a server anew that leads a stream or its consumer from now on: it has not heard of what went to the one
     * before.
     */
    record AskingAgain(Worker worker, Places queues, Set<Pulls> pulls, Appends appends) implements Listener {

        /** It knows of no request, and perhaps not of the last deliveries. */
        @Override
        public void ofConsumer(String stream, Instant when) {
            of(stream).forEach(queue -> {
                queue.holding().doubt().elected(when);
                worker.execute(() -> {
                    queue.elected();
                    queue.holding().elected();
                    pulls.stream().filter(pull -> pull.queue() == queue).forEach(Pulls::renew);
                });
            });
        }

        /** Messages may be on their way to the one before for ever. */
        @Override
        public void ofStream(String stream) {
            of(stream)
                    .forEach(queue -> worker.execute(() -> {
                        queue.elected();
                        appends.elected(queue);
                    }));
        }

        private Stream<SharedQueueStream> of(String stream) {
            return queues.all().stream().filter(each -> each.name().stream().equals(stream));
        }
    }

    Elections(String cluster, BrokerClock clock, Listener listener) {
        this.prefix = StreamName.prefix(cluster);
        this.clock = clock;
        this.listener = listener;
        this.since = clock.instant();
    }

    /** Listens from now on, also when the connection finds another server. */
    void listen(Connection connection) {
        Dispatcher dispatcher = connection.createDispatcher(message -> {
            String[] words = message.getSubject().split("\\.", -1);
            if (message.getSubject().startsWith(OF_STREAMS)) {
                ofStream(words[words.length - 1]);
            } else {
                ofConsumer(words[words.length - 2]);
            }
        });
        dispatcher.subscribe(OF_CONSUMERS + "*." + Engine.CONSUMER);
        dispatcher.subscribe(OF_STREAMS + "*");
        connected();
    }

    private void ofStream(String stream) {
        if (stream.startsWith(prefix)) {
            listener.ofStream(stream);
        }
    }

    private void ofConsumer(String stream) {
        if (stream.startsWith(prefix)) {
            Instant now = clock.instant();
            last = now;
            listener.ofConsumer(stream, now);
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

    /** When the last one was, of any consumer. */
    Instant last() {
        return last;
    }
}
