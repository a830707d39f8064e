package io.fanfare.nats.options;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Options of a backplane that joins several nodes, and keeps their queues. Each component is described at its method of
 * {@link Builder}.
 */
public record NatsOptions(
        List<String> servers,
        String name,
        NatsAccess access,
        Duration pingInterval,
        Duration isolationGrace,
        int replicas,
        KeptTopicOptions kept,
        List<String> sharedQueues,
        Duration ackWait) {

    /** A token of a NATS subject, and part of the names of streams. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,32}");

    private static final int MAX_SERVERS = 64;

    /** What JetStream has. */
    private static final int MAX_REPLICAS = 5;

    private static final Duration MIN_PING = Duration.ofMillis(100);
    private static final Duration MAX_PING = Duration.ofMinutes(10);

    private static final String QUEUE = "/queue/";
    private static final Duration MIN_ACK_WAIT = Duration.ofSeconds(1);
    private static final Duration MAX_ACK_WAIT = Duration.ofDays(1);

    /**
     * Checks the values; {@link #refusal} checks what belongs together.
     *
     * @throws IllegalArgumentException when one is out of its range; the message names its key
     */
    public NatsOptions {
        servers = servers.stream()
                .map(each -> NatsServer.of(each).url().toString())
                .toList();
        sharedQueues = List.copyOf(sharedQueues);
        NatsCheck.require(
                servers.size() <= MAX_SERVERS,
                "cluster.nats must be at most " + MAX_SERVERS + " servers, not " + servers.size());
        NatsCheck.require(
                NAME.matcher(name).matches(), "cluster.name must be 1 to 32 letters, digits, - and _, not " + name);
        NatsCheck.require(
                pingInterval.compareTo(MIN_PING) >= 0 && pingInterval.compareTo(MAX_PING) <= 0,
                "cluster.ping_interval must be 100 ms to 10 min, not " + pingInterval);
        NatsCheck.require(
                !isolationGrace.isNegative(), "cluster.isolation_grace must be 0 or longer, not " + isolationGrace);
        NatsCheck.require(
                replicas >= 0 && replicas <= MAX_REPLICAS,
                "cluster.replicas must be 1 to " + MAX_REPLICAS + ", or 0 for as many as servers, not " + replicas);
        sharedQueues.forEach(each -> NatsCheck.require(
                each.startsWith(QUEUE) && each.length() > QUEUE.length(),
                "queues.shared must be patterns that begin with " + QUEUE + ", not " + each));
        NatsCheck.require(
                ackWait.compareTo(MIN_ACK_WAIT) >= 0 && ackWait.compareTo(MAX_ACK_WAIT) <= 0,
                "queues.ack_wait must be 1 s to 1 day, not " + ackWait);
    }

    /** Whether there is a server; without one these options ask for nothing. */
    public boolean isOn() {
        return !servers.isEmpty();
    }

    /** Why a node can't start with these options, in a sentence that names the key; empty: it can. */
    public Optional<String> refusal() {
        if (!isOn()) {
            return Optional.of("cluster.nats names no server");
        }
        if ((access.certificate() == null) != (access.key() == null)) {
            return Optional.of("cluster.tls_certificate and cluster.tls_key belong together, and one is missing");
        }
        return servers.stream()
                .map(NatsServer::of)
                .flatMap(each -> insecure(each).stream())
                .findFirst();
    }

    private Optional<String> insecure(NatsServer server) {
        boolean tls = server.isTls() || access.hasTlsFiles();
        boolean login = server.hasLogin() || access.hasLoginFiles();
        if (server.isLoopback() || access.allowInsecure() || (tls && login)) {
            return Optional.empty();
        }
        return Optional.of("cluster.nats: " + server + " is not on loopback and has no "
                + (tls ? "login (cluster.credentials, or a user in the URL)" : "TLS (tls://, or cluster.tls_ca)")
                + "; cluster.allow_insecure allows it");
    }

    /** Whether the connections are made with TLS. */
    public boolean isTls() {
        return access.hasTlsFiles()
                || servers.stream().anyMatch(each -> NatsServer.of(each).isTls());
    }

    /** The servers as the log may show them: without users and passwords. */
    public List<String> shownServers() {
        return servers.stream().map(each -> NatsServer.of(each).toString()).toList();
    }

    /** How many servers keep a stream: what is set, or three where so many servers are named, else one. */
    public int effectiveReplicas() {
        return replicas > 0 ? replicas : servers.size() >= 3 ? 3 : 1;
    }

    /** Options with these servers, {@code nats://host:4222} or {@code tls://host:4222}, and defaults for the rest. */
    public static Builder builder(String... servers) {
        return new Builder().servers(List.of(servers));
    }

    /** Collects values; each has its default until it is set. */
    public static final class Builder {
        private List<String> servers = List.of();
        private String name = "fanfare";
        private NatsAccess access = NatsAccess.OPEN;
        private Duration pingInterval = Duration.ofMillis(300);
        private Duration isolationGrace = Duration.ofSeconds(10);
        private int replicas;
        private KeptTopicOptions kept = KeptTopicOptions.DEFAULT;
        private List<String> sharedQueues = List.of();
        private Duration ackWait = Duration.ofSeconds(30);

        private Builder() {}

        /** The NATS servers, one or more of one NATS cluster, as URLs; a node uses one of them, and another when that is gone. */
        public Builder servers(List<String> value) {
            servers = value;
            return this;
        }

        /** The name of the cluster, {@code fanfare}; nodes of one name belong together, others on the same servers don't. */
        public Builder name(String value) {
            name = value;
            return this;
        }

        /** Login and TLS; none. */
        public Builder access(NatsAccess value) {
            access = value;
            return this;
        }

        /**
         * How often a silent server is asked whether it is there, 300 ms; 100 ms to 10 min. One that has not answered twice is left
         * for another, after three to four times as long.
         */
        public Builder pingInterval(Duration value) {
            pingInterval = value;
            return this;
        }

        /** How long a node without any NATS server keeps its clients, 10 s; then it closes them with 1012. */
        public Builder isolationGrace(Duration value) {
            isolationGrace = value;
            return this;
        }

        /** How many servers keep a stream, 1 to 5; 0, the default: 3 where three servers or more are named, else 1. */
        public Builder replicas(int value) {
            replicas = value;
            return this;
        }

        /**
         * The bytes that the stream of one rule for topics may take on each NATS server that has it, 1 GiB; 1 MiB or more. Last
         * values that would take more are refused; a history lets go of its oldest messages.
         */
        public Builder keptBytes(long value) {
            kept = kept.withBytes(value);
            return this;
        }

        /** How long a message to a topic that keeps messages may wait until it is kept, 30 s; 1 s to 100 s. */
        public Builder appendTimeout(Duration value) {
            kept = kept.withAppendTimeout(value);
            return this;
        }

        /** Patterns of the queues that all nodes share and NATS keeps, such as {@code /queue/orders.#}; none. */
        public Builder sharedQueues(List<String> value) {
            sharedQueues = value;
            return this;
        }

        /** Time after which a shared queue's message goes to another node when its node is gone, 30 s; 1 s to 1 day. */
        public Builder ackWait(Duration value) {
            ackWait = value;
            return this;
        }

        /**
         * The options.
         *
         * @throws IllegalArgumentException as {@link NatsOptions}
         */
        public NatsOptions build() {
            return new NatsOptions(
                    servers, name, access, pingInterval, isolationGrace, replicas, kept, sharedQueues, ackWait);
        }
    }
}
