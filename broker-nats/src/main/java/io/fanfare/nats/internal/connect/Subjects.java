package io.fanfare.nats.internal.connect;

/** The NATS subjects of one cluster. */
public record Subjects(String cluster, String node) {

    private static final String LIVE = ".live.";

    private String root() {
        return "fanfare." + cluster;
    }

    /** What this node publishes live messages to. */
    public String live() {
        return root() + LIVE + node;
    }

    /** The live messages of all nodes. */
    public String everyLive() {
        return root() + LIVE + "*";
    }

    /** Messages for the connections of one node. */
    public String owner(String owner) {
        return root() + ".node." + owner;
    }

    /** What nodes tell of themselves. */
    public String members() {
        return root() + ".members";
    }

    /** Asks all nodes to tell of themselves at once. */
    public String ask() {
        return root() + ".ask";
    }
}
