package io.fanfare.status;

/**
 * A node of a cluster, as the asked one knows it.
 *
 * @param id what ids of its sessions and messages begin with
 * @param version of Fanfare
 * @param connections that it has
 * @param since when it started, in milliseconds of the epoch
 * @param state whether clients should go there
 * @param self whether it is the asked one
 */
public record NodeStatus(String id, String version, int connections, long since, State state, boolean self) {

    /** Whether clients should go to a node. */
    public enum State {
        /** Serves clients. */
        READY,
        /** Moves the clients away, and then stops. */
        DRAINING,
        /** Has lost the other nodes. */
        ISOLATED
    }
}
