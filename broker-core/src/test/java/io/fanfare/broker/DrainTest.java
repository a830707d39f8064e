package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A broker that is about to be restarted. */
class DrainTest extends BrokerTest {

    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

    @Test
    @DisplayName("case 75: clients are closed one after the other, spread over the drain time")
    void goodbyesAreSpreadOverTheTime() {
        List<Client> clients = IntStream.range(0, 10)
                .mapToObj(i -> connectTo(i % 2 == 0 ? loop : otherLoop))
                .toList();

        broker.drain(TEN_SECONDS);
        settle();
        assertThat(broker.sessionCount()).isEqualTo(9);
        for (int left = 8; left >= 0; left--) {
            pass(Duration.ofMillis(900));
            assertThat(broker.sessionCount()).isEqualTo(left + 1);
            // a timer may be a tick late
            pass(Duration.ofMillis(100 + (left == 8 ? 20 : 0)));
            assertThat(broker.sessionCount()).isEqualTo(left);
        }
        clients.forEach(client -> client.wasDismissed(CloseCode.RESTARTING));
    }

    @Test
    void withoutATimeAllAreClosedAtOnce() {
        var alice = connect();
        var bob = connectTo(otherLoop);
        broker.drain(Duration.ZERO);
        settle();
        alice.wasDismissed(CloseCode.RESTARTING);
        bob.wasDismissed(CloseCode.RESTARTING);
    }

    @Test
    void eachClientIsToldWhenToComeBack() {
        List<Client> clients = IntStream.range(0, 20).mapToObj(i -> connect()).toList();
        broker.drain(Duration.ZERO);
        settle();
        List<String> reasons = clients.stream()
                .map(client -> client.connection().closeReason())
                .toList();
        assertThat(reasons).allMatch(reason -> reason.matches("restarting; retry-after=([0-4]?\\d{1,3}|5000)ms"));
        assertThat(new HashSet<>(reasons)).hasSizeGreaterThan(1);
    }

    @Test
    @DisplayName("case 75: what was accepted before reaches its receivers before their goodbye")
    void whatWasAcceptedBeforeIsDelivered() {
        var alice = connect();
        var bob = connectTo(otherLoop);
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        alice.feeds("SEND\ndestination:/topic/a\nreceipt:1\n\nhi^@");

        broker.drain(Duration.ZERO);
        settle();
        alice.got("RECEIPT\nreceipt-id:1\n\n^@");
        alice.wasDismissed(CloseCode.RESTARTING);
        bob.got("MESSAGE\nsubscription:0\nmessage-id:*\ndestination:/topic/a\n\nhi^@");
        bob.wasDismissed(CloseCode.RESTARTING);
    }

    @Test
    void whoHasAFullSocketGetsItsBacklogFirst() {
        var alice = connect();
        alice.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        alice.stopsReading();
        alice.sends("SEND\ndestination:/topic/a\nreceipt:1\n\nhi^@");
        broker.drain(Duration.ZERO);
        settle();
        assertThat(broker.sessionCount()).isEqualTo(1);

        alice.reads();
        alice.got("RECEIPT\nreceipt-id:1\n\n^@", "MESSAGE\nsubscription:0\nmessage-id:*\ndestination:/topic/a\n\nhi^@");
        alice.wasDismissed(CloseCode.RESTARTING);
    }

    @Test
    @DisplayName("case 75: a SEND during the drain is an ERROR")
    void aSendDuringTheDrainIsAnError() {
        var alice = draining(this::connect);
        alice.sends("SEND\ndestination:/topic/a\nreceipt:r\n\nhi^@");
        var error = alice.gotError(CloseCode.RESTARTING, "shutting down", "restart", "connect again");
        assertThat(error.header("receipt-id")).isEqualTo("r");
        pass(TEN_SECONDS);
    }

    @Test
    @DisplayName("case 75: a SEND during the drain is a soft error for who has asked for them")
    void aSendDuringTheDrainIsASoftError() {
        var alice = draining(this::softly);
        alice.sends("SEND\ndestination:/topic/a\nreceipt:r\n\nhi^@");
        alice.got(
                "MESSAGE\nsubscription:$error\nmessage-id:*\ndestination:/broker/errors\nerror-code:shutting-down\n"
                        + "error-command:SEND\nmessage:shutting down\nreceipt-id:r\ncontent-type:text/plain;charset=utf-8\n\n*^@");
        alice.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\nreceipt:s\n\n^@");
        alice.got("RECEIPT\nreceipt-id:s\n\n^@");
        alice.isOpen();
        pass(TEN_SECONDS);
        alice.wasDismissed(CloseCode.RESTARTING);
    }

    private Client softly() {
        var client = open();
        client.sends("CONNECT\naccept-version:1.2\nsoft-errors:true\n\n^@");
        client.got("CONNECTED\nversion:1.2\nsoft-errors:true\n\n^@");
        return client;
    }

    @Test
    void aTransactionThatHasBegunCanBeCommitted() {
        var alice = draining(() -> {
            var client = connect();
            client.sends("BEGIN\ntransaction:t\n\n^@SEND\ndestination:/queue/q\ntransaction:t\n\nhi^@");
            return client;
        });
        alice.sends("COMMIT\ntransaction:t\nreceipt:c\n\n^@");
        alice.got("RECEIPT\nreceipt-id:c\n\n^@");
        assertThat(broker.queueCount()).isEqualTo(1);
        pass(TEN_SECONDS);
    }

    /** Of two such clients the one that has not been closed yet, five seconds before it is. */
    private Client draining(Supplier<Client> clients) {
        List<Client> two = List.of(clients.get(), clients.get());
        broker.drain(TEN_SECONDS);
        settle();
        List<Client> open = two.stream()
                .filter(client -> client.connection().closeCode() == null)
                .toList();
        assertThat(open).hasSize(1);
        return open.get(0);
    }

    @Test
    @DisplayName("case 75: who comes during the drain gets an ERROR, asked for or not")
    void whoComesDuringTheDrainGetsAnError() {
        broker.drain(TEN_SECONDS);
        var late = open();
        settle();
        late.gotError(CloseCode.RESTARTING, "shutting down", "restart");
    }

    @Test
    void whoHasNotLoggedInWhenTheDrainBeginsGetsAnError() {
        var alice = draining(this::open);
        alice.sends("CONNECT\naccept-version:1.2\n\n^@");
        alice.gotError(CloseCode.RESTARTING, "shutting down", "restart");
        pass(TEN_SECONDS);
    }

    @Test
    void aSecondDrainChangesNothing() {
        var clients = List.of(connect(), connect());
        broker.drain(TEN_SECONDS);
        broker.drain(Duration.ZERO);
        settle();
        assertThat(clients)
                .extracting(client -> client.connection().closeCode())
                .containsExactlyInAnyOrder(CloseCode.RESTARTING, null);
        assertThat(broker.isDraining()).isTrue();
        pass(TEN_SECONDS);
    }

    @Test
    void whoHasGoneBeforeItsTimeIsForgotten() {
        var alice = connect();
        var bob = connect();
        broker.drain(TEN_SECONDS);
        alice.isLost();
        bob.isLost();
        assertThat(broker.awaitNoSessions(Duration.ZERO)).isTrue();
        pass(TEN_SECONDS);
    }
}
