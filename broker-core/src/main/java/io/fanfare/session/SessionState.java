package io.fanfare.session;

import io.fanfare.frame.Frame;
import io.fanfare.frame.StompVersion;
import io.fanfare.statistics.Disconnect;

/** Behaviour of a session in one of its states. The table of transitions stands at {@link Session}. */
sealed interface SessionState permits Connecting, Connected, Closing {

    /**
     * Does what a frame asks for.
     *
     * @throws io.fanfare.frame.ProtocolException when it can't be done, and the connection ends with it
     */
    void handle(Frame frame);

    /** The version that an ERROR speaks: 1.0 until one is agreed on. */
    default StompVersion version() {
        return StompVersion.V1_0;
    }

    /**
     * The socket has taken bytes.
     *
     * @param bytes the outbox's count of bytes written
     */
    default void written(long bytes) {}

    /** Everything appended has left. */
    default void drained() {}

    /**
     * Bytes beyond this point of the outbox will not leave; {@link #end} or {@link #lost} follows.
     *
     * @param appended the outbox's count of bytes up to there
     */
    default void dropped(long appended) {}

    /**
     * Lets go of everything that the state holds: the session closes.
     *
     * @param why as far as that is known
     */
    default void end(Disconnect why) {}

    /** The connection is gone, after {@link #end}. */
    default void lost() {}
}
