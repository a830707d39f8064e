package io.fanfare.cli.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

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

/** One connection to the broker, from its first byte to its end. Owned by the load's thread. */
abstract sealed class Peer permits Publisher, Subscriber {

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

    private final Plan plan;
    private final Handshake handshake;
    private final SocketChannel channel;
    private final Wire wire;
    private final SelectionKey key;
    private final Outbox out = new Outbox();
    private final FrameDecoder decoder = new FrameDecoder(LIMITS);
    private State state = State.CONNECTING;
    private byte[] rest = EMPTY;
    private int restLength;
    private @Nullable String failure;

    Peer(Plan plan, InetSocketAddress address, Selector selector) throws IOException {
        this.plan = plan;
        handshake = new Handshake(plan.url());
        channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        wire = plan.isSecure() ? TlsWire.over(channel, plan) : new Wire.Plain(channel);
        key = channel.register(selector, SelectionKey.OP_CONNECT, this);
        channel.connect(address);
    }

    /** Logged in: what it does first. It calls {@link #ready()} when it has done so. */
    abstract void loggedIn();

    /** A read has brought something, now. */
    abstract void turnBegins();

    /** Takes the whole MESSAGEs at the start of these bytes; returns where something else begins. */
    abstract int messages(byte[] bytes, int from, int to);

    /** A MESSAGE that {@link #messages} left alone. */
    abstract void message(Frame message);

    /** What a read brought has been handled. */
    abstract void turnEnds();

    final Outbox out() {
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

    /** Why it came to nothing, as a sentence; empty when it did not, or ended as it was asked to. */
    final Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    final void send(Frame frame) {
        out.frame(Opcode.TEXT, FrameEncoder.encode(frame, StompVersion.V1_2));
    }

    /** Says goodbye; the broker's Close, or its end of the stream, ends the connection. */
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
            // it is of no use any more
        }
    }

    /** Does what the socket is ready for. */
    final void serve(Inbox inbox) {
        try {
            if (state == State.CONNECTING && channel.finishConnect()) {
                out.put(handshake.request());
                state = State.UPGRADING;
            }
            if (key.isReadable()) {
                read(inbox);
            }
            flush();
        } catch (IOException e) {
            fail(what(e) + ": " + e.getMessage());
        } catch (ProtocolException e) {
            fail("the broker sent what is not allowed: " + e.detail());
        }
    }

    private void read(Inbox inbox) throws IOException {
        int count;
        do {
            count = inbox.read(wire, this);
            turnEnds();
        } while (count > 0 && wire.mayHoldMore() && state != State.ENDED);
        if (count < 0) {
            fail("the broker ended the connection");
        }
    }

    private String what(IOException why) {
        if (why instanceof SSLException) {
            return "TLS with " + plan.url() + " failed";
        }
        return state == State.CONNECTING ? "no connection to " + plan.url() : "the connection broke";
    }

    /** Writes what the socket takes; the rest goes when it takes more. */
    final void flush() {
        if (state == State.ENDED || state == State.CONNECTING) {
            return;
        }
        try {
            wire.flush();
            out.flush(wire);
            // a peer whose ACKs the broker does not take gets no more messages to acknowledge
            int read = out.isFull() ? 0 : SelectionKey.OP_READ;
            int wanted = wire.interest(out.isEmpty() ? SelectionKey.OP_READ : read | SelectionKey.OP_WRITE);
            if (wanted != key.interestOps()) {
                key.interestOps(wanted);
            }
        } catch (IOException e) {
            fail(what(e) + ": " + e.getMessage());
        }
    }

    // ---- what the inbox finds -------------------------------------------------------------------------------------

    /** Puts back what the last read left over; returns how much. */
    final int restore(byte[] to) {
        System.arraycopy(rest, 0, to, 0, restLength);
        return restLength;
    }

    final void keep(byte[] from, int start, int end) {
        restLength = end - start;
        if (rest.length < restLength) {
            rest = Arrays.copyOfRange(from, start, end);
        } else {
            System.arraycopy(from, start, rest, 0, restLength);
        }
    }

    /** Handles what has come; returns how much of it. */
    final int received(byte[] bytes, int end) {
        turnBegins();
        int at = 0;
        if (state == State.UPGRADING) {
            at = Handshake.length(bytes, 0, end);
            if (at == 0) {
                return 0;
            }
            upgraded(handshake.judge(bytes, 0, at));
        }
        return Inbox.frames(bytes, at, end, this);
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
                                "host", plan.url().getHost(),
                                "heart-beat", HeartBeat.NONE.toString())
                        .with(plan.login())));
    }

    /** One WebSocket frame. Where messages begin and end does not matter: a STOMP frame may be cut anywhere. */
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
                fail("the broker refused: " + frame.headers().find("message").orElse("it did not say why"));
            case SEND, ACK, NACK, SUBSCRIBE, UNSUBSCRIBE, BEGIN, COMMIT, ABORT, CONNECT, STOMP, DISCONNECT ->
                throw new ProtocolException("only a client sends " + frame.command());
        }
    }

    private void connected(Frame frame) {
        if (!StompVersion.V1_2.toString().equals(frame.headers().get("version"))) {
            throw new ProtocolException("CONNECTED did not choose version 1.2, the only one offered");
        }
        loggedIn();
    }

    private void closed(byte[] bytes, int from, int to) {
        String reason = to - from > 2 ? new String(bytes, from + 2, to - from - 2, UTF_8) : "no reason given";
        String code = to - from >= 2 ? " (" + ByteBuffer.wrap(bytes, from, 2).getShort() + ")" : "";
        fail("the broker closed the connection: " + reason + code);
    }

    /** Ends it; the first reason counts. */
    private void fail(String reason) {
        if (state != State.ENDED) {
            if (state != State.LEAVING) {
                failure = reason;
            }
            close();
        }
    }
}
