package io.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.broker.ListenerRegistration;
import io.fanfare.broker.LocalSubscription;
import io.fanfare.broker.SubscriptionOptions;
import io.fanfare.event.BrokerListener;
import io.fanfare.event.Refused;
import io.fanfare.frame.Headers;
import io.fanfare.frame.ProtocolException;
import io.fanfare.security.AuthenticationException;
import io.fanfare.security.Authorizer;
import io.fanfare.security.Principal;
import io.fanfare.statistics.Disconnect;
import io.fanfare.status.SessionStatus;
import io.fanfare.status.SubscriptionStatus;
import io.fanfare.testing.Await;
import io.fanfare.testing.RawTcp;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A server and the program that it is embedded in: each sees what the other does. */
class EmbeddingIT {

    @RegisterExtension
    static final TestServer SERVER =
            TestServer.forEachTest(options -> options.authenticator(credentials -> "guest".equals(credentials.login())
                            ? CompletableFuture.failedFuture(new AuthenticationException("no guests"))
                            : CompletableFuture.completedFuture(
                                    Principal.of(credentials.login() == null ? "" : credentials.login())))
                    .authorizer((user, action, destination) ->
                            !destination.contains("secret") || action == Authorizer.Action.SEND));

    private final BlockingQueue<String> got = new LinkedBlockingQueue<>();

    private String next() throws InterruptedException {
        return got.poll(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void programAndClientsReachEachOther() throws InterruptedException {
        FanfareServer server = SERVER.running();
        try (LocalSubscription subscription =
                server.subscribe("/topic/orders.#", message -> got.add(message.bodyAsString()))) {
            RawTcp client = SERVER.connectedTcp();
            client.sends("SEND\ndestination:/topic/orders.new\nreceipt:r\n\none^@")
                    .gotStart("RECEIPT\nreceipt-id:r\nmatched:1\ndelivered:1\n");
            assertThat(next()).isEqualTo("one");
            client.sends("SUBSCRIBE\nid:0\ndestination:/topic/answers\nreceipt:s\n\n^@")
                    .gotStart("RECEIPT\nreceipt-id:s\n");
            assertThat(server.publish("/topic/answers", Map.of("kind", "answer"), "two")
                            .delivered())
                    .isEqualTo(1);
            client.got("MESSAGE\nsubscription:0\nmessage-id:*\ndestination:/topic/answers\nkind:answer\ntimestamp:*"
                    + "\ncontent-length:3\n\ntwo^@");
            assertThat(subscription.isOpen()).isTrue();
        }
        assertThat(server.publish("/topic/orders.new", "three").dropped()).isEqualTo(1);
    }

    @Test
    void whatThePublisherSendsHasTheLimitsOfASend() {
        byte[] tooLarge = new byte[5 << 20];
        assertThatThrownBy(() -> SERVER.running().publish("/topic/a", Headers.EMPTY, tooLarge))
                .isInstanceOfSatisfying(
                        ProtocolException.class,
                        refused -> assertThat(refused.detail()).contains("max_frame_bytes"));
        assertThatThrownBy(() -> SERVER.running().publish("/topic/*", "hi")).isInstanceOf(ProtocolException.class);
    }

    @Test
    void aRefusedSubscriptionIsAnException() {
        FanfareServer server = SERVER.running();
        assertThatThrownBy(() -> server.subscribe("nowhere", message -> {})).isInstanceOf(ProtocolException.class);
        SubscriptionOptions alice = SubscriptionOptions.builder().user("alice").build();
        assertThatThrownBy(() -> server.subscribe("/topic/secret", alice, message -> {}))
                .isInstanceOfSatisfying(
                        ProtocolException.class,
                        refused -> assertThat(refused.summary()).isEqualTo("not allowed"));
        server.subscribe("/topic/secret", message -> {}).close();
    }

    @Test
    void anEventLoopCannotWaitForItself() throws InterruptedException {
        FanfareServer server = SERVER.running();
        server.addListener(new BrokerListener() {
            @Override
            public void connected(SessionStatus session) {
                try {
                    server.subscribe("/topic/a", message -> {});
                } catch (IllegalStateException e) {
                    got.add(e.getMessage());
                }
            }
        });
        SERVER.connectedTcp();
        assertThat(next()).isEqualTo("an event loop can't wait for itself or another");
    }

    @Test
    void listenersAreToldUntilTheyAreRemoved() {
        Queue<String> told = new ConcurrentLinkedQueue<>();
        ListenerRegistration registration = SERVER.running().addListener(new BrokerListener() {
            @Override
            public void connected(SessionStatus session) {
                told.add("connected " + session.user() + " " + session.transport());
            }

            @Override
            public void disconnected(SessionStatus session, Disconnect reason, String detail) {
                told.add("disconnected " + session.user() + " " + reason);
            }

            @Override
            public void subscribed(SubscriptionStatus subscription) {
                told.add("subscribed " + subscription.destinations());
            }

            @Override
            public void unsubscribed(SubscriptionStatus subscription) {
                told.add("unsubscribed " + subscription.destinations());
            }

            @Override
            public void refused(Refused refused) {
                told.add("refused " + refused.kind() + " " + refused.reason() + " " + refused.user());
            }
        });
        RawTcp alice = SERVER.tcp().sends("CONNECT\naccept-version:1.2\nlogin:alice\n\n^@");
        alice.gotStart("CONNECTED\n");
        assertThat(SERVER.running().sessions()).extracting(SessionStatus::user).containsExactly("alice");
        alice.sends("SUBSCRIBE\nid:0\ndestination:/topic/a,/topic/b\nreceipt:r\n\n^@")
                .gotStart("RECEIPT\n")
                .sends("DISCONNECT\nreceipt:bye\n\n^@")
                .gotStart("RECEIPT\n")
                .close();
        Await.until("alice has gone", () -> told.size() == 4);
        SERVER.tcp().sends("CONNECT\naccept-version:1.2\nlogin:guest\n\n^@").gotStart("ERROR\n");
        SERVER.tcp().sends("NONSENSE\n\n^@").gotStart("ERROR\n");
        SERVER.http().sends("GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n");
        Await.until("three refusals", () -> told.size() == 7);
        assertThat(told)
                .containsExactly(
                        "connected alice tcp",
                        "subscribed [/topic/a, /topic/b]",
                        "unsubscribed [/topic/a, /topic/b]",
                        "disconnected alice CLIENT",
                        "refused LOGIN authentication failed guest",
                        "refused FRAME unknown command ",
                        "refused SOCKET not-found ");
        registration.close();
        registration.close();
        SERVER.connectedTcp();
        assertThat(told).hasSize(7);
    }

    @Test
    void clearClosesClientsAndForgetsWhatTheyLeft() throws InterruptedException {
        FanfareServer server = SERVER.running();
        RawTcp client = SERVER.connectedTcp();
        client.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\nreceipt:r\n\n^@").gotStart("RECEIPT\n");
        server.publish("/queue/q", "job");
        server.publish("/topic/kept", Map.of("retain", "set"), "value");
        server.publish("/queue/q", Map.of("delay", "3600000", "dedup-id", "1"), "later");
        LocalSubscription local = server.subscribe("/topic/a", message -> {});
        server.clear();
        client.gotStart("ERROR\nmessage:the broker has been cleared\n").ended();
        assertThat(local.isOpen()).isFalse();
        assertThat(server.sessions()).isEmpty();
        assertThat(server.broker().sessionCount()).isZero();
        assertThat(server.broker().queueCount() + server.broker().topicCount()).isZero();
        assertThat(server.broker().memoryBytes()).isZero();
        // the same id is no repeat, and the same ports are open
        assertThat(server.publish("/queue/q", Map.of("dedup-id", "1"), "again").duplicate())
                .isFalse();
        server.subscribe("/queue/q", message -> got.add(message.bodyAsString()));
        assertThat(next()).isEqualTo("again");
        assertThat(List.copyOf(got)).isEmpty();
        server.clear();
    }
}
