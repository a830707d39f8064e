package io.fanfare.examples.dashboard;

import io.fanfare.admin.JsonMergePatch;
import io.fanfare.broker.BrokerOptions;
import io.fanfare.examples.web.Example;
import io.fanfare.examples.web.Launcher;
import io.fanfare.examples.web.PageServer;
import io.fanfare.options.TopicRule;
import io.fanfare.server.FanfareServer;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The example: broker, publisher and page in one process; {@code examples/dashboard/run} starts it. */
public final class Dashboard implements Example {

    /** What the charts of a page show. */
    private static final Duration CHART_WINDOW = Duration.ofMinutes(2);

    private static final Duration PULSE_WINDOW = Duration.ofSeconds(30);

    private final URI broker;
    private final MeasurementPublisher publisher;
    private final PageServer page;

    /** Ends the broker where it is this example's own. */
    private final Runnable closeBroker;

    private Dashboard(URI broker, Runnable closeBroker, DashboardOptions options) {
        this.broker = broker;
        this.closeBroker = closeBroker;
        Host host = host();
        page = PageServer.of("dashboard", broker)
                .config(config(broker, host, options))
                .start(options.port());
        publisher = MeasurementPublisher.start(broker, host, options.interval());
    }

    /** Runs until a signal ends the process. */
    public static void main(String... arguments) throws InterruptedException {
        Launcher.run("dashboard", DashboardOptions.USAGE, arguments, each -> start(DashboardOptions.parse(each)));
    }

    static Dashboard start(DashboardOptions options) {
        return options.broker()
                .map(running -> new Dashboard(running, () -> {}, options))
                .orElseGet(() -> withBroker(options));
    }

    private static Dashboard withBroker(DashboardOptions options) {
        FanfareServer server = FanfareServer.builder()
                .port(options.webSocketPort())
                .tcpPort(-1)
                .broker(broker(options.interval()))
                .start();
        try {
            return new Dashboard(server.webSocketUri(), server::close, options);
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /** What the topics keep, so that a page is full when it opens, and gets what it missed when it comes back. */
    static BrokerOptions broker(Duration interval) {
        return BrokerOptions.builder()
                .topics(topics -> topics.rules(List.of(
                                history("/topic/host.pulse", MeasurementPublisher.PULSE_INTERVAL, PULSE_WINDOW),
                                history("/topic/host.*", interval, CHART_WINDOW),
                                TopicRule.of(MeasurementPublisher.TABLE)
                                        .retainByKey(MeasurementPublisher.TABLE_KEY)
                                        .history(10_000)
                                        .withPresence()))
                        .mergePatch(new JsonMergePatch()))
                .build();
    }

    /** A rule for what a chart shows, and a little more: the page cuts at its own clock. */
    private static TopicRule history(String topic, Duration interval, Duration window) {
        int messages = (int) window.dividedBy(interval) + 10;
        return TopicRule.of(topic).history(messages, window.plusSeconds(10), TopicRule.DEFAULT_HISTORY_BYTES);
    }

    private static Host host() {
        Path proc = Path.of("/proc");
        return Files.isReadable(proc.resolve("stat"))
                ? new ProcHost(proc, System::nanoTime, System::currentTimeMillis)
                : new PortableHost();
    }

    /** The JSON that the page loads before it connects. */
    private static Map<String, Object> config(URI broker, Host host, DashboardOptions options) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("webSocketUrl", broker.toString());
        config.put("intervalMillis", options.interval().toMillis());
        config.put("pulseMillis", MeasurementPublisher.PULSE_INTERVAL.toMillis());
        config.put("host", hostName());
        config.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        config.put("cores", Runtime.getRuntime().availableProcessors());
        config.put("source", host.source());
        return config;
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "this machine";
        }
    }

    @Override
    public URI broker() {
        return broker;
    }

    @Override
    public URI uri() {
        return page.uri();
    }

    @Override
    public void close() {
        page.close();
        publisher.close();
        closeBroker.run();
    }
}
