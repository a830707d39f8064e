package io.fanfare.server.internal.net;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;

/** A peer's bytes, in and out, until the channel throws. */
final class FakeChannel implements ByteChannel {

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private ByteBuffer input = ByteBuffer.allocate(0);
    private Throwable readFailure;
    private Throwable writeFailure;

    /** The next read brings this; {@code ^@} is a NUL. */
    void sends(String text) {
        input = ByteBuffer.wrap(text.replace("^@", "\0").getBytes(UTF_8));
    }

    void failsReading(Throwable failure) {
        readFailure = failure;
    }

    void failsWriting(Throwable failure) {
        writeFailure = failure;
    }

    String written() {
        return written.toString(UTF_8).replace("\0", "^@");
    }

    @Override
    public int read(ByteBuffer out) throws IOException {
        fail(readFailure);
        int count = input.remaining();
        out.put(input);
        return count;
    }

    @Override
    public int write(ByteBuffer in) throws IOException {
        fail(writeFailure);
        int count = in.remaining();
        while (in.hasRemaining()) {
            written.write(in.get());
        }
        return count;
    }

    private static void fail(Throwable failure) throws IOException {
        if (failure instanceof IOException e) {
            throw e;
        } else if (failure instanceof RuntimeException e) {
            throw e;
        } else if (failure instanceof Error e) {
            throw e;
        }
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {}
}
