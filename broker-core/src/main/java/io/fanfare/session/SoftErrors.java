package io.fanfare.session;

import io.fanfare.frame.Command;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.LogThrottle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Refusals that end no connection: all of them together are one line a second in the log. Any thread may call. */
public final class SoftErrors {

    private static final Logger LOG = LoggerFactory.getLogger(SoftErrors.class);

    private final LogThrottle lines = new LogThrottle();

    /** A client is told that this frame of its is refused, and why. */
    public void add(Session session, Command refused, ProtocolException why) {
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
