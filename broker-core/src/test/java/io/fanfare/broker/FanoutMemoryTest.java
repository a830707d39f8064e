package io.fanfare.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.compression.Compression;
import io.fanfare.frame.CloseCode;
import io.fanfare.loop.Connection;
import io.fanfare.loop.Framing;
import io.fanfare.session.Session;
import io.fanfare.testing.AllocationMeter;
import io.fanfare.testing.HandLoop;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A message takes memory, its deliveries take none: however many receivers share its bytes, it costs the same. Asks the
 * JVM what this thread has allocated; how long anything takes plays no part.
 */
class FanoutMemoryTest {

    private static final int SUBSCRIBERS = 1_000;
    private static final int MESSAGES = 20;
    private static final int ROUNDS = 6;

    /**
     * The smallest object has 16 bytes. What a message itself allocates may differ by some hundred from one run to the
     * next, as the compiler finds out that some of it is not needed: a part of a byte for each of so many deliveries.
     */
    private static final double LESS_THAN_ANY_OBJECT = 1;

    private final AllocationMeter meter = new AllocationMeter();

    @ParameterizedTest
    @CsvSource({
        "TCP, false, 1.2, /topic/prices, '', 1",
        "TCP, false, 1.2, /topic/prices, '', 10",
        "TCP, false, 1.2, /topic/*, '', 1",
        "TCP, false, 1.2, /topic/prices, price > 10, 1",
        "TCP, false, 1.0, /topic/prices, '', 1",
        "WEBSOCKET_TEXT, false, 1.2, /topic/prices, '', 1",
        "WEBSOCKET_TEXT, true, 1.2, /topic/prices, '', 1",
        "WEBSOCKET_BINARY, false, 1.1, /topic/prices, '', 10",
        "WEBSOCKET_BINARY, true, 1.1, /topic/prices, '', 10"
    })
    void deliveriesTakeNoMemory(
            Framing framing,
            boolean compressed,
            String version,
            String destination,
            String selector,
            int messagesInATurn) {
        Compression compression = compressed ? new Compression(15, 1) : Compression.NONE;
        Subscribe subscribe = new Subscribe(framing, compression, version, destination, selector);

        long one = leastForARound(1, subscribe, messagesInATurn);
        long many = leastForARound(SUBSCRIBERS, subscribe, messagesInATurn);

        double deliveries = (SUBSCRIBERS - 1.0) * MESSAGES;
        assertThat((many - one) / deliveries)
                .as(
                        "bytes for a delivery; for %,d messages to one %,d, to %,d of them %,d",
                        MESSAGES, one, SUBSCRIBERS, many)
                .isLessThan(LESS_THAN_ANY_OBJECT);
    }

    /** What all subscribers of a round ask for. */
    private record Subscribe(
            Framing framing, Compression compression, String version, String destination, String selector) {

        String frames() {
            return String.format(
                    Locale.ROOT,
                    "CONNECT\naccept-version:%s\nhost:h\n\n\0SUBSCRIBE\nid:0\ndestination:%s\nselector:%s\n\n\0",
                    version,
                    destination,
                    selector);
        }
    }

    /** Bytes allocated in the round that took fewest: in the first ones arrays grow, and classes come. */
    private long leastForARound(int subscribers, Subscribe subscribe, int messagesInATurn) {
        HandLoop loop = new HandLoop();
        Broker broker = new Broker();
        List<TakesAll> receivers = Stream.generate(() -> open(broker, loop, subscribe, subscribe.frames()))
                .limit(subscribers)
                .toList();
        TakesAll publisher = open(
                broker,
                loop,
                new Subscribe(Framing.TCP, Compression.NONE, "", "", ""),
                "CONNECT\naccept-version:1.2\nhost:h\n\n\0");
        ByteBuffer sends = ByteBuffer.wrap("SEND\ndestination:/topic/prices\nprice:17\n\nseventeen\0"
                .repeat(messagesInATurn)
                .getBytes(UTF_8));
        Runnable read = () -> publisher.session.receive(sends.clear());

        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long before = meter.bytes();
            for (int i = 0; i < MESSAGES; i += messagesInATurn) {
                loop.run(read);
                loop.takeTurn();
            }
            least = Math.min(least, meter.bytes() - before);
        }

        assertThat(receivers).allMatch(receiver -> receiver.writes == 1 + ROUNDS * MESSAGES / messagesInATurn);
        return least;
    }

    private static TakesAll open(Broker broker, HandLoop loop, Subscribe like, String frames) {
        TakesAll connection = new TakesAll(like.framing(), like.compression());
        loop.run(() -> {
            connection.session = broker.open(loop, connection);
            connection.session.receive(ByteBuffer.wrap(frames.getBytes(UTF_8)));
        });
        loop.takeTurn();
        return connection;
    }

    /** A socket that is never full and remembers nothing. */
    private static final class TakesAll implements Connection {

        private final Framing framing;
        private final Compression compression;
        private Session session;
        private int writes;

        TakesAll(Framing framing, Compression compression) {
            this.framing = framing;
            this.compression = compression;
        }

        @Override
        public Compression compression() {
            return compression;
        }

        @Override
        public Framing framing() {
            return framing;
        }

        @Override
        public int write(ByteBuffer bytes) {
            int taken = bytes.remaining();
            bytes.position(bytes.limit());
            writes++;
            return taken;
        }

        @Override
        public void awaitWritable() {}

        @Override
        public void suspendReading() {}

        @Override
        public void resumeReading() {}

        @Override
        public void close(CloseCode code, String reason) {
            throw new AssertionError(code + " " + reason);
        }

        @Override
        public void flushed() {}

        @Override
        public void abort() {
            throw new AssertionError("aborted");
        }

        @Override
        public String peer() {
            return "takes all";
        }
    }
}
