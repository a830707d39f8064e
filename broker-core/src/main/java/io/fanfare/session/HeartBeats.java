package io.fanfare.session;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.HeartBeat;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.Connection;
import io.fanfare.loop.IdleTimer;
import io.fanfare.loop.Outbox;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Sends one session's heart-beats and notices when the client's stay out. A client that is late, or has promised none and
 * is silent, gets a Ping before its connection is closed. Owned by the session's loop.
 */
final class HeartBeats {

    private static final Duration GRACE = Duration.ofSeconds(1);

    /** Longer than any connection lives. */
    private static final Duration FOREVER = Duration.ofDays(3650);

    private final Session session;
    private final Connection connection;
    private final Inbound inbound;
    private final Duration pingInterval;
    private final Outbox outbox;

    /** Null: none are sent. */
    private @Nullable IdleTimer sending;

    /** Null: a silent client is left alone. */
    private @Nullable IdleTimer expecting;

    private Duration sendInterval = FOREVER;

    /** The interval of the client's heart-beats; zero: none were agreed. */
    private Duration receiveInterval = Duration.ZERO;

    /** The silence after which the client gets a Ping. */
    private Duration late = FOREVER;

    /** The silence after which a client without a Ping is dead. */
    private Duration patience = FOREVER;

    /** The silence after which a client that got a Ping is dead. */
    private Duration pingedPatience = FOREVER;

    private boolean pinged;

    /** What had come last when the client got its Ping. */
    private long heardBefore;

    HeartBeats(Session session, Connection connection, Inbound inbound, Outbox outbox, Duration pingInterval) {
        this.session = session;
        this.connection = connection;
        this.inbound = inbound;
        this.pingInterval = pingInterval;
        this.outbox = outbox;
    }

    /** Begins, with the intervals both sides agreed on; zero switches a direction off. */
    void start(HeartBeat agreed) {
        assert session.loop().isCurrent();
        if (!agreed.send().isZero()) {
            // an eighth early, so that no interval passes without an octet (STOMP 1.2, Heart-beating)
            long nanos = agreed.send().toNanos();
            sendInterval = Duration.ofNanos(nanos - nanos / 8);
            sending = new IdleTimer(session.loop(), outbox::lastSent, this::send);
            sending.start(sendInterval);
        }
        receiveInterval = agreed.receive();
        if (!agreed.receive().isZero()) {
            late = agreed.receive().plus(GRACE);
            patience = tolerated(agreed.receive());
        }
        if (!pingInterval.isZero() && pingInterval.compareTo(late) < 0) {
            late = pingInterval;
        }
        pingedPatience = shorter(patience, tolerated(late));
        if (!late.equals(FOREVER)) {
            expecting = new IdleTimer(session.loop(), inbound::lastReceived, this::silent);
            expecting.start(late);
        }
    }

    /**
     * A client is dead after two of its intervals, and a second for the way (CONFORMANCE, item 75). Not {@link
     * Duration#multipliedBy}: a new process with many clients to greet would first compile its big decimals.
     */
    private static Duration tolerated(Duration interval) {
        return interval.plus(interval).plus(GRACE);
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private Duration send(Duration silence) {
        session.sendHeartBeat();
        return sendInterval;
    }

    private @Nullable Duration silent(Duration silence) {
        long heard = inbound.lastReceived();
        if (!pinged || heard != heardBefore) {
            pinged = connection.ping();
            heardBefore = heard;
        }
        Duration end = pinged ? pingedPatience : patience;
        if (silence.compareTo(end) >= 0) {
            session.refuse(new ProtocolException(
                    "heart-beats missed",
                    "nothing came for " + silence.toMillis() + " ms",
                    CloseCode.HEART_BEAT_MISSED));
            return null;
        }
        return end.equals(FOREVER) ? null : end.minus(silence);
    }

    /** How long the client's heart-beat is overdue; zero: it is not. */
    Duration overdue() {
        Duration silence = Duration.ofNanos(session.loop().nanoTime() - inbound.lastReceived());
        boolean isLate = !receiveInterval.isZero() && silence.compareTo(receiveInterval) > 0;
        return isLate ? silence.minus(receiveInterval) : Duration.ZERO;
    }

    void stop() {
        assert session.loop().isCurrent();
        IdleTimer.stop(sending);
        IdleTimer.stop(expecting);
    }
}
