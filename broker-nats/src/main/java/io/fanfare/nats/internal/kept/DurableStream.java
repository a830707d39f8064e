package io.fanfare.nats.internal.kept;

import io.fanfare.backplane.DurableKey;
import io.fanfare.nats.internal.connect.StreamLife;
import io.fanfare.nats.options.NatsOptions;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import java.io.IOException;
import java.time.Duration;

/** The stream of all durable subscriptions. Calls that wait for NATS say so by their exceptions. */
final class DurableStream implements ReadStream {

    private static final long MAX_BYTES = 64L << 20;
    private static final Duration DUPLICATES = Duration.ofMinutes(2);

    private final NatsOptions options;
    private final Duration expiry;
    private final String name;
    private final String prefix;

    /**
     * Not there yet.
     *
     * @param expiry how long a durable subscription is kept without its client
     */
    DurableStream(NatsOptions options, Duration expiry) {
        this.options = options;
        this.expiry = expiry;
        this.name = "fanfare-" + options.name() + "-durables";
        this.prefix = "fanfare." + options.name() + ".durables.";
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String subjects() {
        return prefix + "*.*";
    }

    @Override
    public int replicas() {
        return options.effectiveReplicas();
    }

    /** Where a record is kept until the next one of the same claim, or the next claim or end of the same key, comes. */
    String subject(DurableRecord record) {
        return prefix + token(record.key()) + "."
                + (record.kind() == DurableRecord.Kind.SAVE ? record.claim() : "head");
    }

    private static String token(DurableKey key) {
        return SubjectTokens.hash(
                key.user().length() + ":" + key.user() + key.clientId().length() + ":" + key.clientId() + key.name());
    }

    @Override
    public StreamInfo open(JetStreamManagement streams) throws IOException {
        StreamConfiguration wanted = StreamConfiguration.builder()
                .name(name)
                .description(StreamLife.describe("Fanfare, durable subscriptions"))
                .subjects(subjects())
                .retentionPolicy(RetentionPolicy.Limits)
                .discardPolicy(DiscardPolicy.New)
                .storageType(StorageType.File)
                .replicas(options.effectiveReplicas())
                .maxMessagesPerSubject(1)
                .maxBytes(MAX_BYTES)
                // records that nothing follows go with what they are about
                .maxAge(expiry)
                .duplicateWindow(expiry.compareTo(DUPLICATES) < 0 ? expiry : DUPLICATES)
                .build();
        try {
            StreamInfo found = ReadStream.find(streams, name);
            if (found == null) {
                // made by another node meanwhile, it is found the next time
                return streams.addStream(wanted);
            }
            StreamConfiguration there = found.getConfiguration();
            boolean isCurrent = there.getReplicas() == wanted.getReplicas()
                    && there.getMaxAge().equals(wanted.getMaxAge())
                    && there.getMaxBytes() == wanted.getMaxBytes();
            return isCurrent
                    ? found
                    : streams.updateStream(StreamConfiguration.builder(wanted)
                            .description(there.getDescription())
                            .build());
        } catch (JetStreamApiException e) {
            throw new IOException("the stream " + name + " is not available: " + e.getErrorDescription(), e);
        }
    }

    /**
     * Throws away a record that is of no use any more. One by one: a purge of subjects has nats-server 2.9 skip, for all consumers, what they have not read.
     *
     * @throws IOException when NATS does not answer, or can't do it just now
     */
    void forget(JetStreamManagement streams, long sequence) throws IOException {
        try {
            streams.deleteMessage(name, sequence, false);
        } catch (JetStreamApiException e) {
            throw new IOException(e.getErrorDescription(), e);
        }
    }
}
