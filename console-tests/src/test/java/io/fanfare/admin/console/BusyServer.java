package io.fanfare.admin.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.admin.ApiServer;
import io.fanfare.client.StompClient;
import io.fanfare.frame.Headers;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.RawWebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A server with a console under load: subscribers, consumers, queues that wait, and clients that were refused. Each class of
 * tests that names it has one of its own.
 */
final class BusyServer implements BeforeAllCallback, AfterAllCallback {

    static final String HTML = "<img src=x onerror=alert(1)>";

    private static final List<String> SYMBOLS = List.of("acme", "globex", "hooli", "initech", "umbrella");
    private static final int SUBSCRIBERS = 24;
    private static final int INVOICES = 45;
    private static final int TICKS_PER_SECOND = 10;

    private final List<StompClient> clients = new ArrayList<>();
    private final AtomicLong published = new AtomicLong();

    /** How often prices have been published; the publisher's thread alone counts. */
    private int ticks;

    private ApiServer server;
    private ScheduledExecutorService publisher;

    @Override
    public void beforeAll(ExtensionContext context) {
        server = new ApiServer();
        for (int i = 0; i < SUBSCRIBERS; i++) {
            StompClient client = connect();
            String topic = "/topic/prices." + (i % 3 == 0 ? "#" : SYMBOLS.get(i % SYMBOLS.size()));
            client.subscribe(topic, message -> {});
            if (i % 8 == 0) {
                client.subscribe("/queue/orders", message -> {});
            }
        }
        for (int i = 0; i < INVOICES; i++) {
            publish(
                    "/queue/invoices",
                    "{\"invoice\":" + (1000 + i) + ",\"paid\":false,\"lines\":[{\"item\":\"screw\",\"price\":0.5}]}");
        }
        publish("/queue/<b>bold</b>", "a name");
        server.broker()
                .publish(
                        "/queue/hostile",
                        Headers.of("content-type", "text/html", "note", HTML),
                        ("<b>body</b>" + HTML).getBytes(UTF_8));
        server.broker().publish("/queue/hostile", Headers.EMPTY, new byte[] {(byte) 0xff, 0, 1});
        leave();
        // loads the classes that answer, before a browser waits for them
        server.get("/overview");
        publisher = Executors.newSingleThreadScheduledExecutor();
        publisher.scheduleAtFixedRate(this::publishPrices, 0, 1_000 / TICKS_PER_SECOND, TimeUnit.MILLISECONDS);
    }

    private StompClient connect() {
        StompClient client = StompClient.connect(server.webSocketUri());
        clients.add(client);
        return client;
    }

    /** Publishes 100 to 300 messages a second; the number is another one in each second. */
    private void publishPrices() {
        int times = 1 + ticks++ / TICKS_PER_SECOND % 3;
        for (int i = 0; i < times; i++) {
            for (String symbol : SYMBOLS) {
                publish("/topic/prices." + symbol, "{\"price\":" + published.incrementAndGet() + "}");
                publish("/queue/orders", "{\"symbol\":\"" + symbol + "\"}");
            }
        }
    }

    private void publish(String destination, String json) {
        server.broker().publish(destination, Headers.of("content-type", "application/json"), json.getBytes(UTF_8));
    }

    /** Clients that come and go in several ways. */
    private void leave() {
        StompClient.connect(server.webSocketUri()).close();
        try (RawTcp stranger = RawTcp.connect(server.tcpPort())) {
            stranger.connects().sends("NONSENSE\n\n^@").gotStart("ERROR\n");
        }
        try (RawTcp lost = RawTcp.connect(server.tcpPort())) {
            lost.connects();
            lost.sends("SUBSCRIBE\nid:0\ndestination:/somewhere/else\n\n^@").gotStart("ERROR\n");
        }
        try (RawTcp page = RawTcp.connect(server.webSocketUri().getPort())) {
            RawWebSocket.handshake(page, RawWebSocket.request("Origin: https://evil.example"));
        }
        try (RawTcp away = RawTcp.connect(server.tcpPort())) {
            away.sends("CONNECT\naccept-version:1.2\nhost:h\nclient-id:till-7\n\n^@")
                    .gotStart("CONNECTED\n");
            away.sends("SUBSCRIBE\nid:receipts\ndestination:/topic/prices.acme\ndurable:true\nreceipt:r\n\n^@")
                    .gotStart("RECEIPT\n");
            away.sends("DISCONNECT\nreceipt:d\n\n^@").gotStart("RECEIPT\n");
        }
    }

    String url() {
        return "http://127.0.0.1:" + server.port() + "/";
    }

    ApiServer api() {
        return server;
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (publisher != null) {
            publisher.shutdownNow();
        }
        clients.forEach(StompClient::close);
        clients.clear();
        if (server != null) {
            server.close();
        }
    }
}
