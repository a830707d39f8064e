package io.fanfare.nats.numbers;

import io.fanfare.nats.internal.connect.Flush;
import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.api.PublishAck;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What a work-queue stream takes, and what can be pulled from it and acknowledged: each alone, by one connection of jnats. */
final class RawStream {

    private static final String NAME = "rawqueue";
    private static final int BATCH = 256;

    private RawStream() {}

    /** Messages a second: appended with so many unconfirmed, then those pulled and acknowledged. */
    static List<Double> rates(List<String> servers, int outstanding, Duration time)
            throws IOException, InterruptedException, JetStreamApiException {
        try (Connection connection = Nats.connect(String.join(",", servers))) {
            connection
                    .jetStreamManagement()
                    .addStream(StreamConfiguration.builder()
                            .name(NAME)
                            .subjects(NAME)
                            .retentionPolicy(RetentionPolicy.WorkQueue)
                            .storageType(StorageType.File)
                            .replicas(servers.size())
                            .build());
            long start = System.nanoTime();
            int count = append(connection.jetStream(), outstanding, start + time.toNanos());
            double appended = count * 1e9 / (System.nanoTime() - start);
            start = System.nanoTime();
            pull(connection, count);
            double pulled = count * 1e9 / (System.nanoTime() - start);
            connection.jetStreamManagement().deleteStream(NAME);
            return List.of(appended, pulled);
        }
    }

    private static int append(JetStream streams, int outstanding, long end) {
        byte[] body = new byte[ClusterNumbers.BODY_BYTES];
        ArrayDeque<CompletableFuture<PublishAck>> waiting = new ArrayDeque<>();
        int count = 0;
        while (System.nanoTime() < end) {
            while (waiting.size() < outstanding) {
                waiting.add(streams.publishAsync(NAME, body));
            }
            waiting.remove().join();
            count++;
        }
        while (!waiting.isEmpty()) {
            waiting.remove().join();
            count++;
        }
        return count;
    }

    private static void pull(Connection connection, int count)
            throws IOException, JetStreamApiException, InterruptedException {
        JetStreamSubscription subscription = connection
                .jetStream()
                .subscribe(
                        NAME, PullSubscribeOptions.builder().durable("puller").build());
        int left = count;
        // one batch is on its way while another is acknowledged
        subscription.pull(BATCH);
        int asked = BATCH;
        while (left > 0) {
            if (asked <= BATCH / 2) {
                subscription.pull(BATCH);
                asked += BATCH;
            }
            Message message = subscription.nextMessage(Duration.ofSeconds(10));
            if (message == null) {
                throw new IOException("no message has come for 10 s, of " + left);
            }
            if (message.isJetStream()) {
                message.ack();
                left--;
                asked--;
            }
        }
        Flush.of(connection);
    }
}
