package io.fanfare.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.compression.Compression;
import io.fanfare.frame.Headers;
import io.fanfare.frame.StompVersion;
import io.fanfare.loop.BrokerClock;
import io.fanfare.loop.Chunk;
import io.fanfare.loop.Framing;
import io.fanfare.loop.TurnBuffer;
import io.fanfare.statistics.LoopCounts;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Audiences of one turn, which differ in their filter alone or in more, get the bytes that each would get by itself. */
class MessageEncoderTest {

    private static final Encoding FIRST = new Encoding(StompVersion.V1_2, Framing.TCP, Compression.NONE, "0");

    private final TurnBuffer buffer = new TurnBuffer(new LoopCounts());
    private final MessageEncoder encoder = new MessageEncoder(buffer, "t-");

    private static Message message(int number, String body) {
        return message(number, body, 1);
    }

    private static Message message(int number, String body, long time) {
        Message message = new Message(
                Headers.of("destination", "/topic/a"),
                body.getBytes(UTF_8),
                time,
                SendProperties.of(Headers.EMPTY, BrokerClock.SYSTEM),
                null);
        message.place(1, number);
        return message;
    }

    private static String lastFrame(Chunk chunk) {
        ByteBuffer out = ByteBuffer.allocate(chunk.length() - chunk.lastFrame());
        chunk.copyTo(out, chunk.lastFrame(), out.capacity());
        return new String(out.array(), UTF_8);
    }

    /** What an encoder that has encoded nothing before makes of it. */
    private static String alone(Message message, Encoding encoding) {
        return lastFrame(new MessageEncoder(new TurnBuffer(new LoopCounts()), "t-").encode("alone", message, encoding));
    }

    @Test
    void framesOfOneOwnerFollowEachOtherAlsoWhereTheyAreCopies() {
        List<Message> messages = List.of(message(1, "one"), message(2, "two"), message(3, "three"));
        messages.forEach(each -> encoder.encode("a", each, FIRST));

        Chunk first = encoder.encode("b", messages.get(0), FIRST);
        Chunk last = encoder.encode("b", messages.get(2), FIRST);

        assertThat(last).isSameAs(first);
        assertThat(last.length())
                .isEqualTo(alone(messages.get(0), FIRST).length()
                        + alone(messages.get(2), FIRST).length());
        assertThat(lastFrame(last)).isEqualTo(alone(messages.get(2), FIRST));
    }

    @Test
    void eachMessageShowsItsOwnTime() {
        long[] times = {0, 0, 7, 7, 1_764_523_456_789L, 7, Long.MAX_VALUE, Long.MIN_VALUE, Long.MIN_VALUE, 0};
        for (int i = 0; i < times.length; i++) {
            String frame = lastFrame(encoder.encode("a", message(i, "body", times[i]), FIRST));
            assertThat(frame).contains("\ntimestamp:" + times[i] + "\n");
        }
    }

    @Test
    void aFrameOfAnEarlierTurnIsNotCopied() {
        Message early = message(1, "early");
        encoder.encode("a", early, FIRST);
        buffer.reset();
        encoder.encode("a", message(2, "something else that stands there now"), FIRST);

        assertThat(lastFrame(encoder.encode("b", early, FIRST))).isEqualTo(alone(early, FIRST));
    }

    @Test
    void anyOrderOfOwnersMessagesEncodingsAndTurnsGivesTheSameFrames() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<Message> messages = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            messages.add(message(i, "x".repeat(random.nextInt(i % 50 == 0 ? 300_000 : 900))));
        }
        for (int step = 0; step < 5_000; step++) {
            Message message = messages.get(random.nextInt(messages.size()));
            Encoding encoding = FIRST.of(random.nextInt(4) == 0 ? "other" : "0");
            Chunk chunk = encoder.encode(random.nextInt(3), message, encoding, 0, 0);
            assertThat(lastFrame(chunk)).as("seed %d step %d", seed, step).isEqualTo(alone(message, encoding));
            if (random.nextInt(200) == 0) {
                buffer.reset();
            }
        }
    }
}
