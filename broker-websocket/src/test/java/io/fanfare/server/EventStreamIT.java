package io.fanfare.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.frame.Headers;
import io.fanfare.status.Selection;
import io.fanfare.testing.Await;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.StompSocket;
import io.fanfare.testing.Transport;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** GET /sse: messages as events, over real sockets. */
class EventStreamIT {

    @RegisterExtension
    static final TestServer SERVER = new TestServer();

    private static EventStream get(String pathAndQuery, String... requestLines) {
        return EventStream.get(SERVER.http(), pathAndQuery, requestLines);
    }

    private static EventStream subscribed(String query, String... requestLines) {
        return get("/sse?" + query, requestLines).begins();
    }

    // ---- messages ---------------------------------------------------------------------------------------------------

    @Test
    void messagesArriveAsEventsWithTheirIds() {
        EventStream stream = subscribed("destination=/topic/a", "Accept: text/event-stream");
        StompSocket publisher = SERVER.connect(Transport.TCP);
        StompSocket other = SERVER.connect(Transport.TCP).subscribes("id:0\ndestination:/topic/a");
        publisher.sends("SEND\ndestination:/topic/a\nn:1\n\none\ntwo^@");

        String id = other.gotMessage("one\ntwo").header("message-id");
        assertThat(stream.gotMessage("/topic/a", "one\\ntwo"))
                .contains("\"n\":\"1\"")
                .endsWith("\nid: " + id);
    }

    @Test
    void theAnswersHeadKeepsProxiesFromHoldingEventsBack() {
        EventStream stream = get("/sse?destination=/topic/a").begins();

        assertThat(stream.header("cache-control")).isEqualTo("no-store");
        assertThat(stream.header("x-accel-buffering")).isEqualTo("no");
        assertThat(stream.header("connection")).isEqualTo("close");
        assertThat(stream.header("access-control-allow-origin")).isEmpty();
    }

    @Test
    void severalDestinationsAreOneSubscriptionAndAMessageComesOnce() {
        EventStream stream = subscribed("destination=/topic/a.*&destination=/topic/b&destination=/topic/a.%23");
        StompSocket publisher = SERVER.connect(Transport.TCP);
        publisher.publishes("/topic/a.x", "1").publishes("/topic/c", "2").publishes("/topic/b", "3");

        stream.gotMessage("/topic/a.x", "1");
        stream.gotMessage("/topic/b", "3");
    }

    @Test
    void theHeadComesInFrontOfWhatAQueueHas() {
        SERVER.connect(Transport.TCP).publishes("/queue/waits", "1").publishes("/queue/waits", "2");

        EventStream stream = subscribed("destination=/queue/waits");
        stream.gotMessage("/queue/waits", "1");
        stream.gotMessage("/queue/waits", "2");
    }

    @Test
    void selectorsAndPoliciesAreThoseOfSubscribe() {
        EventStream stream = subscribed("destination=/topic/a&selector=n+%3E+1&overflow=drop-oldest");
        StompSocket publisher = SERVER.connect(Transport.TCP);
        publisher
                .sends("SEND\ndestination:/topic/a\nn:1\n\nsmall^@")
                .sends("SEND\ndestination:/topic/a\nn:2\n\nlarge^@");

        stream.gotMessage("/topic/a", "large");
    }

    @Test
    void bytesThatAreNotTextAreBase64() {
        EventStream stream = subscribed("destination=/topic/a");
        SERVER.connect(Transport.TCP)
                .sends("SEND\ndestination:/topic/a\ncontent-length:2\n\n".getBytes(UTF_8))
                .sends(new byte[] {(byte) 0xFF, 0, 0});

        assertThat(stream.next()).contains("\"base64\":\"/wA=\"}");
    }

    @Test
    void lastValuesComeFirstUnlessTheyAreNotWanted() {
        SERVER.broker().publish("/topic/value", Headers.of("retain", "set"), "old".getBytes(UTF_8));
        assertThat(subscribed("destination=/topic/value").gotMessage("/topic/value", "old"))
                .contains("\"retained\":\"true\"", "\"snapshot\":\"end\"");
        EventStream without = subscribed("destination=/topic/value&retained=false");
        SERVER.connect(Transport.TCP).publishes("/topic/value", "live");
        without.gotMessage("/topic/value", "live");
    }

    @ParameterizedTest
    @ValueSource(strings = {"destination=/topic/a%00", "destination=/topic/a&selector=%00"})
    void aNulIsRefused(String query) {
        get("/sse?" + query).refused(400, "the query has a NUL");
    }

    @Test
    void operatorsSeeTheTransport() {
        subscribed("destination=/topic/a");

        assertThat(SERVER.broker()
                        .inspection()
                        .connections(new Selection<>(connection -> true, (a, b) -> 0, 0, 10))
                        .toCompletableFuture()
                        .join()
                        .items())
                .singleElement()
                .satisfies(connection -> {
                    assertThat(connection.transport()).isEqualTo("sse");
                    assertThat(connection.subscriptions()).isEqualTo(1);
                });
    }

    // ---- the end ----------------------------------------------------------------------------------------------------

    @Test
    void aClientThatGoesLeavesNoSession() {
        RawTcp tcp = SERVER.http();
        EventStream.get(tcp, "/sse?destination=/topic/a").begins();
        SERVER.awaitSessions(1);
        tcp.close();

        SERVER.awaitSessions(0);
    }

    @Test
    void aClientThatSaysMoreIsToldAndClosed() {
        RawTcp tcp = SERVER.http();
        EventStream stream = EventStream.get(tcp, "/sse?destination=/topic/a").begins();
        tcp.sends("GET / HTTP/1.1\r\n\r\n".getBytes(UTF_8));

        assertThat(stream.next()).startsWith("event: close\ndata: {\"code\":1008,\"reason\":\"unexpected data\",");
        stream.ended();
    }

    @Test
    void aClosedConnectionIsAnEventWithTheReason() {
        EventStream stream = subscribed("destination=/topic/a");
        String id = SERVER.broker()
                .inspection()
                .connections(new Selection<>(connection -> true, (a, b) -> 0, 0, 1))
                .toCompletableFuture()
                .join()
                .items()
                .get(0)
                .id();
        SERVER.broker().operations().closeConnection(id, "go \"home\"");

        assertThat(stream.next())
                .startsWith("event: close\ndata: {\"code\":4403,")
                .endsWith("\"reason\":\"go \\\"home\\\"\",\"detail\":\"go \\\"home\\\"\"}");
        stream.ended();
    }

    // ---- refusals ---------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({
        "destination=nowhere, 422, /topic/",
        "destination=/topic/a&selector=1+%3D, 422, selector",
        "'', 400, a destination is missing",
        "destination=%2, 400, begins no octet",
        "destination=/topic/a&ack=client, 400, there is no parameter 'ack'",
        "destination=/topic/a&selector=a&selector=b, 400, two selector"
    })
    void whatCanNotBeSubscribedIsASentence(String query, int status, String detail) {
        get("/sse?" + query).refused(status, detail);
    }

    @Test
    void aQueueKeepsItsMessagesWhenTheRequestIsRefused() {
        SERVER.connect(Transport.TCP).publishes("/queue/refused", "1");
        get("/sse?destination=/queue/refused&destination=/stats/nothing").refused(422, "/stats/nothing");

        StompSocket consumer = SERVER.connect(Transport.TCP);
        consumer.sends("SUBSCRIBE\nid:0\ndestination:/queue/refused\n\n^@").gotMessage("1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "HEAD", "OPTIONS", "DELETE"})
    void onlyGetIsAnswered(String method) {
        EventStream stream = EventStream.request(SERVER.http(), method + " /sse?destination=/topic/a HTTP/1.1");

        assertThat(stream.status()).isEqualTo("HTTP/1.1 405 Method Not Allowed");
        assertThat(stream.header("allow")).isEqualTo("GET");
    }

    @Test
    void onlyClientsThatAcceptEventsGetThem() {
        get("/sse?destination=/topic/a", "Accept: text/html, application/json;q=0.9")
                .refused(406, "text/event-stream");
        get("/sse?destination=/topic/a", "Accept: text/html, text/event-stream;q=0.5")
                .begins();
        get("/sse?destination=/topic/a", "Accept: */*").begins();
    }

    @Test
    void aBodyIsRefused() {
        assertThat(get("/sse?destination=/topic/a", "Content-Length: 1").status())
                .isEqualTo("HTTP/1.1 400 Bad Request");
    }

    @Test
    void pagesOfAnotherOriginAreRefused() {
        get("/sse?destination=/topic/a", "Origin: http://evil.example").refused(403, "origin");
        EventStream own = get("/sse?destination=/topic/a", "Origin: http://h").begins();
        assertThat(own.header("access-control-allow-origin")).isEqualTo("http://h");
        assertThat(own.header("access-control-allow-credentials")).isEqualTo("true");
        assertThat(own.header("vary")).isEqualTo("Origin");
    }

    @Test
    void otherPathsAreStillTheHandshakes() {
        EventStream other = get("/sse/?destination=/topic/a");

        assertThat(other.status()).isEqualTo("HTTP/1.1 404 Not Found");
    }

    @Test
    void heartBeatsAreComments() {
        // seven eighths of the fifteen seconds that the stream asks for
        RawTcp tcp = SERVER.http();
        EventStream stream = EventStream.get(tcp, "/sse?destination=/topic/a").begins();
        tcp.deadline(Duration.ofSeconds(30));

        assertThat(stream.next()).isEqualTo(":");
    }

    // ---- servers of their own ---------------------------------------------------------------------------------------

    @Test
    void aServerThatDrainsEndsTheStreamAndRefusesNewOnes() {
        try (FanfareServer server = FanfareServer.builder()
                        .port(0)
                        .tcpPort(ServerOptions.OFF)
                        .start();
                RawTcp tcp = RawTcp.connect(server.webSocketPort());
                RawTcp late = RawTcp.connect(server.webSocketPort())) {
            EventStream stream =
                    EventStream.get(tcp, "/sse?destination=/topic/a").begins();
            server.broker().drain(Duration.ZERO);

            assertThat(stream.next()).matches("retry: 1\\d{4}\nevent: close\ndata: \\{\"code\":1012,.*}");
            stream.ended();
            EventStream refused = EventStream.get(late, "/sse?destination=/topic/a");
            assertThat(refused.header("retry-after")).matches("[1-5]");
            refused.refused(503, "about to restart");
        }
    }

    @Test
    void whereItIsOffThereIsNothing() {
        try (FanfareServer server = FanfareServer.builder()
                        .port(0)
                        .tcpPort(ServerOptions.OFF)
                        .sse(false)
                        .start();
                RawTcp tcp = RawTcp.connect(server.webSocketPort())) {
            assertThat(EventStream.get(tcp, "/sse?destination=/topic/a").status())
                    .isEqualTo("HTTP/1.1 404 Not Found");
        }
    }

    @Test
    void aStalledReaderIsCutAndCostsNobodyElse() {
        int bytes = 4 << 20;
        try (FanfareServer server = FanfareServer.builder()
                        .port(0)
                        .tcpPort(0)
                        .loops(1)
                        .broker(BrokerOptions.builder()
                                .outbox(o -> o.maxOutboxBytes(bytes).writeTimeout(Duration.ofSeconds(2)))
                                .build())
                        .start();
                RawTcp stalled = RawTcp.connectWithSmallReceiveBuffer(server.webSocketPort());
                RawTcp reading = RawTcp.connect(server.webSocketPort());
                StompSocket publisher =
                        StompSocket.over(RawTcp.connect(server.tcpPort())).connects("1.2")) {
            EventStream.get(stalled, "/sse?destination=/topic/a").begins();
            EventStream reader =
                    EventStream.get(reading, "/sse?destination=/topic/a").begins();
            String body = "x".repeat(100_000);
            long deadline = System.nanoTime() + Await.DEADLINE.toNanos();
            // more than the limit and what kernels keep for a reader
            while (server.broker().sessionCount() == 3 && System.nanoTime() < deadline) {
                publisher.publishes("/topic/a", body);
                reader.gotMessage("/topic/a", body);
            }
            assertThat(server.broker().sessionCount()).isEqualTo(2);
        }
    }
}
