package io.fanfare.broker;

import io.fanfare.frame.HeartBeat;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Sends one session's heart-beats and notices when the client's stay out. Owned by the session's loop. */
final class HeartBeats {

    /** A client is given up after this many of its intervals, and a second for the way (CONFORMANCE, item 75). */
    private static final int TOLERANCE = 2;

    private static final Duration GRACE = Duration.ofSeconds(1);

    private final Session session;
    private final EventLoop loop;
    private @Nullable Timer sending;
    private @Nullable Timer expecting;

    HeartBeats(Session session, EventLoop loop) {
        this.session = session;
        this.loop = loop;
    }

    /** Begins, with the intervals both sides agreed on; zero switches a direction off. */
    void start(HeartBeat agreed) {
        if (!agreed.send().isZero()) {
            // an eighth early, so that no interval passes without an octet (STOMP 1.2, Heart-beating)
            sendAfterSilence(agreed.send().minus(agreed.send().dividedBy(8)));
        }
        if (!agreed.receive().isZero()) {
            expect(agreed.receive().multipliedBy(TOLERANCE).plus(GRACE));
        }
    }

    void stop() {
        if (sending != null) {
            sending.cancel();
        }
        if (expecting != null) {
            expecting.cancel();
        }
    }

    private void sendAfterSilence(Duration interval) {
        Duration silence = Duration.ofNanos(loop.nanoTime() - session.lastSent());
        if (silence.compareTo(interval) >= 0) {
            session.sendHeartBeat();
            silence = Duration.ZERO;
        }
        sending = loop.schedule(interval.minus(silence), () -> sendAfterSilence(interval));
    }

    private void expect(Duration patience) {
        Duration silence = Duration.ofNanos(loop.nanoTime() - session.lastReceived());
        if (silence.compareTo(patience) >= 0) {
            session.heartBeatMissed(silence);
        } else {
            expecting = loop.schedule(patience.minus(silence), () -> expect(patience));
        }
    }
}
