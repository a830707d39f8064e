package io.fanfare.cli.config;

import static io.fanfare.cli.config.Setting.Group.CLUSTER;

import io.fanfare.cli.config.ValueTypes.Count;
import io.fanfare.cli.config.ValueTypes.FilePath;
import io.fanfare.cli.config.ValueTypes.Flag;
import io.fanfare.cli.config.ValueTypes.ListOf;
import io.fanfare.cli.config.ValueTypes.Size;
import io.fanfare.cli.config.ValueTypes.Text;
import io.fanfare.cli.config.ValueTypes.Time;
import io.fanfare.nats.options.NatsAccess;
import io.fanfare.nats.options.NatsOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Several nodes on NATS: the keys of {@code cluster}, and those of {@code queues} that are about shared ones. */
final class ClusterSettings {

    /** The key that switches it on. */
    static final String NATS = "cluster.nats";

    static final List<Setting<?>> ALL = List.of(
            CLUSTER.option(
                    NATS,
                    new ListOf<>(new Text("a URL such as nats://host:4222", "[^\\s\\p{Cntrl},]{1,255}")),
                    "NATS servers that join this node to others, nats://host:4222 or tls://...; none: it is the only one.",
                    NatsOptions::shownServers,
                    NatsOptions.Builder::servers),
            CLUSTER.option(
                    "cluster.name",
                    new Text("1 to 32 letters, digits, - and _", "[A-Za-z0-9_-]{1,32}"),
                    "Nodes of one name belong together; others on the same servers do not.",
                    NatsOptions::name,
                    NatsOptions.Builder::name),
            access(
                    "cluster.credentials",
                    new FilePath(true),
                    "Credentials file of this node for NATS, with a JWT and its seed.",
                    access -> Optional.ofNullable(access.credentials()),
                    (access, file) -> access.withCredentials(file.orElse(null))),
            access(
                    "cluster.tls_ca",
                    new FilePath(false),
                    "PEM file with the authorities of the NATS servers' certificates; off: those of the JVM.",
                    access -> Optional.ofNullable(access.authorities()),
                    (access, file) -> access.withAuthorities(file.orElse(null))),
            access(
                    "cluster.tls_certificate",
                    new FilePath(false),
                    "PEM file with this node's certificate for NATS and its chain.",
                    access -> Optional.ofNullable(access.certificate()),
                    (access, file) -> access.withCertificate(file.orElse(null), access.key())),
            access(
                    "cluster.tls_key",
                    new FilePath(true),
                    "PEM file with the private key of that certificate, without a passphrase.",
                    access -> Optional.ofNullable(access.key()),
                    (access, file) -> access.withCertificate(access.certificate(), file.orElse(null))),
            access(
                    "cluster.allow_insecure",
                    new Flag(),
                    "Whether NATS servers elsewhere than on loopback may do without TLS or a login.",
                    NatsAccess::allowInsecure,
                    NatsAccess::withAllowInsecure),
            CLUSTER.option(
                    "cluster.ping_interval",
                    new Time(Duration.ofMillis(100), Duration.ofMinutes(10)),
                    "How often a silent NATS server is asked; one that does not answer twice is left for another.",
                    NatsOptions::pingInterval,
                    NatsOptions.Builder::pingInterval),
            CLUSTER.option(
                    "cluster.isolation_grace",
                    new Time(Duration.ZERO, Duration.ofDays(1)),
                    "How long a node without any NATS server keeps its clients; then they are sent elsewhere (1012).",
                    NatsOptions::isolationGrace,
                    NatsOptions.Builder::isolationGrace),
            CLUSTER.option(
                    "cluster.replicas",
                    new Count(0, 5),
                    "How many NATS servers keep a stream; 0: three where three or more are named, else one.",
                    NatsOptions::replicas,
                    NatsOptions.Builder::replicas),
            CLUSTER.option(
                    "cluster.kept_bytes",
                    new Size(1 << 20, Long.MAX_VALUE),
                    "Bytes that the stream of one rule of topics may take on a NATS server.",
                    options -> options.kept().bytes(),
                    NatsOptions.Builder::keptBytes),
            CLUSTER.option(
                    "cluster.append_timeout",
                    new Time(Duration.ofSeconds(1), Duration.ofSeconds(100)),
                    "How long a message to a topic that keeps messages may wait until NATS has it; then it is refused.",
                    options -> options.kept().appendTimeout(),
                    NatsOptions.Builder::appendTimeout));

    /** Of the section {@code queues}. */
    static final List<Setting<?>> QUEUES = List.of(
            CLUSTER.option(
                    "queues.shared",
                    new ListOf<>(new Text("a pattern such as /queue/orders.#", "/queue/[^\\s\\p{Cntrl},]{1,255}")),
                    "Queues that all nodes share and NATS keeps, such as '/queue/orders.#'; they need cluster.nats.",
                    NatsOptions::sharedQueues,
                    NatsOptions.Builder::sharedQueues),
            CLUSTER.option(
                    "queues.ack_wait",
                    new Time(Duration.ofSeconds(1), Duration.ofDays(1)),
                    "Time after which a shared queue's message goes to another node when its own is gone.",
                    NatsOptions::ackWait,
                    NatsOptions.Builder::ackWait));

    private ClusterSettings() {}

    private static <T> Setting<T> access(
            String key,
            Type<T> type,
            String comment,
            Function<NatsAccess, T> get,
            BiFunction<NatsAccess, T, NatsAccess> with) {
        return CLUSTER.option(
                key,
                type,
                comment,
                options -> get.apply(options.access()),
                (builder, value) -> builder.access(with.apply(builder.build().access(), value)));
    }
}
