package io.fanfare.cli.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.cli.wire.HandshakeResponse;
import io.fanfare.frame.ProtocolException;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.channels.Selector;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** A connection that receives one destination's messages as an event stream. Owned by the generator's thread. */
final class StreamSubscriber extends BenchConnection implements Receiver {

    private static final byte[] DATA = "data: ".getBytes(US_ASCII);
    private static final byte[] CLOSE = "event: close".getBytes(US_ASCII);
    private static final byte[] BODY = ",\"body\":\"".getBytes(US_ASCII);

    private final Workload workload;
    private final BenchDestination destination;
    private final Meter meter;
    private final byte[] timestamp = new byte[Timestamp.BYTES];
    private long received;

    /** The time of the current read, in nanoseconds of the run. */
    private long now;

    StreamSubscriber(Workload workload, BenchDestination destination, Meter meter, Selector selector)
            throws IOException {
        super(workload, selector);
        this.workload = workload;
        this.destination = destination;
        this.meter = meter;
    }

    @Override
    public long received() {
        return received;
    }

    @Override
    byte[] request() {
        String host = workload.url().getHost() + (workload.url().getPort() < 0 ? "" : ":" + workload.port());
        String login = workload.login().get("login");
        String passcode = workload.login().find("passcode").orElse("");
        String authorization = login == null
                ? ""
                : "Authorization: Basic " + Base64.getEncoder().encodeToString((login + ":" + passcode).getBytes(UTF_8))
                        + "\r\n";
        return ("GET /sse?destination=" + URLEncoder.encode(destination.name(), UTF_8) + " HTTP/1.1\r\nHost: " + host
                        + "\r\nAccept: text/event-stream\r\n" + authorization + "\r\n")
                .getBytes(ISO_8859_1);
    }

    @Override
    @Nullable
    String refusal(HandshakeResponse response) {
        return response.status() == 200
                ? null
                : workload.url().getHost() + " answered HTTP " + response.status() + " to GET /sse";
    }

    /** The head comes when the subscription stands. */
    @Override
    void accepted() {
        hasLoggedIn();
        ready();
    }

    @Override
    void beforeRead() {
        now = meter.now();
    }

    @Override
    int content(byte[] bytes, int from, int end) {
        int start = from;
        for (int i = from + 1; i < end; i++) {
            // an empty line ends an event (HTML Standard 9.2.6); JSON has no line end in it
            if (bytes[i] == '\n' && bytes[i - 1] == '\n') {
                event(bytes, start, i);
                start = i + 1;
                i = start;
            }
        }
        return start;
    }

    private void event(byte[] bytes, int from, int to) {
        if (startsWith(CLOSE, bytes, from, to)) {
            fail("the broker ended the stream: " + new String(bytes, from, to - from, UTF_8).replace('\n', ' '));
        } else if (startsWith(DATA, bytes, from, to)) {
            int body = indexBehind(BODY, bytes, from, to);
            if (body < 0 || !readTimestamp(bytes, body, to)) {
                throw new ProtocolException("an event came whose body is not the run's");
            }
            received++;
            meter.received(Timestamp.read(timestamp, 0), now);
        }
    }

    private static boolean startsWith(byte[] start, byte[] bytes, int from, int to) {
        return to - from >= start.length && Arrays.equals(bytes, from, from + start.length, start, 0, start.length);
    }

    private static int indexBehind(byte[] wanted, byte[] bytes, int from, int to) {
        for (int i = from; i <= to - wanted.length; i++) {
            if (bytes[i] == wanted[0] && Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
                return i + wanted.length;
            }
        }
        return -1;
    }

    /** Of the characters of a timestamp, JSON escapes the backslash alone. */
    private boolean readTimestamp(byte[] bytes, int from, int to) {
        int at = from;
        for (int i = 0; i < Timestamp.BYTES; i++) {
            at += at < to && bytes[at] == '\\' ? 1 : 0;
            if (at >= to || bytes[at] == '"') {
                return false;
            }
            timestamp[i] = bytes[at++];
        }
        return true;
    }

    @Override
    void afterRead() {}

    @Override
    void sayGoodbye() {
        close();
    }
}
