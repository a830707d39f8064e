package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.loop.Framing;
import io.fanfare.security.Principal;
import io.fanfare.testing.Transcript;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a transport asks of a session, and tells it, beside the bytes of its frames. */
class TransportTest extends BrokerTest {

    private static final String CONNECT = "CONNECT\naccept-version:1.2\n\n^@";
    private static final byte[] LINE_FEED = {'\n'};

    private final CompletableFuture<Principal> answer = new CompletableFuture<>();

    /** The tasks that have run, each with the number of queues that there were then. */
    private final List<String> done = new ArrayList<>();

    private void whenCaughtUp(Client client, String task) {
        client.loop().run(() -> client.session().whenCaughtUp(() -> done.add(task + " " + broker.queueCount())));
    }

    /** A client whose authenticator has not answered. */
    private Client atLogin() {
        return atLogin(Framing.TCP);
    }

    private Client atLogin(Framing framing) {
        brokerWith(BrokerOptions.builder()
                .auth(a -> a.authenticator(credentials -> answer))
                .build());
        var alice = open(framing, loop);
        alice.sends(CONNECT);
        return alice;
    }

    /** A client that has sent 60 messages, of which 51 are handled at once. */
    private Client tooFast() {
        brokerWith(BrokerOptions.builder().rates(r -> r.maxMessageRate(10)).build());
        var alice = connect();
        for (int i = 0; i < 60; i++) {
            alice.feeds(send("q" + i));
        }
        settle();
        return alice;
    }

    private void answers() {
        answer.complete(Principal.of("alice"));
    }

    private static String send(String queue) {
        return "SEND\ndestination:/queue/" + queue + "\n\nhi^@";
    }

    // ---- tasks behind what was read -------------------------------------------------------------------------------

    @Test
    void aTaskRunsAtOnceWhereAllThatCameIsHandled() {
        var alice = connect();
        alice.feeds(send("a"));
        whenCaughtUp(alice, "close");
        assertThat(done).containsExactly("close 1");
    }

    @Test
    void tasksRunInTheirOrderOnceWhatCameBeforeThemIsHandled() {
        var alice = atLogin();
        alice.sends(send("a"));
        whenCaughtUp(alice, "first");
        whenCaughtUp(alice, "second");
        settle();
        assertThat(done).isEmpty();
        answers();
        settle();
        assertThat(done).containsExactly("first 1", "second 1");
    }

    @Test
    void aTaskThatComesWhenTheClientNeedNotWaitAnyMoreRunsBehindTheOthers() {
        var alice = atLogin();
        whenCaughtUp(alice, "first");
        answers();
        // the answer's turn; what waits has the next one
        loop.takeTurn();
        whenCaughtUp(alice, "second");
        assertThat(done).isEmpty();
        settle();
        assertThat(done).containsExactly("first 0", "second 0");
        whenCaughtUp(alice, "third");
        assertThat(done).as("at once").hasSize(3);
    }

    @Test
    void aTaskWaitsOnWhileTheClientHasToWaitAgain() {
        var alice = tooFast();
        whenCaughtUp(alice, "close");
        pass(Duration.ofMillis(500));
        assertThat(broker.queueCount()).isBetween(52, 59);
        assertThat(done).isEmpty();
        pass(Duration.ofSeconds(1));
        assertThat(done).containsExactly("close 60");
    }

    @Test
    void aTaskRunsWhenTheClientIsGone() {
        var alice = atLogin();
        alice.sends(send("a"));
        whenCaughtUp(alice, "close");
        alice.isLost();
        assertThat(done).as("and what was not handled never is").containsExactly("close 0");
    }

    @Test
    void aTaskRunsWhenAClientIsGoneThatSentTooFast() {
        var alice = tooFast();
        whenCaughtUp(alice, "close");
        alice.isLost();
        assertThat(done).containsExactly("close 51");
    }

    // ---- bytes that are no frames ---------------------------------------------------------------------------------

    @Test
    void bytesThatAreFramedAlreadyGoOutInOrderWithFrames() {
        var alice = connect();
        alice.feeds("SEND\ndestination:/topic/a\nreceipt:1\n\n^@");
        alice.loop().run(() -> alice.session().sendRaw(LINE_FEED, LINE_FEED.length));
        alice.feeds("SEND\ndestination:/topic/a\nreceipt:2\n\n^@");
        settle();
        alice.got("RECEIPT\nreceipt-id:1\n\n^@");
        alice.gotHeartBeat();
        alice.got("RECEIPT\nreceipt-id:2\n\n^@");
    }

    @Test
    void theTransportIsToldWhenItsClientIsIn() {
        var alice = atLogin();
        assertThat(alice.connection().isConnected()).isFalse();
        answers();
        settle();
        assertThat(alice.connection().isConnected()).isTrue();
    }

    @Test
    void anEventStreamIsToldOfTheEndOfLastValuesAndOfNothingElse() {
        var page = open(Framing.EVENTS, loop);
        page.sends(CONNECT);
        assertThat(page.connection().taken()).isEmpty();
        page.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\nretained:only\nreceipt:r\n\n^@");
        assertThat(Transcript.text(page.connection().taken()))
                .isEqualTo(
                        "data: {\"headers\":{\"destination\":\"/topic/a\",\"retained\":\"true\",\"snapshot\":\"end\"},"
                                + "\"destination\":\"/topic/a\",\"body\":\"\"}\n\n");
    }

    @Test
    void theMostBytesOfAFrameAreFewUntilConnected() {
        brokerWith(BrokerOptions.builder()
                .limits(l -> l.maxFrameBytesBeforeConnected(200))
                .build());
        var alice = open();
        assertThat(alice.session().maxFrameBytes()).isEqualTo(200);
        alice.sends(CONNECT);
        alice.got("CONNECTED\nversion:1.2\n\n^@");
        assertThat(alice.session().maxFrameBytes()).isEqualTo(4 << 20);
    }

    // ---- messages that are begun ----------------------------------------------------------------------------------

    private void beginsMessage(Client client) {
        client.connection().insideMessage(true);
        client.loop().run(() -> {
            client.session().received();
            client.session().awaitRest();
        });
        settle();
    }

    @Test
    @DisplayName("item 127: half a WebSocket message and silence")
    void halfAMessage() {
        var alice = connect("1.2", Framing.WEBSOCKET_TEXT, loop);
        beginsMessage(alice);
        pass(Duration.ofSeconds(9));
        beginsMessage(alice);
        pass(Duration.ofMillis(9_999));
        alice.isOpen();
        pass(Duration.ofMillis(20));
        alice.gotError(CloseCode.POLICY, "frame timeout", "10000 ms", "frame_timeout");
    }

    @Test
    @DisplayName("item 127: a WebSocket message that is whole in time")
    void aMessageThatIsWholeInTime() {
        var alice = connect("1.2", Framing.WEBSOCKET_TEXT, loop);
        beginsMessage(alice);
        pass(Duration.ofSeconds(5));
        alice.connection().insideMessage(false);
        pass(Duration.ofSeconds(30));
        alice.isOpen();
        beginsMessage(alice);
        pass(Duration.ofMillis(10_020));
        alice.gotError(CloseCode.POLICY, "frame timeout");
    }

    @Test
    @DisplayName("item 127: half a message behind CONNECT has its time from the authenticator's answer on")
    void halfAMessageBehindConnect() {
        var alice = atLogin(Framing.WEBSOCKET_TEXT);
        beginsMessage(alice);
        pass(Duration.ofSeconds(25));
        alice.isOpen();
        answers();
        settle();
        alice.got("CONNECTED\nversion:1.2\n\n^@");
        pass(Duration.ofMillis(9_980));
        alice.isOpen();
        pass(Duration.ofMillis(40));
        alice.gotError(CloseCode.POLICY, "frame timeout", "frame_timeout");
    }
}
