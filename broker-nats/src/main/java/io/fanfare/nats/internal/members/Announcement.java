package io.fanfare.nats.internal.members;

import io.fanfare.frame.HeaderBytes;
import io.fanfare.frame.Headers;
import io.fanfare.status.NodeStatus;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Message in which a node tells of itself.
 *
 * @param life a random number of its start
 * @param isLast whether it leaves
 * @param settings fingerprints of what all nodes must have alike, by the key of the configuration
 * @param consumers of shared queues, by the name of the queue
 */
public record Announcement(
        String node,
        long life,
        String version,
        int connections,
        long since,
        NodeStatus.State state,
        boolean isLast,
        Map<String, String> settings,
        Map<String, Integer> consumers) {

    private static final String SETTING = "setting.";
    private static final String CONSUMERS = "consumers.";

    /** The same, of a node that leaves. */
    Announcement asLast() {
        return new Announcement(node, life, version, connections, since, state, true, settings, consumers);
    }

    byte[] bytes() {
        Headers.Builder headers = Headers.builder()
                .add("node", node)
                .add("life", Long.toString(life))
                .add("version", version)
                .add("connections", Integer.toString(connections))
                .add("since", Long.toString(since))
                .add("state", state.name())
                .add("last", Boolean.toString(isLast));
        settings.forEach((key, fingerprint) -> headers.add(SETTING + key, fingerprint));
        consumers.forEach((queue, count) -> headers.add(CONSUMERS + queue, Integer.toString(count)));
        Headers all = headers.build();
        ByteBuffer out = ByteBuffer.allocate(HeaderBytes.size(all));
        HeaderBytes.write(all, out);
        return out.array();
    }

    /**
     * Reads what {@link #bytes} has made.
     *
     * @throws IllegalArgumentException when it is something else
     */
    static Announcement read(byte[] bytes) {
        try {
            Headers headers = HeaderBytes.read(ByteBuffer.wrap(bytes));
            Map<String, String> settings = new TreeMap<>();
            Map<String, Integer> consumers = new TreeMap<>();
            for (int i = 0; i < headers.size(); i++) {
                String name = headers.name(i);
                if (name.startsWith(SETTING)) {
                    settings.put(name.substring(SETTING.length()), headers.value(i));
                } else if (name.startsWith(CONSUMERS)) {
                    consumers.put(name.substring(CONSUMERS.length()), Integer.parseInt(headers.value(i)));
                }
            }
            return new Announcement(
                    text(headers, "node"),
                    Long.parseLong(text(headers, "life")),
                    text(headers, "version"),
                    Integer.parseInt(text(headers, "connections")),
                    Long.parseLong(text(headers, "since")),
                    NodeStatus.State.valueOf(text(headers, "state")),
                    Boolean.parseBoolean(text(headers, "last")),
                    settings,
                    consumers);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("the end of an announcement is missing", e);
        }
    }

    private static String text(Headers headers, String name) {
        String value = headers.get(name);
        if (value == null) {
            throw new IllegalArgumentException("an announcement has no " + name);
        }
        return value;
    }

    /** Whether this node was there first; of two it is one alone. */
    boolean isOlderThan(Announcement other) {
        return since != other.since ? since < other.since : life < other.life;
    }

    /** Why this node and another can't be in one cluster; empty: they can. */
    Optional<String> conflict(Announcement other) {
        if (node.equals(other.node)) {
            return Optional.of("another node is called " + node + " too; start this one again");
        }
        for (Map.Entry<String, String> each : settings.entrySet()) {
            String theirs = other.settings.get(each.getKey());
            if (theirs != null && !theirs.equals(each.getValue())) {
                return Optional.of(each.getKey() + " differs from that of node " + other.node
                        + "; the nodes of a cluster must have it alike");
            }
        }
        return Optional.empty();
    }

    /** What operators see. */
    public NodeStatus status(boolean self) {
        return new NodeStatus(node, version, connections, since, state, self);
    }
}
