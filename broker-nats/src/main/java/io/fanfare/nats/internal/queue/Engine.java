package io.fanfare.nats.internal.queue;

import io.fanfare.backplane.QueueLimits;
import io.fanfare.nats.options.NatsOptions;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamOptions;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ClusterInfo;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.ServerInfo;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the streams of shared queues and asks about them. Its calls wait for the engine: one thread calls, and no loop. */
class Engine {

    /** The durable consumer of each stream. */
    static final String CONSUMER = "fanfare";

    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    /** The engine takes repeats for new messages after this time at the earliest: retries must be over before. */
    private static final Duration MIN_WINDOW = Duration.ofMinutes(2);

    private static final int STREAM_NAME_IN_USE = 10058;
    private static final int FEWEST_OUT = 1000;

    private final Link link;
    private final NatsOptions options;
    private final QueueLimits limits;

    /**
     * A stream as the engine has it.
     *
     * @param created when it was made; another time is another stream of the same name
     * @param lastSequence of a message in it
     * @param aloneAt the {@linkplain Link#serverId id} of the server that is in no cluster and keeps it; empty: several may keep it
     */
    record Stream(Instant created, long lastSequence, String aloneAt) {}

    Engine(Link link, NatsOptions options, QueueLimits limits) {
        this.link = link;
        this.options = options;
        this.limits = limits;
    }

    /**
     * Makes sure that a queue's stream and its consumer are there.
     *
     * @param address of the queue, which the stream's description says
     * @throws IOException when the engine does not answer
     * @throws JetStreamApiException when it refuses
     */
    Stream ensure(StreamName name, String address) throws IOException, JetStreamApiException {
        ServerInfo server = link.connection().getServerInfo();
        JetStreamManagement management = management();
        StreamInfo info = stream(management, name, address);
        management.addOrUpdateConsumer(
                name.stream(),
                ConsumerConfiguration.builder()
                        .durable(CONSUMER)
                        .ackPolicy(AckPolicy.Explicit)
                        .ackWait(options.ackWait())
                        .maxAckPending(Math.max(FEWEST_OUT, limits.messages()))
                        .build());
        return new Stream(
                info.getCreateTime().toInstant(),
                info.getStreamState().getLastSequence(),
                aloneAt(server, info.getClusterInfo()));
    }

    /**
     * A server in no cluster that has JetStream keeps its streams itself; one without has another server keep them. Of such a
     * stream nothing is said, or, by newer servers, that this one leads it.
     */
    private static String aloneAt(ServerInfo server, @Nullable ClusterInfo of) {
        boolean isAlone = isEmpty(server.getCluster())
                && server.isJetStreamAvailable()
                && (of == null
                        || (isEmpty(of.getName()) && server.getServerName().equals(of.getLeader())));
        return isAlone ? server.getServerId() : "";
    }

    private static boolean isEmpty(@Nullable String text) {
        return text == null || text.isEmpty();
    }

    private StreamInfo stream(JetStreamManagement management, StreamName name, String address)
            throws IOException, JetStreamApiException {
        StreamConfiguration wanted = StreamConfiguration.builder()
                .name(name.stream())
                .description(address)
                .subjects(name.subject())
                .retentionPolicy(RetentionPolicy.WorkQueue)
                .discardPolicy(DiscardPolicy.New)
                .storageType(StorageType.File)
                .replicas(options.effectiveReplicas())
                .maxMessages(limits.messages())
                .maxBytes(limits.bytes())
                .duplicateWindow(limits.dedupWindow().compareTo(MIN_WINDOW) > 0 ? limits.dedupWindow() : MIN_WINDOW)
                .build();
        try {
            return management.addStream(wanted);
        } catch (JetStreamApiException e) {
            if (e.getApiErrorCode() != STREAM_NAME_IN_USE) {
                throw e;
            }
            return update(management, wanted);
        }
    }

    /** The limits have been changed since it was made; where the engine refuses that, the old ones stay. */
    private static StreamInfo update(JetStreamManagement management, StreamConfiguration wanted)
            throws IOException, JetStreamApiException {
        try {
            return management.updateStream(wanted);
        } catch (JetStreamApiException e) {
            LOG.warn("stream {} keeps its old configuration: {}", wanted.getName(), e.getErrorDescription());
            return management.getStreamInfo(wanted.getName());
        }
    }

    /** The server's own id, another one after each start. */
    String serverId() throws IOException {
        return String.valueOf(link.connection().getServerInfo().getServerId());
    }

    /** Asks the engine, with a limit of time. */
    JetStreamManagement management() throws IOException {
        return link.connection()
                .jetStreamManagement(
                        JetStreamOptions.builder().requestTimeout(TIMEOUT).build());
    }
}
