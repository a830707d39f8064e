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
import java.util.function.IntSupplier;

/**
 * What a work-queue stream takes, and what can be pulled from it and acknowledged: each alone, by one connection of jnats, and both at
 * once, by two.
 */
final class RawStream {

    private static final String NAME = "rawqueue";
    private static final int BATCH = 256;

    private RawStream() {}

    /** Messages a second: appended with so many unconfirmed, then those pulled and acknowledged; then both at the same time. */
    static List<Double> rates(List<String> servers, int outstanding, Duration time)
            throws IOException, InterruptedException, JetStreamApiException {
        try (Connection connection = Nats.connect(String.join(",", servers));
                Connection puller = Nats.connect(String.join(",", servers))) {
            makeStream(connection, servers.size());
            long start = System.nanoTime();
            int count = append(connection.jetStream(), outstanding, start + time.toNanos());
            double appended = count * 1e9 / (System.nanoTime() - start);
            start = System.nanoTime();
            pull(connection, () -> count);
            double pulled = count * 1e9 / (System.nanoTime() - start);
            connection.jetStreamManagement().deleteStream(NAME);
            makeStream(connection, servers.size());
            double both = both(connection, puller, outstanding, time);
            connection.jetStreamManagement().deleteStream(NAME);
            return List.of(appended, pulled, both);
        }
    }

    private static void makeStream(Connection connection, int replicas) throws IOException, JetStreamApiException {
        connection
                .jetStreamManagement()
                .addStream(StreamConfiguration.builder()
                        .name(NAME)
                        .subjects(NAME)
                        .retentionPolicy(RetentionPolicy.WorkQueue)
                        .storageType(StorageType.File)
                        .replicas(replicas)
                        .build());
    }

    /** Appends while another connection pulls; until all is acknowledged. */
    private static double both(Connection connection, Connection puller, int outstanding, Duration time)
            throws IOException, JetStreamApiException, InterruptedException {
        long start = System.nanoTime();
        JetStream streams = connection.jetStream();
        CompletableFuture<Integer> appending =
                CompletableFuture.supplyAsync(() -> append(streams, outstanding, start + time.toNanos()));
        int count = pull(puller, () -> appending.isDone() ? appending.join() : Integer.MAX_VALUE);
        return count * 1e9 / (System.nanoTime() - start);
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

    /** @param most when so many have been acknowledged it ends; it may know that late */
    private static int pull(Connection connection, IntSupplier most)
            throws IOException, JetStreamApiException, InterruptedException {
        JetStreamSubscription subscription = connection
                .jetStream()
                .subscribe(
                        NAME, PullSubscribeOptions.builder().durable("puller").build());
        int count = 0;
        // one batch is on its way while another is acknowledged
        subscription.pull(BATCH);
        int asked = BATCH;
        while (count < most.getAsInt()) {
            if (asked <= BATCH / 2) {
                subscription.pull(BATCH);
                asked += BATCH;
            }
            Message message = subscription.nextMessage(Duration.ofMillis(100));
            if (message != null && message.isJetStream()) {
                message.ack();
                count++;
                asked--;
            }
        }
        Flush.of(connection);
        return count;
    }
}
