package io.fanfare.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.cli.options.AckMode;
import io.fanfare.cli.output.CommandException;
import io.fanfare.cli.output.ExitCode;
import io.fanfare.frame.Headers;
import io.fanfare.server.FanfareServer;
import io.fanfare.server.FanfareServerBuilder;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs bench with subscribers by event stream, and checks its counts. */
@Timeout(600)
class EventStreamBenchIT {

    private static Report run(FanfareServer server, SubscriberTransport transport, AckMode ack) {
        Workload workload = new Workload(
                server.webSocketUri(),
                Optional.empty(),
                Headers.EMPTY,
                "/topic/bench",
                new Workload.Clients(2, 4, 2, transport),
                // 300 messages; a timestamp of each value that JSON escapes comes up
                new Workload.Traffic(64, 1000, Duration.ZERO, Duration.ofMillis(300)),
                ack);
        try (LoadGenerator generator = new LoadGenerator(workload, time -> {})) {
            return generator.run();
        }
    }

    private static FanfareServerBuilder builder() {
        return FanfareServer.builder().port(0).tcpPort(-1);
    }

    @ParameterizedTest
    @EnumSource
    void everySubscriberGetsEveryMessage(SubscriberTransport transport) {
        try (FanfareServer server = builder().start()) {
            Report report = run(server, transport, AckMode.AUTO);

            assertThat(report.counts().sent()).isEqualTo(300);
            assertThat(report.counts().received()).isEqualTo(600);
            assertThat(report.trouble().disconnected()).as(report.table()).isZero();
            assertThat(report.latency().p50()).isPositive();
            assertThat(report.json()).contains("\"transport\":\"" + transport + "\"");
        }
    }

    @Test
    void withoutEventStreamsThereIsASentence() {
        try (FanfareServer server = builder().sse(false).start()) {
            assertThatThrownBy(() -> run(server, SubscriberTransport.SSE, AckMode.AUTO))
                    .isInstanceOfSatisfying(CommandException.class, failure -> {
                        assertThat(failure).hasMessage("127.0.0.1 answered HTTP 404 to GET /sse");
                        assertThat(failure.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
                    });
        }
    }

    @Test
    void nothingIsAcknowledged() {
        try (FanfareServer server = builder().start()) {
            assertThatThrownBy(() -> run(server, SubscriberTransport.MIXED, AckMode.CLIENT))
                    .hasMessageContaining("--ack must be auto");
        }
    }
}
