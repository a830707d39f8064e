package io.fanfare.spring;

import io.fanfare.loop.ThreadLoop;
import java.nio.ByteBuffer;

/** An event loop of Spring's sessions, which can be started again after it was stopped. */
final class SpringLoop extends ThreadLoop {

    private static final int COPY_BYTES = 64 << 10;

    /** What connections copy a write into, to decode it. */
    private ByteBuffer copy = ByteBuffer.allocate(COPY_BYTES);

    SpringLoop(String name) {
        super(name);
    }

    /** Ends the thread behind what was handed over before, and returns when it has ended; an interrupt waits until then. */
    void stop() {
        boolean interrupted = false;
        while (true) {
            try {
                close();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The same bytes in an array, until the next call; called on the loop. */
    ByteBuffer copyOf(ByteBuffer bytes) {
        assert isCurrent();
        if (copy.capacity() < bytes.remaining()) {
            copy = ByteBuffer.allocate(bytes.remaining());
        }
        return copy.clear().put(bytes).flip();
    }
}
