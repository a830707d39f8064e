package io.fanfare.client;

import io.fanfare.frame.HeartBeat;
import java.time.Duration;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Sends heart-beats on one connection and watches for the broker's, as a {@link HeartBeatSchedule} says. Safe for use by
 * several threads.
 */
final class HeartBeater {

    /** The connection, as its heart-beats see it. */
    interface Link {

        /** Whether a callback of the application is running: what the broker sends meanwhile waits behind it. */
        boolean isInCallback();

        /** Sends one, unless other bytes are still being sent. */
        void sendHeartBeat();

        /** Nothing has come for this long: the broker is given up. */
        void brokerSilent(Duration silence);
    }

    private final ClientTimer timer;
    private final Link link;

    /** Null before CONNECTED. */
    private volatile @Nullable HeartBeatSchedule schedule;

    private volatile @Nullable Future<?> next;
    private volatile boolean stopped;

    HeartBeater(ClientTimer timer, Link link) {
        this.timer = timer;
        this.link = link;
    }

    /** Begins, once both sides' offers are known. */
    void start(HeartBeat agreed) {
        HeartBeatSchedule begun = new HeartBeatSchedule(agreed, timer.nanoTime());
        schedule = begun;
        scheduleNext(begun);
    }

    /** Ends; safe to call again, and before the start. */
    void stop() {
        stopped = true;
        Future<?> pending = next;
        if (pending != null) {
            pending.cancel(false);
        }
    }

    /** Bytes are being sent, which take a heart-beat's place. */
    void sent() {
        HeartBeatSchedule running = schedule;
        if (running != null) {
            running.sent(timer.nanoTime());
        }
    }

    /** Bytes have come from the broker. */
    void received() {
        HeartBeatSchedule running = schedule;
        if (running != null) {
            running.received(timer.nanoTime());
        }
    }

    private void scheduleNext(HeartBeatSchedule running) {
        Duration delay = running.next(timer.nanoTime());
        if (!delay.isZero() && !stopped) {
            next = timer.after(delay, () -> beat(running));
        }
    }

    private void beat(HeartBeatSchedule running) {
        long now = timer.nanoTime();
        if (link.isInCallback()) {
            running.received(now);
        } else if (running.isBrokerSilent(now)) {
            link.brokerSilent(running.silence());
            return;
        }
        if (running.isSendDue(now)) {
            running.sent(now);
            link.sendHeartBeat();
        }
        scheduleNext(running);
    }
}
