package io.fanfare.testkit;

import static io.fanfare.testkit.Faults.ALL;
import static io.fanfare.testkit.Faults.frames;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.testkit.internal.Clients;
import io.fanfare.testkit.internal.Poll;
import io.fanfare.testkit.wire.ClientConnection;
import io.fanfare.testkit.wire.Transport;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FaultsIT {

    private static final Predicate<ClientConnection> ALICE =
            connection -> connection.login().equals("alice");

    private final TestBroker broker =
            TestBroker.builder().timeout(ofSeconds(20)).start();

    @AfterEach
    void close() {
        broker.close();
    }

    private TestConnection connect(String login, Transport transport) {
        return broker.connect(ConnectOptions.as(login).over(transport));
    }

    // ---- at once ----------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(Transport.class)
    void disconnectEndsTheChosenConnectionsAlone(Transport transport) {
        TestConnection alice = connect("alice", transport);
        TestConnection bob = connect("bob", transport);
        broker.faults().disconnect(ALICE);
        assertThat(alice.awaitClosed().code()).isZero();
        broker.awaitConnections(1);
        bob.send("/topic/a", "still here").awaitReceipt();
        assertThatThrownBy(() -> broker.faults().disconnect(ALICE))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("bob#");
    }

    @Test
    void connectionsAreChosenByWhatTheySubscribeTo() {
        TestConnection news = connect("alice", Transport.WEBSOCKET);
        TestConnection prices = connect("alice", Transport.TCP);
        news.subscribe("/topic/news");
        prices.subscribe("/topic/prices");
        prices.subscribe("/topic/news").unsubscribe();
        broker.faults().disconnect(c -> c.isSubscribedTo("/topic/news"));
        news.awaitClosed();
        prices.barrier();
        broker.faults()
                .disconnect(c -> c.transport() == Transport.TCP && !c.session().isEmpty());
        prices.awaitClosed();
    }

    @Test
    void closeHasACodeOverWebSocket() {
        TestConnection alice = connect("alice", Transport.WEBSOCKET);
        TestConnection tcp = connect("alice", Transport.TCP);
        broker.faults().close(ALICE, 4999, "go away");
        assertThat(alice.awaitClosed()).isEqualTo(new CloseStatus(4999, "go away"));
        assertThat(tcp.awaitClosed().code()).isZero();
        broker.awaitConnections(0);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void errorComesBeforeTheEnd(Transport transport) {
        TestConnection alice = connect("alice", transport);
        broker.faults().error(ALICE, "out of order");
        assertThat(alice.next().header("message")).isEqualTo("out of order");
        assertThat(alice.awaitClosed().code()).isEqualTo(transport == Transport.TCP ? 0 : 1002);
        broker.awaitConnections(0);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void nothingGetsThroughAHalfOpenConnection(Transport transport) {
        TestConnection alice = connect("alice", transport);
        alice.subscribe("/topic/a");
        broker.faults().halfOpen(ALICE);
        broker.publish("/topic/a", "lost");
        assertThatThrownBy(() -> alice.send("/topic/b", "lost").awaitReceipt(ofMillis(100)))
                .isInstanceOf(AssertionError.class);
        assertThat(alice.isOpen()).isTrue();
        alice.abandon();
        broker.expectNone("/topic/b").within(ofMillis(50));
        // the broker does not know that the client has gone
        broker.awaitConnections(1);
        broker.faults().clear();
        broker.awaitConnections(0);
    }

    @Test
    void restartKeepsThePorts() {
        URI before = broker.webSocketUri();
        int tcp = broker.tcpPort();
        TestConnection alice = connect("alice", Transport.WEBSOCKET);
        alice.send("/queue/a", "gone with it").awaitReceipt();
        broker.faults().restart();
        alice.awaitClosed();
        assertThat(broker.webSocketUri()).isEqualTo(before);
        assertThat(broker.tcpPort()).isEqualTo(tcp);
        assertThat(broker.queue("/queue/a")).isEmpty();
        connect("alice", Transport.TCP).send("/topic/a", "again").awaitReceipt();
        connect("alice", Transport.WEBSOCKET).send("/topic/a", "again").awaitReceipt();
        broker.expect("/topic/a").count(2);
        broker.clock().advance(ofSeconds(1));
    }

    // ---- frames -----------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(Transport.class)
    void nextFrameIsDroppedAndNoOther(Transport transport) {
        TestConnection alice = connect("alice", transport);
        TestConnection bob = connect("bob", transport);
        TestSubscription toAlice = alice.subscribe("/topic/a");
        TestSubscription toBob = bob.subscribe("/topic/a");
        broker.faults().dropNext(ALICE, frames("MESSAGE"));
        bob.send("/topic/a", "one").awaitReceipt();
        bob.send("/topic/a", "two").awaitReceipt();
        toBob.expectInOrder("one", "two");
        toAlice.expect("two");
        toAlice.expectNone();
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void frameOfAClientIsDroppedOutOfSeveral(Transport transport) {
        TestConnection alice = connect("alice", transport);
        broker.faults().dropNext(ALICE, frame -> frame.text().equals("two"));
        alice.sends("SEND\ndestination:/topic/a\n\none^@SEND\ndestination:/topic/a\n\ntwo^@"
                + "SEND\ndestination:/topic/a\n\nthree^@");
        alice.barrier();
        assertThat(broker.messages("/topic/a"))
                .extracting(PublishedMessage::text)
                .containsExactly("one", "three");
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void nextFrameComesTwice(Transport transport) {
        TestConnection alice = connect("alice", transport);
        TestSubscription a = alice.subscribe("/topic/a");
        broker.faults().duplicateNext(ALL, frames("MESSAGE"));
        broker.faults().duplicateNext(ALL, frames("SEND"));
        alice.send("/topic/a", "one");
        alice.send("/topic/a", "two").awaitReceipt();
        a.expectInOrder("one", "one", "one", "two");
        a.expectNone();
        broker.expect("/topic/a").count(3);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void frameIsCutAtAnOctet(Transport transport) {
        TestConnection alice = connect("alice", transport);
        alice.subscribe("/topic/a");
        broker.faults().cutNext(ALICE, frames("MESSAGE"), 12);
        broker.publish("/topic/a", "cut");
        alice.awaitClosed();
        broker.awaitConnections(0);
        assertThat(broker.transcript()).contains("(fault: CUT)");
        assertThatThrownBy(() -> alice.next()).isInstanceOf(AssertionError.class);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void delayedFramesComeInOrder(Transport transport) {
        TestConnection alice = connect("alice", transport);
        TestSubscription a = alice.subscribe("/topic/a");
        broker.faults().delay(ALICE, frame -> frame.text().equals("slow"), ofMillis(200));
        long start = System.nanoTime();
        alice.send("/topic/a", "slow");
        alice.send("/topic/a", "quick");
        a.expectInOrder("slow", "quick");
        // once on the way to the broker, and once back
        assertThat(System.nanoTime() - start)
                .isGreaterThanOrEqualTo(ofMillis(400).toNanos());
    }

    @Test
    void clearEndsADelay() {
        TestConnection alice = connect("alice", Transport.WEBSOCKET);
        broker.faults().delay(ALICE, frames("SEND"), ofSeconds(600));
        PendingReceipt sent = alice.send("/topic/a", "slow");
        broker.expectNone("/topic/a").within(ofMillis(50));
        broker.faults().clear();
        sent.awaitReceipt();
    }

    @Test
    void heartBeatsDoNotArrive() {
        ConnectOptions beats = ConnectOptions.as("alice").over(Transport.TCP).header("heart-beat", "0,1000");
        TestConnection alice = broker.connect(beats);
        broker.clock().advance(ofSeconds(2));
        alice.awaitHeartBeats(1);
        broker.faults().noHeartBeats(ALICE);
        broker.clock().advance(ofSeconds(10));
        alice.barrier();
        int before = alice.heartBeats();
        assertThat(before).isLessThan(5);
        broker.faults().clear();
        broker.clock().advance(ofSeconds(2));
        alice.awaitHeartBeats(before + 1);
    }

    // ---- octets -----------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(Transport.class)
    void stalledClientIsNotReadFromUntilTheFaultIsCleared(Transport transport) {
        TestConnection alice = connect("alice", transport);
        broker.faults().stallReads(ALICE);
        PendingReceipt sent = alice.send("/topic/a", "late");
        broker.expectNone("/topic/a").within(ofMillis(50));
        broker.faults().clear();
        sent.awaitReceipt();
        broker.expect("/topic/a").count(1);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void stalledClientGetsNothingUntilTheFaultIsCleared(Transport transport) {
        TestConnection alice = connect("alice", transport);
        TestSubscription a = alice.subscribe("/topic/a");
        broker.faults().stallWrites(ALICE);
        broker.publish("/topic/a", "late");
        assertThatThrownBy(() -> a.next(ofMillis(50))).isInstanceOf(AssertionError.class);
        broker.faults().clear();
        a.expect("late");
    }

    @Test
    void frameWhoseBeginningWaitsIsPassedOnWhenFaultsAreCleared() {
        TestConnection alice = connect("alice", Transport.TCP);
        broker.faults().dropNext(ALICE, frames("NACK"));
        alice.sends("SEND\ndestination:/topic/a\n\nha");
        alice.sends("lf^@SEND\ndestination:/topic/a\n\nbeg");
        broker.expect("/topic/a").body("half");
        broker.faults().clear();
        alice.sends("in^@").barrier();
        broker.expect("/topic/a").body("begin").count(1);
        long before = bytesIn();
        alice.sends("SEND\ndestination:/topic/a\n\nfir");
        assertThat(Poll.until(ofSeconds(60), () -> bytesIn() > before)).isTrue();
        broker.faults().dropNext(ALICE, frames("SEND"));
        alice.sends("st^@SEND\ndestination:/topic/a\n\nsecond^@");
        alice.barrier();
        broker.expect("/topic/a").body("first");
        broker.expectNone("/topic/a").bodyContains("second").soFar();
    }

    /** What the broker has got of its only client. */
    private long bytesIn() {
        return new Clients(broker.server().broker()).all().get(0).bytesIn();
    }

    // ---- handshakes -------------------------------------------------------------------------------------------------

    @Test
    void subProtocolIsRefused() {
        broker.faults().refuseSubProtocol("v12.stomp");
        assertThat(connect("alice", Transport.WEBSOCKET).connected().header("version"))
                .isEqualTo("1.2");
        broker.faults().refuseSubProtocol("v11.stomp");
        broker.faults().refuseSubProtocol("v10.stomp");
        assertThatThrownBy(() -> connect("alice", Transport.WEBSOCKET))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("handshake was answered with HTTP/1.1 4");
        broker.clear();
        connect("alice", Transport.WEBSOCKET);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void connectionsAreRefusedUntilTheFaultIsCleared(Transport transport) {
        TestConnection there = connect("alice", transport);
        broker.faults().refuseConnections();
        assertThatThrownBy(() -> connect("alice", transport))
                .isInstanceOfAny(UncheckedIOException.class, AssertionError.class);
        there.send("/topic/a", "still here").awaitReceipt();
        broker.faults().clear();
        connect("alice", transport);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void connectionsOfTheTestThatAFaultHoldsAreNoLeak(Transport transport) {
        connect("alice", transport);
        TestConnection bob = connect("bob", transport);
        broker.faults().halfOpen(ALICE);
        broker.faults().stallReads(ALL);
        bob.sends("SEND\ndestination:/topic/a\n\nhi^@");
        broker.checkForLeaks();
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void everyFaultIsUndoneByAReset(Transport transport) {
        connect("alice", transport);
        Faults faults = broker.faults();
        faults.halfOpen(ALL);
        faults.dropNext(ALL, frames("SEND"));
        faults.duplicateNext(ALL, frames("MESSAGE"));
        faults.cutNext(ALL, frames("RECEIPT"), 3);
        faults.delay(ALL, frames("SUBSCRIBE"), ofSeconds(600));
        faults.noHeartBeats(ALL);
        faults.stallReads(ALL);
        faults.stallWrites(ALL);
        faults.refuseSubProtocol("v12.stomp");
        faults.refuseConnections();
        broker.clear();
        TestConnection bob =
                broker.connect(ConnectOptions.as("bob").over(transport).header("heart-beat", "0,1000"));
        assertThat(bob.connected().header("version")).isEqualTo("1.2");
        TestSubscription a = bob.subscribe("/topic/a");
        bob.send("/topic/a", "once").awaitReceipt();
        a.expect("once");
        a.expectNone();
        broker.expect("/topic/a").count(1);
        broker.clock().advance(ofSeconds(2));
        bob.awaitHeartBeats(1);
    }
}
