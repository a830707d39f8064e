package io.fanfare.nats.internal.queue;

import io.fanfare.backplane.QueueLimits;
import io.fanfare.nats.internal.connect.StreamLife;
import io.fanfare.nats.options.NatsOptions;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamOptions;
import io.nats.client.Message;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ApiResponse;
import io.nats.client.api.ClusterInfo;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.ServerInfo;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the streams of shared queues and asks about them. */
class Engine {

    /** The durable consumer of each stream. */
    static final String CONSUMER = "fanfare";

    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    /** The engine takes repeats for new messages after this time at the earliest: retries must be over before. */
    private static final Duration MIN_WINDOW = Duration.ofMinutes(2);

    private static final String API = "$JS.API.";
    private static final int NOT_FOUND = 404;

    /** How long an answer may take; while a stream has no leader there is none. */
    private static final Duration ANSWER = Duration.ofSeconds(1);

    private static final int FEWEST_OUT = 1000;

    private final Link link;
    private final NatsOptions options;
    private final QueueLimits limits;

    /**
     * A stream as the engine has it.
     *
     * @param server the {@linkplain Link#serverId id} of the server that had the connection when the engine was asked
     * @param life {@linkplain StreamLife which} of the streams of its name
     * @param isCertain whether each of its servers says the same of that
     * @param lastSequence of a message in it
     * @param aloneAt the id of the server that is in no cluster and keeps it; empty: several may keep it
     */
    record Stream(String server, String life, boolean isCertain, long lastSequence, String aloneAt) {}

    /**
     * What the engine says of a stream, or of its consumer.
     *
     * @param stream as it is; null: nothing is known, or not asked for
     * @param trouble why nothing is known, as a part of a sentence
     */
    record Look(Kind kind, @Nullable Stream stream, String trouble) {

        enum Kind {
            /** It is there, as it should be. */
            THERE,
            /** It is not, or has other limits. */
            MISSING,
            /** Nobody has said so. */
            UNKNOWN
        }

        private static Look unknown(String why) {
            return new Look(Kind.UNKNOWN, null, why);
        }
    }

    Engine(Link link, NatsOptions options, QueueLimits limits) {
        this.link = link;
        this.options = options;
        this.limits = limits;
    }

    // ---- questions, which wait for nothing: called by the worker
    // ------------------------------------------------------

    /**
     * Asks for a queue's stream. One that is there must not be made once more: servers in a cluster take that for a new
     * life of it, and one that is out of breath then can have all of them delete it.
     */
    void look(StreamName name, String address, Consumer<Look> then) {
        ServerInfo server = link.server();
        ask("STREAM.INFO." + name.stream(), then, answer -> {
            StreamInfo info = new StreamInfo(answer);
            if (info.hasError()) {
                return failed(info);
            }
            if (server == null || !hasLimits(info.getConfiguration(), wanted(name, address))) {
                return new Look(Look.Kind.MISSING, null, "");
            }
            return new Look(Look.Kind.THERE, stream(info, server), "");
        });
    }

    /** Asks for the consumer of a stream. */
    void lookForConsumer(StreamName name, Consumer<Look> then) {
        ask("CONSUMER.INFO." + name.stream() + "." + CONSUMER, then, answer -> {
            ConsumerInfo info = new ConsumerInfo(answer);
            if (info.hasError()) {
                return failed(info);
            }
            return new Look(isWanted(info) ? Look.Kind.THERE : Look.Kind.MISSING, null, "");
        });
    }

    private void ask(String question, Consumer<Look> then, Function<Message, Look> reads) {
        link.call(API + question, new byte[0], ANSWER, answer -> {
            if (answer == null) {
                then.accept(Look.unknown("JetStream does not answer"));
            } else if (answer.isStatusMessage()) {
                then.accept(Look.unknown(String.valueOf(answer.getStatus())));
            } else {
                then.accept(reads.apply(answer));
            }
        });
    }

    private static Look failed(ApiResponse<?> answer) {
        return answer.getErrorCode() == NOT_FOUND
                ? new Look(Look.Kind.MISSING, null, "")
                : Look.unknown(String.valueOf(answer.getDescription()));
    }

    // ---- what waits for the engine
    // ------------------------------------------------------------------------------------

    /**
     * Makes a queue's stream, which is not there, or gives it other limits.
     *
     * @param address of the queue, which the stream's description says
     * @throws IOException when the engine does not answer
     * @throws JetStreamApiException when it refuses
     */
    Stream make(StreamName name, String address) throws IOException, JetStreamApiException {
        ServerInfo server = link.connection().getServerInfo();
        return stream(made(management(), wanted(name, address)), server);
    }

    /** Makes the consumer of a stream, if it is not there, or gives it other limits; fails as {@link #make}. */
    void makeConsumer(StreamName name) throws IOException, JetStreamApiException {
        JetStreamManagement management = management();
        // whoever asked for it before may have waited behind another who has made it
        ConsumerInfo found = find(() -> management.getConsumerInfo(name.stream(), CONSUMER));
        if (found == null || !isWanted(found)) {
            management.addOrUpdateConsumer(name.stream(), consumer());
        }
    }

    private boolean isWanted(ConsumerInfo info) {
        ConsumerConfiguration found = info.getConsumerConfiguration();
        ConsumerConfiguration wanted = consumer();
        return wanted.getAckWait().equals(found.getAckWait()) && wanted.getMaxAckPending() == found.getMaxAckPending();
    }

    private ConsumerConfiguration consumer() {
        return ConsumerConfiguration.builder()
                .durable(CONSUMER)
                .ackPolicy(AckPolicy.Explicit)
                .ackWait(options.ackWait())
                .maxAckPending(Math.max(FEWEST_OUT, limits.messages()))
                .build();
    }

    private static Stream stream(StreamInfo info, ServerInfo server) {
        return new Stream(
                String.valueOf(server.getServerId()),
                StreamLife.of(info),
                StreamLife.isNamed(info.getConfiguration())
                        || info.getConfiguration().getReplicas() == 1,
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

    private StreamConfiguration wanted(StreamName name, String address) {
        return StreamConfiguration.builder()
                .name(name.stream())
                .description(StreamLife.describe(address))
                .subjects(name.subject())
                .retentionPolicy(RetentionPolicy.WorkQueue)
                .discardPolicy(DiscardPolicy.New)
                .storageType(StorageType.File)
                .replicas(options.effectiveReplicas())
                .maxMessages(limits.messages())
                .maxBytes(limits.bytes())
                .duplicateWindow(limits.dedupWindow().compareTo(MIN_WINDOW) > 0 ? limits.dedupWindow() : MIN_WINDOW)
                .build();
    }

    private static boolean hasLimits(StreamConfiguration found, StreamConfiguration wanted) {
        return found.getReplicas() == wanted.getReplicas()
                && found.getMaxMsgs() == wanted.getMaxMsgs()
                && found.getMaxBytes() == wanted.getMaxBytes()
                && found.getDuplicateWindow().equals(wanted.getDuplicateWindow());
    }

    private static StreamInfo made(JetStreamManagement management, StreamConfiguration wanted)
            throws IOException, JetStreamApiException {
        StreamInfo found = find(() -> management.getStreamInfo(wanted.getName()));
        if (found == null) {
            try {
                return management.addStream(wanted);
            } catch (JetStreamApiException e) {
                found = StreamLife.isOther(e) ? find(() -> management.getStreamInfo(wanted.getName())) : null;
                if (found == null) {
                    throw e;
                }
            }
        }
        if (hasLimits(found.getConfiguration(), wanted)) {
            return found;
        }
        try {
            return management.updateStream(StreamConfiguration.builder(wanted)
                    .description(found.getConfiguration().getDescription())
                    .build());
        } catch (JetStreamApiException e) {
            // the limits have been changed since it was made; where the engine refuses that, the old ones stay
            LOG.warn("stream {} keeps its old configuration: {}", wanted.getName(), e.getErrorDescription());
            return found;
        }
    }

    private interface Info<T> {
        T get() throws IOException, JetStreamApiException;
    }

    private static <T> @Nullable T find(Info<T> info) throws IOException, JetStreamApiException {
        try {
            return info.get();
        } catch (JetStreamApiException e) {
            if (e.getErrorCode() == NOT_FOUND) {
                return null;
            }
            throw e;
        }
    }

    /** Asks the engine, with a limit of time. */
    JetStreamManagement management() throws IOException {
        return link.connection()
                .jetStreamManagement(
                        JetStreamOptions.builder().requestTimeout(TIMEOUT).build());
    }
}
