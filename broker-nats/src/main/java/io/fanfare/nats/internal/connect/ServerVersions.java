package io.fanfare.nats.internal.connect;

import io.nats.client.api.ServerInfo;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Warns of servers that do not keep what this node promises, each once. Any thread may call. */
final class ServerVersions {

    /** Before it, the copies of a stream could differ after a failure (docs/cluster.md, Measured). */
    private static final String SAME_COPIES = "2.10.0";

    private final boolean replicates;
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    /**
     * Nothing told yet.
     *
     * @param replicates whether streams have copies at several servers
     */
    ServerVersions(boolean replicates) {
        this.replicates = replicates;
    }

    /** What is to be logged of a server that a connection has reached; null: nothing, or nothing new. */
    @Nullable
    String warning(@Nullable ServerInfo server) {
        if (server == null || !replicates || !server.isOlderThanVersion(SAME_COPIES)) {
            return null;
        }
        if (!told.add(server.getServerName() + " " + server.getVersion())) {
            return null;
        }
        return "nats server=" + server.getServerName() + " version=" + server.getVersion()
                + ": when servers older than 2.10 fail, their copies of a stream can differ, and messages of kept topics and shared"
                + " queues be lost; take a newer nats-server";
    }
}
