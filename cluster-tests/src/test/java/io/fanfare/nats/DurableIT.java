package io.fanfare.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.nats.testing.Cluster;
import io.fanfare.options.TopicRule;
import io.fanfare.status.DurableSubscriptionStatus;
import io.fanfare.status.Selection;
import io.fanfare.testing.Await;
import io.fanfare.testing.Received;
import io.fanfare.testing.StompSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Durable subscriptions to kept topics, on two nodes and one NATS server. */
class DurableIT {

    private static final List<TopicRule> RULES = List.of(
            TopicRule.of("/topic/news.#").history(500),
            TopicRule.of("/topic/few.#").history(3),
            TopicRule.of("/topic/values.#").retainLast());

    private static final String ACK = "\nack:client-individual";

    private Cluster cluster;

    @BeforeEach
    void twoNodes(@TempDir Path directory) {
        cluster = Cluster.keeping(directory, RULES);
    }

    /** Two more. */
    private void nodes(UnaryOperator<BrokerOptions.Builder> more) {
        for (int i = 0; i < 2; i++) {
            cluster.add(
                    Cluster.patient(cluster.nats()).keptBytes(16 << 20),
                    broker -> more.apply(broker.topics(t -> t.rules(RULES))));
        }
        cluster.awaitAll();
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private StompSocket bob(int node) {
        return cluster.client(cluster.node(node), "client-id:bob\n");
    }

    private static Received subscribes(StompSocket client, String destination, String headers) {
        client.sends("SUBSCRIBE\nid:d\ndestination:" + destination + "\ndurable:true\nreceipt:s" + headers + "\n\n^@");
        return client.next();
    }

    /** Acknowledges a message; what comes in front of the RECEIPT is returned. */
    private static List<Received> acks(StompSocket client, Received message) {
        client.sends("ACK\nid:" + message.header("ack") + "\nreceipt:a\n\n^@");
        List<Received> before = new ArrayList<>();
        for (Received next = client.next(); !next.command().equals("RECEIPT"); next = client.next()) {
            before.add(next);
        }
        return before;
    }

    private void publishes(int node, String topic, int from, int to) {
        StompSocket alice = cluster.client(node);
        for (int i = from; i < to; i++) {
            Cluster.publishes(alice, topic, "" + i);
        }
        alice.close();
    }

    private void awaitCount(int node, int count) {
        Await.until("known", () -> cluster.node(node).broker().durableSubscriptionCount() == count);
    }

    private void awaitAway(int node) {
        Await.until(
                "away",
                () -> cluster.node(node)
                        .broker()
                        .inspection()
                        .durableSubscriptions(new Selection<>(DurableSubscriptionStatus::connected, (x, y) -> 0, 0, 1))
                        .items()
                        .isEmpty());
    }

    @Test
    void aClientThatReturnsAtAnotherNodeGetsWhatItHasNotSettledAndWhatCameMeanwhile() {
        StompSocket bob = bob(0);
        assertThat(subscribes(bob, "/topic/news.a", ACK).find("recovered")).isNull();
        publishes(1, "/topic/news.a", 0, 4);
        Received first = bob.gotMessage("0");
        Received second = bob.gotMessage("1");
        bob.gotMessage("2");
        bob.gotMessage("3");
        acks(bob, second);
        assertThat(first.find("redelivered")).isNull();
        bob.close();
        publishes(0, "/topic/news.a", 4, 6);
        StompSocket again = bob(1);
        Received receipt = subscribes(again, "/topic/news.a", ACK);
        assertThat(receipt.header("recovered")).as("%s", receipt).isEqualTo("true");
        assertThat(receipt.header("replayed")).isEqualTo("5");
        for (String body : List.of("0", "2", "3")) {
            assertThat(again.gotMessage(body).header("redelivered")).isEqualTo("true");
        }
        assertThat(again.gotMessage("4").find("redelivered")).isNull();
        acks(again, again.gotMessage("5"));
        publishes(0, "/topic/news.a", 6, 7);
        again.gotMessage("6");
    }

    @Test
    void theConnectionThatHasItIsToldWhenTheClientComesToAnotherNode() {
        StompSocket old = bob(0);
        subscribes(old, "/topic/news.#", ACK);
        publishes(0, "/topic/news.a", 0, 2);
        old.gotMessage("0");
        old.gotMessage("1");
        StompSocket fresh = bob(1);
        assertThat(subscribes(fresh, "/topic/news.#", ACK).header("recovered")).isEqualTo("true");
        old.gotError(0, "taken over", "d");
        assertThat(fresh.gotMessage("0").header("redelivered")).isEqualTo("true");
        assertThat(fresh.gotMessage("1").header("redelivered")).isEqualTo("true");
        publishes(0, "/topic/news.b", 2, 3);
        assertThat(fresh.gotMessage("2").find("redelivered")).isNull();
    }

    @Test
    void whatComesDuringATakeoverIsNotMarkedAsRedelivered() {
        StompSocket old = bob(0);
        subscribes(old, "/topic/news.a", ACK);
        StompSocket fresh = bob(1);
        fresh.sends("SUBSCRIBE\nid:d\ndestination:/topic/news.a\ndurable:true\nreceipt:s" + ACK + "\n\n^@");
        old.gotError(0, "taken over", "d");
        publishes(0, "/topic/news.a", 0, 1);
        assertThat(fresh.next().header("recovered")).isEqualTo("true");
        assertThat(fresh.gotMessage("0").find("redelivered")).isNull();
    }

    @Test
    void unsubscribeEndsItAtAllNodesAndNotWhileAnotherConnectionHasIt() {
        StompSocket bob = bob(0);
        subscribes(bob, "/topic/news.a", "");
        awaitCount(1, 1);
        StompSocket other = bob(1);
        other.sends("UNSUBSCRIBE\nid:d\ndurable:true\nreceipt:u\n\n^@");
        other.gotError(0, "subscription in use", "another connection");
        bob.sends("UNSUBSCRIBE\nid:d\ndurable:true\nreceipt:u\n\n^@");
        assertThat(bob.next().header("receipt-id")).isEqualTo("u");
        awaitCount(1, 0);
        StompSocket carol = cluster.client(1);
        carol.sends("SUBSCRIBE\nid:0\ndestination:/topic/news.a\nreceipt:s\n\n^@");
        assertThat(carol.next().command()).isEqualTo("RECEIPT");
        publishes(0, "/topic/news.a", 0, 1);
        // a subscription that comes before its node has read it would get it
        carol.gotMessage("0");
        StompSocket again = bob(1);
        assertThat(subscribes(again, "/topic/news.a", "").find("recovered"))
                .as("a new one")
                .isNull();
        again.gotNothing();
        again.close();
        awaitAway(0);
        StompSocket third = bob(0);
        third.sends("UNSUBSCRIBE\nid:d\ndurable:true\nreceipt:u\n\n^@");
        assertThat(third.next().header("receipt-id")).isEqualTo("u");
        awaitCount(1, 0);
    }

    @Test
    void whatTheHistoryHasLetGoOfIsSaid() {
        StompSocket bob = bob(0);
        subscribes(bob, "/topic/few.a", "");
        publishes(0, "/topic/few.a", 0, 1);
        bob.gotMessage("0");
        bob.close();
        awaitAway(1);
        publishes(0, "/topic/few.a", 1, 4);
        StompSocket whole = bob(1);
        assertThat(subscribes(whole, "/topic/few.a", "").header("recovered")).isEqualTo("true");
        List.of("1", "2", "3").forEach(whole::gotMessage);
        whole.close();
        awaitAway(0);
        publishes(0, "/topic/few.a", 4, 8);
        StompSocket gap = bob(0);
        assertThat(subscribes(gap, "/topic/few.a", "").header("recovered")).isEqualTo("false");
        List.of("5", "6", "7").forEach(gap::gotMessage);
    }

    @Test
    void aClientThatIsConnectedMayLagFurtherBehindThanTheHistory() {
        StompSocket bob = bob(0);
        subscribes(bob, "/topic/few.slow", ACK + "\nprefetch-count:1");
        publishes(1, "/topic/few.slow", 0, 20);
        Received next = bob.gotMessage("0");
        for (int i = 1; i < 20; i++) {
            List<Received> before = acks(bob, next);
            next = before.isEmpty() ? bob.next() : before.get(0);
            assertThat(next.text()).isEqualTo("" + i);
        }
    }

    @Test
    void everythingIsThereAgainWhenAllNodesAndTheServerWereRestarted() {
        StompSocket bob = bob(0);
        subscribes(bob, "/topic/news.a", ACK);
        publishes(1, "/topic/news.a", 0, 3);
        bob.gotMessage("0");
        Received second = bob.gotMessage("1");
        bob.gotMessage("2");
        acks(bob, second);
        cluster.stop(0);
        cluster.stop(0);
        cluster.nats().kill(0);
        cluster.nats().restart(0);
        cluster.nats().awaitJetStream();
        nodes(options -> options);
        publishes(1, "/topic/news.a", 3, 4);
        StompSocket again = bob(1);
        assertThat(subscribes(again, "/topic/news.a", ACK).header("recovered")).isEqualTo("true");
        assertThat(again.gotMessage("0").header("redelivered")).isEqualTo("true");
        assertThat(again.gotMessage("2").header("redelivered")).isEqualTo("true");
        again.gotMessage("3");
        again.gotNothing();
    }

    @Test
    void topicsWithoutAHistoryAndOfSeveralRulesAreRefusedByName() {
        for (String[] each : new String[][] {
            {"/topic/other", "not within one"},
            {"/topic/values.a", "without a history"},
            {"/topic/#", "not within one"},
            {"/topic/news.a,/topic/few.a", "/topic/news.#"},
        }) {
            StompSocket bob = bob(0);
            bob.sends("SUBSCRIBE\nid:d\ndestination:" + each[0] + "\ndurable:true\n\n^@");
            bob.gotError(0, "durable subscription not available", each[1]);
        }
    }

    @Test
    void moreThanMayBeAreRefusedByKey() {
        cluster.stop(0);
        cluster.stop(0);
        nodes(broker -> broker.destinations(d -> d.maxDestinations(2)));
        for (int i = 0; i < 2; i++) {
            StompSocket client = cluster.client(cluster.node(0), "client-id:c" + i + "\n");
            assertThat(subscribes(client, "/topic/news.a", "").command()).isEqualTo("RECEIPT");
        }
        awaitCount(1, 2);
        StompSocket bob = bob(1);
        bob.sends("SUBSCRIBE\nid:d\ndestination:/topic/news.a\ndurable:true\n\n^@");
        bob.gotError(1013, "too many durable subscriptions", "max_destinations");
    }

    @Test
    void otherTermsAreAnotherSubscription() {
        StompSocket bob = bob(0);
        subscribes(bob, "/topic/news.a", "\nselector:k = 'x'");
        bob.close();
        awaitAway(1);
        StompSocket alice = cluster.client(0);
        Cluster.publishes(alice, "/topic/news.a\nk:x", "x");
        Cluster.publishes(alice, "/topic/news.a\nk:y", "y");
        StompSocket same = bob(1);
        assertThat(subscribes(same, "/topic/news.a", "\nselector:k = 'x'").header("replayed"))
                .isEqualTo("1");
        same.gotMessage("x");
        same.close();
        awaitAway(0);
        StompSocket other = bob(0);
        assertThat(subscribes(other, "/topic/news.a", "\nselector:k = 'y'").find("recovered"))
                .isNull();
        other.gotNothing();
    }

    @Test
    void manyMessagesOfSeveralTopicsComeOnceAndInTheirOrderAcrossManyMoves() {
        int count = 300;
        Thread publisher = new Thread(() -> {
            StompSocket alice = cluster.client(0);
            for (int i = 0; i < count; i++) {
                Cluster.publishes(alice, "/topic/news." + i % 3, "" + i);
            }
        });
        StompSocket bob = bob(0);
        subscribes(bob, "/topic/news.#", ACK);
        publisher.start();
        Set<Integer> seen = new HashSet<>();
        Set<Integer> confirmed = new HashSet<>();
        int newest = -1;
        int moves = 0;
        while (seen.size() < count) {
            Received next = bob.next();
            if (next.command().equals("RECEIPT")) {
                confirmed.add(Integer.parseInt(next.header("receipt-id")));
                if (confirmed.size() % 40 == 39) {
                    bob.close();
                    bob = bob(++moves % 2);
                    assertThat(subscribes(bob, "/topic/news.#", ACK).header("recovered"))
                            .isEqualTo("true");
                }
                continue;
            }
            int number = Integer.parseInt(next.text());
            assertThat(confirmed).doesNotContain(number);
            if (seen.add(number)) {
                assertThat(number).as("in their order").isGreaterThan(newest);
                newest = number;
            } else {
                assertThat(next.header("redelivered")).isEqualTo("true");
            }
            bob.sends("ACK\nid:" + next.header("ack") + "\nreceipt:" + number + "\n\n^@");
        }
    }
}
