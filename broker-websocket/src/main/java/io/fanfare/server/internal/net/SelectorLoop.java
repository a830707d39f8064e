package io.fanfare.server.internal.net;

import io.fanfare.loop.EventLoop;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.glassfish.grizzly.nio.SelectorRunner;
import org.jspecify.annotations.Nullable;

/** An event loop on the thread of one Grizzly selector. */
public final class SelectorLoop extends EventLoop {

    /** What one read takes at most. */
    private static final int READ_BYTES = 256 << 10;

    /** What TLS encrypts for one write: four records. */
    private static final int ENCRYPT_BYTES = 68 << 10;

    private final SelectorRunner runner;
    private final Thread thread;

    /** Whether the thread may be waiting in its selector: only then must it be woken. */
    private volatile boolean sleeping;

    /** Bytes as they come from a socket. */
    private final ByteBuffer received = ByteBuffer.allocateDirect(READ_BYTES);

    /** Bytes as the codec wants them: unmasked, in an array. */
    private final ByteBuffer decoded = ByteBuffer.allocate(READ_BYTES);

    /** Bytes of TLS connections as they are on the wire, in and out; made for the first such connection. */
    private @Nullable ByteBuffer encryptedIn;

    private @Nullable ByteBuffer encryptedOut;

    /** Created on the thread that it will run on. */
    SelectorLoop(SelectorRunner runner) {
        this.runner = runner;
        this.thread = Thread.currentThread();
    }

    @Override
    public boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    @Override
    protected void wakeUp() {
        if (sleeping) {
            runner.getSelector().wakeup();
        }
    }

    /** For logs. */
    @Override
    public String toString() {
        return thread.getName();
    }

    /** How long the selector may wait, in milliseconds; 0: not at all. */
    long beforeSelect() {
        // first say that we sleep, then look for work: who hands us some looks in the other order
        sleeping = true;
        if (hasWork()) {
            return 0;
        }
        long nanos = nanosToNextTimer();
        return nanos == 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(nanos) + 1;
    }

    void afterSelect() {
        sleeping = false;
    }

    /** The buffer for one read, empty; contents last until the next call. */
    ByteBuffer received() {
        return received.clear();
    }

    /** A buffer with an array of at least {@link #received}'s size, empty; contents last until the next call. */
    public ByteBuffer decoded() {
        return decoded.clear();
    }

    /** A buffer whose bytes, once decrypted, fit into {@link #received}; contents last until the next call. */
    ByteBuffer encryptedIn() {
        if (encryptedIn == null) {
            // an SSLEngine wants room for the record that has only begun, too
            encryptedIn = ByteBuffer.allocateDirect(READ_BYTES - TlsChannel.MAX_RECORD_BYTES);
        }
        return encryptedIn.clear();
    }

    /** A buffer with room for several records; contents last until the next call. */
    ByteBuffer encryptedOut() {
        if (encryptedOut == null) {
            encryptedOut = ByteBuffer.allocateDirect(ENCRYPT_BYTES);
        }
        return encryptedOut.clear();
    }
}
