package io.fanfare.nats.internal.queue;

import java.time.Duration;
import java.time.Instant;

/**
 * Record of which messages of a queue may have been delivered before, although the engine counts one delivery: servers
 * replicate, or write, what they have delivered behind the delivery. Owned by the worker, but for {@link #elected}.
 */
final class Doubt {

    /** How much the clocks of machines may differ. */
    static final Duration SKEW = Duration.ofSeconds(1);

    /** The last message that came as a new one; the engine delivers new ones in their order. */
    private long newest;

    /** The last message of the stream when the engine was asked behind the beginning of the connection; before that, all are. */
    private long last = Long.MAX_VALUE;

    /** The server that was asked. */
    private String server = "";

    /** What was stored before has been in the hands of a server that leads no more, and may know what its successor does not. */
    private volatile Instant elected;

    /** @param elected when a server was elected last that may lead this queue */
    Doubt(Instant elected) {
        this.elected = elected;
    }

    /** The connection has another server, or the same again: what happened meanwhile is not known. */
    void begins() {
        last = Long.MAX_VALUE;
    }

    /**
     * The engine has said what the stream has.
     *
     * @param asked the {@linkplain Link#serverId id} of the server that was asked
     */
    void ends(String asked, long lastOfStream) {
        server = asked;
        last = lastOfStream;
    }

    /** Another server leads the queue's consumer. Any thread may tell. */
    void elected(Instant when) {
        elected = when;
    }

    /** Whether a stream whose last message is this one can be the one whose messages came. */
    boolean maySee(long lastOfStream) {
        return newest <= lastOfStream;
    }

    /** The stream of this name is another one now. */
    void forget() {
        newest = 0;
    }

    /**
     * Whether a message that comes, and is new by the engine's count, may have been delivered before.
     *
     * @param stored when the stream took it
     * @param at the server of the connection
     * @param since when this node began to hear of elections
     */
    boolean isAbout(long sequence, Instant stored, String at, Instant since) {
        boolean wasHere = sequence <= newest;
        newest = Math.max(newest, sequence);
        boolean wasBeforeConnection = (sequence <= last || !server.equals(at)) && stored.isBefore(since.plus(SKEW));
        return wasHere || wasBeforeConnection || stored.isBefore(elected.plus(SKEW));
    }
}
