package io.fanfare.nats.numbers;

import io.fanfare.nats.testing.NatsServers;
import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.Nats;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How long one message takes into a stream and its confirmation back, one at a time: as a raw append, and as a SEND with a RECEIPT. */
final class Appending {

    static final String RAW = "raw append";
    static final String KEPT = "SEND to a kept topic";
    static final String QUEUE = "SEND to a shared queue";

    private static final int MESSAGES_EACH = 200;
    private static final String BODY = "x".repeat(ClusterNumbers.BODY_BYTES);
    private static final byte[] BYTES = new byte[ClusterNumbers.BODY_BYTES];

    private Appending() {}

    /** One append. */
    private interface Act {

        void append() throws IOException, JetStreamApiException;
    }

    /** Medians in microseconds, by what was done; turns of a few hundred messages, at each stream of each kind. */
    static Map<String, Double> round(NatsServers servers, Node node, int turns)
            throws IOException, InterruptedException, JetStreamApiException {
        Map<String, List<Double>> micros = new LinkedHashMap<>();
        try (Connection connection = Nats.connect(String.join(",", servers.urls()));
                StompLine line = StompLine.connect(node.port())) {
            JetStream streams = connection.jetStream();
            for (int stream = 0; stream < Node.STREAMS; stream++) {
                connection
                        .jetStreamManagement()
                        .addStream(stream(stream, servers.urls().size()));
            }
            for (int turn = 0; turn < turns; turn++) {
                for (int stream = 0; stream < Node.STREAMS; stream++) {
                    String subject = subject(stream);
                    String topic = send(Node.topic(stream));
                    String queue = send(Node.queue(stream));
                    measure(micros, RAW, () -> streams.publish(subject, BYTES));
                    measure(micros, KEPT, () -> publish(line, topic));
                    measure(micros, QUEUE, () -> publish(line, queue));
                }
            }
        }
        Map<String, Double> medians = new LinkedHashMap<>();
        micros.forEach((what, all) -> medians.put(what, Rounds.median(all)));
        return medians;
    }

    private static StreamConfiguration stream(int stream, int replicas) {
        return StreamConfiguration.builder()
                .name("raw" + stream)
                .subjects(subject(stream))
                .storageType(StorageType.File)
                .replicas(replicas)
                .build();
    }

    private static String subject(int stream) {
        return "raw." + stream;
    }

    private static String send(String destination) {
        return "SEND\ndestination:" + destination + "\nreceipt:r\n\n" + BODY + "\0";
    }

    private static void publish(StompLine line, String frame) throws IOException {
        line.send(frame);
        line.flush();
        String answer = line.next();
        if (!answer.startsWith("RECEIPT")) {
            throw new IOException("instead of a RECEIPT came " + answer);
        }
    }

    private static void measure(Map<String, List<Double>> micros, String what, Act act)
            throws IOException, JetStreamApiException {
        List<Double> all = micros.computeIfAbsent(what, any -> new ArrayList<>());
        // the first ones wake what has slept
        for (int i = -MESSAGES_EACH / 10; i < MESSAGES_EACH; i++) {
            long start = System.nanoTime();
            act.append();
            if (i >= 0) {
                all.add((System.nanoTime() - start) / 1e3);
            }
        }
    }
}
