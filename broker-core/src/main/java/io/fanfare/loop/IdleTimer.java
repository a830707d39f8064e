package io.fanfare.loop;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs an action when a connection has been silent for a time: no bytes came, or none left. Activity costs nothing: the
 * timer looks at the time of the last activity only when it would be due. Owned by its loop.
 */
public final class IdleTimer {

    /** What to do about a silence. */
    @FunctionalInterface
    public interface Action {

        /**
         * Handles a silence of at least the timer's limit.
         *
         * @param silence the time since the last activity
         * @return the time until the next look; null: the timer stops
         */
        @Nullable
        Duration idle(Duration silence);
    }

    private final EventLoop loop;
    private final LongSupplier lastActivity;
    private final Action action;
    private Duration limit = Duration.ZERO;
    private @Nullable Timer timer;

    /** Whether the action that runs right now has stopped the timer. */
    private boolean stopped;

    /**
     * A timer that does not run yet.
     *
     * @param lastActivity the time of the last activity, in the loop's nanoseconds
     */
    public IdleTimer(EventLoop loop, LongSupplier lastActivity, Action action) {
        this.loop = loop;
        this.lastActivity = lastActivity;
        this.action = action;
    }

    /** Begins to watch for a silence of this length; does nothing while the timer runs. */
    public void start(Duration silence) {
        assert loop.isCurrent();
        if (timer == null) {
            limit = silence;
            look();
        }
    }

    private void look() {
        timer = null;
        Duration silence = Duration.ofNanos(loop.nanoTime() - lastActivity.getAsLong());
        if (silence.compareTo(limit) < 0) {
            lookIn(limit.minus(silence));
            return;
        }
        stopped = false;
        Duration again = action.idle(silence);
        // the action may have ended the connection, or started the timer anew
        if (again != null && timer == null && !stopped) {
            lookIn(again);
        }
    }

    private void lookIn(Duration delay) {
        timer = loop.schedule(delay, this::look);
    }

    /** Stops a timer, if there is one. */
    public static void stop(@Nullable IdleTimer timer) {
        if (timer != null) {
            timer.stop();
        }
    }

    public void stop() {
        assert loop.isCurrent();
        stopped = true;
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
