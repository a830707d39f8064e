package io.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfare.broker.Broker;
import java.time.Duration;
import java.util.List;

/** What may leak: all that a server holds once its clients have gone. */
record Held(List<String> threads, int descriptors, long heapBytes) {

    private static final int DESCRIPTORS = 5;

    static Held by(FanfareServer server) {
        Broker broker = server.broker();
        await("sessions end").atMost(Duration.ofSeconds(20)).until(() -> broker.sessionCount() == 0);
        await("topics go").until(() -> broker.topicCount() == 0);
        // messages that expire are looked for now and then
        await("queues go").atMost(Duration.ofSeconds(30)).until(() -> broker.queueCount() == 0);
        await("bytes are counted down").until(() -> broker.memoryBytes() == 0);
        return new Held(Jvm.serverThreads(), Jvm.fileDescriptors(), Jvm.usedHeapBytes());
    }

    void isNoMoreThan(Held before, long heap) {
        // those of clients of earlier tests may have ended meanwhile
        assertThat(before.threads).containsAll(threads);
        assertThat(descriptors).isLessThanOrEqualTo(before.descriptors + DESCRIPTORS);
        assertThat(heapBytes).isLessThan(before.heapBytes + heap);
    }
}
