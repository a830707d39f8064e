package io.fanfare.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.nats.testing.Cluster;
import io.fanfare.options.TopicRule;
import io.fanfare.testing.Received;
import io.fanfare.testing.StompSocket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Subscriptions that leave out their own connection's messages ({@code no-local}), to topics that two nodes keep. */
class NoLocalIT {

    private static final String TOPIC = "/topic/room.a";

    private Cluster cluster;

    @BeforeEach
    void twoNodes(@TempDir Path directory) {
        cluster = Cluster.keeping(
                directory,
                List.of(TopicRule.of("/topic/room.#").retainByKey("k").history(100)));
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private StompSocket client(int node, String name) {
        return cluster.client(cluster.node(node), "client-id:" + name + "\n");
    }

    private static Received subscribes(StompSocket client, String headers) {
        client.sends("SUBSCRIBE\nid:0\nno-local:true\ndestination:" + TOPIC + "\nreceipt:s\n" + headers + "\n^@");
        return client.next();
    }

    @Test
    void ownMessagesStayAwayAndThoseOfOthersAtAnyNodeCome() {
        StompSocket alice = client(0, "alice");
        StompSocket bob = client(0, "bob");
        StompSocket carol = client(1, "carol");
        subscribes(alice, "");
        for (int i = 0; i < 10; i++) {
            Cluster.publishes(alice, TOPIC, "alice" + i);
            Cluster.publishes(bob, TOPIC, "bob" + i);
            alice.gotMessage("bob" + i);
            Cluster.publishes(carol, TOPIC, "carol" + i);
            alice.gotMessage("carol" + i);
        }
        alice.gotNothing();
    }

    @Test
    void ownMessagesStayAwayFromAReplayAndFromASnapshotUntilTheNextConnection() {
        StompSocket alice = client(0, "alice");
        Cluster.publishes(alice, TOPIC + "\nk:1", "alice");
        Cluster.publishes(client(0, "bob"), TOPIC + "\nk:2", "bob");
        subscribes(alice, "from:first\n");
        alice.gotMessage("bob");
        alice.gotNothing();
        alice.sends("UNSUBSCRIBE\nid:0\n\n^@");
        subscribes(alice, "");
        alice.gotMessage("bob");
        alice.gotNothing();
        for (int node = 0; node < 2; node++) {
            StompSocket again = client(node, "alice");
            subscribes(again, "from:first\n");
            again.gotMessage("alice");
            again.gotMessage("bob");
            again.close();
        }
    }

    @Test
    void aDurableSubscriptionLeavesOutTheMessagesOfTheConnectionThatHasIt() {
        String durable = "durable:true\nack:client-individual\n";
        StompSocket alice = client(0, "alice");
        StompSocket bob = client(1, "bob");
        assertThat(subscribes(alice, durable).find("recovered")).isNull();
        Cluster.publishes(alice, TOPIC, "own");
        Cluster.publishes(bob, TOPIC, "1");
        Received first = alice.gotMessage("1");
        alice.sends("ACK\nid:" + first.header("ack") + "\nreceipt:a\n\n^@").got("RECEIPT\nreceipt-id:a\n\n^@");
        alice.close();
        Cluster.publishes(bob, TOPIC, "2");
        StompSocket again = client(1, "alice");
        Received receipt = subscribes(again, durable);
        assertThat(receipt.header("recovered")).as("%s", receipt).isEqualTo("true");
        again.gotMessage("2");
        Cluster.publishes(again, TOPIC, "own again");
        Cluster.publishes(bob, TOPIC, "3");
        again.gotMessage("3");
        again.gotNothing();
    }

    @Test
    void aDurableSubscriptionThatDoesWithoutNoLocalBeginsAnew() {
        StompSocket alice = client(0, "alice");
        subscribes(alice, "durable:true\n");
        alice.close();
        Cluster.publishes(client(0, "bob"), TOPIC, "1");
        StompSocket again = client(0, "alice");
        again.sends("SUBSCRIBE\nid:0\ndestination:" + TOPIC + "\nreceipt:s\ndurable:true\n\n^@");
        Received receipt = again.next();
        assertThat(receipt.find("recovered")).as("%s", receipt).isNull();
        again.gotNothing();
    }
}
