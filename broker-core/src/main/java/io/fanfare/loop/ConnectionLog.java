package io.fanfare.loop;

import io.fanfare.frame.Command;
import io.fanfare.frame.Printable;
import io.fanfare.frame.ProtocolException;
import io.fanfare.statistics.Disconnect;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lines about one connection in the log {@code io.fanfare.connections}: each begins with the connection's id, its user
 * and its address. A hyphen stands for what is not known. Owned by the connection's loop.
 */
public final class ConnectionLog {

    private static final Logger LOG = LoggerFactory.getLogger("io.fanfare.connections");

    private static final String UNKNOWN = "-";

    private final Connection connection;
    private String id = UNKNOWN;
    private String user = UNKNOWN;

    public ConnectionLog(Connection connection) {
        this.connection = connection;
    }

    /**
     * The client is in.
     *
     * @param session the session's id, by which operators find the connection
     * @param name the user's name; empty for an anonymous client
     */
    public void connected(String session, String name, String version) {
        id = session;
        user = name.isEmpty() ? UNKNOWN : Printable.of(name);
        LOG.info(
                "connected conn={} user={} peer={} transport={} version={}",
                id,
                user,
                connection.peer(),
                connection.framing().transport(),
                version);
    }

    /** A frame is answered with an ERROR, and the connection ends. */
    public void refused(ProtocolException why) {
        LOG.info(
                "refused conn={} user={} peer={} reason={} code={} detail={}",
                id,
                user,
                connection.peer(),
                why.summary(),
                why.closeCode().code(),
                why.detail());
    }

    /**
     * The socket takes nothing, and is cut.
     *
     * @param limit the key of what it has exceeded
     */
    public void stalled(String limit, long waitingBytes) {
        LOG.warn(
                "aborting conn={} user={} peer={} reason=stalled limit={} pending={}",
                id,
                user,
                connection.peer(),
                limit,
                waitingBytes);
    }

    /** A connected client is gone. */
    public void ended(Disconnect why) {
        if (!id.equals(UNKNOWN)) {
            LOG.info("disconnected conn={} user={} peer={} reason={}", id, user, connection.peer(), why.label());
        }
    }

    /** A bug of the broker's. */
    public void bug(Command handled, RuntimeException why) {
        LOG.error("bug conn={} user={} peer={} command={}", id, user, connection.peer(), handled, why);
    }
}
