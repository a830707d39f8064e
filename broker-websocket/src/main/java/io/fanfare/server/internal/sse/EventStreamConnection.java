package io.fanfare.server.internal.sse;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Command;
import io.fanfare.frame.Frame;
import io.fanfare.frame.FrameEncoder;
import io.fanfare.frame.Headers;
import io.fanfare.frame.JsonString;
import io.fanfare.frame.ProtocolException;
import io.fanfare.frame.StompVersion;
import io.fanfare.loop.Framing;
import io.fanfare.loop.Timer;
import io.fanfare.security.Handshake;
import io.fanfare.server.internal.net.CloseState;
import io.fanfare.server.internal.net.SelectorLoop;
import io.fanfare.server.internal.net.SessionOpener;
import io.fanfare.server.internal.net.SocketConnection;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;
import org.jspecify.annotations.Nullable;

/**
 * A client of an event stream: a session that gets one CONNECT and one SUBSCRIBE, made of its request, and whose messages are
 * events. The answer's head is written once the subscription stands; until then it may become a refusal. Owned by its loop.
 */
final class EventStreamConnection extends SocketConnection {

    /** Less than the time to the first heart-beat, which must not come before the answer's head. */
    private static final Duration SUBSCRIBE_TIMEOUT = Duration.ofSeconds(10);

    /** When a client comes back after a stream has ended, in milliseconds; a random time, so that not all come at once. */
    private static final int MIN_RETRY_MILLIS = 1_000;

    private static final int MAX_RETRY_MILLIS = 5_000;

    /** The same after the end of a broker that is about to restart: a refusal would end an EventSource for good. */
    private static final int RESTART_MILLIS = 10_000;

    private static final byte[] NO_BODY = new byte[0];

    private final Optional<String> origin;
    private Map<String, String> credentials;

    /** Null once the subscription stands, or is refused. */
    private @Nullable Timer subscribing;

    /** Whether the stream has begun: its end is an event from now on. */
    private boolean begun;

    /** Why the session ends; null: it has not said. */
    private @Nullable ProtocolException why;

    private EventStreamConnection(
            SelectorLoop loop, TCPNIOConnection grizzly, Map<String, String> credentials, Optional<String> origin) {
        super(loop, grizzly, channelOf(grizzly));
        this.credentials = credentials;
        this.origin = origin;
    }

    /**
     * Takes over a connection from its HTTP codec; called on its loop.
     *
     * @param credentials headers of the request for the authenticator
     */
    static void open(
            SessionOpener sessions,
            SelectorLoop loop,
            TCPNIOConnection grizzly,
            Map<String, String> credentials,
            StreamRequest request) {
        EventStreamConnection connection = new EventStreamConnection(loop, grizzly, credentials, request.origin());
        connection.start(sessions);
        connection.subscribing = loop.schedule(SUBSCRIBE_TIMEOUT, connection::takesTooLong);
        connection.says(Command.CONNECT, request.connect());
        connection.says(Command.SUBSCRIBE, request.subscribe());
    }

    private void says(Command command, Headers headers) {
        session()
                .receive(ByteBuffer.wrap(FrameEncoder.encode(new Frame(command, headers, NO_BODY), StompVersion.V1_2)));
    }

    private void takesTooLong() {
        session()
                .refuse(new ProtocolException(
                        "subscription timeout",
                        "the subscription was not there within " + SUBSCRIBE_TIMEOUT.toMillis()
                                + " ms; try again later",
                        CloseCode.OVERLOAD));
    }

    /** Nothing is to come: the request was all that such a client says. */
    @Override
    protected void received(ByteBuffer bytes) {
        session()
                .refuse(new ProtocolException(
                        "unexpected data", "the client of an event stream sends one request", CloseCode.POLICY));
    }

    // ---- from the session -------------------------------------------------------------------------------------------

    @Override
    public Framing framing() {
        return Framing.EVENTS;
    }

    /** The session asks once; afterwards the request's headers are forgotten. */
    @Override
    public Handshake handshake() {
        assert loop().isCurrent();
        Handshake all = new Handshake(address(), credentials, certificates());
        credentials = Map.of();
        return all;
    }

    /** The subscription stands: the answer begins. What is delivered comes behind it, as it does behind a RECEIPT. */
    @Override
    public void confirmed(Headers where) {
        assert loop().isCurrent();
        begun = true;
        endSubscribing();
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "text/event-stream");
        headers.put("Cache-Control", "no-store");
        // nginx would keep events back until its buffer is full
        headers.put("X-Accel-Buffering", "no");
        // WHATWG Fetch, CORS: a page of this origin may connect, with its cookies, as by WebSocket
        origin.ifPresent(page -> {
            headers.put("Access-Control-Allow-Origin", page);
            headers.put("Access-Control-Allow-Credentials", "true");
            headers.put("Vary", "Origin");
        });
        // without Content-Length the stream lasts as long as the connection (RFC 9112 6.3)
        int retry = ThreadLocalRandom.current().nextInt(MIN_RETRY_MILLIS, MAX_RETRY_MILLIS);
        sends((head("200 OK", headers) + "retry: " + retry + "\n\n" + beginning(where)).getBytes(UTF_8));
    }

    /**
     * What a RECEIPT says of the beginning, where no message comes first that does: the place behind which an EventSource goes on that
     * has got nothing yet, and whether it got everything that it asked for.
     */
    private static String beginning(Headers where) {
        if (isPositive(where, "retained") || isPositive(where, "replayed")) {
            return "";
        }
        StringBuilder event = new StringBuilder();
        where.find("recovered")
                .ifPresent(recovered -> event.append("event: subscribed\ndata: {\"recovered\":\"")
                        .append(recovered)
                        .append("\"}\n"));
        where.find("seq")
                .ifPresent(number -> event.append("id: ")
                        .append(where.find("epoch").orElse(""))
                        .append('-')
                        .append(number)
                        .append('\n'));
        // HTML Standard 9.2.6: an id without data is no event, and counts
        return event.isEmpty() ? "" : event.append('\n').toString();
    }

    private static boolean isPositive(Headers where, String header) {
        return !where.find(header).orElse("0").equals("0");
    }

    @Override
    public void refused(ProtocolException reason) {
        why = reason;
    }

    /** The end of a stream is an event; that of one that has not begun is a status. */
    @Override
    public void close(CloseCode code, String reason) {
        assert loop().isCurrent();
        endSubscribing();
        String detail = why == null ? reason : why.detail();
        if (!begun) {
            sends(answer(StreamRefusal.of(code, reason, detail)));
        } else if (code != CloseCode.NORMAL) {
            String retry = code == CloseCode.RESTARTING
                    ? "retry: " + ThreadLocalRandom.current().nextInt(RESTART_MILLIS, 2 * RESTART_MILLIS) + "\n"
                    : "";
            sends((retry + "event: close\ndata: {\"code\":" + code.code() + ",\"reason\":" + JsonString.of(reason)
                            + ",\"detail\":" + JsonString.of(detail) + "}\n\n")
                    .getBytes(UTF_8));
        }
        closing(CloseState.FLUSHING);
    }

    private void endSubscribing() {
        if (subscribing != null) {
            subscribing.cancel();
            subscribing = null;
        }
    }

    private void sends(byte[] bytes) {
        session().sendRaw(bytes, bytes.length);
    }

    private static byte[] answer(StreamRefusal refusal) {
        Map<String, String> headers = new LinkedHashMap<>(refusal.headers());
        byte[] body = refusal.body();
        headers.put("Content-Type", StreamRefusal.CONTENT_TYPE);
        headers.put("Content-Length", String.valueOf(body.length));
        headers.put("Cache-Control", "no-store");
        byte[] start = head(refusal.status() + " " + refusal.reason(), headers).getBytes(UTF_8);
        return ByteBuffer.allocate(start.length + body.length)
                .put(start)
                .put(body)
                .array();
    }

    private static String head(String status, Map<String, String> headers) {
        StringBuilder head = new StringBuilder("HTTP/1.1 ").append(status).append("\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        return head.append("X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n")
                .toString();
    }

    @Override
    protected void onClosed() {
        endSubscribing();
    }
}
