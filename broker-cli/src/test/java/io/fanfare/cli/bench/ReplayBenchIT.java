package io.fanfare.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.cli.options.AckMode;
import io.fanfare.cli.output.CommandException;
import io.fanfare.frame.Headers;
import io.fanfare.options.TopicRule;
import io.fanfare.server.FanfareServer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs bench against topics that keep messages, and checks its counts. */
@Timeout(600)
class ReplayBenchIT {

    private final FanfareServer server = FanfareServer.builder()
            .port(0)
            .tcpPort(-1)
            .broker(BrokerOptions.builder()
                    .topics(topics ->
                            topics.rules(List.of(TopicRule.of("/topic/kept.#").history(1_500))))
                    .build())
            .start();

    @AfterEach
    void stop() {
        server.close();
    }

    private ReplayLoad.ReplayReport run(String destination, ReplayLoad.Kind kind, int messages) {
        Workload workload = new Workload(
                server.webSocketUri(),
                Optional.empty(),
                Headers.EMPTY,
                destination,
                new Workload.Clients(1, 5, 1, SubscriberTransport.WEBSOCKET),
                new Workload.Traffic(64, 0, Duration.ZERO, Duration.ofSeconds(1)),
                AckMode.AUTO);
        try (ReplayLoad load = new ReplayLoad(workload, kind, messages)) {
            return load.run();
        }
    }

    @Test
    @DisplayName("every client gets every last value, and none is left behind")
    void snapshot() {
        ReplayLoad.ReplayReport report = run("/topic/free", ReplayLoad.Kind.SNAPSHOT, 1_200);
        assertThat(report.received()).isEqualTo(5 * 1_200);
        assertThat(report.bytes()).isGreaterThan(5 * 1_200 * 64);
        assertThat(report.complete().p50()).isPositive();
        assertThat(report.table()).contains("5, which came at once", "1,200 messages each");
        assertThat(report.json()).contains("\"kind\":\"snapshot\"", "\"received\":6000");
        assertThat(server.broker().statistics(0).kept().values())
                .as("last values left")
                .isZero();
    }

    @Test
    @DisplayName("every client that comes back gets what it missed, and is told that this is all")
    void resume() {
        ReplayLoad.ReplayReport report = run("/topic/kept", ReplayLoad.Kind.RESUME, 1_200);
        assertThat(report.received()).isEqualTo(5 * 1_200);
        assertThat(report.recovered()).isEqualTo(5);
        assertThat(report.table()).contains("5 of 5 clients");
    }

    @Test
    @DisplayName("a topic without history is told with the configuration that it needs")
    void withoutHistory() {
        assertThatThrownBy(() -> run("/topic/free", ReplayLoad.Kind.RESUME, 10))
                .isInstanceOfSatisfying(CommandException.class, failure -> {
                    assertThat(failure).hasMessage("the topic keeps no history");
                    assertThat(failure.remedy())
                            .isEqualTo("serve with topics: [{match: '/topic/free.#', history: {messages: 10}}]");
                });
    }

    @Test
    @DisplayName("the two loads exclude each other, and want messages")
    void badInput() {
        assertThat(run("--snapshot=1", "--resume=1")).contains("--snapshot and --resume are two loads");
        assertThat(run("--snapshot=0")).contains("--snapshot and --resume must be 1 or more, not 0");
    }

    private static String run(String... args) {
        try {
            picocli.CommandLine line = new picocli.CommandLine(new BenchCommand());
            line.parseArgs(args);
            ((BenchCommand) line.getCommand()).call();
            return "nothing";
        } catch (IllegalArgumentException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
