package io.fanfare.cli.bench;

import io.fanfare.cli.output.ExitCode;
import io.fanfare.cli.output.TlsFailure;
import io.fanfare.cli.wire.HandshakeResponse;
import io.fanfare.frame.ProtocolException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One connection of the load generator: TCP, and an HTTP request whose answer is the beginning of what follows, until its
 * end. Owned by the generator's thread.
 */
abstract sealed class BenchConnection permits StompConnection, StreamSubscriber {

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
    private final SocketChannel channel;
    private final Transport transport;
    private final SelectionKey key;
    private final SendBuffer out = new SendBuffer();
    private State state = State.CONNECTING;
    private byte[] rest = EMPTY;
    private int restLength;
    private boolean loggedIn;
    private @Nullable String failure;
    private ExitCode exitCode = ExitCode.FAILED;

    BenchConnection(Workload workload, Selector selector) throws IOException {
        this.workload = workload;
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

    /** The request. */
    abstract byte[] request();

    /** What is wrong with the answer's head; null: nothing. */
    abstract @Nullable String refusal(HandshakeResponse response);

    /** Called after the head; {@link #ready()} is called once this connection is prepared for the run. */
    abstract void accepted();

    /** Called before the bytes of a read are handled. */
    abstract void beforeRead();

    /** Handles what follows the head; returns the position behind what is handled. */
    abstract int content(byte[] bytes, int from, int end);

    /** Called after the bytes of a read have been handled. */
    abstract void afterRead();

    /** Ends the connection in the orderly way. */
    abstract void sayGoodbye();

    final SendBuffer out() {
        return out;
    }

    final void ready() {
        state = State.READY;
    }

    final boolean isReady() {
        return state == State.READY;
    }

    public final boolean isEnded() {
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

    /** The broker knows the user: what fails from now on is no refusal of credentials. */
    final void hasLoggedIn() {
        loggedIn = true;
    }

    /** Ends its own side in order; the end of the broker's side ends the connection. */
    final void leave() {
        if (state == State.READY) {
            state = State.LEAVING;
            sayGoodbye();
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
                out.put(request());
                state = State.UPGRADING;
            }
            if (key.isReadable()) {
                read(buffer);
            }
            flush();
        } catch (IOException e) {
            fail(what(e));
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
        if (why instanceof SSLException untrusted) {
            return TlsFailure.sentence(workload.url(), untrusted);
        }
        String what = state == State.CONNECTING ? "no connection to " + workload.url() : "the connection broke";
        return what + ": " + why.getMessage();
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
            fail(what(e));
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
            answered(HandshakeResponse.parse(bytes, 0, at));
        }
        return state == State.ENDED ? end : content(bytes, at, end);
    }

    private void answered(HandshakeResponse response) {
        String mistake = refusal(response);
        if (mistake == null) {
            state = State.LOGGING_IN;
            accepted();
            return;
        }
        // RFC 9110 15.5.2, 15.5.4: credentials are missing, or these or this Origin are not welcome
        boolean isRefused = response.status() == 401 || response.status() == 403;
        fail(mistake, isRefused ? ExitCode.REFUSED : ExitCode.UNREACHABLE);
    }

    /** Ends the connection; the first reason counts. */
    final void fail(String reason) {
        fail(reason, exitCodeOfState());
    }

    private void fail(String reason, ExitCode code) {
        if (state != State.ENDED) {
            if (state != State.LEAVING) {
                failure = reason;
                exitCode = code;
            }
            close();
        }
    }

    private ExitCode exitCodeOfState() {
        return switch (state) {
            case CONNECTING, UPGRADING -> ExitCode.UNREACHABLE;
            case LOGGING_IN -> loggedIn ? ExitCode.FAILED : ExitCode.REFUSED;
            case READY, LEAVING, ENDED -> ExitCode.FAILED;
        };
    }
}
