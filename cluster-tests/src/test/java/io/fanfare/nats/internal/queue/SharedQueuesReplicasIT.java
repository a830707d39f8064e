package io.fanfare.nats.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.message.Destination;
import io.fanfare.nats.options.NatsOptions;
import io.fanfare.nats.testing.JetStreamQuestion;
import io.fanfare.nats.testing.NatsServers;
import io.fanfare.testing.Await;
import io.fanfare.testing.Received;
import io.fanfare.testing.StompSocket;
import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.api.ClusterInfo;
import io.nats.client.api.ConsumerInfo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shared queues on three NATS servers, one of which dies; the node's own one lives. */
class SharedQueuesReplicasIT {

    private final List<AutoCloseable> open = new ArrayList<>();
    private NatsServers nats;
    private int leader;
    private QueueNode node;

    @BeforeEach
    void aNodeAtAServerThatDoesNotLead(@TempDir Path directory) throws Exception {
        nats = NatsServers.withJetStream(directory, 3);
        open.add(nats);
        client(node(0)).publishes("/queue/a", "1");
        leader = leader(0);
        node = node((leader + 1) % 3);
    }

    @AfterEach
    void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private QueueNode node(int server) {
        NatsOptions options = NatsOptions.builder(nats.url(server))
                .replicas(3)
                .sharedQueues(List.of("/queue/#"))
                .pingInterval(Duration.ofSeconds(20))
                .build();
        QueueNode made =
                new QueueNode(options, Duration.ofMinutes(1), broker -> broker.queues(q -> q.maxQueueBytes(10 << 20)));
        open.add(made);
        return made;
    }

    private StompSocket client(QueueNode of) {
        StompSocket client = of.client();
        open.add(client);
        return client;
    }

    private int leader(int by) throws Exception {
        String stream = StreamName.of("fanfare", Destination.queue("a")).stream();
        // it is made behind the stream, which is all that a SEND waits for
        Await.until(
                "the consumer has a leader",
                () -> JetStreamQuestion.holds(List.of(nats.url(by)), management -> {
                    ClusterInfo servers =
                            management.getConsumerInfo(stream, Engine.CONSUMER).getClusterInfo();
                    return servers != null && servers.getLeader() != null;
                }));
        try (Connection connection = Nats.connect(nats.url(by))) {
            ConsumerInfo info = connection.jetStreamManagement().getConsumerInfo(stream, Engine.CONSUMER);
            return Integer.parseInt(info.getClusterInfo().getLeader().substring(1));
        }
    }

    @Test
    void whatWasThereWhenTheLeaderDiedMayHaveBeenDeliveredByIt() throws Exception {
        StompSocket alice = client(node);
        StompSocket bob =
                client(node).subscribes("id:0\nack:client-individual\nprefetch-count:1\ndestination:/queue/a");
        Received first = bob.gotMessage("1");
        alice.publishes("/queue/a", "2");
        nats.kill(leader);
        bob.sends("ACK\nid:" + first.header("ack") + "\n\n^@");
        Received second = bob.gotMessage("2");
        assertThat(second.headers()).contains("redelivered:true", "delivery-count:2");
    }
}
