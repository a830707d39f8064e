package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.Presences.Guest;
import io.fanfare.options.TopicRule;
import io.fanfare.security.Principal;
import io.fanfare.testing.Received;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a session ends to be present: at once, or when a lost connection has not come back. */
class PresenceGraceTest extends BrokerTest {

    private static final Duration GRACE = Duration.ofSeconds(5);

    private final Presences rooms = new Presences(this);

    private static void left(Received message, Guest guest, String user, String reason) {
        assertThat(message.header("presence")).isEqualTo("leave");
        assertThat(message.header("reason")).isEqualTo(reason);
        assertThat(message.text()).matches(guest.json(user));
    }

    private void enters(Guest guest) {
        guest.sends("SUBSCRIBE\nid:in\ndestination:/topic/room.a\n\n^@");
    }

    @ParameterizedTest
    @DisplayName(
            "a client that comes back within the grace time neither leaves nor joins, and has the same session in lists")
    @ValueSource(strings = {"login:alice\n", "login:alice\nclient-id:a\n", "client-id:a\n"})
    void aReconnectIsNotTold(String who) {
        String user = who.startsWith("login") ? "alice" : "";
        Guest alice = rooms.enter(who);
        Client watcher = rooms.watch("");
        watcher.takeAll();
        alice.client().isLost();
        pass(GRACE.minusMillis(10));
        enters(rooms.connect(who));
        pass(GRACE.plus(Presences.TOLD).plusMillis(20));
        watcher.gotNothing();
        Received here = rooms.watch("").next("alice");
        assertThat(here.text()).matches(alice.json(user));
        assertThat(here.header("snapshot")).isEqualTo("end");
    }

    @ParameterizedTest
    @DisplayName("a client that does not come back in time leaves as lost, and joins anew when it does")
    @ValueSource(strings = {"login:alice\n", "login:alice\nclient-id:a\n", "client-id:a\n"})
    void aLateReconnectIsALeaveAndAJoin(String who) {
        String user = who.startsWith("login") ? "alice" : "";
        Guest alice = rooms.enter(who);
        Client watcher = rooms.watch("");
        watcher.takeAll();
        alice.client().isLost();
        pass(GRACE.minusMillis(1));
        watcher.gotNothing();
        pass(Presences.TOLD.plusMillis(20));
        left(watcher.next("the leave"), alice, user, "lost");
        Guest again = rooms.enter(who);
        assertThat(watcher.next("the join").text()).matches(again.json(user));
        watcher.gotNothing();
    }

    @ParameterizedTest
    @DisplayName("another user, another client-id, or one more or less, is another client")
    @CsvSource({
        "login:alice,login:bob",
        "login:alice,client-id:alice",
        "login:alice|client-id:1,login:alice|client-id:2",
        "login:alice|client-id:1,login:alice",
        "login:alice,login:alice|client-id:1",
        "client-id:1,client-id:2"
    })
    void anotherClientIsAnother(String first, String second) {
        Guest alice = rooms.enter(first.replace('|', '\n') + "\n");
        Client watcher = rooms.watch("");
        watcher.takeAll();
        alice.client().isLost();
        Guest other = rooms.enter(second.replace('|', '\n') + "\n");
        assertThat(watcher.next("the other").text()).contains(other.session());
        pass(GRACE.plus(Presences.TOLD).plusMillis(20));
        assertThat(watcher.next("the leave").text()).contains(alice.session());
        watcher.gotNothing();
    }

    @Test
    @DisplayName("a client without user and client-id can't be known again, and leaves with the next gathering")
    void anUnknownClientLeavesAtOnce() {
        Guest alice = rooms.enter("");
        Client watcher = rooms.watch("");
        watcher.takeAll();
        alice.client().isLost();
        rooms.gather();
        left(watcher.next("the leave"), alice, "", "lost");
    }

    @ParameterizedTest
    @DisplayName("UNSUBSCRIBE and DISCONNECT are told at once")
    @CsvSource({"UNSUBSCRIBE,unsubscribed", "DISCONNECT,disconnected"})
    void anOrderlyEndIsToldAtOnce(String command, String reason) {
        Guest alice = rooms.enter("login:alice\n");
        Client watcher = rooms.watch("");
        watcher.takeAll();
        alice.sends(command + "\nid:in\n\n^@");
        rooms.gather();
        left(watcher.next("the leave"), alice, "alice", reason);
    }

    @Test
    @DisplayName("what the broker ends is told at once: closed, by an operator or for a mistake")
    void whatTheBrokerEndsIsToldAtOnce() {
        Guest alice = rooms.enter("login:alice\n");
        Guest bob = rooms.enter("login:bob\n");
        Client watcher = rooms.watch("");
        watcher.takeAll();
        broker.operations().closeConnection(alice.session(), "bye");
        settle();
        bob.sends("NOTHING\n\n^@");
        rooms.gather();
        left(watcher.next("alice"), alice, "alice", "closed");
        left(watcher.next("bob"), bob, "bob", "closed");
    }

    @Test
    @DisplayName("a session whose token expires leaves as expired")
    void anExpiredToken() {
        brokerWith(BrokerOptions.builder()
                .topics(t -> t.rules(List.of(TopicRule.of("/topic/room.a").withPresence())))
                .auth(a -> a.authenticator(credentials -> CompletableFuture.completedFuture(new Principal(
                        String.valueOf(credentials.login()),
                        Set.of(),
                        Map.of(),
                        "alice".equals(credentials.login()) ? Instant.now().plusSeconds(60) : null))))
                .build());
        Guest alice = rooms.enter("login:alice\n");
        Client watcher = Clients.connectAs(this, "watcher");
        watcher.sends(Presences.watching(""));
        watcher.takeAll();
        pass(Duration.ofSeconds(61));
        left(watcher.next("the leave"), alice, "alice", "expired");
    }

    @Test
    @DisplayName("two lost connections of one user are two places, and each that comes back takes one")
    void eachTakesOnePlace() {
        Guest one = rooms.enter("login:alice\n");
        Guest two = rooms.enter("login:alice\n");
        one.client().isLost();
        two.client().isLost();
        Client watcher = rooms.watch("presence:count\n");
        watcher.got(Presences.count(2, "snapshot:end\n"));
        enters(rooms.connect("login:alice\n"));
        enters(rooms.connect("login:alice\n"));
        rooms.gather();
        watcher.gotNothing();
        enters(rooms.connect("login:alice\n"));
        rooms.gather();
        watcher.got(Presences.count(3, ""));
        pass(GRACE.multipliedBy(2));
        watcher.gotNothing();
    }

    @Test
    @DisplayName("a client that is lost again has the grace time again")
    void lostTwice() {
        Guest alice = rooms.enter("login:alice\n");
        Client watcher = rooms.watch("");
        watcher.takeAll();
        alice.client().isLost();
        pass(Duration.ofSeconds(3));
        Guest again = rooms.enter("login:alice\n");
        again.client().isLost();
        pass(Duration.ofSeconds(4));
        watcher.gotNothing();
        pass(Duration.ofSeconds(1).plus(Presences.TOLD).plusMillis(20));
        left(watcher.next("the leave"), alice, "alice", "lost");
    }

    @Test
    @DisplayName("a client on another loop takes the place of the lost one")
    void theOtherLoop() {
        Guest alice = rooms.enter("login:alice\n");
        Client watcher = rooms.watch("");
        watcher.takeAll();
        alice.client().isLost();
        Guest again = rooms.connect("login:alice\n", otherLoop);
        enters(again);
        pass(GRACE.plus(Presences.TOLD).plusMillis(20));
        watcher.gotNothing();
        again.sends("DISCONNECT\n\n^@");
        rooms.gather();
        left(watcher.next("the leave"), alice, "alice", "disconnected");
    }

    @Test
    @DisplayName("presence_grace 0: a lost connection leaves with the next gathering")
    void withoutGrace() {
        rooms.broker(t -> t.presenceGrace(Duration.ZERO));
        Guest alice = rooms.enter("login:alice\n");
        Client watcher = rooms.watch("");
        watcher.takeAll();
        alice.client().isLost();
        rooms.gather();
        left(watcher.next("the leave"), alice, "alice", "lost");
    }
}
