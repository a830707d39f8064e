package io.fanfare.publish;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.ProtocolException;

/** State of a broker that is about to restart: it refuses CONNECT and SEND. Any thread may call; there is no way back. */
public final class DrainMode {

    private volatile boolean on;

    /** Begins; false when it has begun before. */
    public synchronized boolean begin() {
        boolean first = !on;
        on = true;
        return first;
    }

    public boolean isOn() {
        return on;
    }

    /**
     * Refuses something new once the drain has begun.
     *
     * @throws ProtocolException when it has
     */
    public void check() {
        if (on) {
            throw refusal();
        }
    }

    /** What an ERROR says to a client that comes too late. */
    public static ProtocolException refusal() {
        return new ProtocolException(
                "shutting down",
                "the broker is about to restart and takes nothing new; connect again in a few seconds",
                CloseCode.RESTARTING);
    }
}
