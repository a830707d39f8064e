package io.fanfare.nats.internal.kept;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.nats.options.NatsOptions;
import io.fanfare.options.TopicRule;
import io.nats.client.api.StreamInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A thread that waits for what is read. {@link ReaderIT} reads. */
class StreamReaderTest {

    private final StreamReader reader = new StreamReader(
            new KeptStream(
                    NatsOptions.builder("nats://127.0.0.1:1").build(),
                    TopicRule.of("/topic/a").history(1)),
            new StreamReader.Sink() {
                @Override
                public long begins(StreamInfo stream, String change) {
                    return 0;
                }

                @Override
                public void take(StreamReader.Entry entry) {}

                @Override
                public void confirmed(boolean isAll) {}
            });

    @Test
    void aWaitEndsWhenNothingComes() {
        assertThatThrownBy(() -> StreamReader.awaitCaughtUp(List.of(reader), Duration.ofMillis(20)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("fanfare-fanfare-kept");
    }

    @Test
    void aWaitEndsWhenTheReaderIsClosed() {
        CompletableFuture<Void> wait = CompletableFuture.runAsync(() -> {
            try {
                StreamReader.awaitCaughtUp(List.of(reader), Duration.ofMinutes(10));
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        reader.close();
        assertThatThrownBy(wait::join).hasRootCauseInstanceOf(InterruptedException.class);
    }
}
