package io.fanfare.examples.ticker;

import io.fanfare.admin.JsonMergePatch;
import io.fanfare.broker.BrokerOptions;
import io.fanfare.examples.web.Example;
import io.fanfare.examples.web.Launcher;
import io.fanfare.examples.web.PageServer;
import io.fanfare.options.TopicRule;
import io.fanfare.server.FanfareServer;
import java.net.URI;
import java.util.List;
import java.util.Map;

/** The example: broker, publisher and page in one process; {@code examples/ticker/run} starts it. */
public final class Ticker implements Example {

    private static final long MAX_OUTBOX_BYTES = 2 << 20;

    private final FanfareServer server;
    private final PricePublisher publisher;
    private final PageServer page;

    private Ticker(FanfareServer server, TickerOptions options) {
        this.server = server;
        page = PageServer.of("ticker", server.webSocketUri())
                .config(Map.of(
                        "webSocketUrl", server.webSocketUri().toString(),
                        "symbols", options.symbols(),
                        "maxRate", options.maxRate(),
                        "conflated", options.conflated()))
                .start(options.port());
        publisher = PricePublisher.start(server.webSocketUri(), new Market(options.symbols()), options.rate());
    }

    /** Runs until a signal ends the process. */
    public static void main(String... arguments) throws InterruptedException {
        Launcher.run("ticker", TickerOptions.USAGE, arguments, each -> start(TickerOptions.parse(each)));
    }

    static Ticker start(TickerOptions options) {
        FanfareServer server = FanfareServer.builder()
                .port(options.webSocketPort())
                .tcpPort(-1)
                .broker(brokerOptions())
                .start();
        try {
            return new Ticker(server, options);
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private static BrokerOptions brokerOptions() {
        return BrokerOptions.builder()
                // prices that have waited for seconds are of no use
                .outbox(outbox -> outbox.maxOutboxBytes(MAX_OUTBOX_BYTES))
                .topics(topics -> topics.rules(List.of(
                                TopicRule.of(PricePublisher.PRICES).retainByKey(PricePublisher.KEY),
                                TopicRule.of(PricePublisher.EACH).retainLast(),
                                TopicRule.of(PricePublisher.STATUS).retainLast()))
                        .mergePatch(new JsonMergePatch()))
                .build();
    }

    @Override
    public URI broker() {
        return server.webSocketUri();
    }

    @Override
    public URI uri() {
        return page.uri();
    }

    @Override
    public void close() {
        page.close();
        publisher.close();
        server.close();
    }
}
