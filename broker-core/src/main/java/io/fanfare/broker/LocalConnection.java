package io.fanfare.broker;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Command;
import io.fanfare.frame.Frame;
import io.fanfare.frame.FrameDecoder;
import io.fanfare.frame.FrameEncoder;
import io.fanfare.frame.FrameLimits;
import io.fanfare.frame.Headers;
import io.fanfare.frame.ProtocolException;
import io.fanfare.frame.StompVersion;
import io.fanfare.loop.Connection;
import io.fanfare.loop.EventLoop;
import io.fanfare.loop.Framing;
import io.fanfare.security.Principal;
import io.fanfare.session.Session;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The connection of a subscriber in the broker's own JVM: a session that gets one CONNECT and one SUBSCRIBE, and whose bytes are
 * decoded for a handler instead of written to a socket. Messages that wait for the handler are to the session what bytes in
 * a socket's buffer are: beyond {@link #BUFFER_BYTES} they wait in its outbox, as for a client that reads slowly. Owned by its
 * loop.
 */
final class LocalConnection implements Connection {

    /** As many bytes wait for the handler as for a client in the buffers of its socket. */
    static final int BUFFER_BYTES = 64 << 10;

    /** For what waits for a slow handler when the broker closes. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    /** What the broker sends has passed the limits of the way in. */
    private static final FrameLimits UNLIMITED = new FrameLimits(1 << 30, 32, 1 << 30, 1 << 20);

    private final EventLoop loop;
    private final SubscriptionOptions options;
    private final HandlerCalls calls;
    private final FrameDecoder decoder = new FrameDecoder(UNLIMITED);
    private final CompletableFuture<Headers> subscribed = new CompletableFuture<>();
    private final CompletableFuture<String> ended = new CompletableFuture<>();
    private @Nullable Session session;

    /** Why the session ends; null: it has not said. */
    private @Nullable ProtocolException why;

    private String reason = "";

    /** Whether the program has closed it, and takes no more. */
    private boolean isDone;

    private boolean isClosing;
    private boolean isLost;

    LocalConnection(EventLoop loop, SubscriptionOptions options, MessageHandler handler) {
        Executor executor = options.executor();
        this.loop = loop;
        this.options = options;
        this.calls = new HandlerCalls(
                handler,
                executor == null ? Runnable::run : executor,
                BUFFER_BYTES,
                () -> loop.execute(this::hasRoom),
                () -> loop.execute(this::rejected));
        decoder.version(StompVersion.V1_2);
    }

    /** Begins the session; called on the loop. */
    void open(Broker broker, String destination) {
        assert loop.isCurrent();
        try {
            Session opened = broker.open(loop, this);
            session = opened;
            Headers.Builder connect = Headers.builder().add("accept-version", "1.2");
            receive(
                    Command.CONNECT,
                    options.clientId().isEmpty()
                            ? connect.build()
                            : connect.add("client-id", options.clientId()).build());
            receive(
                    Command.SUBSCRIBE,
                    Headers.of("destination", destination, "id", id(), "receipt", "0")
                            .with(options.headers()));
        } catch (RuntimeException | Error e) {
            // such as a header that can't be encoded: the caller is told
            subscribed.completeExceptionally(e);
            abort();
        }
    }

    private String id() {
        return Objects.requireNonNullElse(options.headers().get("id"), "0");
    }

    /** Completed on the loop with the headers of SUBSCRIBE's RECEIPT; fails with a {@link ProtocolException}. */
    CompletableFuture<Headers> subscribed() {
        return subscribed;
    }

    /** Completed on the loop with the reason when the session is over. */
    CompletableFuture<String> ended() {
        return ended;
    }

    /** The loop that owns it. */
    EventLoop loop() {
        return loop;
    }

    HandlerCalls calls() {
        return calls;
    }

    /** Sends a frame to the broker, soon; called by any thread. */
    void says(Command command, Headers headers) {
        loop.execute(() -> receive(command, headers));
    }

    /**
     * Ends the subscription and the session; called on the loop.
     *
     * @param isDeleted whether a durable subscription ends for good
     */
    void end(boolean isDeleted) {
        isDone = true;
        Headers id = Headers.of("id", id());
        receive(Command.UNSUBSCRIBE, isDeleted ? id.with(options.headers()) : id);
        if (session != null) {
            session.close(CloseCode.NORMAL, "");
        }
    }

    private void receive(Command command, Headers headers) {
        if (session != null && !isLost) {
            session.receive(ByteBuffer.wrap(FrameEncoder.encode(Frame.of(command, headers), StompVersion.V1_2)));
        }
    }

    // ---- from the session -----------------------------------------------------------------------------------------

    @Override
    public Framing framing() {
        return Framing.EMBEDDED;
    }

    @Override
    public int write(ByteBuffer bytes) {
        if (!calls.hasRoom()) {
            return 0;
        }
        byte[] taken = new byte[bytes.remaining()];
        bytes.get(taken);
        if (!isLost) {
            decode(ByteBuffer.wrap(taken));
        }
        return taken.length;
    }

    private void decode(ByteBuffer bytes) {
        for (Frame frame = decoder.decode(bytes); frame != null; frame = decoder.decode(bytes)) {
            calls.add(new Delivery(frame, this), frame.headers().bytes() + frame.body().length);
        }
    }

    private void rejected() {
        reason = "the executor takes no more tasks";
        abort();
    }

    @Override
    public void awaitWritable() {
        calls.awaitRoom();
    }

    private void hasRoom() {
        if (session != null && !isLost) {
            session.writable();
        }
    }

    /** Acknowledgements wait in the session. */
    @Override
    public void suspendReading() {}

    @Override
    public void resumeReading() {}

    @Override
    public Principal principal() {
        return options.principal();
    }

    @Override
    public boolean isTrusted() {
        return options.principal().name().isEmpty();
    }

    @Override
    public void confirmed(Headers headers) {
        subscribed.complete(headers);
    }

    @Override
    public void refused(ProtocolException refusal) {
        why = refusal;
    }

    @Override
    public void close(CloseCode code, String text) {
        assert loop.isCurrent();
        isClosing = true;
        reason = why == null ? text : why.detail();
        subscribed.completeExceptionally(why == null ? new ProtocolException(text, text, code) : why);
        calls.sessionOver();
        if (isDone || session == null) {
            lose();
        } else {
            loop.schedule(CLOSE_TIMEOUT, this::lose);
            flushed();
        }
    }

    /** What was on its way reaches the handler before the end, as it reaches a client. */
    @Override
    public void flushed() {
        if (isClosing && session != null && session.isFlushed()) {
            calls.whenNoneWaits(() -> loop.execute(this::lose));
        }
    }

    @Override
    public void abort() {
        lose();
    }

    private void lose() {
        if (!isLost) {
            isLost = true;
            loop.execute(this::over);
        }
    }

    private void over() {
        calls.stop();
        if (session != null) {
            session.closed();
        }
        subscribed.completeExceptionally(new ProtocolException("connection lost", reason, CloseCode.INTERNAL_ERROR));
        ended.complete(reason);
    }

    @Override
    public String peer() {
        return "embedded";
    }
}
