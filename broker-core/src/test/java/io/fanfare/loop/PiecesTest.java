package io.fanfare.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.statistics.LoopCounts;
import io.fanfare.testing.FakeConnection;
import io.fanfare.testing.HandLoop;
import io.fanfare.testing.Wire;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Pieces, chunks and the turn's buffer together: the bytes that go out are those that were put in. */
class PiecesTest {

    private final TurnBuffer buffer = new TurnBuffer(new LoopCounts());
    private final Pieces pieces = new Pieces();
    private final FakeConnection socket = new FakeConnection(Framing.TCP, new HandLoop(), "c1");
    private final ByteArrayOutputStream expected = new ByteArrayOutputStream();

    private static byte[] octets(int length, int seed) {
        byte[] octets = new byte[length];
        new Random(seed).nextBytes(octets);
        return octets;
    }

    private void put(Object owner, byte[] octets) {
        Chunk chunk = buffer.bytes(owner, octets, octets.length);
        pieces.append(chunk, chunk.lastFrame(), chunk.length());
        expected.writeBytes(octets);
    }

    /** Writes what the socket takes, as an outbox does; the number of bytes it took. */
    private long flush(Pieces from, FakeConnection to) {
        long written = 0;
        while (!from.isEmpty()) {
            ByteBuffer bytes = from.next(buffer);
            int offered = bytes.remaining();
            int taken = to.write(bytes);
            from.advance(taken);
            written += taken;
            if (taken < offered) {
                from.keep();
                break;
            }
        }
        return written;
    }

    @Test
    void anEmptyOutboxWritesNothing() {
        assertThat(flush(pieces, socket)).isZero();
        assertThat(socket.writes()).isEmpty();
        assertThat(pieces.isEmpty()).isTrue();
    }

    @Test
    void framesThatFollowEachOtherAreOneWrite() {
        for (int i = 0; i < 100; i++) {
            put("owner", octets(50 + i, i));
        }
        assertThat(flush(pieces, socket)).isEqualTo(expected.size());
        assertThat(socket.writes()).containsExactly(expected.size());
        assertThat(socket.taken()).isEqualTo(expected.toByteArray());
    }

    @Test
    void piecesOfSeveralOwnersArePutTogetherForOneWrite() {
        for (int i = 0; i < 100; i++) {
            put("owner " + i % 3, octets(50 + i, i));
        }
        flush(pieces, socket);
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
        flush(pieces, socket);
        assertThat(socket.taken()).isEqualTo(expected.toByteArray());
        assertThat(socket.writes()).as("no write is larger than the buffer").allMatch(n -> n <= TurnBuffer.SLAB_BYTES);
    }

    @Test
    void bytesThatWaitOutliveTheTurn() {
        byte[] first = octets(1_000, 1);
        put("owner", first);
        socket.room(300);
        assertThat(flush(pieces, socket)).isEqualTo(300);
        assertThat(pieces.bytes()).isEqualTo(700);
        buffer.reset();
        buffer.bytes("somebody else", octets(5_000, 2), 5_000);
        socket.room(Long.MAX_VALUE);
        assertThat(flush(pieces, socket)).isEqualTo(700);
        assertThat(socket.taken()).isEqualTo(first);
        assertThat(pieces.bytes()).isZero();
    }

    @Test
    void aBlockedOutboxKeepsWhatItIsGivenWithoutWriting() {
        byte[] first = octets(1_000, 1);
        put("owner", first);
        pieces.keep();
        buffer.reset();
        buffer.bytes("somebody else", octets(5_000, 2), 5_000);
        flush(pieces, socket);
        assertThat(socket.taken()).isEqualTo(first);
    }

    @Test
    void oneChunkServesManyOutboxes() {
        byte[] octets = octets(2_000, 3);
        Chunk chunk = buffer.bytes("owner", octets, octets.length);
        List<FakeConnection> sockets = new ArrayList<>();
        List<Pieces> pieceses = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            FakeConnection each = new FakeConnection(Framing.TCP, new HandLoop(), "c" + i);
            each.room(i * 250);
            Pieces its = new Pieces();
            its.append(chunk, 0, chunk.length());
            flush(its, each);
            sockets.add(each);
            pieceses.add(its);
        }
        buffer.reset();
        buffer.bytes("somebody else", octets(5_000, 4), 5_000);
        for (int i = 0; i < 10; i++) {
            sockets.get(i).room(Long.MAX_VALUE);
            flush(pieceses.get(i), sockets.get(i));
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
        flush(pieces, socket);
        pieces.dropAllButFirst();
        assertThat(pieces.bytes()).isEqualTo(60);
        socket.room(Long.MAX_VALUE);
        flush(pieces, socket);
        assertThat(socket.taken()).isEqualTo(first);
    }

    @Test
    void aClearedOutboxStartsAfresh() {
        for (int i = 0; i < 20; i++) {
            put("owner " + i % 2, octets(10, i));
        }
        pieces.clear();
        assertThat(pieces.isEmpty()).isTrue();
        assertThat(pieces.bytes()).isZero();
        expected.reset();
        for (int i = 0; i < 20; i++) {
            put("owner " + i % 2, octets(10, i));
        }
        flush(pieces, socket);
        assertThat(socket.taken()).isEqualTo(expected.toByteArray());
    }

    /** Bytes put in after the backlog was copied must not be taken for part of the copy. */
    @Test
    void anOwnerGoesOnAfterItsChunkWasKeptInTheSameTurn() {
        put("owner", octets(100, 1));
        socket.room(30);
        flush(pieces, socket);
        put("owner", octets(50, 2));
        socket.room(Long.MAX_VALUE);
        flush(pieces, socket);
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
            long before = pieces.bytes();
            socket.room(random.nextInt(4) == 0 ? 0 : random.nextInt(random.nextBoolean() ? 100 : 200_000));
            if (random.nextInt(5) == 0) {
                pieces.keep();
            } else {
                assertThat(flush(pieces, socket)).isEqualTo(before - pieces.bytes());
            }
            assertThat(pieces.bytes()).isEqualTo(expected.size() - socket.taken().length);
            buffer.reset();
        }
        socket.room(Long.MAX_VALUE);
        flush(pieces, socket);
        assertThat(pieces.isEmpty()).isTrue();
        assertThat(socket.taken()).isEqualTo(expected.toByteArray());
    }

    @Test
    void aFrameIsHeaderHeadBodyAndNul() {
        byte[] head = {'S', 'E', 'N', 'D', '\n', '\n', '?', '?'};
        for (int body : new int[] {0, 10, 118, 119, 65_528, 65_529, TurnBuffer.SLAB_BYTES, TurnBuffer.SLAB_BYTES * 2}) {
            byte[] octets = octets(body, body);
            Chunk chunk = buffer.frame("owner", Framing.WEBSOCKET_BINARY, true, head, 6, octets);
            Pieces its = new Pieces();
            FakeConnection itsSocket = new FakeConnection(Framing.WEBSOCKET_BINARY, new HandLoop(), "c");
            its.append(chunk, chunk.lastFrame(), chunk.length());
            flush(its, itsSocket);
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
