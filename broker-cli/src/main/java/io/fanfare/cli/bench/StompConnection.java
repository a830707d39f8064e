package io.fanfare.cli.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.cli.wire.ClientHandshake;
import io.fanfare.cli.wire.HandshakeResponse;
import io.fanfare.cli.wire.Opcode;
import io.fanfare.frame.Command;
import io.fanfare.frame.Frame;
import io.fanfare.frame.FrameDecoder;
import io.fanfare.frame.FrameEncoder;
import io.fanfare.frame.FrameLimits;
import io.fanfare.frame.Headers;
import io.fanfare.frame.HeartBeat;
import io.fanfare.frame.ProtocolException;
import io.fanfare.frame.StompVersion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A connection that speaks STOMP over WebSocket: handshake, CONNECT, frames. Owned by the generator's thread. */
abstract sealed class StompConnection extends BenchConnection permits BenchPublisher, BenchSubscriber, ReplayClient {

    private static final FrameLimits LIMITS = new FrameLimits(64 << 20, 32, 64 << 10, 1024);

    /** RFC 6455 7.4.1: 1000 is a normal closure. */
    private static final byte[] NORMAL = {0x03, (byte) 0xE8};

    private final Workload workload;
    private final ClientHandshake handshake;
    private final FrameDecoder decoder = new FrameDecoder(LIMITS);

    StompConnection(Workload workload, Selector selector) throws IOException {
        super(workload, selector);
        this.workload = workload;
        this.handshake = new ClientHandshake(workload.url());
    }

    /** Called after CONNECTED; calls {@link #ready()} once this connection is prepared for the run. */
    abstract void loggedIn();

    /** Handles the whole MESSAGEs at the start of these bytes; returns the position behind them. */
    abstract int messages(byte[] bytes, int from, int to);

    /** Handles a MESSAGE that {@link #messages} has left. */
    abstract void message(Frame message);

    /** Handles a RECEIPT: this connection is prepared for the run. */
    void receipt(Frame frame) {
        ready();
    }

    final void send(Frame frame) {
        out().frame(Opcode.TEXT, FrameEncoder.encode(frame, StompVersion.V1_2));
    }

    /** Sends DISCONNECT and a Close; the broker answers with its own. */
    @Override
    final void sayGoodbye() {
        send(Frame.of(Command.DISCONNECT, Headers.EMPTY));
        out().frame(Opcode.CLOSE, NORMAL);
    }

    @Override
    final int content(byte[] bytes, int from, int end) {
        return ReceiveBuffer.frames(bytes, from, end, this);
    }

    @Override
    final byte[] request() {
        return handshake.request("Sec-WebSocket-Protocol: v12.stomp");
    }

    @Override
    final @Nullable String refusal(HandshakeResponse response) {
        return handshake.refusal(response);
    }

    @Override
    final void accepted() {
        decoder.version(StompVersion.V1_2);
        send(Frame.of(
                Command.CONNECT,
                Headers.of(
                                "accept-version", StompVersion.V1_2.toString(),
                                "host", workload.url().getHost(),
                                "heart-beat", HeartBeat.NONE.toString())
                        .with(workload.login())));
    }

    /** Handles one WebSocket frame. The borders of messages do not matter: a STOMP frame may be cut anywhere. */
    final void frame(int opcode, byte[] bytes, int from, int to) {
        switch (opcode) {
            case Opcode.CONTINUATION, Opcode.TEXT, Opcode.BINARY -> {
                int at = decoder.isInsideFrame() ? from : messages(bytes, from, to);
                if (at < to) {
                    decode(ByteBuffer.wrap(bytes, at, to - at));
                }
            }
            case Opcode.CLOSE -> closed(bytes, from, to);
            case Opcode.PING -> out().frame(Opcode.PONG, Arrays.copyOfRange(bytes, from, to));
            default -> {}
        }
    }

    private void decode(ByteBuffer octets) {
        Frame frame = decoder.decode(octets);
        while (frame != null) {
            handle(frame);
            frame = decoder.decode(octets);
        }
    }

    private void handle(Frame frame) {
        switch (frame.command()) {
            case CONNECTED -> connected(frame);
            case MESSAGE -> message(frame);
            case RECEIPT -> receipt(frame);
            case ERROR ->
                fail("the broker refused: " + frame.headers().find("message").orElse("it gave no reason"));
            case SEND, ACK, NACK, SUBSCRIBE, UNSUBSCRIBE, BEGIN, COMMIT, ABORT, CONNECT, STOMP, DISCONNECT ->
                throw new ProtocolException("only a client sends " + frame.command());
        }
    }

    private void connected(Frame frame) {
        if (!StompVersion.V1_2.toString().equals(frame.headers().get("version"))) {
            throw new ProtocolException("CONNECTED did not choose version 1.2, the only one offered");
        }
        hasLoggedIn();
        loggedIn();
    }

    private void closed(byte[] bytes, int from, int to) {
        String reason = to - from > 2 ? new String(bytes, from + 2, to - from - 2, UTF_8) : "no reason given";
        String code = to - from >= 2 ? " (" + ByteBuffer.wrap(bytes, from, 2).getShort() + ")" : "";
        fail("the broker closed the connection: " + reason + code);
    }
}
