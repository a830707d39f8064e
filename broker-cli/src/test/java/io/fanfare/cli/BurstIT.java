package io.fanfare.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.Await;
import io.fanfare.testing.RawTcp;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** More messages at once than subscribers can take at once, to brokers with the limits that users get. */
class BurstIT {

    private static final String SUBSCRIBE = "SUBSCRIBE\nid:0\ndestination:/topic/a\nreceipt:r\n\n^@";

    private static final long MIB = 1 << 20;

    private final ScheduledExecutorService readers = Executors.newScheduledThreadPool(2);

    @AfterEach
    void stopReading() {
        readers.shutdownNow();
    }

    @ParameterizedTest
    @CsvSource({"500,20000", "12000,4000"})
    void oneWriteOfManyMessagesReachesEverySubscriberThatReads(int messages, int bytes) {
        try (Fanfare serve = serve("-Xmx1g");
                RawTcp alice = serve.connect();
                RawTcp bob = subscriber(serve);
                RawTcp carol = subscriber(serve)) {
            Reader bobs = new Reader(bob, 0);
            Reader carols = new Reader(carol, 0);
            alice.sends(send(bytes).repeat(messages).getBytes(UTF_8));

            bobs.awaits(messages);
            carols.awaits(messages);
        }
    }

    @Test
    void aFloodReachesTheSubscriberThatReadsAndCutsTheOneThatDoesNotInLittleMemory() throws IOException {
        try (Fanfare serve = serve("-Xmx256m");
                RawTcp alice = serve.connect();
                RawTcp stalled = subscriber(serve);
                RawTcp bob = subscriber(serve)) {
            // 50 MB a second: less than a publisher can send
            Reader bobs = new Reader(bob, 5);
            byte[] ten = send(20_000).repeat(10).getBytes(UTF_8);
            for (int i = 0; i < 2_000; i++) {
                alice.sends(ten);
            }
            bobs.awaits(20_000);
            alice.sends("BEGIN\ntransaction:t\nreceipt:b\n\n\0".getBytes(UTF_8)).got("RECEIPT\nreceipt-id:b\n\n^@");
            stalled.readToEnd();
            assertThat(serve.peakResidentBytes()).isLessThan(700 * MIB);
        }
    }

    private static Fanfare serve(String heap) {
        return Fanfare.run(
                Map.of("JAVA_TOOL_OPTIONS", heap + " -XX:+ExitOnOutOfMemoryError"),
                "serve",
                "--port=0",
                "--stomp-port=0",
                "--admin-port=-1");
    }

    private static RawTcp subscriber(Fanfare serve) {
        return serve.connect()
                .sends(SUBSCRIBE.replace("^@", "\0").getBytes(UTF_8))
                .got("RECEIPT\nreceipt-id:r\n\n^@");
    }

    private static String send(int bytes) {
        return "SEND\ndestination:/topic/a\n\n" + "x".repeat(bytes) + "\0";
    }

    /** Counts the frames that a client gets. */
    private final class Reader {

        private static final int READ_BYTES = 256 << 10;

        private final InputStream in;
        private final byte[] buffer = new byte[READ_BYTES];
        private final AtomicInteger frames = new AtomicInteger();

        /**
         * Begins to read.
         *
         * @param pause milliseconds between two reads
         */
        Reader(RawTcp client, int pause) {
            try {
                in = client.socket().getInputStream();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            if (pause == 0) {
                readers.execute(() -> {
                    while (read()) {
                        continue;
                    }
                });
            } else {
                readers.scheduleAtFixedRate(this::read, 0, pause, TimeUnit.MILLISECONDS);
            }
        }

        private boolean read() {
            try {
                int count = in.read(buffer);
                for (int i = 0; i < count; i++) {
                    if (buffer[i] == 0) {
                        frames.incrementAndGet();
                    }
                }
                return count > 0;
            } catch (IOException e) {
                return false;
            }
        }

        void awaits(int messages) {
            Await.until(messages + " messages, of which " + frames + " have come", () -> frames.get() >= messages);
        }
    }
}
