package io.fanfare.server.internal.websocket;

import static io.fanfare.server.internal.websocket.CompressedScene.compressed;
import static io.fanfare.server.internal.websocket.CompressedScene.raw;
import static io.fanfare.server.internal.websocket.CompressedScene.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.Wire;
import io.fanfare.testing.WsFrame;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.Deflater;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compressed messages from a client that has agreed on permessage-deflate (RFC 7692 6), good and bad. */
class CompressedMessagesTest {

    private final CompressedScene scene = new CompressedScene();
    private final Heard heard = scene.heard;
    private final MessageReader reader = scene.reader;

    /** The payload in so many fragments. */
    private static List<WsFrame> fragments(int opcode, byte[] payload, int count, int reserved) {
        List<WsFrame> frames = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int from = (int) ((long) payload.length * i / count);
            int to = (int) ((long) payload.length * (i + 1) / count);
            WsFrame frame = WsFrame.of(i == 0 ? opcode : WsFrame.CONTINUATION, Arrays.copyOfRange(payload, from, to));
            frame = i == 0 ? frame.reserved(reserved) : frame;
            frames.add(i == count - 1 ? frame : frame.notLast());
        }
        return frames;
    }

    // ---- good ones --------------------------------------------------------------------------------------------------

    @ParameterizedTest(name = "{0} B in {1} fragments")
    @CsvSource({
        "0, 1",
        "1, 1",
        "125, 1",
        "126, 1",
        "255, 1",
        "256, 1",
        "65535, 1",
        "65536, 1",
        "1048576, 1",
        "0, 2",
        "1, 2",
        "126, 3",
        "256, 7",
        "65536, 5",
        "1048576, 40"
    })
    @DisplayName("item 27: compressed messages, whole and in fragments, with pings between them")
    void messagesOfAllSizesArriveAsTheyWere(int size, int count) {
        byte[] payload = text(size);
        List<WsFrame> frames = new ArrayList<>();
        for (WsFrame frame : fragments(WsFrame.TEXT, Wire.deflated(payload), count, CompressedScene.RSV1)) {
            frames.add(WsFrame.of(WsFrame.PING, new byte[] {1}));
            frames.add(frame);
        }
        scene.reads(frames.toArray(WsFrame[]::new));

        assertThat(heard.fault).isNull();
        assertThat(Arrays.equals(heard.payload.toByteArray(), payload)).isTrue();
        assertThat(reader.isInsideMessage()).isFalse();
        assertThat(heard.pings.size()).isEqualTo(2 * count);
    }

    @Test
    void messagesOfManySizesArriveHoweverTheyAreCut() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        for (int i = 0; i < 1_000; i++) {
            byte[] payload = text(random.nextInt(random.nextInt(20) == 0 ? 100_000 : 500));
            expected.writeBytes(payload);
            boolean isCompressed = random.nextBoolean();
            int count = isCompressed ? 1 + random.nextInt(4) : 1;
            byte[] octets = isCompressed ? Wire.deflated(payload) : payload;
            fragments(WsFrame.BINARY, octets, count, isCompressed ? CompressedScene.RSV1 : 0)
                    .forEach(frame -> sent.writeBytes(frame.bytes()));
        }
        byte[] bytes = sent.toByteArray();
        for (int from = 0; from < bytes.length; ) {
            int length = Math.min(1 + random.nextInt(random.nextBoolean() ? 50 : 100_000), bytes.length - from);
            scene.reads(bytes, from, length);
            scene.goesOn();
            from += length;
        }

        assertThat(heard.fault).as("seed %d", seed).isNull();
        assertThat(Arrays.equals(heard.payload.toByteArray(), expected.toByteArray()))
                .as("the payloads are the same, seed %d", seed)
                .isTrue();
    }

    @Test
    @DisplayName("item 27: messages that are not compressed stay legal")
    void plainMessagesStayLegal() {
        scene.reads(WsFrame.text("one"), compressed(WsFrame.TEXT, "two".getBytes(UTF_8)), WsFrame.text("three"));
        scene.reads(WsFrame.text("fo").notLast(), WsFrame.of(WsFrame.CONTINUATION, "ur".getBytes(UTF_8)));

        assertThat(heard.fault).isNull();
        assertThat(heard.payload).hasToString("onetwothree");
        assertThat(heard.forTyrus.size()).as("fragments, with their headers").isEqualTo(2 + 2 + 12);
        assertThat(heard.messages).hasToString("tttt");
    }

    @Test
    void blocksOfAllKindsAreInflated() {
        byte[] payload = text(5000);
        for (int level : new int[] {Deflater.NO_COMPRESSION, Deflater.BEST_SPEED, Deflater.BEST_COMPRESSION}) {
            Deflater deflater = new Deflater(level, true);
            deflater.setInput(payload);
            byte[] out = new byte[10_000];
            int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
            deflater.end();
            scene.reads(raw(Arrays.copyOf(out, length - 4)));
        }

        assertThat(heard.fault).isNull();
        assertThat(heard.payload.size()).isEqualTo(3 * 5000);
    }

    @ParameterizedTest(name = "{0} octets behind it")
    @ValueSource(ints = {0, 1})
    @DisplayName("RFC 7692 7.2.3.4: a last block, and an octet 0 behind it, which some leave out")
    void aLastBlockEndsNoMessage(int behind) {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        deflater.setInput(text(1000));
        deflater.finish();
        byte[] out = new byte[2000];
        int length = deflater.deflate(out);
        deflater.end();
        scene.reads(raw(Arrays.copyOf(out, length + behind)), compressed(WsFrame.BINARY, text(10)));

        assertThat(heard.fault).isNull();
        assertThat(heard.payload.size()).isEqualTo(1010);
    }

    @Test
    void nothingIsRememberedOfTheMessageBefore() {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        byte[] out = new byte[10_000];
        List<byte[]> messages = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            deflater.setInput("abcdefghijklmnopqrstuvwxyz".getBytes(UTF_8));
            int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
            messages.add(Arrays.copyOf(out, length - 4));
        }
        deflater.end();
        // client_no_context_takeover was demanded: the second refers to the first
        scene.reads(raw(messages.get(0)), raw(messages.get(1)));

        assertThat(heard.fault).isEqualTo("corrupt compressed data");
    }

    @Test
    void emptyMessagesAreChargedToTheRate() {
        scene.reads(raw(new byte[] {0}), raw(new byte[] {2, 0}), raw(new byte[0]), compressed(WsFrame.TEXT, text(1)));

        assertThat(heard.fault).isNull();
        assertThat(heard.unproductive).isGreaterThanOrEqualTo(3);
        assertThat(heard.payload.size()).isEqualTo(1);
    }

    // ---- bad ones ---------------------------------------------------------------------------------------------------

    @ParameterizedTest(name = "opcode {0}, bits {1}")
    @CsvSource({"0, 4", "8, 4", "9, 4", "10, 4", "3, 4", "1, 2", "1, 1", "1, 6", "2, 5", "2, 7"})
    @DisplayName("items 12, 27: RSV1 begins a message and is nowhere else; RSV2 and RSV3 are in no extension")
    void bitsOutOfPlaceAreRefused(int opcode, int bits) {
        if (opcode == WsFrame.CONTINUATION) {
            scene.reads(compressed(WsFrame.TEXT, text(10)).notLast());
        }
        scene.reads(WsFrame.of(opcode, new byte[] {0}).reserved(bits));

        assertThat(heard.fault).isEqualTo("reserved bit");
    }

    @Test
    void withoutAgreementNothingIsInflated() {
        Heard plain = new Heard(CompressedScene.MAX_FRAME);
        ByteBuffer decoded = ByteBuffer.allocate(1000);
        new MessageReader(plain, decoded::clear, CompressedScene.MAX_FRAME, null)
                .read(ByteBuffer.wrap(compressed(WsFrame.TEXT, text(10)).bytes()));

        assertThat(plain.fault).isEqualTo("reserved bit");
    }

    @ParameterizedTest(name = "a compressed message inside one with bits {0}, or the other way round")
    @CsvSource({"4, 4", "4, 0", "0, 4"})
    @DisplayName("item 14: a message inside another")
    void messagesInsideOthersAreRefused(int first, int second) {
        scene.reads(
                WsFrame.of(WsFrame.TEXT, new byte[] {0}).reserved(first).notLast(),
                WsFrame.of(WsFrame.TEXT, new byte[] {0}).reserved(second));

        assertThat(heard.fault).isEqualTo("unfinished message");
    }

    @Test
    @DisplayName("item 28: what is not DEFLATE data is refused")
    void corruptDataIsRefused() {
        // block type 3 does not exist; a stored block whose LEN and NLEN do not fit
        for (byte[] octets : List.of(new byte[] {7}, new byte[] {0, 1, 0, 1, 0, 'x'})) {
            CompressedScene each = new CompressedScene();
            each.reads(raw(octets));
            assertThat(each.heard.fault).as("%s", Arrays.toString(octets)).isEqualTo("corrupt compressed data");
            assertThat(each.heard.payload.size()).isLessThan(10);
        }
    }

    @Test
    @DisplayName("item 28: a message that has been cut off is refused, wherever that was")
    void messagesThatAreCutOffAreRefused() {
        byte[] payload = text(300);
        byte[] whole = Wire.deflated(payload);
        for (int length = 1; length < whole.length; length++) {
            CompressedScene each = new CompressedScene();
            each.reads(raw(Arrays.copyOf(whole, length)));
            assertThat(each.heard.fault)
                    .as("%d of %d octets", length, whole.length)
                    .isEqualTo("corrupt compressed data");
        }
    }

    @Test
    void lastBlocksWithoutEndAreRefused() {
        byte[] octets = new byte[1000];
        for (int i = 0; i < octets.length; i += 2) {
            octets[i] = 3;
        }
        scene.reads(raw(octets));

        assertThat(heard.fault).isEqualTo("corrupt compressed data");
    }

    @Test
    @DisplayName("item 18: compressed text is UTF-8 too")
    void compressedTextIsUtf8() {
        scene.reads(compressed(WsFrame.BINARY, new byte[] {(byte) 0xC3}));
        assertThat(heard.fault).isNull();
        scene.reads(compressed(WsFrame.TEXT, "é".getBytes(UTF_8)));
        assertThat(heard.fault).isNull();
        scene.reads(compressed(WsFrame.TEXT, new byte[] {'a', (byte) 0xC3}));
        assertThat(heard.fault).isEqualTo("malformed UTF-8");
    }

    @Test
    void damageIsFoundAlikeHoweverItIsCut() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        for (int i = 0; i < 4; i++) {
            fragments(WsFrame.TEXT, Wire.deflated(text(100 * i)), 1 + i % 2, CompressedScene.RSV1)
                    .forEach(frame -> sent.writeBytes(frame.bytes()));
        }
        int faults = 0;
        for (int i = 0; i < 500; i++) {
            byte[] bytes = sent.toByteArray();
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            CompressedScene whole = new CompressedScene();
            whole.reads(bytes);
            CompressedScene cut = new CompressedScene();
            int most = 1 + random.nextInt(20);
            for (int from = 0; from < bytes.length; from += most) {
                cut.reads(bytes, from, Math.min(most, bytes.length - from));
            }
            assertThat(cut.heard.fault).as("seed %d, damage %d", seed, i).isEqualTo(whole.heard.fault);
            // of plain text that is none, more may have been handed on before it turned out
            if (!"malformed UTF-8".equals(whole.heard.fault)) {
                assertThat(cut.heard.payload.toByteArray())
                        .as("seed %d, damage %d", seed, i)
                        .isEqualTo(whole.heard.payload.toByteArray());
            }
            faults += whole.heard.fault == null ? 0 : 1;
        }
        assertThat(faults).as("damages that are found").isGreaterThan(100);
    }
}
