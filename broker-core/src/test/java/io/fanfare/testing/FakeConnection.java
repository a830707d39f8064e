package io.fanfare.testing;

import io.fanfare.compression.Compression;
import io.fanfare.frame.CloseCode;
import io.fanfare.loop.Connection;
import io.fanfare.loop.EventLoop;
import io.fanfare.loop.Framing;
import io.fanfare.security.Principal;
import io.fanfare.session.Session;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A socket that takes as much as the test lets it and remembers what it got. It ends as a plain TCP connection does: once
 * the session has closed it and everything is written, or at once when it is cut.
 */
public final class FakeConnection implements Connection {

    private final Framing framing;
    private final Compression compression;
    private final EventLoop loop;
    private final String name;
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private final List<Integer> writes = new ArrayList<>();
    private @Nullable CRC32 digest;
    private @Nullable Session session;
    private long room = Long.MAX_VALUE;
    private boolean broken;
    private boolean faulty;
    private boolean connected;
    private boolean insideMessage;
    private boolean awaitsRoom;
    private @Nullable CloseCode closeCode;
    private @Nullable String closeReason;
    private boolean suspended;
    private int pings;
    private boolean aborted;
    private boolean lost;
    private @Nullable Principal principal;

    public FakeConnection(Framing framing, EventLoop loop, String name) {
        this(framing, Compression.NONE, loop, name);
    }

    public FakeConnection(Framing framing, Compression compression, EventLoop loop, String name) {
        this.framing = framing;
        this.compression = compression;
        this.loop = loop;
        this.name = name;
    }

    public void session(Session newSession) {
        session = newSession;
    }

    public Session session() {
        if (session == null) {
            throw new IllegalStateException("not open");
        }
        return session;
    }

    // ---- what the test sets ---------------------------------------------------------------------------------------

    /** From now on the socket takes so many bytes and is full then. */
    public void room(long bytes) {
        room = bytes;
    }

    /** From now on it remembers no more than a checksum of what it gets, for tests in which that is a lot. */
    public void forgets() {
        digest = new CRC32();
    }

    /** From now on every write fails, as with a peer that has gone. */
    public void breaks() {
        broken = true;
    }

    /** From now on every write is a bug. */
    public void fails() {
        faulty = true;
    }

    /** The peer has begun a WebSocket message, or has sent the rest of it. */
    public void insideMessage(boolean begun) {
        insideMessage = begun;
    }

    /** The client is this user: there is nothing to ask the authenticator. */
    public void principal(Principal known) {
        principal = known;
    }

    // ---- what the session does ------------------------------------------------------------------------------------

    @Override
    public @Nullable Principal principal() {
        return principal;
    }

    @Override
    public Framing framing() {
        return framing;
    }

    @Override
    public Compression compression() {
        return compression;
    }

    @Override
    public int write(ByteBuffer bytes) {
        if (!bytes.isDirect()) {
            throw new AssertionError("not a direct buffer");
        }
        if (!bytes.hasRemaining()) {
            throw new AssertionError("a write of nothing");
        }
        if (faulty) {
            throw new IllegalStateException("a bug of the transport's, on purpose");
        }
        if (broken) {
            loop.execute(this::abort);
            return 0;
        }
        writes.add((int) Math.min(room, bytes.remaining()));
        if (digest != null && room >= bytes.remaining()) {
            int all = bytes.remaining();
            digest.update(bytes);
            return all;
        }
        byte[] part = new byte[(int) Math.min(room, bytes.remaining())];
        bytes.get(part);
        room -= part.length;
        taken.writeBytes(part);
        return part.length;
    }

    @Override
    public void awaitWritable() {
        awaitsRoom = true;
    }

    @Override
    public void connected() {
        connected = true;
    }

    @Override
    public boolean isInsideMessage() {
        return insideMessage;
    }

    @Override
    public void suspendReading() {
        suspended = true;
    }

    @Override
    public void resumeReading() {
        suspended = false;
    }

    @Override
    public boolean ping() {
        if (!framing.isWebSocket()) {
            return false;
        }
        pings++;
        return true;
    }

    @Override
    public void close(CloseCode code, String reason) {
        if (closeCode != null) {
            throw new AssertionError("closed twice");
        }
        closeCode = code;
        closeReason = reason;
        flushed();
    }

    @Override
    public void flushed() {
        if (closeCode != null && session().isFlushed()) {
            lose();
        }
    }

    @Override
    public void abort() {
        aborted = true;
        lose();
    }

    private void lose() {
        if (!lost) {
            lost = true;
            loop.execute(session()::closed);
        }
    }

    @Override
    public String peer() {
        return name;
    }

    // ---- what the test asks ---------------------------------------------------------------------------------------

    /** All that the socket has taken so far. */
    public byte[] taken() {
        return taken.toByteArray();
    }

    /** Checksum of what came since {@link #forgets}. */
    public long digest() {
        return Objects.requireNonNull(digest).getValue();
    }

    /** The size of each write that was asked for and taken, in part or in full; 0 for one of a full socket. */
    public List<Integer> writes() {
        return writes;
    }

    /** How often the session has asked for a sign of life. */
    public int pings() {
        return pings;
    }

    /** Whether it was told that its client is in. */
    public boolean isConnected() {
        return connected;
    }

    public boolean isSuspended() {
        return suspended;
    }

    public boolean awaitsRoom() {
        return awaitsRoom;
    }

    /** The selector has found room and tells the session; on its loop. */
    public void tellRoom() {
        awaitsRoom = false;
        session().writable();
    }

    @Nullable
    public CloseCode closeCode() {
        return closeCode;
    }

    @Nullable
    public String closeReason() {
        return closeReason;
    }

    public boolean isAborted() {
        return aborted;
    }

    /** Whether the session knows, or is about to be told, that it is over. */
    public boolean isLost() {
        return lost;
    }
}
