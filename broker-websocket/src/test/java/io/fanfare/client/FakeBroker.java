package io.fanfare.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.Headers;
import io.fanfare.frame.HeartBeat;
import io.fanfare.frame.StompVersion;
import java.net.URI;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The broker's side of one connection, played by the test: a WebSocket without a socket. {@code ^@} is a NUL. */
final class FakeBroker implements WebSocket {

    final FakeTimer timer = new FakeTimer();
    final List<StompException> errors = new ArrayList<>();
    int closes;

    private final ClientConnection connection;
    private final ArrayDeque<String> got = new ArrayDeque<>();
    private final ArrayDeque<CompletableFuture<WebSocket>> held = new ArrayDeque<>();
    private boolean holding;
    private boolean aborted;

    FakeBroker() {
        this(new HeartBeat(Duration.ofSeconds(10), Duration.ofSeconds(10)), StompVersion.values());
    }

    FakeBroker(HeartBeat offer, StompVersion... versions) {
        ConnectSettings options = new ConnectSettings(
                URI.create("ws://broker/ws"),
                "broker",
                Headers.EMPTY,
                offer,
                List.of(versions),
                Duration.ofSeconds(10),
                null,
                errors::add,
                () -> closes++);
        connection = new ClientConnection(options, timer);
        connection.onOpen(this);
    }

    /** A client that has connected, with CONNECT and CONNECTED out of the way. */
    StompClient client(String connected) {
        got.clear();
        sends(connected);
        return new StompClient(connection, connection.connected().join(), timer);
    }

    StompClient client() {
        return client("CONNECTED\nversion:1.2\nheart-beat:0,0\n\n^@");
    }

    ClientConnection connection() {
        return connection;
    }

    void sends(String text) {
        connection.onText(this, text.replace("^@", "\0"), true);
    }

    void sendsBinary(byte[] octets) {
        connection.onBinary(this, ByteBuffer.wrap(octets).asReadOnlyBuffer(), true);
    }

    void closes(int code, String reason) {
        connection.onClose(this, code, reason);
    }

    void breaks(Throwable failure) {
        connection.onError(this, failure);
    }

    /** Takes the oldest message that the client sent; {@code binary: } stands before one that is no text. */
    void got(String expected) {
        assertThat(got.poll()).isEqualTo(expected);
    }

    void gotNothing() {
        assertThat(got).isEmpty();
    }

    /** From now on, a message counts as written only when {@link #takes} says so. */
    void holds() {
        holding = true;
    }

    void takes() {
        held.remove().complete(this);
    }

    /** Takes the message that is held, and from now on each one at once. */
    void letsGo() {
        holding = false;
        takes();
    }

    /** The newest message that the client sent. */
    String last() {
        return got.getLast();
    }

    int count() {
        return got.size();
    }

    boolean wasAborted() {
        return aborted;
    }

    private CompletableFuture<WebSocket> record(String message) {
        // what java.net.http does
        assertThat(held).as("messages being sent").isEmpty();
        got.add(message.replace("\0", "^@"));
        CompletableFuture<WebSocket> sent = new CompletableFuture<>();
        if (holding) {
            held.add(sent);
        } else {
            sent.complete(this);
        }
        return sent;
    }

    @Override
    public CompletableFuture<WebSocket> sendText(CharSequence data, boolean last) {
        return record(data.toString());
    }

    @Override
    public CompletableFuture<WebSocket> sendBinary(ByteBuffer data, boolean last) {
        return record("binary: " + ISO_8859_1.decode(data));
    }

    @Override
    public CompletableFuture<WebSocket> sendPing(ByteBuffer message) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<WebSocket> sendPong(ByteBuffer message) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<WebSocket> sendClose(int code, String reason) {
        got.add("close " + code);
        return CompletableFuture.completedFuture(this);
    }

    @Override
    public void request(long n) {}

    @Override
    public String getSubprotocol() {
        return "v12.stomp";
    }

    @Override
    public boolean isOutputClosed() {
        return aborted;
    }

    @Override
    public boolean isInputClosed() {
        return aborted;
    }

    @Override
    public void abort() {
        aborted = true;
    }
}
