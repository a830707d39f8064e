package io.fanfare.cli.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.cli.output.ExitCode;
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
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One connection of the load generator: TCP, WebSocket handshake, CONNECT, until its end. Owned by the generator's
 * thread.
 */
abstract sealed class BenchConnection permits BenchPublisher, BenchSubscriber {

    private static final FrameLimits LIMITS = new FrameLimits(64 << 20, 32, 64 << 10, 1024);

    /** RFC 6455 7.4.1: 1000 is a normal closure. */
    private static final byte[] NORMAL = {0x03, (byte) 0xE8};

    private static final byte[] EMPTY = {};

    private enum State {
        CONNECTING,
        UPGRADING,
        LOGGING_IN,
        READY,
        LEAVING,
        ENDED
    }

    private final Workload workload;
    private final ClientHandshake handshake;
    private final SocketChannel channel;
    private final Transport transport;
    private final SelectionKey key;
    private final SendBuffer out = new SendBuffer();
    private final FrameDecoder decoder = new FrameDecoder(LIMITS);
    private State state = State.CONNECTING;
    private byte[] rest = EMPTY;
    private int restLength;
    private boolean loggedIn;
    private @Nullable String failure;
    private ExitCode exitCode = ExitCode.FAILED;

    BenchConnection(Workload workload, Selector selector) throws IOException {
        this.workload = workload;
        handshake = new ClientHandshake(workload.url());
        channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        transport = workload.isSecure() ? TlsTransport.over(channel, workload) : new Transport.Plain(channel);
        key = channel.register(selector, SelectionKey.OP_CONNECT);
    }

    /** Begins to connect; from now on the selector's keys lead here. */
    final void connect(InetSocketAddress address) throws IOException {
        key.attach(this);
        channel.connect(address);
    }

    /** Called after CONNECTED; calls {@link #ready()} once this connection is prepared for the run. */
    abstract void loggedIn();

    /** Called before the bytes of a read are handled. */
    abstract void beforeRead();

    /** Handles the whole MESSAGEs at the start of these bytes; returns the position behind them. */
    abstract int messages(byte[] bytes, int from, int to);

    /** Handles a MESSAGE that {@link #messages} has left. */
    abstract void message(Frame message);

    /** Called after the bytes of a read have been handled. */
    abstract void afterRead();

    final SendBuffer out() {
        return out;
    }

    final void ready() {
        state = State.READY;
    }

    final boolean isReady() {
        return state == State.READY;
    }

    final boolean isEnded() {
        return state == State.ENDED;
    }

    /** The reason of a failure, as a sentence; empty while there is none, and after {@link #leave()}. */
    final Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    /** The exit code of a run that can't begin because of this connection. */
    final ExitCode exitCode() {
        return exitCode;
    }

    final void send(Frame frame) {
        out.frame(Opcode.TEXT, FrameEncoder.encode(frame, StompVersion.V1_2));
    }

    /** Sends DISCONNECT and a Close; the broker's Close, or the end of its stream, ends the connection. */
    final void leave() {
        if (state == State.READY) {
            send(Frame.of(Command.DISCONNECT, Headers.EMPTY));
            out.frame(Opcode.CLOSE, NORMAL);
            state = State.LEAVING;
            flush();
        }
    }

    final void close() {
        state = State.ENDED;
        try {
            channel.close();
        } catch (IOException e) {
            // the socket is not used any more
        }
    }

    /** Reads and writes as far as the socket is ready for it. */
    final void serve(ReceiveBuffer buffer) {
        try {
            if (state == State.CONNECTING && channel.finishConnect()) {
                out.put(handshake.request("Sec-WebSocket-Protocol: v12.stomp"));
                state = State.UPGRADING;
            }
            if (key.isReadable()) {
                read(buffer);
            }
            flush();
        } catch (IOException e) {
            fail(what(e) + ": " + e.getMessage());
        } catch (ProtocolException e) {
            fail("the broker sent what is not allowed: " + e.detail());
        }
    }

    private void read(ReceiveBuffer buffer) throws IOException {
        int count;
        do {
            count = buffer.read(transport, this);
            afterRead();
        } while (count > 0 && transport.mayHoldMore() && state != State.ENDED);
        if (count < 0) {
            fail("the broker ended the connection");
        }
    }

    private String what(IOException why) {
        if (why instanceof SSLException) {
            return "TLS with " + workload.url() + " failed";
        }
        return state == State.CONNECTING ? "no connection to " + workload.url() : "the connection broke";
    }

    /** Writes as much as the socket takes; the selector reports when it takes more. */
    final void flush() {
        if (state == State.ENDED || state == State.CONNECTING) {
            return;
        }
        try {
            transport.flush();
            out.flush(transport);
            // while the broker does not take our ACKs, no more messages are read that need one
            int read = out.isFull() ? 0 : SelectionKey.OP_READ;
            int wanted = transport.interest(out.isEmpty() ? SelectionKey.OP_READ : read | SelectionKey.OP_WRITE);
            if (wanted != key.interestOps()) {
                key.interestOps(wanted);
            }
        } catch (IOException e) {
            fail(what(e) + ": " + e.getMessage());
        }
    }

    // ---- called by the receive buffer -----------------------------------------------------------------------------

    /** Copies the bytes that the last read left to the start of an array; returns their number. */
    final int restore(byte[] to) {
        System.arraycopy(rest, 0, to, 0, restLength);
        return restLength;
    }

    /** Keeps the bytes of an incomplete frame until the next read. */
    final void keep(byte[] from, int start, int end) {
        restLength = end - start;
        if (rest.length < restLength) {
            rest = Arrays.copyOfRange(from, start, end);
        } else {
            System.arraycopy(from, start, rest, 0, restLength);
        }
    }

    /** Handles received bytes; returns how many of them. */
    final int received(byte[] bytes, int end) {
        beforeRead();
        int at = 0;
        if (state == State.UPGRADING) {
            at = HandshakeResponse.length(bytes, 0, end);
            if (at == 0) {
                return 0;
            }
            upgraded(handshake.refusal(HandshakeResponse.parse(bytes, 0, at)));
        }
        return ReceiveBuffer.frames(bytes, at, end, this);
    }

    private void upgraded(@Nullable String mistake) {
        if (mistake != null) {
            fail(mistake);
            return;
        }
        state = State.LOGGING_IN;
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
            case Opcode.PING -> out.frame(Opcode.PONG, Arrays.copyOfRange(bytes, from, to));
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
            case RECEIPT -> ready();
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
        loggedIn = true;
        loggedIn();
    }

    private void closed(byte[] bytes, int from, int to) {
        String reason = to - from > 2 ? new String(bytes, from + 2, to - from - 2, UTF_8) : "no reason given";
        String code = to - from >= 2 ? " (" + ByteBuffer.wrap(bytes, from, 2).getShort() + ")" : "";
        fail("the broker closed the connection: " + reason + code);
    }

    /** Ends the connection; the first reason counts. */
    private void fail(String reason) {
        if (state != State.ENDED) {
            if (state != State.LEAVING) {
                failure = reason;
                exitCode = stateOfFailure();
            }
            close();
        }
    }

    private ExitCode stateOfFailure() {
        return switch (state) {
            case CONNECTING, UPGRADING -> ExitCode.UNREACHABLE;
            case LOGGING_IN -> loggedIn ? ExitCode.FAILED : ExitCode.REFUSED;
            case READY, LEAVING, ENDED -> ExitCode.FAILED;
        };
    }
}
