package io.fanfare.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.nats.testing.Cluster;
import io.fanfare.nats.testing.NatsServers;
import io.fanfare.options.TopicRule;
import io.fanfare.server.FanfareServer;
import io.fanfare.status.Page;
import io.fanfare.status.PresenceStatus;
import io.fanfare.status.Selection;
import io.fanfare.testing.Await;
import io.fanfare.testing.Received;
import io.fanfare.testing.StompSocket;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which sessions of all nodes are present at a topic. */
class PresenceIT {

    @TempDir
    private static Path directory;

    private static NatsServers nats;
    private static final Cluster CLUSTER = new Cluster();

    @BeforeAll
    static void start() {
        nats = NatsServers.one(directory);
        add(CLUSTER);
        add(CLUSTER);
        CLUSTER.awaitAll();
    }

    private static void add(Cluster cluster) {
        cluster.add(
                Cluster.patient(nats),
                broker -> broker.topics(topics ->
                        topics.rules(List.of(TopicRule.of("/topic/room.#").withPresence()))));
    }

    @AfterAll
    static void stop() {
        CLUSTER.close();
        nats.close();
    }

    private static StompSocket guest(int node, String user, String room) {
        return CLUSTER.client(CLUSTER.node(node), "login:" + user + "\n")
                .subscribes("id:0\ndestination:/topic/" + room);
    }

    /** The next change that a watcher is told: what, and of whom. */
    private static String told(StompSocket watcher) {
        Received next = watcher.next();
        String user = next.text().replaceAll(".*\"user\":\"([^\"]*)\".*", "$1");
        return next.header("presence") + " " + user;
    }

    private static int present(int node, String room) {
        return presence(CLUSTER.node(node), room).orElseThrow().items().size();
    }

    private static Optional<Page<PresenceStatus>> presence(FanfareServer node, String room) {
        Selection<PresenceStatus> all =
                new Selection<>(each -> true, Comparator.comparing(PresenceStatus::session), 0, 100);
        return node.broker().inspection().presence("/topic/" + room, all);
    }

    @Test
    void sessionsOfOtherNodesComeAndGoAsOwnOnesDo() {
        StompSocket watcher = CLUSTER.client(0);
        watcher.subscribes("id:w\ndestination:/presence/topic/room.a");
        watcher.next();
        StompSocket alice = guest(1, "alice", "room.a");
        assertThat(told(watcher)).isEqualTo("join alice");
        StompSocket bob = guest(0, "bob", "room.a");
        assertThat(told(watcher)).isEqualTo("join bob");
        alice.sends("UNSUBSCRIBE\nid:0\n\n^@");
        assertThat(told(watcher)).isEqualTo("leave alice");
        bob.sends("DISCONNECT\n\n^@");
        assertThat(told(watcher)).isEqualTo("leave bob");
    }

    @Test
    void aNewSubscriberIsToldOfThoseThatAreAtOtherNodes() {
        guest(1, "carol", "room.b");
        Await.until("known", () -> present(0, "room.b") == 1);
        StompSocket watcher = CLUSTER.client(0);
        watcher.subscribes("id:w\ndestination:/presence/topic/room.b");
        assertThat(told(watcher)).isEqualTo("here carol");
    }

    @Test
    void aNodeThatJoinsIsToldOfAllAndOneThatLeavesTakesItsSessionsWithIt() {
        guest(0, "dora", "room.c");
        guest(1, "emil", "room.c");
        try (Cluster more = new Cluster()) {
            add(more);
            // before its first client there is nothing that the node could tell
            more.client(0);
            Await.until(
                    "told",
                    () -> presence(more.node(0), "room.c").orElseThrow().items().size() == 2);
            more.client(more.node(0), "login:fred\n").subscribes("id:0\ndestination:/topic/room.c");
            Await.until("known", () -> present(0, "room.c") == 3 && present(1, "room.c") == 3);
        }
        Await.until("gone", () -> present(0, "room.c") == 2 && present(1, "room.c") == 2);
    }

    @Test
    void aTopicWithoutPresenceTellsNothing() {
        guest(1, "gina", "other");
        guest(1, "gina", "room.d");
        Await.until("known", () -> present(0, "room.d") == 1);
        assertThat(presence(CLUSTER.node(0), "other")).isEmpty();
    }
}
