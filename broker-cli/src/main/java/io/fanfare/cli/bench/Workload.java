package io.fanfare.cli.bench;

import io.fanfare.cli.options.AckMode;
import io.fanfare.frame.Headers;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * The parameters of a run.
 *
 * @param url of the broker, {@code ws} or {@code wss}
 * @param trust trusted certificates for {@code wss}; empty: those of the JVM
 * @param login further headers of CONNECT
 * @param destination prefix of the names of the run's destinations
 * @param ack ack mode of the subscribers
 */
record Workload(
        URI url,
        Optional<SSLContext> trust,
        Headers login,
        String destination,
        Clients clients,
        Traffic traffic,
        AckMode ack) {

    private static final int MAX_CONNECTIONS = 60_000;
    private static final long MAX_SIZE = 1 << 20;
    private static final Duration MAX_DURATION = Duration.ofDays(1);

    /**
     * The numbers of connections and destinations.
     *
     * @param topics destinations, each with its share of the subscribers
     * @param transport how the subscribers come
     */
    record Clients(int publishers, int subscribers, int topics, SubscriberTransport transport) {

        /** Clients that all come by WebSocket. */
        Clients(int publishers, int subscribers, int topics) {
            this(publishers, subscribers, topics, SubscriberTransport.WEBSOCKET);
        }

        Clients {
            atLeastOne("--pubs", publishers);
            atLeastOne("--subs", subscribers);
            atLeastOne("--topics", topics);
            check((long) publishers + subscribers <= MAX_CONNECTIONS, "--pubs and --subs together", MAX_CONNECTIONS);
            if (topics > subscribers) {
                throw new IllegalArgumentException("--topics must be at most --subs: each subscriber takes one topic");
            }
        }
    }

    /**
     * The messages and their timing.
     *
     * @param size bytes of a body
     * @param rate messages per second of all publishers together; 0: as many as the subscribers take
     * @param warmUp time before the measured part
     * @param duration time of the measured part
     */
    record Traffic(long size, long rate, Duration warmUp, Duration duration) {

        Traffic {
            if (size < Timestamp.BYTES || size > MAX_SIZE) {
                throw new IllegalArgumentException(
                        "--size must be " + Timestamp.BYTES + " to " + MAX_SIZE + ", not " + size);
            }
            if (rate < 0) {
                throw new IllegalArgumentException("--rate must be 0 or more, not " + rate);
            }
            if (duration.isZero()) {
                throw new IllegalArgumentException("--duration must be more than 0");
            }
            if (warmUp.plus(duration).compareTo(MAX_DURATION) > 0) {
                throw new IllegalArgumentException("--warm-up and --duration together must be at most a day");
            }
        }

        boolean isPaced() {
            return rate > 0;
        }

        /** Whether a time, in nanoseconds of the run, lies in the measured part. */
        boolean counts(long nanos) {
            return nanos >= warmUp.toNanos() && nanos < end();
        }

        /** The end of the measured part and of sending, in nanoseconds of the run. */
        long end() {
            return warmUp.plus(duration).toNanos();
        }

        /** The time at which the n-th message of all publishers is due, in nanoseconds of the run. */
        long due(long n) {
            return (long) (n * (1e9 / rate));
        }

        /** The number of messages that are due in the measured part. */
        long planned() {
            return dueBefore(end()) - dueBefore(warmUp.toNanos());
        }

        private long dueBefore(long nanos) {
            long n = (long) (nanos / (1e9 / rate));
            while (due(n) < nanos) {
                n++;
            }
            return n;
        }
    }

    Workload {
        boolean known = "ws".equalsIgnoreCase(url.getScheme()) || isSecure(url);
        if (known && url.getHost() == null && url.getRawAuthority() != null) {
            throw new IllegalArgumentException("Java connects to no host named " + url.getRawAuthority()
                    + " (letters, digits, - and . only): use its IP address, or another name for it");
        }
        if (clients.transport != SubscriberTransport.WEBSOCKET && ack != AckMode.AUTO) {
            throw new IllegalArgumentException("an event stream acknowledges nothing: --ack must be auto, not " + ack);
        }
        if (!known || url.getHost() == null) {
            throw new IllegalArgumentException("bench wants ws://HOST/PATH or wss://HOST/PATH, not " + url);
        }
    }

    /** Whether a subscriber, from 0, comes by event stream. */
    boolean isEventStream(int subscriber) {
        return clients.transport.isEventStream(subscriber);
    }

    /** Whether the destinations are queues: each message goes to one subscriber, not to all. */
    boolean isQueue() {
        return destination.startsWith("/queue/") || destination.startsWith("/amq/queue/");
    }

    int port() {
        int standard = isSecure() ? 443 : 80;
        return url.getPort() < 0 ? standard : url.getPort();
    }

    boolean isSecure() {
        return isSecure(url);
    }

    private static boolean isSecure(URI url) {
        return "wss".equalsIgnoreCase(url.getScheme());
    }

    int connections() {
        return clients.publishers + clients.subscribers;
    }

    private static void atLeastOne(String option, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(option + " must be 1 or more, not " + value);
        }
    }

    private static void check(boolean holds, String what, long most) {
        if (!holds) {
            throw new IllegalArgumentException(what + " must be at most " + most);
        }
    }
}
