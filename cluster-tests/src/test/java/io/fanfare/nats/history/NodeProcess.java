package io.fanfare.nats.history;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.fanfare.broker.BrokerOptions;
import io.fanfare.nats.NatsBackplane;
import io.fanfare.nats.options.NatsOptions;
import io.fanfare.options.TopicRule;
import io.fanfare.server.FanfareServer;
import io.fanfare.testing.Await;
import io.fanfare.testing.Program;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.slf4j.LoggerFactory;

/** A node in a process of its own, that can be killed. */
final class NodeProcess extends Program {

    static final String KEPT = "/topic/kept";
    static final String QUEUE = "/queue/shared.jobs";
    private static final String READY = "ready ";

    private NodeProcess(List<String> command) {
        super(new ProcessBuilder(command).redirectErrorStream(true), false);
    }

    /**
     * Starts a node; {@link #uri} waits until it takes clients.
     *
     * @param port of its WebSocket; clients find it there again after a restart
     */
    static NodeProcess start(int port, List<String> natsServers) {
        return new NodeProcess(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-ea",
                "-cp",
                System.getProperty("java.class.path"),
                NodeProcess.class.getName(),
                String.valueOf(port),
                String.join(",", natsServers)));
    }

    static URI uri(int port) {
        return URI.create("ws://127.0.0.1:" + port + "/stomp");
    }

    /** Whether clients can connect. */
    boolean isReady() {
        return out().stream().anyMatch(line -> line.startsWith(READY));
    }

    /** Has it tell what its threads do, in its log. */
    void printsThreads() {
        Program.start(List.of("kill", "-QUIT", String.valueOf(pid()))).succeeds();
        Await.until("threads are printed", () -> out().stream().anyMatch(line -> line.startsWith("Heap")));
    }

    /** Runs a node until its process ends. */
    public static void main(String[] args) throws InterruptedException {
        ((Logger) LoggerFactory.getLogger("io.fanfare.nats")).setLevel(Level.DEBUG);
        ((Logger) LoggerFactory.getLogger("io.fanfare.connections")).setLevel(Level.INFO);
        NatsOptions nats = NatsOptions.builder(args[1].split(","))
                .name("history")
                .sharedQueues(List.of("/queue/shared.#"))
                .ackWait(Duration.ofSeconds(5))
                .isolationGrace(Duration.ofSeconds(2))
                .build();
        BrokerOptions broker = BrokerOptions.builder()
                .topics(topics -> topics.rules(List.of(TopicRule.of(KEPT).history(100_000))))
                .backplane(new NatsBackplane(nats))
                .build();
        FanfareServer server = FanfareServer.builder()
                .port(Integer.parseInt(args[0]))
                .loops(1)
                .broker(broker)
                .start();
        System.out.println(READY + server.webSocketPort());
        Thread.currentThread().join();
    }
}
