package io.fanfare.session;

import io.fanfare.frame.HeartBeat;
import io.fanfare.loop.Connection;
import io.fanfare.loop.EventLoop;
import io.fanfare.loop.Timer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Sends one session's heart-beats and notices when the client's stay out. A client that is late, or has promised none and
 * is silent, is asked for a sign of life before it is given up. Owned by the session's loop.
 */
public final class HeartBeats {

    /** A client is given up after this many of its intervals, and a second for the way (CONFORMANCE, item 75). */
    private static final int TOLERANCE = 2;

    private static final Duration GRACE = Duration.ofSeconds(1);

    /** Longer than any connection lives. */
    private static final Duration FOREVER = Duration.ofDays(3650);

    private final Session session;
    private final Connection connection;
    private final EventLoop loop;
    private final Duration pingInterval;
    private @Nullable Timer sending;
    private @Nullable Timer expecting;

    /** After how much silence the client is asked; and after how much it is given up, asked or not. */
    private Duration late = FOREVER;

    private Duration patience = FOREVER;

    /** After how much silence a client is given up that was asked. */
    private Duration answerPatience = FOREVER;

    private boolean asked;

    /** What had come last when the client was asked. */
    private long heardBefore;

    public HeartBeats(Session session, Connection connection, EventLoop loop, Duration pingInterval) {
        this.session = session;
        this.connection = connection;
        this.loop = loop;
        this.pingInterval = pingInterval;
    }

    /** Begins, with the intervals both sides agreed on; zero switches a direction off. */
    public void start(HeartBeat agreed) {
        if (!agreed.send().isZero()) {
            // an eighth early, so that no interval passes without an octet (STOMP 1.2, Heart-beating)
            sendAfterSilence(agreed.send().minus(agreed.send().dividedBy(8)));
        }
        if (!agreed.receive().isZero()) {
            late = agreed.receive().plus(GRACE);
            patience = agreed.receive().multipliedBy(TOLERANCE).plus(GRACE);
        }
        if (!pingInterval.isZero() && pingInterval.compareTo(late) < 0) {
            late = pingInterval;
        }
        answerPatience = shorter(patience, late.multipliedBy(TOLERANCE).plus(GRACE));
        if (!late.equals(FOREVER)) {
            expect();
        }
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    public void stop() {
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

    private void expect() {
        long heard = session.lastReceived();
        Duration silence = Duration.ofNanos(loop.nanoTime() - heard);
        if (silence.compareTo(late) < 0) {
            expectIn(late.minus(silence));
            return;
        }
        if (!asked || heard != heardBefore) {
            asked = connection.ping();
            heardBefore = heard;
        }
        Duration end = asked ? answerPatience : patience;
        if (silence.compareTo(end) >= 0) {
            session.heartBeatMissed(silence);
        } else if (!end.equals(FOREVER)) {
            expectIn(end.minus(silence));
        }
    }

    private void expectIn(Duration time) {
        expecting = loop.schedule(time, this::expect);
    }
}
