package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.loop.Chunk;
import io.fanfare.loop.Framing;
import io.fanfare.loop.Outbox;
import io.fanfare.loop.TurnBuffer;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Outbox, chunks and the turn's buffer together: the bytes that go out are those that were put in. */
class OutboxTest {

    private final TurnBuffer buffer = new TurnBuffer();
    private final Outbox outbox = new Outbox();
    private final FakeConnection socket = new FakeConnection(Framing.TCP, new HandLoop(), "c1");
    private final ByteArrayOutputStream expected = new ByteArrayOutputStream();

    private static byte[] octets(int length, int seed) {
        byte[] octets = new byte[length];
        new Random(seed).nextBytes(octets);
        return octets;
    }

    private void put(Object owner, byte[] octets) {
        Chunk chunk = buffer.bytes(owner, octets, octets.length);
        outbox.append(chunk, chunk.lastFrame(), chunk.length());
        expected.writeBytes(octets);
    }

    @Test
    void anEmptyOutboxWritesNothing() {
        assertThat(outbox.flush(socket, buffer)).isZero();
        assertThat(socket.writes()).isEmpty();
        assertThat(outbox.isEmpty()).isTrue();
    }

    @Test
    void framesThatFollowEachOtherAreOneWrite() {
        for (int i = 0; i < 100; i++) {
            put("owner", octets(50 + i, i));
        }
        assertThat(outbox.pieces()).isEqualTo(1);
        assertThat(outbox.flush(socket, buffer)).isEqualTo(expected.size());
        assertThat(socket.writes()).containsExactly(expected.size());
        assertThat(socket.taken()).isEqualTo(expected.toByteArray());
    }

    @Test
    void piecesOfSeveralOwnersArePutTogetherForOneWrite() {
        for (int i = 0; i < 100; i++) {
            put("owner " + i % 3, octets(50 + i, i));
        }
        assertThat(outbox.pieces()).isEqualTo(100);
        outbox.flush(socket, buffer);
        assertThat(socket.writes()).containsExactly(expected.size());
        assertThat(socket.taken()).isEqualTo(expected.toByteArray());
    }

    @Test
    void aFrameLargerThanTheBufferGoesOutWhole() {
        for (int size : new int[] {TurnBuffer.SLAB_BYTES, TurnBuffer.SLAB_BYTES + 1, 3 * TurnBuffer.SLAB_BYTES + 5}) {
            put("owner", octets(10, size));
            put("owner", octets(size, size));
            put("owner", octets(11, size));
        }
        outbox.flush(socket, buffer);
        assertThat(socket.taken()).isEqualTo(expected.toByteArray());
        assertThat(socket.writes()).as("no write is larger than the buffer").allMatch(n -> n <= TurnBuffer.SLAB_BYTES);
    }

    @Test
    void bytesThatWaitOutliveTheTurn() {
        byte[] first = octets(1_000, 1);
        put("owner", first);
        socket.room(300);
        assertThat(outbox.flush(socket, buffer)).isEqualTo(300);
        assertThat(outbox.pendingBytes()).isEqualTo(700);
        buffer.reset();
        buffer.bytes("somebody else", octets(5_000, 2), 5_000);
        socket.room(Long.MAX_VALUE);
        assertThat(outbox.flush(socket, buffer)).isEqualTo(700);
        assertThat(socket.taken()).isEqualTo(first);
        assertThat(outbox.pendingBytes()).isZero();
    }

    @Test
    void aBlockedOutboxKeepsWhatItIsGivenWithoutWriting() {
        byte[] first = octets(1_000, 1);
        put("owner", first);
        outbox.keep();
        buffer.reset();
        buffer.bytes("somebody else", octets(5_000, 2), 5_000);
        outbox.flush(socket, buffer);
        assertThat(socket.taken()).isEqualTo(first);
    }

    @Test
    void oneChunkServesManyOutboxes() {
        byte[] octets = octets(2_000, 3);
        Chunk chunk = buffer.bytes("owner", octets, octets.length);
        List<FakeConnection> sockets = new ArrayList<>();
        List<Outbox> outboxes = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            FakeConnection each = new FakeConnection(Framing.TCP, new HandLoop(), "c" + i);
            each.room(i * 250);
            Outbox its = new Outbox();
            its.append(chunk, 0, chunk.length());
            its.flush(each, buffer);
            sockets.add(each);
            outboxes.add(its);
        }
        buffer.reset();
        buffer.bytes("somebody else", octets(5_000, 4), 5_000);
        for (int i = 0; i < 10; i++) {
            sockets.get(i).room(Long.MAX_VALUE);
            outboxes.get(i).flush(sockets.get(i), buffer);
            assertThat(sockets.get(i).taken()).isEqualTo(octets);
        }
    }

    @Test
    void theBacklogCanBeDroppedButForTheFirstPiece() {
        byte[] first = octets(100, 1);
        put("a", first);
        put("b", octets(100, 2));
        put("a", octets(100, 3));
        socket.room(40);
        outbox.flush(socket, buffer);
        outbox.dropBacklog();
        assertThat(outbox.pendingBytes()).isEqualTo(60);
        assertThat(outbox.pieces()).isEqualTo(1);
        socket.room(Long.MAX_VALUE);
        outbox.flush(socket, buffer);
        assertThat(socket.taken()).isEqualTo(first);
    }

    @Test
    void aClearedOutboxStartsAfresh() {
        for (int i = 0; i < 20; i++) {
            put("owner " + i % 2, octets(10, i));
        }
        outbox.clear();
        assertThat(outbox.isEmpty()).isTrue();
        assertThat(outbox.pendingBytes()).isZero();
        expected.reset();
        for (int i = 0; i < 20; i++) {
            put("owner " + i % 2, octets(10, i));
        }
        outbox.flush(socket, buffer);
        assertThat(socket.taken()).isEqualTo(expected.toByteArray());
    }

    /** Bytes put in after the backlog was copied must not be taken for part of the copy. */
    @Test
    void anOwnerGoesOnAfterItsChunkWasKeptInTheSameTurn() {
        put("owner", octets(100, 1));
        socket.room(30);
        outbox.flush(socket, buffer);
        put("owner", octets(50, 2));
        socket.room(Long.MAX_VALUE);
        outbox.flush(socket, buffer);
        assertThat(socket.taken()).isEqualTo(expected.toByteArray());
    }

    @RepeatedTest(50)
    void theBytesAreTheSameWhateverTheSocketTakes(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        for (int turn = 0; turn < 60; turn++) {
            for (int i = random.nextInt(6); i > 0; i--) {
                int length = 1 + random.nextInt(random.nextInt(20) == 0 ? 600_000 : 3_000);
                put("owner " + random.nextInt(2), octets(length, random.nextInt()));
                if (random.nextInt(10) == 0) {
                    // other bytes between ours
                    buffer.bytes("nobody", new byte[50], 50);
                }
            }
            long before = outbox.pendingBytes();
            socket.room(random.nextInt(4) == 0 ? 0 : random.nextInt(random.nextBoolean() ? 100 : 200_000));
            if (random.nextInt(5) == 0) {
                outbox.keep();
            } else {
                assertThat(outbox.flush(socket, buffer)).isEqualTo(before - outbox.pendingBytes());
            }
            assertThat(outbox.pendingBytes()).isEqualTo(expected.size() - socket.taken().length);
            buffer.reset();
        }
        socket.room(Long.MAX_VALUE);
        outbox.flush(socket, buffer);
        assertThat(outbox.isEmpty()).isTrue();
        assertThat(socket.taken()).isEqualTo(expected.toByteArray());
    }

    @Test
    void aFrameIsHeaderHeadBodyAndNul() {
        byte[] head = {'S', 'E', 'N', 'D', '\n', '\n', '?', '?'};
        for (int body : new int[] {0, 10, 118, 119, 65_528, 65_529, TurnBuffer.SLAB_BYTES, TurnBuffer.SLAB_BYTES * 2}) {
            byte[] octets = octets(body, body);
            Chunk chunk = buffer.frame("owner", Framing.WEBSOCKET_BINARY, true, head, 6, octets);
            Outbox its = new Outbox();
            FakeConnection itsSocket = new FakeConnection(Framing.WEBSOCKET_BINARY, new HandLoop(), "c");
            its.append(chunk, chunk.lastFrame(), chunk.length());
            its.flush(itsSocket, buffer);
            var messages = Wire.messages(itsSocket.taken(), Framing.WEBSOCKET_BINARY);
            assertThat(messages).as("a body of %d", body).hasSize(1);
            ByteBuffer payload = ByteBuffer.wrap(messages.get(0).payload());
            assertThat(payload.remaining()).isEqualTo(6 + body + 1);
            assertThat(payload.slice(6, body)).isEqualTo(ByteBuffer.wrap(octets));
            assertThat(payload.get(6 + body)).isZero();
        }
    }

    @Test
    void theBufferTellsWhatATurnHasUsed() {
        assertThat(buffer.used()).isZero();
        buffer.bytes("owner", octets(100, 1), 100);
        assertThat(buffer.used()).isEqualTo(100);
        for (int i = 0; i < 40; i++) {
            buffer.bytes("owner", octets(200_000, 1), 200_000);
        }
        assertThat(buffer.used()).isGreaterThanOrEqualTo(40 * 200_000);
        buffer.reset();
        assertThat(buffer.used()).isZero();
    }
}
