package io.fanfare.cli.bench;

import io.fanfare.frame.Headers;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * What a run is to do.
 *
 * @param url of the broker, {@code ws} or {@code wss}
 * @param trust whom to trust behind {@code wss}; empty: whom the JVM trusts
 * @param login further headers of CONNECT
 * @param destination what the names of the run's destinations begin with
 * @param ack how subscribers acknowledge
 */
record Plan(
        URI url, Optional<SSLContext> trust, Headers login, String destination, Crowd crowd, Flow flow, AckMode ack) {

    private static final int MAX_CONNECTIONS = 60_000;
    private static final long MAX_SIZE = 1 << 20;
    private static final Duration MAX_DURATION = Duration.ofDays(1);

    /**
     * Who takes part.
     *
     * @param topics destinations, each with its share of the subscribers
     */
    record Crowd(int publishers, int subscribers, int topics) {

        Crowd {
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
     * What is sent.
     *
     * @param size bytes of a body
     * @param rate messages a second of all publishers together; 0: as many as the subscribers take
     * @param warmUp how long messages flow before they count
     * @param duration how long they count
     */
    record Flow(long size, long rate, Duration warmUp, Duration duration) {

        Flow {
            if (size < Stamp.BYTES || size > MAX_SIZE) {
                throw new IllegalArgumentException(
                        "--size must be " + Stamp.BYTES + " to " + MAX_SIZE + ", not " + size);
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

        /** Whether a time of the run, in nanoseconds, lies where messages count. */
        boolean counts(long nanos) {
            return nanos >= warmUp.toNanos() && nanos < end();
        }

        /** The time of the run, in nanoseconds, from which on nothing is sent. */
        long end() {
            return warmUp.plus(duration).toNanos();
        }

        /** When the n-th message of all is due, in nanoseconds of the run. */
        long due(long n) {
            return (long) (n * (1e9 / rate));
        }

        /** How many messages are due while messages count. */
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

    Plan {
        boolean known = "ws".equalsIgnoreCase(url.getScheme()) || isSecure(url);
        if (!known || url.getHost() == null) {
            throw new IllegalArgumentException("bench wants ws://HOST/PATH or wss://HOST/PATH, not " + url);
        }
    }

    /** Each message goes to one subscriber, not to all. */
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
        return crowd.publishers + crowd.subscribers;
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
