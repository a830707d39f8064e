package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Headers;
import io.fanfare.security.Authorizer;
import io.fanfare.security.Principal;
import io.fanfare.statistics.Drop;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SENDs with a {@code dedup-id}, which a publisher may repeat. */
class DedupTest extends BrokerTest {

    private static final Duration WINDOW = Duration.ofMinutes(2);
    private static final String IN = "RECEIPT\nreceipt-id:r\nmatched:1\ndelivered:1\nqueued:0\ndropped:0\n\n^@";
    private static final String REPEAT =
            "RECEIPT\nreceipt-id:r\nmatched:0\ndelivered:0\nqueued:0\ndropped:0\nduplicate:true\n\n^@";

    @AfterEach
    void idsAreForgottenByThemselves() {
        pass(WINDOW.multipliedBy(2));
    }

    private static String send(String destination, String id, String... lines) {
        String more = lines.length == 0 ? "" : String.join("\n", lines) + "\n";
        return "SEND\ndestination:" + destination + "\ndedup-id:" + id + "\nreceipt:r\n" + more + "\nhi^@";
    }

    private Client subscriber(String destination) {
        var bob = connectTo(otherLoop);
        bob.sends("SUBSCRIBE\nid:0\ndestination:" + destination + "\n\n^@");
        return bob;
    }

    private static void gotAgain(Client alice, String send) {
        alice.sends(send);
        alice.got(REPEAT);
    }

    private static void gotIn(Client alice, String send) {
        alice.sends(send);
        alice.got(IN);
    }

    // ---- what a repeat is -----------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"/topic/a", "/queue/a"})
    void aRepeatGetsItsReceiptAndGoesNowhere(String destination) {
        var bob = subscriber(destination);
        var alice = connect();
        gotIn(alice, send(destination, "1"));
        gotAgain(alice, send(destination, "1"));
        bob.got("MESSAGE\nsubscription:0\ndestination:" + destination + "\ndedup-id:1\n\nhi^@");
        bob.gotNothing();
        gotIn(alice, send(destination, "2"));
        assertThat(bob.takeBodies()).hasSize(1);
    }

    @Test
    void aRepeatWithoutAReceiptIsSilent() {
        var bob = subscriber("/topic/a");
        var alice = connect();
        alice.sends("SEND\ndestination:/topic/a\ndedup-id:1\n\nhi^@".repeat(3));
        alice.gotNothing();
        assertThat(bob.takeBodies()).hasSize(1);
    }

    @Test
    void theNameThatArtemisHasForItMeansTheSame() {
        var bob = subscriber("/topic/a");
        var alice = connect();
        gotIn(alice, send("/topic/a", "1"));
        gotAgain(alice, "SEND\ndestination:/topic/a\n_AMQ_DUPL_ID:1\nreceipt:r\n\nhi^@");
        alice.sends("SEND\ndestination:/topic/a\n_AMQ_DUPL_ID:2\nreceipt:r\n\nhi^@");
        alice.got(IN);
        assertThat(bob.takeAll().get(1).header("_AMQ_DUPL_ID")).isEqualTo("2");
    }

    @Test
    void aMessageWithoutAnIdIsNoRepeat() {
        var bob = subscriber("/topic/a");
        long before = broker.memoryBytes();
        connect().sends("SEND\ndestination:/topic/a\n\nhi^@".repeat(2));
        assertThat(bob.takeBodies()).hasSize(2);
        assertThat(broker.memoryBytes()).isEqualTo(before);
    }

    @Test
    void anIdIsItsDestinationsOwn() {
        var bob = subscriber("/topic/a,/topic/b,/topic/1a");
        var alice = connect();
        gotIn(alice, send("/topic/a", "1"));
        gotIn(alice, send("/topic/b", "1"));
        assertThat(bob.takeBodies()).hasSize(2);
    }

    @Test
    void aMessageForSeveralDestinationsIsRepeatedAtNone() {
        var bob = subscriber("/topic/a,/queue/b");
        var alice = connect();
        alice.sends(send("/topic/a,/queue/b", "1"));
        alice.got("RECEIPT\nreceipt-id:r\nmatched:2\ndelivered:2\nqueued:0\ndropped:0\n\n^@");
        gotAgain(alice, send("/topic/a,/queue/b", "1"));
        assertThat(bob.takeBodies()).hasSize(2);
        assertThat(broker.statistics(0).messages().dropped()).containsEntry(Drop.DUPLICATE, 2L);
        assertThat(broker.statistics(0).messages().published()).isEqualTo(2);
    }

    @Test
    void whatHadNoSubscriberIsIn() {
        var alice = connect();
        alice.sends(send("/topic/a", "1"));
        alice.got("RECEIPT\nreceipt-id:r\nmatched:0\ndelivered:0\nqueued:0\ndropped:1\n\n^@");
        gotAgain(alice, send("/topic/a", "1"));
    }

    @Test
    void aDelayedMessageIsInWhileItWaits() {
        var bob = subscriber("/topic/a");
        var alice = connect();
        alice.sends(send("/topic/a", "1", "delay:1000"));
        alice.got("RECEIPT\nreceipt-id:r\n\n^@");
        gotAgain(alice, send("/topic/a", "1", "delay:1000"));
        pass(Duration.ofSeconds(2));
        gotAgain(alice, send("/topic/a", "1", "delay:1000"));
        pass(Duration.ofSeconds(2));
        assertThat(bob.takeBodies()).hasSize(1);
    }

    // ---- the owner of an id ---------------------------------------------------------------------------------------

    @ParameterizedTest
    @DisplayName("ids are those of a user, of an anonymous client's client-id, or of the connection")
    @CsvSource({
        "login:alice, login:alice, true",
        "login:alice, login:bob, false",
        "client-id:c, client-id:c, true",
        "client-id:c, client-id:d, false",
        "client-id:c, login:c, false",
        "'login:alice\nclient-id:c', 'login:alice\nclient-id:d', true",
        "x:y, x:y, false"
    })
    void idsHaveAnOwner(String first, String second, boolean same) {
        var carol = subscriber("/topic/a");
        Clients.connectWith(this, first).sends(send("/topic/a", "1"));
        var again = Clients.connectWith(this, second, otherLoop);
        again.sends(send("/topic/a", "1"));
        again.got(same ? REPEAT : IN);
        assertThat(carol.takeBodies()).hasSize(same ? 1 : 2);
    }

    @Test
    void idsOutliveAConnectionOfTheirOwner() {
        subscriber("/topic/a");
        var first = Clients.connectWith(this, "login:alice");
        gotIn(first, send("/topic/a", "1"));
        first.isLost();
        gotAgain(Clients.connectWith(this, "login:alice"), send("/topic/a", "1"));
    }

    @Test
    void idsOfAConnectionEndWithIt() {
        subscriber("/topic/a");
        long before = broker.memoryBytes();
        var first = connect();
        gotIn(first, send("/topic/a", "1"));
        assertThat(broker.memoryBytes()).isGreaterThan(before);
        first.isLost();
        assertThat(broker.memoryBytes()).isEqualTo(before);
    }

    // ---- refused messages -----------------------------------------------------------------------------------------

    @Test
    void whatAFullQueueRefusesMayComeAgain() {
        brokerWith(BrokerOptions.builder().queues(q -> q.maxQueueMessages(1)).build());
        var alice = Clients.connectWith(this, "login:alice\nsoft-errors:true");
        alice.sends("SEND\ndestination:/queue/a\n\nfull^@", send("/queue/a", "1"));
        assertThat(alice.next("refused").header("subscription")).isEqualTo("$error");
        var bob = subscriber("/queue/a");
        gotIn(alice, send("/queue/a", "1"));
        gotAgain(alice, send("/queue/a", "1"));
        assertThat(bob.takeBodies()).containsExactly("full", "hi");
    }

    @Test
    void aRepeatNeedsNoRoom() {
        brokerWith(BrokerOptions.builder().queues(q -> q.maxQueueMessages(1)).build());
        var alice = connect();
        alice.sends(send("/queue/a", "1"));
        alice.got("RECEIPT\nreceipt-id:r\nmatched:1\ndelivered:0\nqueued:1\ndropped:0\n\n^@");
        gotAgain(alice, send("/queue/a", "1"));
        assertThat(subscriber("/queue/a").takeBodies()).hasSize(1);
    }

    @Test
    void whatMemoryRefusesMayComeAgain() {
        brokerWith(BrokerOptions.builder().memory(m -> m.maxMemoryBytes(10_000)).build());
        var alice = Clients.connectWith(this, "login:alice\nsoft-errors:true");
        alice.sends("SEND\ndestination:/queue/a\n\n" + "x".repeat(10_000) + "^@", send("/queue/b", "1"));
        assertThat(alice.next("refused").header("error-code")).isEqualTo("memory-alarm");
        subscriber("/queue/a,/queue/b");
        gotIn(alice, send("/queue/b", "1"));
    }

    @Test
    void whatPermissionsRefuseMayComeAgain() {
        var maySend = new AtomicBoolean();
        brokerWith(BrokerOptions.builder()
                .auth(a ->
                        a.authorizer((user, action, where) -> action == Authorizer.Action.SUBSCRIBE || maySend.get()))
                .build());
        var bob = subscriber("/topic/a");
        var alice = Clients.connectWith(this, "login:alice\nsoft-errors:true");
        alice.sends(send("/topic/a", "1"));
        assertThat(alice.next("refused").header("error-code")).isEqualTo("not-allowed");
        maySend.set(true);
        gotIn(alice, send("/topic/a", "1"));
        assertThat(bob.takeBodies()).hasSize(1);
    }

    @Test
    void anIdHasALengthLimit() {
        subscriber("/topic/a");
        var alice = connect();
        gotIn(alice, send("/topic/a", "x".repeat(255)));
        alice.sends(send("/topic/a", "x".repeat(256)));
        alice.gotError(CloseCode.PROTOCOL_ERROR, "id too long", "dedup-id", "256 B", "255", "max_id_bytes");
    }

    @Test
    void anIdIsNotEmpty() {
        var alice = connect();
        alice.sends(send("/topic/a", ""));
        alice.gotError(CloseCode.PROTOCOL_ERROR, "invalid dedup-id", "empty");
    }

    // ---- the window -----------------------------------------------------------------------------------------------

    @Test
    void anIdCountsAsLongAsTheWindow() {
        var bob = subscriber("/topic/a");
        var alice = connect();
        gotIn(alice, send("/topic/a", "1"));
        pass(WINDOW.minusMillis(1));
        gotAgain(alice, send("/topic/a", "1"));
        pass(Duration.ofMillis(1));
        gotIn(alice, send("/topic/a", "1"));
        pass(WINDOW.minusMillis(1));
        gotAgain(alice, send("/topic/a", "1"));
        assertThat(bob.takeBodies()).hasSize(2);
    }

    @Test
    void asManyIdsCountAsTheWindowHas() {
        brokerWith(BrokerOptions.builder().dedup(d -> d.maxDedupIds(3)).build());
        subscriber("/topic/a");
        var alice = connect();
        for (int i = 1; i <= 3; i++) {
            gotIn(alice, send("/topic/a", "" + i));
        }
        gotAgain(alice, send("/topic/a", "1"));
        gotIn(alice, send("/topic/a", "4"));
        gotAgain(alice, send("/topic/a", "2"));
        gotIn(alice, send("/topic/a", "1"));
    }

    @Test
    void idsAreForgottenWithoutAnotherSend() {
        var alice = Clients.connectWith(this, "login:alice");
        alice.sends(send("/topic/a", "1"));
        assertThat(broker.memoryBytes()).isPositive();
        pass(WINDOW.multipliedBy(2));
        assertThat(broker.memoryBytes()).isZero();
    }

    @Test
    void oneSendForgetsABoundedNumberOfIds() {
        var alice = connect();
        for (int i = 100; i < 250; i++) {
            alice.sends(send("/topic/a", "" + i));
        }
        long before = broker.memoryBytes();
        pass(WINDOW.minusMillis(1));
        alice.sends(send("/topic/a", "new"));
        long one = broker.memoryBytes() - before;
        pass(Duration.ofMillis(1));
        assertThat(broker.memoryBytes()).isEqualTo(before + one);
        alice.sends(send("/topic/a", "new"));
        assertThat(broker.memoryBytes()).isEqualTo(before + one - 100 * one);
        alice.sends(send("/topic/a", "new"));
        assertThat(broker.memoryBytes()).isEqualTo(before + one - 150 * one);
    }

    @Test
    void manyOwnersAreForgottenInSeveralTurns() {
        connect();
        for (int i = 0; i < 250; i++) {
            broker.operations()
                    .publish(Principal.of("user-" + i), "/topic/a", Headers.of("dedup-id", "1"), new byte[0]);
        }
        settle();
        assertThat(broker.memoryBytes()).isPositive();
        pass(WINDOW.plusSeconds(1));
        assertThat(broker.memoryBytes()).isZero();
    }

    @Test
    void anOwnerThatGoesOnForgetsWhatIsTooOld() {
        var alice = connect();
        alice.sends(send("/topic/a", "1"));
        long one = broker.memoryBytes();
        for (int i = 2; i < 20; i++) {
            pass(WINDOW.minusMillis(1));
            alice.sends(send("/topic/a", "x"));
        }
        assertThat(broker.memoryBytes()).isLessThanOrEqualTo(one);
    }
}
