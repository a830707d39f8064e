package io.fanfare.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.frame.Command;
import io.fanfare.frame.Frame;
import io.fanfare.frame.FrameDecoder;
import io.fanfare.frame.FrameEncoder;
import io.fanfare.frame.FrameLimits;
import io.fanfare.frame.HeaderNames;
import io.fanfare.frame.Headers;
import io.fanfare.frame.HeartBeat;
import io.fanfare.frame.ProtocolException;
import io.fanfare.frame.StompVersion;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * STOMP on one WebSocket: the frames, receipts and subscriptions under way on it. The WebSocket calls the listener's
 * methods on its own thread, one at a time; any thread may call the others.
 */
final class ClientConnection implements WebSocket.Listener {

    static final byte[] NO_BODY = new byte[0];

    /** Wider than a broker's defaults, so that a message it accepted arrives with the headers that it added. */
    private static final FrameLimits LIMITS = new FrameLimits(64 << 20, 32, 64 << 10, 1024);

    /** How long one step of closing (a RECEIPT, a Close) may take. */
    private static final Duration LINGER = Duration.ofSeconds(2);

    private static final byte[] HEART_BEAT = {'\n'};

    /** Headers that the client writes itself; a caller's are dropped. */
    private static final HeaderNames OURS = HeaderNames.of("receipt", "content-length");

    private final ConnectSettings options;
    private final ClientTimer timer;
    private final SendQueue sends = new SendQueue(this::failed);
    private final Receipts receipts = new Receipts();
    private final Subscriptions subscriptions = new Subscriptions();
    private final CompletableFuture<Frame> connected = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    /** Set by the first thread that ends the connection: its reason counts. */
    private final AtomicBoolean ending = new AtomicBoolean();

    private final AtomicBoolean disconnecting = new AtomicBoolean();

    /** Touched by the WebSocket's thread alone. */
    private final FrameDecoder decoder = new FrameDecoder(LIMITS);

    private volatile @Nullable WebSocket webSocket;
    private volatile StompVersion version = StompVersion.V1_0;
    private volatile @Nullable Frame error;
    private final HeartBeater heartBeats;

    /** The thread that handles received frames, while it does; callbacks run on it. */
    private volatile @Nullable Thread receiver;

    ClientConnection(ConnectSettings options, ClientTimer timer) {
        this.options = options;
        this.timer = timer;
        this.heartBeats = new HeartBeater(timer, new Link());
    }

    /** Completed by CONNECTED. */
    CompletableFuture<Frame> connected() {
        return connected;
    }

    /** Completed when the connection has ended, behind all callbacks. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    StompVersion version() {
        return version;
    }

    boolean isOpen() {
        return connected.isDone() && !ending.get() && !disconnecting.get();
    }

    /** Sends a frame that asks for a receipt; never throws {@link StompException}, its future fails instead. */
    CompletableFuture<Frame> request(Command command, Headers headers, byte[] body) {
        Receipts.Expected receipt = receipts.expect();
        if (!receipt.future().isDone()) {
            try {
                Headers all = Headers.of("receipt", receipt.id()).with(headers.without(OURS));
                sends.put(encode(new Frame(command, all, body)));
            } catch (StompException e) {
                receipts.fail(receipt.id(), e);
            }
        }
        return receipt.future();
    }

    /** Sends a frame that asks for no receipt. */
    void send(Command command, Headers headers, byte[] body) {
        sends.put(encode(new Frame(command, headers.without(OURS), body)));
    }

    void subscribe(Subscription subscription, Headers headers) {
        subscriptions.add(subscription);
        request(Command.SUBSCRIBE, headers, NO_BODY)
                .whenComplete((receipt, failure) -> subscriptions.answered(subscription, receipt, failure));
    }

    void forget(Subscription subscription) {
        subscriptions.remove(subscription);
    }

    /**
     * Closes in order: DISCONNECT, its RECEIPT, the WebSocket's Close. A step that takes too long is skipped. The future
     * is completed when the connection has ended; the WebSocket's own thread must not wait for it.
     */
    CompletableFuture<Void> disconnect() {
        if (!ending.get() && disconnecting.compareAndSet(false, true)) {
            Receipts.Expected receipt = receipts.expect();
            Headers headers = Headers.of("receipt", receipt.id());
            sends.putUrgent(encode(Frame.of(Command.DISCONNECT, headers)));
            Future<?> deadline = timer.after(LINGER, () -> abort(null));
            receipt.future().thenRun(() -> {
                deadline.cancel(false);
                closeWebSocket();
            });
        }
        return ended;
    }

    /**
     * Cuts the connection at once, without DISCONNECT and Close.
     *
     * @param failure null when the caller wanted it so
     */
    void abort(@Nullable StompException failure) {
        if (ending.compareAndSet(false, true)) {
            WebSocket socket = webSocket;
            if (socket != null) {
                socket.abort();
            }
            end(failure);
        }
    }

    /** Whether there is nothing to wait for: this thread runs a callback, or the connection has ended. */
    boolean isInCallbackOrEnding() {
        return Thread.currentThread() == receiver || ending.get();
    }

    private void closeWebSocket() {
        WebSocket socket = webSocket;
        if (socket != null) {
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "");
            timer.after(LINGER, () -> abort(null));
        }
    }

    private byte[] encode(Frame frame) {
        heartBeats.sent();
        return FrameEncoder.encode(frame, version);
    }

    @Override
    public void onOpen(WebSocket opened) {
        webSocket = opened;
        if (ending.get()) {
            opened.abort();
            return;
        }
        sends.putUrgent(encode(Frame.of(Command.CONNECT, options.connectHeaders())));
        sends.open(opened);
        opened.request(1);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
        receive(ByteBuffer.wrap(text.toString().getBytes(UTF_8)));
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
        byte[] octets = new byte[data.remaining()];
        data.get(octets);
        receive(ByteBuffer.wrap(octets));
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPing(WebSocket from, ByteBuffer data) {
        heartBeats.received();
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        if (ending.compareAndSet(false, true)) {
            boolean expected = disconnecting.get() && error == null;
            end(expected ? null : StompException.closed(error, code, reason));
        }
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable failure) {
        failed(failure);
    }

    private void receive(ByteBuffer octets) {
        receiver = Thread.currentThread();
        try {
            Frame frame = decoder.decode(octets);
            while (frame != null && !ending.get()) {
                handle(frame);
                frame = decoder.decode(octets);
            }
        } catch (ProtocolException e) {
            abort(new StompException("the broker violated STOMP: " + e.detail(), e));
        } finally {
            receiver = null;
            // after the callbacks: while they ran, nothing was read
            heartBeats.received();
        }
    }

    private void handle(Frame frame) {
        switch (frame.command()) {
            case CONNECTED -> connected(frame);
            case MESSAGE -> message(frame);
            case RECEIPT -> receipts.complete(frame.headers().find("receipt-id").orElse(""), frame);
            case ERROR -> error(frame);
            case SEND, ACK, NACK, SUBSCRIBE, UNSUBSCRIBE, BEGIN, COMMIT, ABORT, CONNECT, STOMP, DISCONNECT ->
                throw new ProtocolException("only a client sends " + frame.command());
        }
    }

    private void connected(Frame frame) {
        // STOMP 1.1, Connecting: no version means 1.0
        String chosen = frame.headers().find("version").orElse(StompVersion.V1_0.toString());
        version = StompVersion.highestOf(chosen)
                .filter(options.versions()::contains)
                .orElseThrow(
                        () -> new ProtocolException("CONNECTED chose version " + chosen + ", which was not offered"));
        decoder.version(version);
        HeartBeat theirs =
                frame.headers().find("heart-beat").map(HeartBeat::parse).orElse(HeartBeat.NONE);
        heartBeats.start(options.heartBeat().negotiate(theirs));
        connected.complete(frame);
    }

    private void message(Frame message) {
        String id = message.headers().find("subscription").orElse("");
        Subscription subscription = subscriptions.get(id);
        if (subscription != null) {
            try {
                subscription.onMessage(message);
            } catch (RuntimeException | Error e) {
                // an Error too: an assertion in a test's callback is one
                report(new StompException("the callback of " + subscription + " threw " + e, e));
            }
        } else if (id.equals("$error")) {
            softError(message);
        }
        // else a subscription that has ended meanwhile
    }

    /** A soft error: the request failed and the connection goes on, as both sides said soft-errors:true. */
    private void softError(Frame message) {
        StompException refusal = StompException.error(message);
        String receipt = message.headers().find("receipt-id").orElse("");
        if (!receipts.fail(receipt, refusal)) {
            report(refusal);
        }
    }

    /** STOMP 1.2, ERROR: the broker closes the connection after it; its Close brings the code. */
    private void error(Frame frame) {
        error = frame;
        timer.after(LINGER, () -> abort(StompException.error(frame)));
    }

    /** What the heart-beats do with this connection. */
    private final class Link implements HeartBeater.Link {

        @Override
        public boolean isInCallback() {
            return receiver != null;
        }

        @Override
        public void sendHeartBeat() {
            if (sends.isIdle()) {
                sends.putUrgent(HEART_BEAT);
            }
        }

        @Override
        public void brokerSilent(Duration silence) {
            abort(new StompException("no sign of life from the broker for " + silence.toMillis() + " ms"));
        }
    }

    private void failed(Throwable failure) {
        Frame refusal = error;
        if (refusal != null) {
            abort(StompException.error(refusal));
        } else {
            abort(disconnecting.get() ? null : new StompException("the connection broke: " + failure, failure));
        }
    }

    /** Fails what is pending and runs the callbacks; called once, by the thread that set {@link #ending}. */
    private void end(@Nullable StompException failure) {
        heartBeats.stop();
        StompException reason = failure != null ? failure : new StompException("this client closed the connection");
        boolean neverConnected = connected.completeExceptionally(reason);
        sends.close(reason);
        receipts.close(reason);
        subscriptions.end(reason);
        if (!neverConnected) {
            if (failure != null) {
                report(failure);
            }
            Callbacks.run(options.onClose(), "onClose");
        }
        ended.complete(null);
    }

    private void report(StompException failure) {
        Callbacks.run(() -> options.onError().accept(failure), "onError");
    }
}
