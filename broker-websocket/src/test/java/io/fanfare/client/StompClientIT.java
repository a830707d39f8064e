package io.fanfare.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.frame.Frame;
import io.fanfare.frame.Headers;
import io.fanfare.frame.HeartBeat;
import io.fanfare.frame.StompVersion;
import io.fanfare.server.FanfareServer;
import io.fanfare.testing.Await;
import io.fanfare.testing.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The client against a real broker and real sockets. */
@Timeout(300)
class StompClientIT {

    private final BlockingQueue<Frame> messages = new LinkedBlockingQueue<>();
    private final BlockingQueue<StompException> errors = new LinkedBlockingQueue<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private FanfareServer server;

    @BeforeEach
    void start() {
        server = FanfareServer.builder().port(0).start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private StompClient.Builder builder() {
        return StompClient.builder(server.webSocketUri()).onError(errors::add).onClose(closed::countDown);
    }

    private Frame message() throws InterruptedException {
        Frame message = messages.poll(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        assertThat(message).as("a message").isNotNull();
        return message;
    }

    @ParameterizedTest
    @EnumSource
    void aMessageGoesRoundInEveryVersion(StompVersion version) throws Exception {
        try (StompClient client = builder().versions(version).connect()) {
            assertThat(client.version()).isEqualTo(version);
            client.subscribe("/topic/a", messages::add).confirmed().join();
            client.send("/topic/a", Headers.of("note", "a\\b"), "hällo".getBytes(UTF_8))
                    .join();

            Frame message = message();
            assertThat(message.bodyAsString()).isEqualTo("hällo");
            assertThat(message.headers().get("note")).isEqualTo("a\\b");
            assertThat(message.headers().get("destination")).isEqualTo("/topic/a");
        }
        assertThat(errors).isEmpty();
    }

    @Test
    void octetsThatAreNoTextGoRound() throws Exception {
        byte[] octets = new byte[256];
        for (int i = 0; i < octets.length; i++) {
            octets[i] = (byte) i;
        }
        try (StompClient client = builder().connect()) {
            client.subscribe("/topic/a", messages::add).confirmed().join();
            client.sendNow("/topic/a", Headers.EMPTY, octets);
            assertThat(message().body()).isEqualTo(octets);
        }
    }

    @Test
    void manyMessagesComeInOrderAndBigOnesWhole() throws Exception {
        try (StompClient publisher = builder().connect();
                StompClient subscriber = builder().connect()) {
            subscriber.subscribe("/topic/a", messages::add).confirmed().join();
            String big = "x".repeat(1_000_000);
            for (int i = 0; i < 5_000; i++) {
                publisher.sendNow("/topic/a", Integer.toString(i));
            }
            publisher.send("/topic/a", big).join();
            for (int i = 0; i < 5_000; i++) {
                assertThat(message().bodyAsString()).isEqualTo(Integer.toString(i));
            }
            assertThat(message().bodyAsString()).isEqualTo(big);
        }
    }

    @Test
    void receiptsOfManyRequestsAllCome() {
        try (StompClient client = builder().connect()) {
            CompletableFuture<?>[] sent = IntStream.range(0, 2_000)
                    .mapToObj(i -> client.send("/topic/a", "x"))
                    .toArray(CompletableFuture[]::new);
            CompletableFuture.allOf(sent).join();
        }
    }

    @Test
    void afterUnsubscribeNothingComes() throws Exception {
        try (StompClient client = builder().connect()) {
            Subscription subscription = client.subscribe("/topic/a", messages::add);
            client.send("/topic/a", "first").join();
            subscription.unsubscribe().join();
            client.send("/topic/a", "second").join();
            assertThat(message().bodyAsString()).isEqualTo("first");
            assertThat(messages).isEmpty();
        }
    }

    @Test
    void aMessageNotAckedGoesToTheNextOne() throws Exception {
        Headers client = Headers.of("ack", "client-individual");
        try (StompClient second = builder().connect()) {
            try (StompClient first = builder().connect()) {
                first.subscribe("/queue/work", client, messages::add)
                        .confirmed()
                        .join();
                first.send("/queue/work", "job").join();
                assertThat(message().bodyAsString()).isEqualTo("job");
            }
            second.subscribe("/queue/work", client, message -> {
                        second.ack(message);
                        messages.add(message);
                    })
                    .confirmed()
                    .join();
            assertThat(message().headers().get("redelivered")).isEqualTo("true");
        }
    }

    @Test
    void aTransactionTakesEffectWhenItIsCommitted() throws Exception {
        try (StompClient client = builder().connect()) {
            client.subscribe("/topic/a", messages::add).confirmed().join();
            client.begin("t").join();
            client.send("/topic/a", Headers.of("transaction", "t"), "in".getBytes(UTF_8))
                    .join();
            client.send("/topic/a", "out").join();
            client.commit("t").join();
            assertThat(message().bodyAsString()).isEqualTo("out");
            assertThat(message().bodyAsString()).isEqualTo("in");
        }
    }

    @Test
    void aRefusedSubscriptionSaysWhyAndEndsTheConnection() throws Exception {
        StompClient client = builder().connect();
        Subscription subscription = client.subscribe("no/prefix", messages::add);
        assertThatThrownBy(() -> subscription.confirmed().join()).hasCauseInstanceOf(StompException.class);
        assertThat(closed.await(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();

        StompException failure = errors.remove();
        assertThat(failure.error()).isPresent();
        assertThat(failure.closeCode()).isPresent();
        assertThat(client.isOpen()).isFalse();
        client.close();
    }

    @Test
    void aServerThatClosesEndsTheConnection() throws Exception {
        StompClient client = builder().connect();
        server.close();
        assertThat(closed.await(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(errors.remove().getMessage()).startsWith("the ");
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void closeWaitsUntilTheBrokerHasEverything() throws Exception {
        try (StompClient subscriber = builder().connect()) {
            subscriber.subscribe("/topic/a", messages::add).confirmed().join();
            StompClient publisher = StompClient.connect(server.webSocketUri());
            for (int i = 0; i < 1_000; i++) {
                publisher.sendNow("/topic/a", "x");
            }
            publisher.close();
            for (int i = 0; i < 1_000; i++) {
                message();
            }
        }
        assertThat(errors).isEmpty();
    }

    @Test
    void heartBeatsKeepAnIdleConnection() throws Exception {
        Duration interval = Duration.ofSeconds(2);
        HeartBeat heartBeat = new HeartBeat(interval, interval);
        BrokerOptions broker =
                BrokerOptions.builder().heartBeat(h -> h.heartBeat(heartBeat)).build();
        try (FanfareServer often =
                        FanfareServer.builder().port(0).broker(broker).start();
                StompClient client = StompClient.builder(often.webSocketUri())
                        .heartBeat(heartBeat)
                        .onClose(closed::countDown)
                        .connect()) {
            // either side gives up after five seconds of silence
            assertThat(closed.await(6, TimeUnit.SECONDS)).isFalse();
            client.send("/topic/a", "still here").join();
        }
    }

    @Test
    void aCallbackMaySendAndClose() throws Exception {
        StompClient client = builder().connect();
        client.subscribe("/topic/a", message -> {
            client.sendNow("/topic/b", message.bodyAsString() + "!");
            client.close();
        });
        try (StompClient other = builder().connect()) {
            other.subscribe("/topic/b", messages::add).confirmed().join();
            client.sendNow("/topic/a", "hi");
            assertThat(message().bodyAsString()).isEqualTo("hi!");
        }
    }

    @Test
    void whatIsWrongWithAConnectIsSaidInASentence() throws IOException {
        URI good = server.webSocketUri();
        URI elsewhere = URI.create(good.toString().replaceAll("/ws$", "/elsewhere"));
        assertThatThrownBy(() -> StompClient.connect(elsewhere))
                .isInstanceOf(StompException.class)
                .hasMessage(elsewhere + " answered HTTP 404 to the WebSocket handshake");

        URI nobody = URI.create("ws://127.0.0.1:" + FreePorts.next() + "/ws");
        assertThatThrownBy(() -> StompClient.connect(nobody))
                .isInstanceOf(StompException.class)
                .hasMessage("nothing listens at " + nobody + " (connection refused)");

        URI nowhere = URI.create("ws://no-such-host.invalid/ws");
        assertThatThrownBy(() -> StompClient.connect(nowhere))
                .isInstanceOf(StompException.class)
                .hasMessage("no such host: no-such-host.invalid");

        assertThatThrownBy(() -> StompClient.connect(URI.create("http://localhost/")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aServerThatDoesNotAnswerIsLeftAfterTheTimeout() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            URI uri = URI.create("ws://127.0.0.1:" + silent.getLocalPort() + "/ws");
            assertThatThrownBy(() -> StompClient.builder(uri)
                            .connectTimeout(Duration.ofMillis(300))
                            .connect())
                    .isInstanceOf(StompException.class)
                    .hasMessage("no answer from " + uri + " within 300 ms");
        }
    }
}
