package io.fanfare.nats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.nats.options.NatsAccess;
import io.fanfare.nats.options.NatsOptions;
import io.fanfare.nats.testing.Cluster;
import io.fanfare.nats.testing.NatsServers;
import io.fanfare.server.FanfareServer;
import io.fanfare.testing.Await;
import io.fanfare.testing.Network;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.Received;
import io.fanfare.testing.StompSocket;
import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Subscription;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes whose NATS servers or links fail: what their clients are told. */
class OutageIT {

    private static final Duration LONG = Duration.ofMinutes(5);

    private final Cluster cluster = new Cluster();

    @TempDir
    private Path directory;

    @AfterEach
    void stop() {
        cluster.close();
    }

    private FanfareServer node(List<String> urls, Duration grace) {
        return cluster.add(NatsOptions.builder().servers(urls).isolationGrace(grace));
    }

    private static String ready(FanfareServer server) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        server.adminUri().orElseThrow().resolve("/readyz"))
                .build();
        var answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        return answer.statusCode() + " " + answer.body();
    }

    /** Whether a subscriber gets what is published, and is not told to connect again. */
    private static boolean gets(StompSocket publisher, StompSocket subscriber, String topic) {
        Cluster.publishes(publisher, topic, "after");
        Received next = subscriber.next();
        return next.command().equals("MESSAGE") && next.text().equals("after");
    }

    /** The first message that comes may show that others were lost: then subscribers are told to connect again, and do. */
    private void getsWhenConnectedAgain(StompSocket publisher, FanfareServer at, String topic) {
        Await.until("a subscriber gets a message", () -> {
            StompSocket subscriber = cluster.client(at, "");
            subscriber.subscribes("id:0\ndestination:" + topic);
            return gets(publisher, subscriber, topic);
        });
    }

    @Test
    @Tag("case-86")
    void withoutNatsANodeStartsAndIsNotReadyAndJoinsLater() throws Exception {
        try (NatsServers nats = NatsServers.one(directory)) {
            FanfareServer first = node(nats.urls(), LONG);
            nats.kill(0);
            FanfareServer late = node(nats.urls(), LONG);
            assertThat(ready(late)).startsWith("503 isolated: no NATS server of [" + nats.url(0));
            StompSocket early = cluster.client(late, "");
            early.subscribes("id:0\ndestination:/topic/a");
            assertThat(Cluster.publishes(cluster.client(late, ""), "/topic/a", "alone")
                            .header("nodes"))
                    .isEqualTo("1");
            early.gotMessage("alone");
            nats.restart(0);
            // it may have missed something before: so it connects again, and then it misses nothing
            early.gotError(0, "messages of other nodes were lost; connect again");
            Await.until(
                    "ready", () -> ready(late).startsWith("200") && ready(first).startsWith("200"));
            cluster.awaitAll();
            StompSocket again = cluster.client(late, "");
            again.subscribes("id:0\ndestination:/topic/a");
            assertThat(gets(cluster.client(first, ""), again, "/topic/a")).isTrue();
        }
    }

    @Test
    void aNodeThatIsRefusedWhenItJoinsLaterSaysSo() throws Exception {
        try (NatsServers nats = NatsServers.one(directory)) {
            node(nats.urls(), LONG);
            nats.kill(0);
            FanfareServer late =
                    cluster.add(NatsOptions.builder().servers(nats.urls()).sharedQueues(List.of("/queue/other")));
            nats.restart(0);
            assertThat(late.broker()
                            .inspection()
                            .refusalByNodes()
                            .toCompletableFuture()
                            .get(1, TimeUnit.MINUTES))
                    .startsWith("the cluster refuses this node: queues.shared differs");
            assertThat(ready(late)).startsWith("503 the cluster refuses this node");
        }
    }

    @Test
    void oneOfThreeServersIsKilledAndItsNodeGoesOnAtAnotherOrSaysWhatWasLost() throws Exception {
        try (NatsServers nats = NatsServers.three(directory)) {
            // each node begins at another server, and knows all
            FanfareServer one = node(List.of(nats.url(0), nats.url(1)), LONG);
            FanfareServer two = node(List.of(nats.url(1), nats.url(2)), LONG);
            cluster.awaitAll();
            StompSocket bob = cluster.client(two, "");
            bob.subscribes("id:0\ndestination:/topic/a");
            StompSocket alice = cluster.client(one, "");
            Cluster.publishes(alice, "/topic/a", "0");
            bob.gotMessage("0");
            nats.kill(1);
            int next = 1;
            while (true) {
                Received receipt = Cluster.publishes(alice, "/topic/a", String.valueOf(next));
                if (receipt.header("nodes").equals("2") && next > 20) {
                    break;
                }
                next++;
            }
            checkNoHole(bob, next);
        }
    }

    /** All messages up to the last one in their order, or the connection ends: nothing is left out unsaid. */
    private static void checkNoHole(StompSocket subscriber, int last) {
        for (int expected = 1; expected <= last; expected++) {
            Received next = subscriber.next();
            if (next.command().equals("ERROR")) {
                assertThat(next.header("message")).isEqualTo("messages of other nodes were lost; connect again");
                return;
            }
            if (!next.text().equals(String.valueOf(expected))) {
                // behind a hole there is at most what came before it was noticed
                for (; next.command().equals("MESSAGE"); next = subscriber.next()) {}
                assertThat(next.header("message")).isEqualTo("messages of other nodes were lost; connect again");
                return;
            }
        }
    }

    @Test
    void aFrozenServerIsLeftAndNothingIsLostUnsaid() throws Exception {
        try (NatsServers nats = NatsServers.three(directory)) {
            FanfareServer one = node(List.of(nats.url(0)), LONG);
            FanfareServer two = node(List.of(nats.url(1), nats.url(2)), LONG);
            cluster.awaitAll();
            StompSocket bob = cluster.client(two, "");
            bob.subscribes("id:0\ndestination:/topic/a");
            StompSocket alice = cluster.client(one, "");
            int frozen = 1;
            nats.freeze(frozen);
            // whichever server the other node has: if it is not the frozen one, there is nothing to notice
            for (int i = 1; i <= 30; i++) {
                Cluster.publishes(alice, "/topic/a", String.valueOf(i));
            }
            checkNoHole(bob, 30);
            nats.thaw(frozen);
        }
    }

    @Test
    @Tag("case-86")
    void withAllServersGoneTopicsGoOnLocallyAndAfterTheGraceTimeClientsAreSentElsewhere() throws Exception {
        try (NatsServers nats = NatsServers.one(directory)) {
            FanfareServer brief = node(nats.urls(), Duration.ofMillis(1_500));
            FanfareServer patient = node(nats.urls(), LONG);
            cluster.awaitAll();
            StompSocket alice = cluster.client(brief, "");
            StompSocket bob = cluster.client(patient, "");
            List.of(alice, bob).forEach(each -> each.subscribes("id:0\ndestination:/topic/a"));
            nats.kill(0);
            Await.until("noticed", () -> ready(patient).startsWith("503"));
            assertThat(Cluster.publishes(cluster.client(patient, ""), "/topic/a", "alone")
                            .header("nodes"))
                    .isEqualTo("1");
            bob.gotMessage("alone");
            alice.gotError(0, "this node has lost the others; connect again");
            StompSocket comesAllTheSame = StompSocket.over(RawTcp.connect(brief.tcpPort()));
            comesAllTheSame.sends("CONNECT\naccept-version:1.2\nhost:h\n\n^@");
            Received last = comesAllTheSame.next();
            if (last.command().equals("CONNECTED")) {
                last = comesAllTheSame.next();
            }
            assertThat(last.header("message")).isEqualTo("this node has lost the others; connect again");
            comesAllTheSame.close();
            nats.restart(0);
            Await.until(
                    "ready",
                    () -> ready(patient).startsWith("200") && ready(brief).startsWith("200"));
            getsWhenConnectedAgain(cluster.client(patient, ""), brief, "/topic/b");
        }
    }

    @Test
    void aLinkThatSwallowsEverythingIsNoticedAndWhatWasLostIsSaid() throws Exception {
        try (NatsServers nats = NatsServers.one(directory);
                Network link = Network.to(nats.port(0))) {
            FanfareServer one = node(nats.urls(), LONG);
            FanfareServer two = node(List.of("nats://127.0.0.1:" + link.port()), LONG);
            cluster.awaitAll();
            StompSocket bob = cluster.client(two, "");
            bob.subscribes("id:0\ndestination:/topic/a");
            StompSocket alice = cluster.client(one, "");
            link.up().fallsSilent();
            link.down().fallsSilent();
            Await.until("noticed", () -> ready(two).startsWith("503"));
            Cluster.publishes(alice, "/topic/a", "into the gap");
            link.heals();
            bob.gotError(0, "messages of other nodes were lost; connect again");
            StompSocket again = cluster.client(two, "");
            again.subscribes("id:0\ndestination:/topic/a");
            assertThat(gets(alice, again, "/topic/a")).isTrue();
        }
    }

    @Test
    void aLinkThatIsCutWhileNothingIsSentCostsNothing() throws Exception {
        try (NatsServers nats = NatsServers.one(directory);
                Network link = Network.to(nats.port(0))) {
            FanfareServer one = node(nats.urls(), LONG);
            FanfareServer two = node(List.of("nats://127.0.0.1:" + link.port()), LONG);
            cluster.awaitAll();
            StompSocket bob = cluster.client(two, "");
            bob.subscribes("id:0\ndestination:/topic/a");
            StompSocket alice = cluster.client(one, "");
            Cluster.publishes(alice, "/topic/a", "before");
            bob.gotMessage("before");
            link.isCut();
            Await.until("noticed", () -> ready(two).startsWith("503"));
            link.heals();
            Await.until("back", () -> ready(two).startsWith("200"));
            assertThat(gets(alice, bob, "/topic/a")).isTrue();
        }
    }

    @Test
    void whatIsSentWhileTheOwnServerIsAwayForAMomentGetsThereLater() throws Exception {
        try (NatsServers nats = NatsServers.one(directory);
                Network link = Network.to(nats.port(0))) {
            FanfareServer one = node(List.of("nats://127.0.0.1:" + link.port()), LONG);
            FanfareServer two = node(nats.urls(), LONG);
            cluster.awaitAll();
            StompSocket bob = cluster.client(two, "");
            bob.subscribes("id:0\ndestination:/topic/a");
            StompSocket alice = cluster.client(one, "");
            link.isCut();
            Await.until("noticed", () -> ready(one).startsWith("503"));
            for (int i = 0; i < 100; i++) {
                assertThat(Cluster.publishes(alice, "/topic/a", String.valueOf(i))
                                .header("nodes"))
                        .isEqualTo("1");
            }
            link.heals();
            for (int i = 0; i < 100; i++) {
                bob.gotMessage(String.valueOf(i));
            }
        }
    }

    @Test
    void whatALinkHasHeldForALongTimeIsNotDeliveredAtItsSenderOnceMore() throws Exception {
        try (NatsServers nats = NatsServers.one(directory);
                Network old = Network.to(nats.port(0));
                Network next = Network.to(nats.port(0));
                Connection witness = Nats.connect(nats.url(0))) {
            Subscription all = witness.subscribe("fanfare.*.live.*");
            witness.flush(Await.DEADLINE);
            // so that it begins with the other one
            next.isCut();
            FanfareServer one =
                    cluster.add(NatsOptions.builder("nats://127.0.0.1:" + old.port(), "nats://127.0.0.1:" + next.port())
                            .isolationGrace(LONG)
                            .pingInterval(Duration.ofSeconds(1)));
            FanfareServer two = node(nats.urls(), LONG);
            cluster.awaitAll();
            next.heals();
            StompSocket alice = cluster.client(one, "");
            old.up().fallsSilent();
            old.down().fallsSilent();
            assertThat(Cluster.publishes(alice, "/topic/a", "held").header("nodes"))
                    .isEqualTo("1");
            while (!Cluster.publishes(alice, "/topic/a", "again")
                    .header("nodes")
                    .equals("2")) {
                // it has not found the other way yet
            }
            StompSocket bob = cluster.client(one, "");
            bob.subscribes("id:0\ndestination:/topic/a");
            Cluster.publishes(alice, "/topic/a", "new");
            bob.gotMessage("new");
            old.up().speaks();
            while (!new String(all.nextMessage(Await.DEADLINE).getData(), UTF_8).contains("held")) {
                // it comes last
            }
            Cluster.publishes(cluster.client(two, ""), "/topic/a", "behind it");
            bob.gotMessage("behind it");
        }
    }

    @Test
    void aFileThatCanNotBeUsedEndsTheStartWithASentence() throws Exception {
        Path file = Files.writeString(directory.resolve("ca.pem"), "nothing");
        NatsOptions.Builder options =
                NatsOptions.builder("nats://127.0.0.1:1").access(NatsAccess.OPEN.withAuthorities(file));
        assertThatThrownBy(() -> cluster.add(options))
                .hasMessageContaining("cannot use " + file + " for TLS to NATS: there is no certificate in it");
    }
}
