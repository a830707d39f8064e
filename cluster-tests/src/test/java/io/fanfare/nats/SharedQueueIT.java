package io.fanfare.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.nats.testing.Cluster;
import io.fanfare.nats.testing.NatsServers;
import io.fanfare.testing.Received;
import io.fanfare.testing.StompSocket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shared queues of a whole cluster. */
class SharedQueueIT {

    @Test
    void aNodeThatIsClosedLeavesItsMessagesToTheOthersAndAQueueElsewhereIsRefused(@TempDir Path directory) {
        try (NatsServers nats = NatsServers.withJetStream(directory, 1);
                Cluster cluster = new Cluster()) {
            for (int i = 0; i < 2; i++) {
                cluster.add(
                        Cluster.patient(nats).sharedQueues(List.of("/queue/orders.#")),
                        broker -> broker.queues(q -> q.maxQueueBytes(1 << 20)));
            }
            cluster.awaitAll();
            StompSocket bob = cluster.client(0);
            bob.subscribes("id:0\nack:client\ndestination:/queue/orders.eu");
            Cluster.publishes(cluster.client(1), "/queue/orders.eu", "a");
            bob.gotMessage("a");
            StompSocket carol = cluster.client(1);
            carol.subscribes("id:0\nack:client\ndestination:/queue/orders.eu");
            cluster.stop(0);
            Received again = carol.gotMessage("a");
            assertThat(again.headers()).contains("redelivered:true", "delivery-count:2");
            carol.sends("ACK\nid:" + again.header("ack") + "\nreceipt:r\n\n^@").got("RECEIPT\nreceipt-id:r\n\n^@");
            carol.sends("SEND\ndestination:/queue/mine\n\n^@")
                    .gotError(1002, "queue not shared", "/queue/mine", "queues.shared");
        }
    }
}
