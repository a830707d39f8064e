package io.fanfare.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.testkit.internal.Clients;
import io.fanfare.testkit.internal.StompSocket;
import io.fanfare.testkit.wire.StompFrame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A client that says exactly what a test says, and reads what comes on a thread of its own. It sends no heart-beats but
 * those of {@link #heartBeat}, answers Pings, and is closed by the kit when the test ends.
 *
 * <p>Messages of {@link #subscribe} are read from their {@link TestSubscription}, receipts of {@link #send} from their {@link
 * PendingReceipt}; all other frames come to {@link #next} and {@link #got}, in order. Any thread may call.
 */
public final class TestConnection implements AutoCloseable {

    private static final byte[] NO_BODY = new byte[0];

    /** A fault may keep the end of a connection from the broker. */
    private static final Duration NOTICED = Duration.ofSeconds(2);

    private final StompSocket socket;
    private final Inbox inbox;
    private final ConnectOptions options;
    private final Duration timeout;
    private final Supplier<Clients> clients;
    private final AtomicInteger lastReceipt = new AtomicInteger();
    private final AtomicInteger lastSubscription = new AtomicInteger();
    private volatile StompFrame connected = new StompFrame("", List.of(), NO_BODY);

    /** @param clients of the broker that runs when it is asked */
    TestConnection(
            StompSocket socket, Inbox inbox, ConnectOptions options, Duration timeout, Supplier<Clients> clients) {
        this.socket = socket;
        this.inbox = inbox;
        this.options = options;
        this.timeout = timeout;
        this.clients = clients;
    }

    /** Sends CONNECT and waits for CONNECTED. */
    TestConnection connect(String passcode) {
        List<String> headers = new ArrayList<>(List.of("accept-version", options.acceptVersion(), "host", "localhost"));
        if (!options.login().isEmpty()) {
            headers.addAll(List.of("login", options.login(), "passcode", passcode));
        }
        headers.addAll(options.headers());
        // CONNECT escapes nothing (STOMP 1.2, Value Encoding)
        write(frame("CONNECT", headers, NO_BODY, UnaryOperator.identity()).octets());
        StompFrame answer = inbox.next(timeout, "CONNECTED");
        if (!answer.command().equals("CONNECTED")) {
            throw new AssertionError("expected CONNECTED but got\n" + answer);
        }
        connected = answer;
        return this;
    }

    // ---- ease -------------------------------------------------------------------------------------------------------

    /** The user it was opened as; empty: none. */
    public String login() {
        return options.login();
    }

    /** The broker's CONNECTED; an empty frame where the connection was opened without CONNECT. */
    public StompFrame connected() {
        return connected;
    }

    /**
     * Sends UTF-8 text, with a {@code receipt}; does not wait for it.
     *
     * @param headers further ones, names and values in turn
     */
    public PendingReceipt send(String destination, String body, String... headers) {
        return send(destination, body.getBytes(UTF_8), headers);
    }

    /** Sends octets, with a {@code content-length} and a {@code receipt}; does not wait for it. */
    public PendingReceipt send(String destination, byte[] body, String... headers) {
        List<String> all = new ArrayList<>(List.of("destination", destination));
        all.addAll(Arrays.asList(headers));
        all.addAll(List.of("content-length", Integer.toString(body.length)));
        return request("SEND", all, body);
    }

    /**
     * Subscribes; returns when the broker has accepted.
     *
     * @param headers further ones, names and values in turn, such as {@code "ack", "client"}; an {@code id} takes the place of
     *     the kit's own
     */
    public TestSubscription subscribe(String destination, String... headers) {
        List<String> all = new ArrayList<>(List.of("destination", destination));
        all.addAll(Arrays.asList(headers));
        int given = all.indexOf("id");
        String id = given > 0 && given % 2 == 0 ? all.get(given + 1) : "sub-" + lastSubscription.incrementAndGet();
        if (given <= 0 || given % 2 != 0) {
            all.addAll(List.of("id", id));
        }
        inbox.subscription(id);
        request("SUBSCRIBE", all, NO_BODY).awaitReceipt();
        return new TestSubscription(this, inbox, id, destination, timeout);
    }

    /** Settles a message of a subscription with {@code ack:client} or {@code ack:client-individual}. */
    public PendingReceipt ack(StompFrame message, String... headers) {
        return settle("ACK", message, headers);
    }

    /** Refuses a message of a subscription with {@code ack:client} or {@code ack:client-individual}. */
    public PendingReceipt nack(StompFrame message, String... headers) {
        return settle("NACK", message, headers);
    }

    private PendingReceipt settle(String command, StompFrame message, String... headers) {
        List<String> all = new ArrayList<>();
        if (message.find("ack").isPresent()) {
            all.addAll(List.of("id", message.header("ack")));
        } else {
            // STOMP 1.0 and 1.1
            all.addAll(List.of(
                    "message-id", message.header("message-id"), "subscription", message.header("subscription")));
        }
        all.addAll(Arrays.asList(headers));
        return request(command, all, NO_BODY);
    }

    /**
     * Sends any frame without a body, with a {@code receipt}, as in {@code request("BEGIN", "transaction", "t1")}.
     *
     * @param headers names and values in turn
     */
    public PendingReceipt request(String command, String... headers) {
        return request(command, Arrays.asList(headers), NO_BODY);
    }

    private PendingReceipt request(String command, List<String> headers, byte[] body) {
        String receipt = Inbox.OWN + lastReceipt.incrementAndGet();
        List<String> all = new ArrayList<>(headers);
        all.addAll(List.of("receipt", receipt));
        boolean escapes = !connected.find("version").orElse("1.0").equals("1.0");
        StompFrame frame = frame(command, all, body, escapes ? TestConnection::escape : UnaryOperator.identity());
        write(frame.octets());
        return new PendingReceipt(inbox, frame, receipt, timeout);
    }

    /** Waits until the broker has done all that was sent, and what it had for this connection then has come. */
    public void barrier() {
        // what another event loop has for this client is there after a turn: the second answer comes behind it
        for (int i = 0; i < 2; i++) {
            String name = "kit-barrier-" + lastReceipt.incrementAndGet();
            request("BEGIN", "transaction", name);
            request("ABORT", "transaction", name).awaitReceipt();
        }
    }

    /** Waits until the broker has done all that was sent, or the connection has ended. */
    void settle() {
        try {
            barrier();
        } catch (UncheckedIOException e) {
            // the thread that reads learns of it a moment later
            inbox.awaitEnd(timeout);
        } catch (AssertionError e) {
            if (isOpen()) {
                throw e;
            }
        }
    }

    // ---- exactness --------------------------------------------------------------------------------------------------

    /** Sends a transcript as it is, one or more frames, each with its {@code ^@}; in one message of a WebSocket. */
    public TestConnection sends(String transcript) {
        return sends(StompFrame.octets(transcript));
    }

    /** Sends octets of STOMP as they are; in one message of a WebSocket. */
    public TestConnection sends(byte[] octets) {
        write(octets);
        return this;
    }

    /** Sends octets to the socket as they are, below the WebSocket. */
    public TestConnection sendsRaw(byte[] octets) {
        try {
            socket.sendRaw(octets);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a heart-beat. */
    public TestConnection heartBeat() {
        return sends("\n");
    }

    /** The next frame; waits for it as long as the broker's expectations do. */
    public StompFrame next() {
        return next(timeout);
    }

    /** The next frame, waited for at most this long. */
    public StompFrame next(Duration most) {
        return inbox.next(most, "a frame");
    }

    /**
     * The next frame is this one, as {@link StompFrame#matches} says.
     *
     * @throws AssertionError when it is another, or none comes in time
     */
    public TestConnection got(String transcript) {
        StompFrame expected = StompFrame.of(transcript);
        StompFrame frame = inbox.next(timeout, "\n" + expected + "\n");
        if (!frame.matches(expected)) {
            throw new AssertionError("expected\n" + expected + "\nbut got\n" + frame);
        }
        return this;
    }

    /**
     * Nothing has come that the test has not looked at, behind a {@link #barrier}.
     *
     * @throws AssertionError when there is a frame
     */
    public TestConnection gotNothing() {
        barrier();
        StompFrame frame = inbox.peek();
        if (frame != null) {
            throw new AssertionError("expected nothing but got\n" + frame);
        }
        return this;
    }

    /** How many heart-beats have come. */
    public int heartBeats() {
        return inbox.heartBeats();
    }

    /** Waits until so many heart-beats have come since it was opened. */
    public void awaitHeartBeats(int count) {
        inbox.awaitHeartBeats(count, timeout);
    }

    // ---- the end ----------------------------------------------------------------------------------------------------

    /** Whether it has not ended, as far as this side knows. */
    public boolean isOpen() {
        return !inbox.hasEnded();
    }

    /**
     * Waits until the connection has ended.
     *
     * @throws AssertionError when it does not in time
     */
    public CloseStatus awaitClosed() {
        return inbox.awaitEnd(timeout);
    }

    /** Ends in order: DISCONNECT, its RECEIPT, the Close. */
    public void disconnect() {
        request("DISCONNECT").awaitReceipt();
        close();
    }

    /**
     * Ends without DISCONNECT, with a reset of the socket, as a crash does. Returns when the broker has ended the session, or
     * after two seconds where a fault keeps the reset from it.
     */
    public void drop() {
        socket.drop();
        inbox.awaitEnd(timeout);
        connected.find("session").ifPresent(session -> clients.get().awaitEnd(Set.of(session), NOTICED));
    }

    /** Ends without DISCONNECT but with a Close; returns when the broker has answered it. Does nothing when it has ended. */
    @Override
    public void close() {
        if (isOpen()) {
            socket.close();
            try {
                inbox.awaitEnd(Duration.ofSeconds(1));
            } catch (AssertionError e) {
                socket.drop();
            }
        }
    }

    /** Ends with a reset, without waiting for the broker. */
    void abandon() {
        socket.drop();
    }

    /**
     * A frame of header names and values in turn.
     *
     * @param escape for each of them
     */
    private static StompFrame frame(
            String command, List<String> namesAndValues, byte[] body, UnaryOperator<String> escape) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < namesAndValues.size(); i += 2) {
            lines.add(escape.apply(namesAndValues.get(i)) + ":" + escape.apply(namesAndValues.get(i + 1)));
        }
        return new StompFrame(command, lines, body);
    }

    /** Escapes a header's name or value (STOMP 1.2, Value Encoding). */
    private static String escape(String text) {
        return text.replace("\\", "\\\\")
                .replace("\r", "\\r")
                .replace("\n", "\\n")
                .replace(":", "\\c");
    }

    private void write(byte[] octets) {
        try {
            socket.send(octets);
        } catch (IOException e) {
            throw new UncheckedIOException("the connection of '" + options.login() + "' has ended", e);
        }
    }
}
