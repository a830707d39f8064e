package io.fanfare.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.fanfare.compression.Compression;
import io.fanfare.frame.Headers;
import io.fanfare.loop.Framing;
import io.fanfare.status.ConnectionStatus;
import io.fanfare.status.DurableSubscriptionStatus;
import io.fanfare.status.Page;
import io.fanfare.status.Selection;
import io.fanfare.status.SubscriptionStatus;
import io.fanfare.status.TopicStatus;
import io.fanfare.testing.Transcript;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What operators see of a broker. */
class InspectionTest extends BrokerTest {

    private static final Selection<ConnectionStatus> ALL_CONNECTIONS =
            new Selection<>(each -> true, Comparator.comparing(ConnectionStatus::id), 0, 100);

    private <T> T answer(CompletionStage<T> stage) {
        settle();
        CompletableFuture<T> future = stage.toCompletableFuture();
        assertThat(future).isCompleted();
        return future.join();
    }

    private void publish(String destination, String body, String... headers) {
        broker.publish(destination, Headers.of(headers), body.getBytes(UTF_8));
        settle();
    }

    // ---- connections ------------------------------------------------------------------------------------------------

    @Test
    void aConnectionIsShownWithWhatItHasSentAndGot() {
        String connect = "CONNECT\naccept-version:1.2\nlogin:alice\n\n^@";
        String subscribe = "SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@";
        String send = "SEND\ndestination:/topic/a\n\nhi^@";
        pass(Duration.ofMinutes(1));
        var alice = open();
        alice.sends(connect);
        String session = alice.next("CONNECTED").header("session");
        alice.sends(subscribe, send);
        pass(Duration.ofSeconds(3));

        Page<ConnectionStatus> page = answer(broker.inspection().connections(ALL_CONNECTIONS));
        assertThat(page.total()).isEqualTo(1);
        ConnectionStatus shown = page.items().get(0);
        assertThat(shown.id()).isEqualTo(session);
        assertThat(shown.user()).isEqualTo("alice");
        assertThat(shown.address()).isEqualTo("c1");
        assertThat(shown.compressed()).isFalse();
        assertThat(shown.version()).isEqualTo("1.2");
        assertThat(shown.transport()).isEqualTo("tcp");
        assertThat(shown.age()).isGreaterThanOrEqualTo(Duration.ofSeconds(3)).isLessThan(Duration.ofSeconds(4));
        assertThat(shown.subscriptions()).isEqualTo(1);
        assertThat(shown.framesIn()).isEqualTo(2);
        assertThat(shown.bytesIn()).isEqualTo(Transcript.bytes(connect + subscribe + send).length);
        assertThat(shown.bytesOut()).isEqualTo(alice.connection().taken().length);
        assertThat(shown.outboxBytes()).isZero();
        assertThat(answer(broker.inspection().connection(shown.id()))
                        .orElseThrow()
                        .user())
                .isEqualTo("alice");
    }

    @Test
    void aConnectionThatHasAgreedOnCompressionIsShownSo() {
        connect("1.1", Framing.WEBSOCKET_TEXT, new Compression(15, 256), loop);
        assertThat(answer(broker.inspection().connections(ALL_CONNECTIONS)).items())
                .singleElement()
                .satisfies(shown -> {
                    assertThat(shown.compressed()).isTrue();
                    assertThat(shown.transport()).isEqualTo("websocket");
                    assertThat(shown.version()).isEqualTo("1.1");
                });
    }

    @Test
    void whatASlowClientHasNotTakenIsInItsOutbox() {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        bob.stopsReading();
        publish("/topic/a", "x".repeat(1_000));
        Page<ConnectionStatus> page = answer(broker.inspection().connections(ALL_CONNECTIONS));
        assertThat(page.items().get(0).outboxBytes()).isGreaterThan(1_000);
        bob.reads();
    }

    @Test
    void aHeartBeatIsOverdueFromItsIntervalOn() {
        pass(Duration.ofMinutes(1));
        var client = open();
        client.sends("CONNECT\naccept-version:1.2\nhost:h\nheart-beat:10000,0\n\n^@");
        client.got("CONNECTED\nversion:1.2\n\n^@");
        pass(Duration.ofSeconds(10));
        assertThat(lag()).isZero();
        pass(Duration.ofMillis(500));
        assertThat(lag()).isBetween(Duration.ofMillis(400), Duration.ofMillis(600));
    }

    private Duration lag() {
        return answer(broker.inspection().connections(ALL_CONNECTIONS))
                .items()
                .get(0)
                .heartBeatLag();
    }

    @Test
    void nothingIsReadBeforeTheLoopHasItsTurn() {
        connect();
        CompletableFuture<?> page =
                broker.inspection().connections(ALL_CONNECTIONS).toCompletableFuture();
        assertThat(page).isNotDone();
        settle();
        assertThat(page).isCompleted();
    }

    @Test
    void aBrokerWithoutClientsAnswersAtOnce() {
        assertThat(broker.inspection().connections(ALL_CONNECTIONS).toCompletableFuture())
                .isCompletedWithValue(new Page<>(List.of(), 0));
    }

    @Test
    void aClientBeforeConnectedIsNotShown() {
        open();
        assertThat(answer(broker.inspection().connections(ALL_CONNECTIONS)).total())
                .isZero();
        assertThat(broker.inspection().broker().sessions()).isEqualTo(1);
    }

    @Test
    void aPageIsAPartOfWhatAllLoopsHave() {
        for (int i = 0; i < 3; i++) {
            connectTo(loop);
            connectTo(otherLoop);
        }
        Comparator<ConnectionStatus> byAddress = Comparator.comparing(ConnectionStatus::address);
        Page<ConnectionStatus> page = answer(broker.inspection()
                .connections(new Selection<>(each -> !each.address().equals("c2"), byAddress, 1, 2)));
        assertThat(page.items()).extracting(ConnectionStatus::address).containsExactly("c3", "c4");
        assertThat(page.total()).isEqualTo(5);
    }

    @Test
    void manyClientsTakeManyTurns() {
        for (int i = 0; i < 1_001; i++) {
            connect();
        }
        CompletableFuture<Page<ConnectionStatus>> page =
                broker.inspection().connections(ALL_CONNECTIONS).toCompletableFuture();
        loop.takeTurn();
        assertThat(page).isNotDone();
        settle();
        assertThat(page.join().total()).isEqualTo(1_001);
        assertThat(page.join().items()).hasSize(100);
    }

    @Test
    void aSelectionReachesOnlySoFar() {
        Comparator<String> order = Comparator.naturalOrder();
        assertThat(new Selection<>(each -> true, order, Selection.MAX_REACH - 1, 1).limit())
                .isEqualTo(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Selection<>(each -> true, order, Selection.MAX_REACH, 1));
    }

    // ---- subscriptions ----------------------------------------------------------------------------------------------

    @Test
    void aSubscriptionIsShownWithItsOptions() {
        var bob = Clients.connectWith(this, "login:bob");
        bob.sends("SUBSCRIBE\nid:7\ndestination:/queue/a,/topic/b.#\nack:client\nselector:x = 1\n"
                + "prefetch-count:5\n\n^@");
        publish("/queue/a", "hi", "x", "1");
        bob.got("MESSAGE\nsubscription:7\ndestination:/queue/a\nx:1\nack:*\n\nhi^@");
        SubscriptionStatus shown = answer(broker.inspection()
                        .subscriptions(
                                new Selection<>(each -> true, Comparator.comparing(SubscriptionStatus::id), 0, 10)))
                .items()
                .get(0);
        assertThat(shown.id()).isEqualTo("7");
        assertThat(shown.user()).isEqualTo("bob");
        assertThat(shown.destinations()).containsExactly("/queue/a", "/topic/b.#");
        assertThat(shown.ack()).isEqualTo("client");
        assertThat(shown.selector()).isEqualTo("x = 1");
        assertThat(shown.prefetch()).isEqualTo(5);
        assertThat(shown.unsettled()).isEqualTo(1);
        assertThat(shown.durable()).isFalse();
        broker.operations().purge("/queue/a");
    }

    @Test
    void manySubscriptionsOfFewClientsTakeManyTurns() {
        for (int i = 0; i < 6; i++) {
            StringBuilder frames = new StringBuilder();
            for (int j = 0; j < 250; j++) {
                frames.append("SUBSCRIBE\nid:").append(j).append("\ndestination:/topic/a\n\n^@");
            }
            connect().sends(frames.toString());
        }
        CompletableFuture<Page<SubscriptionStatus>> page = broker.inspection()
                .subscriptions(new Selection<>(each -> true, Comparator.comparing(SubscriptionStatus::id), 0, 10))
                .toCompletableFuture();
        loop.takeTurn();
        assertThat(page).isNotDone();
        settle();
        assertThat(page.join().total()).isEqualTo(1_500);
    }

    // ---- topics -----------------------------------------------------------------------------------------------------

    @Test
    void aTopicCountsItsMessagesAndTheirReceivers() {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@", "SUBSCRIBE\nid:1\ndestination:/topic/#\n\n^@");
        publish("/topic/a", "1");
        publish("/topic/a", "2");
        assertThat(broker.inspection().topic("/topic/a")).contains(new TopicStatus("/topic/a", 2, 2, 4, 0, 0, null));
        assertThat(broker.inspection().topic("/topic/b")).isEmpty();
    }

    @Test
    void aTopicTellsHowManyArePresentWhereThatIsGathered() {
        Presences rooms = new Presences(this);
        rooms.enter("");
        rooms.enter("");
        connect()
                .sends(
                        "SUBSCRIBE\nid:0\ndestination:/topic/#\n\n^@",
                        "SUBSCRIBE\nid:1\ndestination:/topic/other\n\n^@");
        assertThat(broker.inspection().topic("/topic/room.a").orElseThrow().present())
                .isEqualTo(2);
        assertThat(broker.inspection().topic("/topic/other").orElseThrow().present())
                .isNull();
    }

    @Test
    void aUsersTopicIsNamedAsOthersNameIt() {
        var alice = Clients.connectWith(this, "login:a/b");
        alice.sends("SUBSCRIBE\nid:0\ndestination:/user/queue/news\n\n^@");
        Page<TopicStatus> page = broker.inspection()
                .topics(new Selection<>(each -> true, Comparator.comparing(TopicStatus::destination), 0, 10));
        assertThat(page.items()).extracting(TopicStatus::destination).containsExactly("/user/a%2Fb/queue/news");
        assertThat(broker.inspection().topic("/user/a%2Fb/queue/news")).isPresent();
    }

    // ---- durable subscriptions --------------------------------------------------------------------------------------

    @Test
    void aDurableSubscriptionIsShownWithWhatWaits() {
        var bob = Clients.connectWith(this, "client-id:bob");
        bob.sends("SUBSCRIBE\nid:news\ndestination:/topic/a\ndurable:true\n\n^@");
        assertThat(durable().connected()).isTrue();
        bob.isLost();
        publish("/topic/a", "1");
        DurableSubscriptionStatus shown = durable();
        assertThat(shown.connected()).isFalse();
        assertThat(shown.clientId()).isEqualTo("bob");
        assertThat(shown.name()).isEqualTo("news");
        assertThat(shown.destinations()).containsExactly("/topic/a");
        assertThat(shown.queue().depth()).isEqualTo(1);
        assertThat(broker.operations().deleteDurableSubscription("", "bob", "news"))
                .isEqualTo(Operations.Deletion.DELETED);
        settle();
        assertThat(broker.operations().deleteDurableSubscription("", "bob", "news"))
                .isEqualTo(Operations.Deletion.NOT_FOUND);
    }

    private DurableSubscriptionStatus durable() {
        return broker.inspection()
                .durableSubscriptions(
                        new Selection<>(each -> true, Comparator.comparing(DurableSubscriptionStatus::name), 0, 10))
                .items()
                .get(0);
    }

    // ---- the whole --------------------------------------------------------------------------------------------------

    @Test
    void theBrokerIsCounted() {
        connect();
        publish("/queue/a", "1");
        var shown = broker.inspection().broker();
        assertThat(shown.version()).isEqualTo(Broker.VERSION);
        assertThat(shown.sessions()).isEqualTo(1);
        assertThat(shown.queues()).isEqualTo(1);
        assertThat(shown.memoryBytes()).isPositive();
        assertThat(shown.memoryFull()).isFalse();
        assertThat(shown.draining()).isFalse();
        broker.operations().purge("/queue/a");
    }
}
