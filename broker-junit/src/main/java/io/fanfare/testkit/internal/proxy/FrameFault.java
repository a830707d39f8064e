package io.fanfare.testkit.internal.proxy;

import io.fanfare.testkit.wire.ClientConnection;
import io.fanfare.testkit.wire.StompFrame;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Fault that happens to some frames. Any thread may call. */
public final class FrameFault {

    /** What a fault does. */
    public enum Effect {
        DROP,
        DUPLICATE,
        DELAY,
        CUT
    }

    private final Effect effect;
    private final Predicate<ClientConnection> which;

    /** Null: heart-beats of the broker, and its Pings. */
    private final @Nullable Predicate<StompFrame> frames;

    private final boolean once;
    private final AtomicBoolean used = new AtomicBoolean();

    /** How long it delays. */
    private final Duration time;

    /** Octets that are let through. */
    private final int octets;

    private FrameFault(
            Effect effect,
            Predicate<ClientConnection> which,
            @Nullable Predicate<StompFrame> frames,
            Duration time,
            int octets) {
        this.effect = effect;
        this.which = which;
        this.frames = frames;
        this.once = frames != null && effect != Effect.DELAY;
        this.time = time;
        this.octets = octets;
    }

    /** Drops or duplicates the next frame that fits. */
    public static FrameFault next(Effect effect, Predicate<ClientConnection> which, Predicate<StompFrame> frames) {
        return new FrameFault(effect, which, frames, Duration.ZERO, 0);
    }

    /** Lets so many octets of the next frame that fits through, and then none. */
    public static FrameFault cut(Predicate<ClientConnection> which, Predicate<StompFrame> frames, int octets) {
        return new FrameFault(Effect.CUT, which, frames, Duration.ZERO, octets);
    }

    /** Delays all frames that fit, and what comes behind them. */
    public static FrameFault delay(Predicate<ClientConnection> which, Predicate<StompFrame> frames, Duration time) {
        return new FrameFault(Effect.DELAY, which, frames, time, 0);
    }

    /** Drops the broker's heart-beats and Pings. */
    public static FrameFault noHeartBeats(Predicate<ClientConnection> which) {
        return new FrameFault(Effect.DROP, which, null, Duration.ZERO, 0);
    }

    Effect effect() {
        return effect;
    }

    Duration time() {
        return time;
    }

    int octets() {
        return octets;
    }

    /** Whether it is about this piece; one that is for the next frame alone is used up then. */
    boolean takes(ClientConnection connection, Piece piece, boolean fromClient) {
        if (!isAbout(piece, fromClient) || !which.test(connection)) {
            return false;
        }
        return !once || used.compareAndSet(false, true);
    }

    private boolean isAbout(Piece piece, boolean fromClient) {
        if (frames == null) {
            return !fromClient && (piece.kind() == Piece.Kind.HEART_BEAT || piece.kind() == Piece.Kind.PING);
        }
        return !(once && used.get()) && piece.frame() != null && frames.test(piece.frame());
    }
}
