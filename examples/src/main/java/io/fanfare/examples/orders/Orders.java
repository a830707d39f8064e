package io.fanfare.examples.orders;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.admin.AdminApi;
import io.fanfare.client.StompClient;
import io.fanfare.examples.web.Example;
import io.fanfare.examples.web.Launcher;
import io.fanfare.examples.web.PageServer;
import io.fanfare.frame.Frame;
import io.fanfare.server.FanfareServer;
import java.net.URI;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The example: broker, workers, producer, ledger and page; {@code examples/orders/run} starts it. */
public final class Orders implements Example {

    static final List<String> NAMES = List.of("anna", "ben", "cleo", "dan", "eve", "finn", "gina", "hugo");

    private final FanfareServer server;
    private final StompClient client;
    private final Workers workers;
    private final Ledger ledger;
    private final Producer producer;
    private final PageServer page;

    private Orders(FanfareServer server, OrdersOptions options) {
        this.server = server;
        URI broker = server.webSocketUri();
        Tally tally = new Tally();
        client = StompClient.builder(broker)
                .connectTimeout(Duration.ofMinutes(1))
                .connect();
        ledger = Ledger.open(client, tally, sums -> System.out.println(sums.summary()));
        producer = Producer.start(broker, tally, options.rate(), options.orders());
        workers = new Workers(broker, client);
        client.subscribe(Destinations.CONTROL, this::control).confirmed().join();
        NAMES.stream().limit(options.workers()).forEach(name -> workers.start(name, options.work()));
        page = PageServer.of("orders", broker)
                .config(Map.of(
                        "webSocketUrl", broker.toString(),
                        "deadLettersUrl", deadLettersUri().toString(),
                        "maxDeliveries", Destinations.MAX_DELIVERIES))
                .start(options.port());
    }

    /** Runs until a signal ends the process. */
    public static void main(String... arguments) throws InterruptedException {
        Launcher.run("orders", OrdersOptions.USAGE, arguments, each -> {
            Orders orders = start(OrdersOptions.parse(each));
            System.out.println("Console " + orders.deadLettersUri() + "   (dead letters)");
            return orders;
        });
    }

    static Orders start(OrdersOptions options) {
        FanfareServer server = FanfareServer.builder()
                .port(options.webSocketPort())
                .tcpPort(-1)
                .admin(admin -> admin.port(options.adminPort()))
                .http(new AdminApi())
                .broker(Destinations.broker())
                .start();
        try {
            return new Orders(server, options);
        } catch (RuntimeException e) {
            // workers end with the broker
            server.close();
            throw e;
        }
    }

    /** What the buttons of the page ask for. */
    private void control(Frame message) {
        String worker = message.headers().find(Destinations.WORKER).orElse("");
        switch (message.required("do")) {
            case "kill" -> workers.kill(worker);
            case "start" -> workers.startAgain(worker);
            case "pause" -> producer.pause(true);
            case "resume" -> producer.pause(false);
            default -> throw new IllegalArgumentException("nothing to do for " + message);
        }
    }

    Workers workers() {
        return workers;
    }

    /** The console's page of the dead letters. */
    URI deadLettersUri() {
        URI console = server.adminUri().orElseThrow();
        return URI.create(console + "/#/queues/" + URLEncoder.encode(Destinations.DEAD_LETTERS, UTF_8));
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
        producer.close();
        ledger.close();
        client.close();
        workers.close();
        server.close();
    }
}
