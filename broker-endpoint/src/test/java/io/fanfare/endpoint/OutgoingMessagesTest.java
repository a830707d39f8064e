package io.fanfare.endpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.loop.Framing;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OutgoingMessagesTest {

    private static final int HEADERS = 1 << 20;

    private final ByteBuffer out = ByteBuffer.allocate(HEADERS);
    private final byte[] header = new byte[Framing.MAX_HEADER_BYTES];

    private void frame(Framing framing, byte[] payload, boolean text) {
        int length = framing.writeHeader(header, payload.length, text);
        out.put(header, 0, length).put(payload);
    }

    private void text(String payload) {
        frame(Framing.WEBSOCKET_TEXT, payload.getBytes(UTF_8), true);
    }

    private List<String> messages(OutgoingMessages messages, ByteBuffer bytes) {
        List<String> all = new ArrayList<>();
        while (bytes.hasRemaining()) {
            messages.take(bytes);
            if (messages.isComplete()) {
                String kind = messages.isText() ? "text " : "binary ";
                all.add(kind + (messages.isText() ? messages.takeText() : UTF_8.decode(messages.takeBinary())));
            }
        }
        return all;
    }

    @Test
    void eachFrameIsAMessageOfItsKind() {
        text("é");
        frame(Framing.WEBSOCKET_TEXT, "two".getBytes(UTF_8), false);
        frame(Framing.WEBSOCKET_BINARY, "three".getBytes(UTF_8), true);
        text("\n");
        assertThat(messages(new OutgoingMessages(0), out.flip()))
                .containsExactly("text é", "binary two", "binary three", "text \n");
    }

    @Test
    void bytesMayBeCutAnywhere() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<String> expected = new ArrayList<>();
        for (int size : new int[] {1, 125, 126, 127, 65_535, 65_536, 70_000, 2}) {
            String payload = "x".repeat(size);
            text(payload);
            expected.add("text " + payload);
        }
        out.flip();
        OutgoingMessages messages = new OutgoingMessages(0);
        List<String> all = new ArrayList<>();
        while (out.hasRemaining()) {
            byte[] part = new byte[Math.min(out.remaining(), 1 + random.nextInt(random.nextBoolean() ? 3 : 50_000))];
            out.get(part);
            all.addAll(messages(messages, ByteBuffer.wrap(part)));
        }
        assertThat(all).as("seed %d", seed).isEqualTo(expected);
    }

    @Test
    void whatWaitsIsJoinedUpToTheLimit() {
        text("12345");
        text("67890");
        text("abcde");
        text("f");
        text("end of the test");
        assertThat(messages(new OutgoingMessages(10), out.flip()))
                .containsExactly("text 1234567890", "text abcde", "text f", "text end of the test");
        assertThat(messages(new OutgoingMessages(9), out.rewind()))
                .containsExactly("text 12345", "text 67890", "text abcde", "text f", "text end of the test");
    }

    @Test
    void heartBeatsAndAnotherKindAreNotJoined() {
        text("one");
        text("\n");
        text("\n");
        text("two");
        frame(Framing.WEBSOCKET_TEXT, "three".getBytes(UTF_8), false);
        text("four, and long enough for a header behind it");
        assertThat(messages(new OutgoingMessages(1 << 16), out.flip()))
                .containsExactly(
                        "text one",
                        "text \n",
                        "text \n",
                        "text two",
                        "binary three",
                        "text four, and long enough for a header behind it");
    }

    @Test
    void joinedMessagesMayBeCutAnywhere() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            String payload = i + "x".repeat(1 + random.nextInt(300));
            text(payload);
            expected.append(payload);
        }
        out.flip();
        OutgoingMessages messages = new OutgoingMessages(4096);
        StringBuilder all = new StringBuilder();
        while (out.hasRemaining()) {
            byte[] part = new byte[Math.min(out.remaining(), 1 + random.nextInt(3000))];
            out.get(part);
            for (String message : messages(messages, ByteBuffer.wrap(part))) {
                assertThat(message.length()).isLessThanOrEqualTo("text ".length() + 4096);
                all.append(message.substring("text ".length()));
            }
        }
        assertThat(all.toString()).as("seed %d", seed).isEqualTo(expected.toString());
    }
}
