package io.fanfare.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.compression.Compression;
import io.fanfare.loop.Framing;
import io.fanfare.options.TopicRule;
import io.fanfare.testing.FakeConnection;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** 10,000 keys to 1,000 pages that open at once. */
class SnapshotScaleTest extends BrokerTest {

    private static final int KEYS = 10_000;
    private static final int PAGES = 1_000;
    private static final String BODY = "{\"symbol\":\"ACME\",\"bid\":41.6,\"ask\":41.9,\"volume\":10200}".repeat(3);

    /** As clients of a WebSocket that has agreed on it; the broker then counts what it encodes. */
    private static final Compression COMPRESSION = new Compression(12, 64);

    private final List<FakeConnection> pages = new ArrayList<>();

    private static void feed(FakeConnection page, String frames) {
        page.session().receive(ByteBuffer.wrap(frames.getBytes(UTF_8)));
    }

    private void open(Compression compression) {
        for (int i = 0; i < PAGES; i++) {
            FakeConnection page = new FakeConnection(Framing.WEBSOCKET_TEXT, compression, loop, "page" + i);
            pages.add(page);
            loop.run(() -> {
                page.session(broker.open(loop, page));
                feed(page, "CONNECT\naccept-version:1.2\nhost:h\n\n\0");
            });
        }
        settle();
        pages.forEach(FakeConnection::forgets);
    }

    @Test
    @DisplayName("each value is encoded once, and the broker holds no more than twice the snapshot meanwhile")
    void encodedOnce() {
        brokerWith(BrokerOptions.builder()
                .topics(t -> t.rules(List.of(TopicRule.of("/topic/v").retainByKey("key"))))
                .build());
        Client publisher = connect();
        IntStream.range(0, KEYS)
                .forEach(i -> publisher.feeds("SEND\ndestination:/topic/v\nkey:" + i + "\n\n" + BODY + "^@"));
        settle();
        open(COMPRESSION);
        long snapshot = broker.memoryBytes();
        long most = 0;
        long compressedBefore = broker.statistics(0).compression().messages();
        loop.run(() -> pages.forEach(page -> feed(page, "SUBSCRIBE\nid:0\ndestination:/topic/v\nreceipt:r\n\n\0")));
        while (loop.isAwake()) {
            loop.takeTurn();
            most = Math.max(most, broker.memoryBytes() + broker.bytesUnderWay());
        }
        settle();
        assertThat(broker.statistics(0).compression().messages() - compressedBefore)
                .as("messages encoded")
                .isEqualTo(KEYS);
        assertThat(most).as("bytes held, of a snapshot of %,d", snapshot).isBetween(snapshot, 2 * snapshot);
        assertThat(pages)
                .extracting(FakeConnection::digest)
                .containsOnly(pages.get(0).digest());
        assertThat(pages)
                .allMatch(page -> page.writes().stream().mapToLong(each -> each).sum() > 100_000);
        pages.forEach(page -> loop.run(page::abort));
    }
}
