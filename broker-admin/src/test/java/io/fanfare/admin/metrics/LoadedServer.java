package io.fanfare.admin.metrics;

import io.fanfare.server.FanfareServer;
import io.fanfare.testing.RawTcp;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A server that real clients have used a little: each metric of it has something to tell. */
final class LoadedServer implements BeforeAllCallback, AfterAllCallback {

    private FanfareServer server;
    private RawTcp subscriber;
    private RawTcp publisher;

    @Override
    public void beforeAll(ExtensionContext context) {
        server = FanfareServer.builder().port(0).tcpPort(0).loops(2).start();
        subscriber = RawTcp.connect(server.tcpPort()).connects();
        subscriber
                .sends("SUBSCRIBE\nid:0\ndestination:/topic/a\nreceipt:r\n\n^@")
                .gotStart("RECEIPT\nreceipt-id:r\n");
        publisher = RawTcp.connect(server.tcpPort()).connects();
        for (int i = 0; i < 10; i++) {
            publisher.sends("SEND\ndestination:/topic/a\n\nhi^@");
        }
        publisher.sends("SEND\ndestination:/topic/nobody\n\nhi^@");
        publisher.sends("SEND\ndestination:/queue/a\n\none^@SEND\ndestination:/queue/b\nreceipt:r\n\ntwo^@");
        publisher.gotStart("RECEIPT\nreceipt-id:r\n");
        for (int i = 0; i < 10; i++) {
            subscriber.gotStart("MESSAGE\n");
        }
        try (RawTcp stranger = RawTcp.connect(server.tcpPort())) {
            stranger.sends("NONSENSE\n\n^@").gotStart("ERROR\n");
        }
        // a loop counts a turn when it is over: an answer in a later one says that
        for (RawTcp client : List.of(subscriber, publisher)) {
            client.sends("BEGIN\ntransaction:t\nreceipt:t\n\n^@").gotStart("RECEIPT\nreceipt-id:t\n");
        }
    }

    FanfareServer running() {
        return server;
    }

    PageText page() {
        return new PageText(new MetricsPage(server.broker(), FanfareMetrics.MAX_QUEUES).scrape());
    }

    @Override
    public void afterAll(ExtensionContext context) {
        subscriber.close();
        publisher.close();
        server.close();
    }
}
