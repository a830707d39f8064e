package io.fanfare.cli.check;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A client that sends any bytes and reads frame by frame. What does not come in time, or is another frame than expected,
 * is a {@link Finding}. Used by one thread.
 */
final class Peer {

    private static final int MAX_FRAME_BYTES = 64 << 20;

    /** How long a connection must stay silent to count as silent. */
    private static final Duration QUIET = Duration.ofMillis(300);

    private final Line line;
    private final Duration timeout;
    private final AtomicInteger lastReceipt = new AtomicInteger();
    private long deadline;

    Peer(Line line, Duration timeout) {
        this.line = line;
        this.timeout = timeout;
    }

    /** A transcript as bytes; {@code ^@} is the NUL. */
    static byte[] bytes(String transcript) {
        return transcript.replace("^@", "\0").getBytes(UTF_8);
    }

    Line line() {
        return line;
    }

    WebSocketLine webSocket() {
        return (WebSocketLine) line;
    }

    // ---- out --------------------------------------------------------------------------------------------------------

    Peer send(String transcript) {
        return send(bytes(transcript));
    }

    Peer send(byte[] bytes) {
        try {
            line.send(bytes);
        } catch (IOException e) {
            // the broker has ended the connection, which is seen when it is read from
        }
        return this;
    }

    /** Subscribes and waits for the RECEIPT. */
    Peer subscribe(String id, String destination, String... lines) {
        String receipt = "s" + lastReceipt.incrementAndGet();
        send("SUBSCRIBE\nid:" + id + "\ndestination:" + destination + "\nreceipt:" + receipt + "\n" + joined(lines)
                + "\n^@");
        return receipt(receipt);
    }

    /** Sends a message and waits for the RECEIPT. */
    Peer publish(String destination, String body, String... lines) {
        String receipt = "p" + lastReceipt.incrementAndGet();
        send("SEND\ndestination:" + destination + "\nreceipt:" + receipt + "\n" + joined(lines) + "\n" + body + "^@");
        return receipt(receipt);
    }

    private static String joined(String... lines) {
        return lines.length == 0 ? "" : String.join("\n", lines) + "\n";
    }

    // ---- in ---------------------------------------------------------------------------------------------------------

    /** The next frame; heart-beats before it are skipped. */
    Reply next() {
        Reply reply = nextOrEnd();
        if (reply == null) {
            throw Finding.fail("the connection ended");
        }
        return reply;
    }

    /** The next frame, or null at the end of the connection. */
    @Nullable
    Reply nextOrEnd() {
        deadline = System.nanoTime() + timeout.toNanos();
        try {
            return frame();
        } catch (SocketTimeoutException e) {
            throw Finding.fail("no answer within " + timeout.toMillis() + " ms");
        } catch (IOException e) {
            return null;
        }
    }

    /** The next frame, or null when none comes. */
    @Nullable
    Reply nextOrNothing() {
        try {
            return nextOrEnd();
        } catch (Finding silence) {
            return null;
        }
    }

    Reply expect(String command) {
        Reply reply = next();
        Finding.require(reply.command().equals(command), "got " + reply.summary() + " instead of " + command);
        return reply;
    }

    /** The next frame must be the RECEIPT with this id, as it is on the wire. */
    Peer receipt(String id) {
        Finding.same("receipt-id", id, expect("RECEIPT").need("receipt-id"));
        return this;
    }

    Reply message(String body) {
        Reply message = expect("MESSAGE");
        Finding.same("the body", body, message.text());
        return message;
    }

    /** The broker must refuse: ERROR, then the end. An ERROR or an end alone is lenient; {@code instead} says what came. */
    Reply refused(String instead) {
        Reply reply = nextOrEndOf(instead);
        if (reply == null) {
            throw Finding.lenient("the connection ends without an ERROR");
        }
        Finding.require(reply.command().equals("ERROR"), instead + ": " + reply.summary());
        if (!ends()) {
            throw Finding.lenient("ERROR, but the connection stays open");
        }
        return reply;
    }

    /** As {@link #refused}, for what is forbidden to clients alone: the specification leaves open what brokers do about it. */
    void refusedOrTaken(String instead) {
        try {
            refused(instead);
        } catch (Finding finding) {
            throw Finding.lenient(finding.note());
        }
    }

    private @Nullable Reply nextOrEndOf(String instead) {
        try {
            return nextOrEnd();
        } catch (Finding silence) {
            throw Finding.fail(instead + ": " + silence.note());
        }
    }

    /** Whether the connection ends in time; frames before that are skipped. */
    boolean ends() {
        deadline = System.nanoTime() + timeout.toNanos();
        try {
            while (read() >= 0) {
                // skipped
            }
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /** Nothing but heart-beats comes for a moment. */
    Peer quiet(String otherwise) {
        return quiet(QUIET, otherwise);
    }

    Peer quiet(Duration time, String otherwise) {
        Reply reply;
        deadline = System.nanoTime() + time.toNanos();
        try {
            reply = frame();
        } catch (SocketTimeoutException e) {
            return this;
        } catch (IOException e) {
            reply = null;
        }
        throw Finding.fail(otherwise + ": " + (reply == null ? "the connection ended" : reply.summary()));
    }

    /** Whether a byte, a heart-beat or of a frame, comes within this time. */
    boolean comes(Duration time) {
        deadline = System.nanoTime() + time.toNanos();
        try {
            return read() >= 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** The frames that come within this time. */
    List<Reply> during(Duration time) {
        List<Reply> replies = new ArrayList<>();
        deadline = System.nanoTime() + time.toNanos();
        try {
            for (Reply reply = frame(); reply != null; reply = frame()) {
                replies.add(reply);
            }
        } catch (IOException e) {
            // the time is over, or the connection
        }
        return replies;
    }

    /** The next WebSocket frame, or null when none comes. */
    @Nullable
    WsFrame webSocketFrameOrNothing() {
        try {
            return webSocketFrame();
        } catch (Finding silence) {
            return null;
        }
    }

    /** The next WebSocket frame, whatever it is. */
    WsFrame webSocketFrame() {
        WsFrame frame;
        try {
            line.timeout(timeout);
            frame = webSocket().frame();
        } catch (IOException e) {
            throw Finding.fail("no WebSocket frame: " + e.getMessage());
        }
        if (frame == null) {
            throw Finding.fail("the connection ended");
        }
        return frame;
    }

    /** Whether TCP ends in time, behind the Closes of WebSocket. */
    boolean tcpEnds() {
        try {
            line.timeout(timeout);
            return webSocket().tcpEnds();
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private @Nullable Reply frame() throws IOException {
        int b = read();
        while (b == '\n' || b == '\r') {
            b = read();
        }
        if (b < 0) {
            return null;
        }
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int before = 0;
        while (b != '\n' || before != '\n') {
            put(head, b);
            before = b == '\r' ? before : b;
            b = read();
        }
        Reply parsed = Reply.parse(head.toString(UTF_8), new byte[0]);
        return new Reply(parsed.command(), parsed.lines(), body(parsed));
    }

    private byte[] body(Reply head) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        String length = head.raw("content-length").orElse("");
        if (length.matches("\\d{1,8}")) {
            for (int i = Integer.parseInt(length); i > 0; i--) {
                put(body, read());
            }
            Finding.require(read() == 0, "no NUL behind the content-length of " + head.command());
        } else {
            for (int b = read(); b != 0; b = read()) {
                put(body, b);
            }
        }
        return body.toByteArray();
    }

    private static void put(ByteArrayOutputStream to, int b) {
        Finding.require(b >= 0, "the connection ended inside a frame");
        Finding.require(to.size() < MAX_FRAME_BYTES, "a frame of more than " + MAX_FRAME_BYTES + " bytes");
        to.write(b);
    }

    /** A byte, or -1 at the end; never waits beyond the deadline. */
    private int read() throws IOException {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
            throw new SocketTimeoutException("the deadline has passed");
        }
        line.timeout(Duration.ofNanos(left));
        return line.read();
    }

    void close() {
        line.close();
    }
}
