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
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket and what is under way on it. The listener's methods are called on the WebSocket's thread, one at a time;
 * all else by any thread.
 */
final class Connection implements WebSocket.Listener {

    static final byte[] NO_BODY = new byte[0];

    /** Wider than a broker's, so that what it let in gets out with the headers that it added. */
    private static final FrameLimits LIMITS = new FrameLimits(64 << 20, 32, 64 << 10, 1024);

    /** How long a step of an ending (a RECEIPT, a Close) may take. */
    private static final Duration LINGER = Duration.ofSeconds(2);

    private static final byte[] HEART_BEAT = {'\n'};

    /** What the client writes itself, whatever the caller gave. */
    private static final HeaderNames OURS = HeaderNames.of("receipt", "content-length");

    private final ConnectOptions options;
    private final Timer timer;
    private final SendQueue sends = new SendQueue(this::broken);
    private final Receipts receipts = new Receipts();
    private final Map<String, Subscription> subscriptions = new ConcurrentHashMap<>();
    private final CompletableFuture<Frame> connected = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    /** Set by whoever ends the connection: the first reason counts. */
    private final AtomicBoolean ending = new AtomicBoolean();

    private final AtomicBoolean disconnecting = new AtomicBoolean();

    /** The WebSocket's thread alone touches it. */
    private final FrameDecoder decoder = new FrameDecoder(LIMITS);

    private volatile @Nullable WebSocket webSocket;
    private volatile StompVersion version = StompVersion.V1_0;
    private volatile @Nullable Frame error;
    private volatile @Nullable HeartBeats heartBeats;
    private volatile @Nullable Future<?> alarm;

    /** The thread that handles what arrived, while it does: callbacks run on it. */
    private volatile @Nullable Thread receiver;

    Connection(ConnectOptions options, Timer timer) {
        this.options = options;
        this.timer = timer;
    }

    /** Completed by CONNECTED. */
    CompletableFuture<Frame> connected() {
        return connected;
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
        if (subscriptions.putIfAbsent(subscription.id(), subscription) != null) {
            throw new IllegalArgumentException("there is a subscription with the id " + subscription.id());
        }
        request(Command.SUBSCRIBE, headers, NO_BODY).whenComplete((receipt, failure) -> {
            if (failure == null) {
                subscription.confirmed().complete(receipt);
            } else {
                forget(subscription);
                subscription.confirmed().completeExceptionally(failure);
            }
        });
    }

    void forget(Subscription subscription) {
        subscriptions.remove(subscription.id(), subscription);
    }

    /**
     * Says goodbye: DISCONNECT, its RECEIPT, Close. A step that takes too long is skipped. The future is completed when
     * the connection is no more; on the WebSocket's own thread it must not be waited for.
     */
    CompletableFuture<Void> disconnect() {
        if (!ending.get() && disconnecting.compareAndSet(false, true)) {
            Receipts.Expected receipt = receipts.expect();
            Headers headers = Headers.of("receipt", receipt.id());
            sends.putUrgent(encode(Frame.of(Command.DISCONNECT, headers)));
            Future<?> patience = timer.after(LINGER, () -> abort(null));
            receipt.future().thenRun(() -> {
                patience.cancel(false);
                closeWebSocket();
            });
        }
        return ended;
    }

    /** Ends it at once, without a goodbye; null where that is no failure. */
    void abort(@Nullable StompException failure) {
        if (ending.compareAndSet(false, true)) {
            WebSocket socket = webSocket;
            if (socket != null) {
                socket.abort();
            }
            end(failure);
        }
    }

    /** Whether waiting for the end is out of place: this thread is in a callback, or the end is there. */
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
        HeartBeats beats = heartBeats;
        if (beats != null) {
            beats.sent(timer.nanoTime());
        }
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
        heard();
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        if (ending.compareAndSet(false, true)) {
            boolean asWished = disconnecting.get() && error == null;
            end(asWished ? null : StompException.closed(error, code, reason));
        }
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable failure) {
        broken(failure);
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
            abort(new StompException("the broker sent what STOMP does not allow: " + e.detail(), e));
        } finally {
            receiver = null;
            // after the callbacks: while they ran, nobody listened
            heard();
        }
    }

    private void handle(Frame frame) {
        switch (frame.command()) {
            case CONNECTED -> connected(frame);
            case MESSAGE -> message(frame);
            case RECEIPT -> receipts.complete(frame.headers().find("receipt-id").orElse(""), frame);
            case ERROR -> refused(frame);
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
        HeartBeat agreed = options.heartBeat().negotiate(theirs);
        HeartBeats beats = new HeartBeats(agreed, timer.nanoTime());
        heartBeats = beats;
        nextHeartBeat(beats);
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
            refusedSoftly(message);
        }
        // else a subscription of which this client knows nothing (any more)
    }

    /** A request failed and the connection lives: CONNECT and CONNECTED said soft-errors:true. */
    private void refusedSoftly(Frame message) {
        StompException refusal = StompException.error(message);
        String receipt = message.headers().find("receipt-id").orElse("");
        if (!receipts.fail(receipt, refusal)) {
            report(refusal);
        }
    }

    /** STOMP 1.2, ERROR: the broker ends the connection after it; its Close tells the code. */
    private void refused(Frame frame) {
        error = frame;
        timer.after(LINGER, () -> abort(StompException.error(frame)));
    }

    private void heard() {
        HeartBeats beats = heartBeats;
        if (beats != null) {
            beats.heard(timer.nanoTime());
        }
    }

    private void nextHeartBeat(HeartBeats beats) {
        Duration delay = beats.next(timer.nanoTime());
        if (!delay.isZero() && !ending.get()) {
            alarm = timer.after(delay, () -> heartBeat(beats));
        }
    }

    private void heartBeat(HeartBeats beats) {
        long now = timer.nanoTime();
        if (receiver != null) {
            // a callback is running: what the broker sends meanwhile waits behind it
            beats.heard(now);
        } else if (beats.isBrokerSilent(now)) {
            abort(new StompException(
                    "no sign of life from the broker for " + beats.silence().toMillis() + " ms"));
            return;
        }
        if (beats.isSendDue(now)) {
            beats.sent(now);
            if (sends.isIdle()) {
                sends.putUrgent(HEART_BEAT);
            }
        }
        nextHeartBeat(beats);
    }

    private void broken(Throwable failure) {
        Frame refusal = error;
        if (refusal != null) {
            abort(StompException.error(refusal));
        } else {
            abort(disconnecting.get() ? null : new StompException("the connection broke: " + failure, failure));
        }
    }

    /** What is left to do, whoever ended it; called once, by the one who set {@link #ending}. */
    private void end(@Nullable StompException failure) {
        Future<?> beat = alarm;
        if (beat != null) {
            beat.cancel(false);
        }
        StompException reason = failure != null ? failure : new StompException("this client closed the connection");
        boolean neverConnected = connected.completeExceptionally(reason);
        sends.close(reason);
        receipts.close(reason);
        subscriptions.clear();
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
