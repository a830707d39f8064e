package io.fanfare.nats.internal.kept;

import io.fanfare.nats.internal.connect.StreamLife;
import io.fanfare.nats.options.NatsOptions;
import io.fanfare.options.TopicRule;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The stream of a rule, in NATS. */
final class KeptStream implements ReadStream {

    private static final Logger LOG = LoggerFactory.getLogger("io.fanfare.nats");

    /** JetStream is starting, or has no leader just now. */
    private static final int UNAVAILABLE = 503;

    /** Fewer servers know each other than are to have it, as when they have just been started, or they have no room. */
    private static final int NO_PEERS = 10005;

    private static final int NO_JETSTREAM = 10039;
    private static final int NO_JETSTREAM_HERE = 10076;
    private static final String CLEARING = ".clear";

    private final NatsOptions options;
    private final TopicRule rule;
    private final String name;
    private final String prefix;

    KeptStream(NatsOptions options, TopicRule rule) {
        this.options = options;
        this.rule = rule;
        this.name = StreamSettings.name(options, rule);
        this.prefix = StreamSettings.prefix(options, rule);
    }

    TopicRule rule() {
        return rule;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int replicas() {
        return options.effectiveReplicas();
    }

    @Override
    public String subjects() {
        return prefix + "*.*";
    }

    /**
     * The subject of a message.
     *
     * @param key of the last value that it sets or takes away; null: none, so that it takes no value's place
     */
    String subject(String topic, @Nullable String key) {
        return prefix + SubjectTokens.token(topic) + "." + (key == null ? "-" : "k" + SubjectTokens.token(key));
    }

    /** All subjects of a topic. */
    String subjects(String topic) {
        return prefix + SubjectTokens.token(topic) + ".*";
    }

    /** The subject of the mark behind which a topic keeps nothing of what was in front of it. No key of a value is like it. */
    String clearing(String topic) {
        return prefix + SubjectTokens.token(topic) + CLEARING;
    }

    /** Whether a message is such a mark. */
    static boolean isClearing(String subject) {
        return subject.endsWith(CLEARING);
    }

    @Override
    public StreamInfo open(JetStreamManagement streams) throws IOException {
        try {
            StreamInfo found = ReadStream.find(streams, name);
            if (found == null) {
                found = make(streams);
            }
            StreamConfiguration there = found.getConfiguration();
            if (!StreamSettings.isOurs(there, options, rule)) {
                throw new IllegalStateException("the stream " + name + " in NATS is not the one of " + rule.match()
                        + " in topics: it has other subjects, another storage or another description; delete it, or take"
                        + " another cluster.name");
            }
            if (StreamSettings.isCurrent(there, options, rule)) {
                return found;
            }
            LOG.info("kept topics={} stream={} gets other limits", rule.match(), name);
            return streams.updateStream(StreamSettings.follow(found, options, rule));
        } catch (JetStreamApiException e) {
            throw refused(e);
        }
    }

    private StreamInfo make(JetStreamManagement streams) throws IOException, JetStreamApiException {
        try {
            StreamInfo made = streams.addStream(StreamSettings.of(options, rule));
            LOG.info("kept topics={} stream={} made", rule.match(), name);
            return made;
        } catch (JetStreamApiException e) {
            StreamInfo other = StreamLife.isOther(e) ? ReadStream.find(streams, name) : null;
            if (other == null) {
                throw e;
            }
            return other;
        }
    }

    private IOException refused(JetStreamApiException why) {
        if (why.getApiErrorCode() == NO_JETSTREAM || why.getApiErrorCode() == NO_JETSTREAM_HERE) {
            throw new IllegalStateException(
                    "topics that keep messages (" + rule.match()
                            + " in topics) need JetStream, which the NATS servers have not"
                            + " enabled for this account",
                    why);
        }
        if (why.getErrorCode() == UNAVAILABLE) {
            return new IOException("the stream " + name + " is not available: " + why.getErrorDescription(), why);
        }
        String all =
                "the stream " + name + " of " + rule.match() + " in topics can't be made or changed (cluster.replicas "
                        + options.effectiveReplicas() + ", cluster.kept_bytes "
                        + options.kept().bytes() + "): "
                        + why.getErrorDescription();
        if (why.getApiErrorCode() == NO_PEERS) {
            return new IOException(
                    all + "; too few NATS servers know each other yet, or they have too little room", why);
        }
        throw new IllegalStateException(all, why);
    }
}
