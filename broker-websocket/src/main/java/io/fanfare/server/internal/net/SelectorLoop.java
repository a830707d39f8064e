package io.fanfare.server.internal.net;

import io.fanfare.loop.BrokerClock;
import io.fanfare.loop.EventLoop;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.glassfish.grizzly.nio.SelectorRunner;
import org.jspecify.annotations.Nullable;

/** An event loop on the thread of one Grizzly selector. */
public final class SelectorLoop extends EventLoop {

    /** How much one read takes at most. */
    private static final int READ_BYTES = 256 << 10;

    /** How much TLS encrypts for one write: four records. */
    private static final int ENCRYPT_BYTES = 68 << 10;

    private final SelectorRunner runner;
    private final Thread thread;

    /** Whether the thread may be waiting in its selector: only then must it be woken. */
    private volatile boolean sleeping;

    // made for the first connection: a server in a test often has none, and clearing them takes as long as all else of
    // its start

    /** Bytes as they come from a socket, or from TLS. */
    private @Nullable ByteBuffer readBuffer;

    /** Bytes as the STOMP codec wants them: unmasked, in an array. */
    private @Nullable ByteBuffer decodeBuffer;

    /** For compressed messages; made for the first connection that may send them. */
    private @Nullable Inflaters inflaters;

    /**
     * Encrypted bytes of TLS connections, in and out; allocated for the first such connection. On the heap: the JDK's ciphers
     * work on arrays, which is worth more than the copy to and from the socket.
     */
    private @Nullable ByteBuffer tlsReadBuffer;

    private @Nullable ByteBuffer tlsWriteBuffer;

    /** A loop of the calling thread. */
    SelectorLoop(SelectorRunner runner, BrokerClock clock) {
        super(clock::nanoTime);
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

    /** Runs the task at once when the calling thread is the loop's, else soon. */
    public void runOrExecute(Runnable task) {
        if (isCurrent()) {
            task.run();
        } else {
            execute(task);
        }
    }

    /** For logs. */
    @Override
    public String toString() {
        return thread.getName();
    }

    /** How long the selector may wait, in milliseconds; 0: not at all. */
    long beforeSelect() {
        assert isCurrent();
        // first the flag, then the look for work: a thread that hands over work does it in the other order
        sleeping = true;
        if (hasWork()) {
            return 0;
        }
        long nanos = nanosToNextTimer();
        return nanos == 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(nanos) + 1;
    }

    void afterSelect() {
        sleeping = false;
        roundBegins();
    }

    /** The buffer for one read, empty; its contents last until the next call. */
    ByteBuffer readBuffer() {
        assert isCurrent();
        if (readBuffer == null) {
            readBuffer = ByteBuffer.allocateDirect(READ_BYTES);
        }
        return readBuffer.clear();
    }

    /** A buffer with an array, as large as {@link #readBuffer}, empty; its contents last until the next call. */
    public ByteBuffer decodeBuffer() {
        assert isCurrent();
        if (decodeBuffer == null) {
            decodeBuffer = ByteBuffer.allocate(READ_BYTES);
        }
        return decodeBuffer.clear();
    }

    /** What inflates this loop's compressed messages. */
    public Inflaters inflaters() {
        assert isCurrent();
        if (inflaters == null) {
            inflaters = new Inflaters();
        }
        return inflaters;
    }

    /** A buffer whose bytes, once decrypted, fit into {@link #readBuffer}, empty; its contents last until the next call. */
    ByteBuffer tlsReadBuffer() {
        assert isCurrent();
        if (tlsReadBuffer == null) {
            // an SSLEngine wants room for the record that has only begun, too
            tlsReadBuffer = ByteBuffer.allocate(READ_BYTES - TlsChannel.MAX_RECORD_BYTES);
        }
        return tlsReadBuffer.clear();
    }

    /** A buffer with room for several records, empty; its contents last until the next call. */
    ByteBuffer tlsWriteBuffer() {
        assert isCurrent();
        if (tlsWriteBuffer == null) {
            tlsWriteBuffer = ByteBuffer.allocate(ENCRYPT_BYTES);
        }
        return tlsWriteBuffer.clear();
    }
}
