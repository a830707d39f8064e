package io.fanfare.endpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.frame.Headers;
import io.fanfare.security.AuthenticationException;
import io.fanfare.security.OriginPolicy;
import io.fanfare.security.Principal;
import io.fanfare.testing.Await;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.RawWebSocket;
import io.fanfare.testing.Received;
import io.fanfare.testing.StompSocket;
import io.fanfare.testing.WsFrame;
import jakarta.websocket.server.HandshakeRequest;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What needs an endpoint with options of its own, or its end; must hold in each container. */
abstract class EndpointLifeContract extends EndpointContract {

    private static final int LARGE = 60_000;

    Scene scene(BrokerOptions broker, UnaryOperator<StompEndpointBuilder> options) throws Exception {
        return new Scene(this::start, broker, options);
    }

    /** Whether the container closes a socket although the client has not taken what was sent before. */
    boolean letsGoOfClientsThatDoNotRead() {
        return true;
    }

    // ---- slow clients -----------------------------------------------------------------------------------------------

    @Test
    void aClientThatDoesNotReadIsCutAndHoldsUpNoOther() throws Exception {
        BrokerOptions options = BrokerOptions.builder()
                .outbox(outbox -> outbox.maxOutboxBytes(1 << 20).writeTimeout(Duration.ofMillis(500)))
                .build();
        try (Scene slow = scene(options, builder -> builder)) {
            StompSocket bob = slow.connect().subscribes("id:0\ndestination:/topic/a");
            RawTcp narrow = slow.narrowHttp();
            StompSocket alice = StompSocket.over(RawWebSocket.open(narrow)).connects("1.2");
            alice.subscribes("id:0\ndestination:/topic/a");
            String body = "x".repeat(LARGE);
            int sent = 0;
            while (slow.broker.sessionCount() > 1) {
                slow.broker.publish("/topic/a", Headers.of(), body.getBytes(UTF_8));
                bob.gotMessage(body);
                assertThat(++sent).as("messages").isLessThan(100_000);
            }
            bob.publishes("/topic/b", "still here");
            if (letsGoOfClientsThatDoNotRead()) {
                Await.until("the container closes the socket, too", () -> isReset(narrow));
            }
        }
    }

    /** Whether what is sent finds no socket any more. */
    private static boolean isReset(RawTcp client) {
        try {
            client.sends(WsFrame.text("\n").bytes());
            return false;
        } catch (UncheckedIOException e) {
            return true;
        }
    }

    @Test
    void framesThatWaitAreJoinedWhenClientsTakeThem() throws Exception {
        try (Scene joined = scene(BrokerOptions.DEFAULT, builder -> builder.joinFramesUpTo(4_096))) {
            RawWebSocket client = joined.webSocket().connects();
            client.sends(
                    "SUBSCRIBE\nid:0\ndestination:/queue/a\nreceipt:1\n\n^@SEND\ndestination:/topic/none\nreceipt:2\n\n^@");
            WsFrame message = client.frame();
            assertThat(message.text()).startsWith("RECEIPT\nreceipt-id:1\n").contains("^@RECEIPT\nreceipt-id:2\n");
        }
    }

    @Test
    void aClientThatIsSilentGetsAPingAndThenTheEnd() throws Exception {
        BrokerOptions options = BrokerOptions.builder()
                .heartBeat(beats -> beats.pingInterval(Duration.ofMillis(300)))
                .build();
        try (Scene silent = scene(options, builder -> builder)) {
            RawWebSocket alice = silent.webSocket().connects();
            assertThat(alice.frame().opcode()).isEqualTo(WsFrame.PING);
            alice.sends(WsFrame.of(WsFrame.PONG, new byte[0]));
            assertThat(alice.frame().opcode()).isEqualTo(WsFrame.PING);
            alice.gotDismissal(4408);
        }
    }

    // ---- who the client is ------------------------------------------------------------------------------------------

    @Test
    void theUserIsTheOneThatTheApplicationSays() throws Exception {
        BrokerOptions closed = BrokerOptions.builder()
                .auth(auth -> auth.authenticator(credentials -> {
                    throw new AuthenticationException("all are refused");
                }))
                .build();
        try (Scene users = scene(closed, builder -> builder.user(EndpointLifeContract::fromHeader))) {
            StompSocket alice =
                    StompSocket.over(users.webSocket("X-User: alice")).connects("1.2");
            alice.subscribes("id:0\ndestination:/topic/a").publishes("/topic/a", "hi");
            assertThat(alice.gotMessage("hi").header("user-id")).isEqualTo("alice");
            StompSocket.over(users.webSocket())
                    .sends("CONNECT\naccept-version:1.2\nhost:h\nlogin:alice\n\n^@")
                    .gotError(1008, "authentication failed");
        }
    }

    @Test
    void handshakesAtTheSameTimeAreOfTheirOwnUsers() throws Exception {
        try (Scene users = scene(BrokerOptions.DEFAULT, builder -> builder.user(EndpointLifeContract::fromHeader))) {
            StompSocket bob = StompSocket.over(users.webSocket("X-User: bob")).connects("1.2");
            bob.subscribes("id:0\ndestination:/topic/names");
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                String name = "user" + i;
                all.add(CompletableFuture.runAsync(() -> {
                    for (int each = 0; each < 10; each++) {
                        StompSocket.over(users.webSocket("X-User: " + name))
                                .connects("1.2")
                                .publishes("/topic/names", name);
                    }
                }));
            }
            for (int i = 0; i < 80; i++) {
                Received message = bob.next();
                assertThat(message.header("user-id")).isEqualTo(message.text());
            }
            all.forEach(CompletableFuture::join);
        }
    }

    private static Optional<Principal> fromHeader(HandshakeRequest request) {
        return request.getHeaders().entrySet().stream()
                .filter(header -> header.getKey().equalsIgnoreCase("X-User"))
                .map(header -> Principal.of(header.getValue().get(0)))
                .findFirst();
    }

    @Test
    void theAuthenticatorIsGivenTheRequestsCredentials() throws Exception {
        BrokerOptions tokens = BrokerOptions.builder()
                .auth(auth -> auth.authenticator(credentials -> CompletableFuture.completedFuture(
                        Principal.of(credentials.handshake().address()
                                + credentials.handshake().headers().get("authorization")
                                + credentials.handshake().headers().get("cookie")))))
                .build();
        try (Scene users = scene(
                tokens, builder -> builder.user(request -> Optional.empty()).address(request -> "192.0.2.7 "))) {
            StompSocket alice = StompSocket.over(users.webSocket("Authorization: Bearer token", "Cookie: a=1"))
                    .connects("1.2");
            alice.subscribes("id:0\ndestination:/topic/a").publishes("/topic/a", "hi");
            assertThat(alice.gotMessage("hi").header("user-id")).isEqualTo("192.0.2.7 Bearer tokena=1");
        }
    }

    @Test
    void aPageThatNoListNamesIsRefused() throws Exception {
        OriginPolicy app = new OriginPolicy(List.of("https://app.example"));
        try (Scene listed = scene(BrokerOptions.DEFAULT, builder -> builder.origins(app))) {
            listed.webSocket("Origin: https://app.example").connects();
            RawTcp refused = listed.http();
            refused.sends(
                    RawWebSocket.request("Origin: https://elsewhere.example").getBytes(UTF_8));
            assertThat(new String(refused.read(12), UTF_8)).isEqualTo("HTTP/1.1 403");
        }
    }

    @Test
    void whoeverHasToWaitWaitsInTheContainer() throws Exception {
        CompletableFuture<Principal> answer = new CompletableFuture<>();
        BrokerOptions slow = BrokerOptions.builder()
                .auth(auth -> auth.authenticator(credentials ->
                        credentials.login() == null ? answer : CompletableFuture.completedFuture(Principal.of("bob"))))
                .build();
        try (Scene waiting = scene(slow, builder -> builder)) {
            StompSocket bob = waiting.open();
            bob.sends("CONNECT\naccept-version:1.2\nhost:h\nlogin:bob\n\n^@").next();
            bob.subscribes("id:0\ndestination:/topic/a");
            RawWebSocket alice = waiting.webSocket();
            alice.sends("CONNECT\naccept-version:1.2\nhost:h\n\n^@");
            String padding = "x".repeat(1_000);
            for (int i = 0; i < 200; i++) {
                alice.sends("SEND\ndestination:/topic/a\n\n" + i + " " + padding + "^@");
            }
            bob.gotNothing();
            answer.complete(Principal.of("alice"));
            for (int i = 0; i < 200; i++) {
                bob.gotMessage(i + " " + padding);
            }
        }
    }

    // ---- the end ----------------------------------------------------------------------------------------------------

    @Test
    void theEndOfTheEndpointIsToldToItsClients() throws Exception {
        try (Scene ending = scene(BrokerOptions.DEFAULT, builder -> builder)) {
            RawWebSocket alice = ending.webSocket().connects();
            ending.endpoint.close();
            alice.gotDismissal(1001).closesToo(1001);
            ending.awaitSessions(0);
            ending.webSocket().gotClose(1001);
        }
    }

    @Test
    void theEndOfTheContainerEndsAllSessions() throws Exception {
        try (Scene ending = scene(BrokerOptions.DEFAULT, builder -> builder)) {
            StompSocket alice = ending.connect().subscribes("id:0\ndestination:/topic/a");
            ending.stopContainer();
            ending.awaitSessions(0);
            alice.close();
        }
    }

    @Test
    void aDrainClosesClientsWithAWordAboutIt() throws Exception {
        try (Scene draining = scene(BrokerOptions.DEFAULT, builder -> builder)) {
            RawWebSocket alice = draining.webSocket().connects();
            draining.broker.drain(Duration.ZERO);
            alice.gotDismissal(1012).closesToo(1012);
            RawWebSocket late = draining.webSocket();
            assertThat(Received.of(late.frame().text()).command()).isEqualTo("ERROR");
            late.gotClose(1012);
        }
    }
}
