package io.fanfare.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.FrameLimits;
import io.fanfare.frame.Headers;
import io.fanfare.frame.ProtocolException;
import io.fanfare.security.Authorizer.Action;
import io.fanfare.security.Principal;
import io.fanfare.security.Rule;
import io.fanfare.security.Rules;
import io.fanfare.status.ConnectionStatus;
import io.fanfare.status.QueueStatus;
import io.fanfare.status.Selection;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What operators and back ends do to a broker. */
class OperationsTest extends BrokerTest {

    private static final Principal ALICE = Principal.of("alice");

    private void fill(String queue, int messages) {
        for (int i = 1; i <= messages; i++) {
            broker.publish(queue, Headers.EMPTY, String.valueOf(i).getBytes(UTF_8));
        }
        settle();
    }

    private QueueStatus queue(String name) {
        return broker.inspection().queue(name).orElseThrow();
    }

    // ---- publishing -------------------------------------------------------------------------------------------------

    @Test
    void aPublishedMessageHasTheIdThatItsReceiversSee() {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        Published published = publish(ALICE, "/topic/a");
        assertThat(published.matched()).isEqualTo(1);
        bob.got("MESSAGE\nsubscription:0\nmessage-id:" + published.messageId()
                + "\ndestination:/topic/a\nuser-id:alice\n\nhi^@");
    }

    @Test
    void aBrokerThatHasStartedAnewInTheSameSecondHasOtherIds() {
        // and so other epochs: a cursor of the life before is none of this one
        String id = publish(ALICE, "/queue/a").messageId();
        broker.operations().purge("/queue/a");
        brokerWith(BrokerOptions.DEFAULT);
        assertThat(publish(ALICE, "/queue/a").messageId()).isNotEqualTo(id);
        broker.operations().purge("/queue/a");
    }

    @Test
    void anAliasAndAUsersDestinationHaveAnIdToo() {
        assertThat(publish(ALICE, "/amq/queue/a").messageId()).isNotNull();
        assertThat(broker.inspection()
                        .peek("/queue/a", -1, 1, 1)
                        .orElseThrow()
                        .get(0)
                        .headers()
                        .get("destination"))
                .isEqualTo("/queue/a");
        broker.operations().purge("/queue/a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/topic/nobody", "/queue/a,/queue/b"})
    void whatNoDestinationHasPlacedAloneHasNoId(String destination) {
        assertThat(publish(ALICE, destination).messageId()).isNull();
        broker.operations().purge("/queue/a");
        broker.operations().purge("/queue/b");
    }

    @Test
    void aUserNeedsThePermissionOfASend() {
        brokerWith(BrokerOptions.builder()
                .auth(a -> a.authorizer(
                        Rules.of(Rule.allow(Action.SEND, "/topic/a").forUsers("alice"))))
                .build());
        assertThat(publish(ALICE, "/topic/a").dropped()).isEqualTo(1);
        var refusal = catchThrowableOfType(ProtocolException.class, () -> publish(ALICE, "/topic/a,/topic/b"));
        assertThat(refusal.closeCode()).isEqualTo(CloseCode.POLICY);
        assertThat(refusal).hasMessageContaining("/topic/b");
        assertThat(broker.operations()
                        .publishAsOperator("/topic/b", Headers.EMPTY, new byte[0])
                        .dropped())
                .isEqualTo(1);
    }

    @Test
    void aUserCannotWriteInAnothersName() {
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> publish(ALICE, "/topic/a", "user-id", "bob"))
                .withMessageContaining("user-id");
        assertThat(publish(ALICE, "/topic/a", "user-id", "alice").dropped()).isEqualTo(1);
    }

    @Test
    void theLimitsOfAFrameHoldToTheByte() {
        brokerWith(BrokerOptions.builder()
                .limits(l -> l.frameLimits(FrameLimits.DEFAULT
                        .withMaxHeaders(2)
                        .withMaxHeaderLineBytes(30)
                        .withMaxFrameBytes(100)))
                .build());
        // destination:/topic/a and its line feed are 21
        publish("x".repeat(79));
        assertThat(refusal("x".repeat(80))).contains("max_frame_bytes");
        publish("", "n", "1");
        assertThat(refusal("", "n", "1", "m", "2")).contains("max_headers");
        publish("", "n", "x".repeat(28));
        assertThat(refusal("", "n", "x".repeat(29))).contains("max_header_line_bytes");
    }

    private void publish(String body, String... headers) {
        broker.operations().publish(ALICE, "/topic/a", Headers.of(headers), body.getBytes(UTF_8));
    }

    private String refusal(String body, String... headers) {
        var refusal = catchThrowableOfType(ProtocolException.class, () -> publish(body, headers));
        assertThat(refusal.closeCode()).isEqualTo(CloseCode.TOO_BIG);
        return refusal.detail();
    }

    private Published publish(Principal user, String destination, String... headers) {
        Published published = broker.operations().publish(user, destination, Headers.of(headers), "hi".getBytes(UTF_8));
        settle();
        return published;
    }

    // ---- purge ------------------------------------------------------------------------------------------------------

    @Test
    void aPurgeLeavesWhatConsumersHave() {
        fill("/queue/a", 700);
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\nack:client\nprefetch-count:1\n\n^@");
        bob.got("MESSAGE\nsubscription:0\ndestination:/queue/a\nack:*\n\n1^@");
        assertThat(broker.operations().purge("/queue/a")).contains(699L);
        assertThat(queue("/queue/a").depth()).isZero();
        assertThat(queue("/queue/a").unacknowledged()).isEqualTo(1);
        fill("/queue/a", 1);
        assertThat(queue("/queue/a").depth()).isEqualTo(1);
    }

    @Test
    void aPurgedQueueIsGoneWithItsMemory() {
        fill("/queue/a", 3);
        assertThat(broker.operations().purge("/queue/a")).contains(3L);
        assertThat(broker.queueCount()).isZero();
        assertThat(broker.memoryBytes()).isZero();
        assertThat(broker.operations().purge("/queue/a")).isEmpty();
    }

    // ---- move -------------------------------------------------------------------------------------------------------

    @Test
    void movedMessagesKeepTheirOrderAndHeaders() {
        fill("/queue/a", 700);
        broker.publish("/queue/a", Headers.of("colour", "red"), "last".getBytes(UTF_8));
        assertThat(broker.operations().move("/queue/a", "/queue/b"))
                .contains(new Operations.Moved(701, Optional.empty()));
        assertThat(broker.inspection().queue("/queue/a")).isEmpty();
        var moved = broker.inspection().peek("/queue/b", -1, 701, 1_000_000).orElseThrow();
        assertThat(new String(moved.get(0).body(), UTF_8)).isEqualTo("1");
        assertThat(new String(moved.get(699).body(), UTF_8)).isEqualTo("700");
        assertThat(moved.get(700).headers().get("colour")).isEqualTo("red");
        assertThat(moved.get(700).headers().get("destination")).isEqualTo("/queue/b");
        broker.operations().purge("/queue/b");
    }

    @Test
    void whatDoesNotFitStaysWhereItIs() {
        brokerWith(BrokerOptions.builder().queues(q -> q.maxQueueMessages(300)).build());
        fill("/queue/a", 300);
        fill("/queue/b", 1);
        Operations.Moved moved =
                broker.operations().move("/queue/a", "/queue/b").orElseThrow();
        // 256 go together, and the next 44 have no room
        assertThat(moved.messages()).isEqualTo(256);
        assertThat(moved.refusal().orElseThrow()).hasMessageContaining("max_queue_messages");
        assertThat(queue("/queue/a").depth()).isEqualTo(44);
        assertThat(new String(
                        broker.inspection()
                                .peek("/queue/a", -1, 1, 10)
                                .orElseThrow()
                                .get(0)
                                .body(),
                        UTF_8))
                .isEqualTo("257");
        assertThat(queue("/queue/b").depth()).isEqualTo(257);
        broker.operations().purge("/queue/a");
        broker.operations().purge("/queue/b");
    }

    @Test
    void aMoveNeedsTwoSharedQueues() {
        fill("/queue/a", 1);
        for (String to : new String[] {"/queue/a", "/amq/queue/a", "/topic/a", "/queue/b,/queue/c", "a"}) {
            assertThatExceptionOfType(ProtocolException.class)
                    .as(to)
                    .isThrownBy(() -> broker.operations().move("/queue/a", to));
        }
        assertThat(queue("/queue/a").depth()).isEqualTo(1);
        assertThat(broker.operations().move("/queue/nothing", "/queue/b")).isEmpty();
        broker.operations().purge("/queue/a");
    }

    // ---- delete -----------------------------------------------------------------------------------------------------

    @Test
    void aQueueWithAConsumerIsNotDeleted() {
        fill("/queue/a", 2);
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\nack:client\nprefetch-count:1\n\n^@");
        assertThat(broker.operations().deleteQueue("/queue/a")).isEqualTo(Operations.Deletion.IN_USE);
        assertThat(queue("/queue/a").depth()).isEqualTo(1);
        bob.isLost();
        assertThat(broker.operations().deleteQueue("/queue/a")).isEqualTo(Operations.Deletion.DELETED);
        assertThat(broker.operations().deleteQueue("/queue/a")).isEqualTo(Operations.Deletion.NOT_FOUND);
    }

    @Test
    void aDurableSubscriptionInUseIsNotDeleted() {
        var bob = Clients.connectWith(this, "client-id:bob");
        bob.sends("SUBSCRIBE\nid:news\ndestination:/topic/a\ndurable:true\n\n^@");
        assertThat(broker.operations().deleteDurableSubscription("", "bob", "news"))
                .isEqualTo(Operations.Deletion.IN_USE);
        bob.isLost();
        assertThat(broker.operations().deleteDurableSubscription("", "bob", "news"))
                .isEqualTo(Operations.Deletion.DELETED);
        settle();
        assertThat(broker.durableSubscriptionCount()).isZero();
    }

    // ---- close ------------------------------------------------------------------------------------------------------

    @Test
    void anOperatorClosesOneConnection() {
        var bob = connectTo(otherLoop);
        var alice = connect();
        String id = id(bob);
        CompletableFuture<Boolean> closed =
                broker.operations().closeConnection(id, "bye").toCompletableFuture();
        settle();
        assertThat(closed).isCompletedWithValue(true);
        bob.gotError(CloseCode.CLOSED_BY_OPERATOR, "bye", "bye");
        assertThat(bob.connection().closeReason()).isEqualTo("bye");
        alice.isOpen();
        CompletableFuture<Boolean> again =
                broker.operations().closeConnection(id, "bye").toCompletableFuture();
        settle();
        assertThat(again).isCompletedWithValue(false);
    }

    private String id(Client client) {
        CompletableFuture<String> id = broker.inspection()
                .connections(new Selection<>(
                        each -> each.address().equals(client.connection().peer()),
                        Comparator.comparing(ConnectionStatus::id),
                        0,
                        1))
                .thenApply(page -> page.items().get(0).id())
                .toCompletableFuture();
        settle();
        return id.join();
    }
}
