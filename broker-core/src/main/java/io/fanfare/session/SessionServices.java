package io.fanfare.session;

import io.fanfare.event.BrokerListeners;
import io.fanfare.event.RecentEvents;
import io.fanfare.frame.Command;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.BrokerClock;
import io.fanfare.loop.LogThrottle;
import io.fanfare.loop.Memory;
import io.fanfare.options.AuthOptions;
import io.fanfare.options.ConnectionLimits;
import io.fanfare.options.DestinationLimits;
import io.fanfare.options.HeartBeatOptions;
import io.fanfare.options.OutboxOptions;
import io.fanfare.options.RateLimits;
import io.fanfare.publish.Destinations;
import io.fanfare.publish.DrainMode;
import io.fanfare.publish.Publisher;
import io.fanfare.quota.UserQuotas;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Services that all sessions of a broker share.
 *
 * @param refusedLogins counts logins that were refused, or that could not be decided
 * @param softErrors counts and logs refusals that end no connection
 * @param events told of the end of each connection
 * @param listeners told of what happens to connections and subscriptions
 */
public record SessionServices(
        Options options,
        Destinations destinations,
        Publisher publisher,
        DrainMode drain,
        Memory memory,
        UserQuotas users,
        Ids ids,
        LongAdder refusedLogins,
        SoftErrors softErrors,
        RecentEvents events,
        BrokerListeners listeners) {

    /** The broker's clock. */
    BrokerClock clock() {
        return memory.clock();
    }

    /**
     * What sessions need of a broker's options.
     *
     * @param prefetch unsettled messages of a queue subscription, unless it asks for another number
     * @param serverName the {@code server} header of CONNECTED; empty: none
     */
    public record Options(
            ConnectionLimits limits,
            DestinationLimits destinations,
            RateLimits rates,
            OutboxOptions outbox,
            HeartBeatOptions heartBeat,
            AuthOptions auth,
            int prefetch,
            String serverName) {}

    /** Makes session ids that can't be guessed. Any thread may call. */
    public static final class Ids {

        private static final int BYTES = 12;

        /** 36 to the power of 7: a prefix has up to seven digits and letters. */
        private static final long PREFIXES = 78_364_164_096L;

        /** Loaded with the first id: a broker need not wait for it to start. */
        private static final class Random {
            private static final SecureRandom SECURE = new SecureRandom();
        }

        /**
         * Tells a broker's message ids and epochs from those of its earlier lives. At random, and not from the clock: a cursor of
         * a life that began in the same second, or before the clock was set back, would hide a gap.
         */
        public static String messagePrefix() {
            return Long.toString(ThreadLocalRandom.current().nextLong(PREFIXES), 36) + "-";
        }

        private final String node;

        /**
         * None yet.
         *
         * @param node what ids begin with, and a hyphen; empty: with neither
         */
        public Ids(String node) {
            this.node = node.isEmpty() ? "" : node + "-";
        }

        String next() {
            byte[] id = new byte[BYTES];
            Random.SECURE.nextBytes(id);
            return node + HexFormat.of().formatHex(id);
        }
    }

    /** Refusals that end no connection: all of them together are one line a second in the log. Any thread may call. */
    public static final class SoftErrors {

        private static final Logger LOG = LoggerFactory.getLogger(SoftErrors.class);

        private final LogThrottle lines = new LogThrottle();

        /** A client is told that this frame of its is refused, and why. */
        void add(Session session, Command refused, ProtocolException why) {
            session.refusedSoftly(why);
            long count = lines.next(session.loop().nanoTime());
            if (count > 0) {
                LOG.info(
                        "refused softly {} command={} reason={} detail={} since-last-line={}",
                        session,
                        refused,
                        why.summary(),
                        why.detail(),
                        count);
            }
        }

        /** How many there have been. */
        public long count() {
            return lines.count();
        }
    }
}
