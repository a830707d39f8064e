package io.fanfare.nats.history;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What goes wrong, and is right again after a while. */
enum Fault {
    /** A NATS server is killed, and started again. */
    SERVER_KILLED,
    /** A NATS server is stopped for a while, and goes on. */
    SERVER_FROZEN,
    /** A node is killed, and started again. */
    NODE_KILLED,
    /** A node is stopped in order, and started again. */
    NODE_ENDED,
    /** All connections of a node to NATS are cut once. */
    LINK_RESET,
    /** A node can't connect to NATS for a while. */
    LINK_CUT,
    /** Nothing gets through between a node and NATS for a while, and no side is told. */
    LINK_SILENT,
    /** Nothing gets through from a node to NATS for a while. */
    LINK_HALF_OPEN,
    /** Nothing gets to or from a NATS server for a while, neither nodes' nor other servers'. */
    SERVER_CUT_OFF,
    /** Nothing gets through between two NATS servers for a while, and all does between them and the rest. */
    ROUTE_SILENT,
    /** Nothing gets through from one NATS server to another for a while, and all does in the other direction. */
    ROUTE_ONE_WAY;

    /** Those that need {@link Machines}. */
    private static final Set<Fault> OF_MACHINES = EnumSet.of(SERVER_CUT_OFF, ROUTE_SILENT, ROUTE_ONE_WAY);

    /** Those after which a NATS server has to catch up with the others. */
    private static final Set<Fault> OF_SERVERS =
            EnumSet.of(SERVER_KILLED, SERVER_FROZEN, SERVER_CUT_OFF, ROUTE_SILENT, ROUTE_ONE_WAY);

    boolean isOfServers() {
        return OF_SERVERS.contains(this);
    }

    /** All that can be had with servers in these places. */
    static List<Fault> with(@Nullable Machines machines) {
        return Stream.of(values())
                .filter(fault -> machines != null || !OF_MACHINES.contains(fault))
                .toList();
    }
}
