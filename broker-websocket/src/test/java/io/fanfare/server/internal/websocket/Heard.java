package io.fanfare.server.internal.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.ProtocolException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Record of what a {@link MessageReader} tells its listener. */
class Heard implements FrameListener {

    final ByteArrayOutputStream payload = new ByteArrayOutputStream();
    final ByteArrayOutputStream forTyrus = new ByteArrayOutputStream();

    /** The payloads of Pings, each behind its length. */
    final ByteArrayOutputStream pings = new ByteArrayOutputStream();

    /** The payload of the Close; null: none is whole. */
    byte[] close;

    /** A letter for each data message and Close that has begun. */
    final StringBuilder messages = new StringBuilder();

    String fault;
    boolean closed;
    int unproductive;
    boolean mustWait;
    private final int maxFrameBytes;

    Heard(int maxFrameBytes) {
        this.maxFrameBytes = maxFrameBytes;
    }

    @Override
    public void messageBegins(boolean text) {
        messages.append(text ? 't' : 'b');
    }

    @Override
    public void payload(ByteBuffer bytes) {
        payload.write(bytes.array(), bytes.position(), bytes.remaining());
    }

    @Override
    public void pinged(ByteBuffer payload) {
        pings.write(payload.remaining());
        pings.write(payload.array(), payload.position(), payload.remaining());
    }

    @Override
    public void passToTyrus(ByteBuffer bytes) {
        forTyrus.write(bytes.array(), bytes.position(), bytes.remaining());
    }

    @Override
    public void closeReceived() {
        assertThat(closed).as("a second Close").isFalse();
        messages.append('c');
        closed = true;
    }

    @Override
    public void closeRead(ByteBuffer payload) {
        assertThat(close).as("a second Close").isNull();
        close = new byte[payload.remaining()];
        payload.get(close);
    }

    @Override
    public void refuse(ProtocolException why) {
        assertThat(fault).as("told twice").isNull();
        fault = why.summary();
    }

    /** How much of this is too much is the session's. */
    @Override
    public void chargeUnproductive() {
        unproductive++;
    }

    @Override
    public int maxFrameBytes() {
        return maxFrameBytes;
    }

    @Override
    public boolean mustWait() {
        return mustWait;
    }

    int given() {
        return payload.size() + forTyrus.size() + pings.size();
    }
}
