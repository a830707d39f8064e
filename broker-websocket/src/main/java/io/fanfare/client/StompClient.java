package io.fanfare.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.frame.Command;
import io.fanfare.frame.Frame;
import io.fanfare.frame.HeaderNames;
import io.fanfare.frame.Headers;
import io.fanfare.frame.HeartBeat;
import io.fanfare.frame.StompVersion;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A STOMP client: one connection over WebSocket.
 *
 * <pre>{@code
 * try (StompClient client = StompClient.connect(URI.create("ws://localhost:15674/ws"))) {
 *     client.subscribe("/topic/news", message -> System.out.println(message.bodyAsString())).confirmed().join();
 *     client.send("/topic/news", "hello").join();
 * }
 * }</pre>
 *
 * <p>Every method may be called from any thread. Callbacks run on the connection's own thread, in the order in which
 * frames came, and so do the dependents of futures: neither may wait for a future of the same client. A callback that
 * throws is reported to {@code onError}; the connection goes on. When the connection ends, each future that was not
 * completed fails with a {@link StompException} that says why.
 *
 * <p>Frames wait, up to 8 MiB, until the broker takes them; beyond that, methods that send wait for room, at most 30 s,
 * so a fast publisher goes at the broker's pace. At most 65,536 receipts may be outstanding; a request beyond that
 * fails without being sent. A {@code receipt} or {@code content-length} among given headers is replaced by the client's
 * own.
 */
public final class StompClient implements AutoCloseable {

    /** More than all the steps of an orderly close may take together. */
    private static final long CLOSE_SECONDS = 5;

    private static final HeaderNames DESTINATION = HeaderNames.of("destination");
    private static final HeaderNames DESTINATION_AND_ID = HeaderNames.of("destination", "id");

    private final ClientConnection connection;
    private final Frame connected;
    private final ClientTimer timer;
    private final SessionEnd sessionEnd;
    private final AtomicInteger lastSubscription = new AtomicInteger(-1);

    StompClient(ClientConnection connection, Frame connected, ClientTimer timer) {
        this.connection = connection;
        this.connected = connected;
        this.timer = timer;
        this.sessionEnd = new SessionEnd(timer, connected.headers());
    }

    /**
     * Connects with the defaults of {@link Builder}; returns once the broker has answered CONNECTED.
     *
     * @throws StompException when that fails or takes more than 10 s
     */
    public static StompClient connect(URI uri) {
        return builder(uri).connect();
    }

    /**
     * Begins to describe a connection.
     *
     * @param uri such as {@code ws://localhost:15674/ws} or {@code wss://broker.example.com/ws}
     * @throws IllegalArgumentException when it is not a WebSocket's URI
     */
    public static Builder builder(URI uri) {
        return new Builder(uri);
    }

    /** The broker's CONNECTED frame, with {@code session}, {@code server} and further headers. */
    public Frame connected() {
        return connected;
    }

    /** The version that the broker chose. */
    public StompVersion version() {
        return connection.version();
    }

    /** Whether frames can be sent: the connection has neither been closed nor failed, as far as this side knows. */
    public boolean isOpen() {
        return connection.isOpen();
    }

    /** Subscribes without further headers; see {@link #subscribe(String, Headers, Consumer)}. */
    public Subscription subscribe(String destination, Consumer<Frame> onMessage) {
        return subscribe(destination, Headers.EMPTY, onMessage);
    }

    /**
     * Subscribes to a destination and returns at once; {@link Subscription#confirmed()} is completed when the broker has
     * accepted or refused.
     *
     * @param headers of the SUBSCRIBE: {@code ack}, {@code selector}, ...; an {@code id} too where a durable
     *     subscription needs a lasting one, else the client chooses
     * @throws IllegalArgumentException when a subscription has that {@code id}
     */
    public Subscription subscribe(String destination, Headers headers, Consumer<Frame> onMessage) {
        String id = headers.find("id").orElseGet(() -> "sub-" + lastSubscription.incrementAndGet());
        Subscription subscription = new Subscription(connection, id, destination, onMessage);
        connection.subscribe(
                subscription,
                Headers.of("id", id, "destination", destination).with(headers.without(DESTINATION_AND_ID)));
        return subscription;
    }

    /**
     * Keeps the present of a destination in a map, on this client and then on others; see {@link Live}. Returns at once;
     * {@link Live#ready()} is completed when the map is the present.
     *
     * @param destination one topic, which resumes after a loss; with wildcards, or several joined by commas, the snapshot is
     *     taken anew then
     */
    public Live live(String destination, LiveOptions options) {
        Live live = new Live(destination, options, timer);
        live.attach(this);
        return live;
    }

    /**
     * Sends a new token to {@code /broker/auth} before the session expires: half a minute before, or after half of a shorter
     * time, and again as each RECEIPT says, until the connection ends. A session that does not expire needs none.
     *
     * @param token called on a thread of its own, where it may wait; called again when it throws, while a second is left
     * @param onError gets what {@code token} has thrown, or the broker's refusal where the connection goes on after it
     * @return ends the renewal when it is run
     */
    public Runnable renewTokens(Supplier<String> token, Consumer<? super Throwable> onError) {
        return TokenRenewal.begin(connection, timer, sessionEnd, token, onError);
    }

    /** Sends UTF-8 text; see {@link #send(String, Headers, byte[])}. */
    public CompletableFuture<Frame> send(String destination, String body) {
        return send(destination, Headers.EMPTY, body.getBytes(UTF_8));
    }

    /**
     * Sends a message and asks for a receipt. The future is completed by the RECEIPT: the broker has the message. It
     * fails with a {@link StompException} when the broker refuses or the connection ends first.
     *
     * @param body the octets as they are; not to be changed until the future is done
     */
    public CompletableFuture<Frame> send(String destination, Headers headers, byte[] body) {
        return connection.request(Command.SEND, to(destination, headers), body);
    }

    /** Sends UTF-8 text without a receipt; see {@link #sendNow(String, Headers, byte[])}. */
    public void sendNow(String destination, String body) {
        sendNow(destination, Headers.EMPTY, body.getBytes(UTF_8));
    }

    /**
     * Sends a message without a receipt: returns before it is written, and it stays unknown whether the broker took it.
     *
     * @throws StompException when the connection has ended, or there was no room in 30 s
     */
    public void sendNow(String destination, Headers headers, byte[] body) {
        connection.send(Command.SEND, to(destination, headers), body);
    }

    /** Settles a message; see {@link #ack(Frame, Headers)}. */
    public void ack(Frame message) {
        ack(message, Headers.EMPTY);
    }

    /**
     * Settles a message of a subscription with {@code ack:client} or {@code ack:client-individual}.
     *
     * @param headers further headers of the ACK, such as {@code transaction}
     * @throws IllegalArgumentException when the message needs no ACK
     * @throws StompException when the connection has ended
     */
    public void ack(Frame message, Headers headers) {
        connection.send(Command.ACK, settling(message, headers), ClientConnection.NO_BODY);
    }

    /** As {@link #ack(Frame, Headers)}, with a receipt: when the future is done, the message does not come again. */
    public CompletableFuture<Frame> ackConfirmed(Frame message, Headers headers) {
        return connection.request(Command.ACK, settling(message, headers), ClientConnection.NO_BODY);
    }

    /** Refuses a message; see {@link #nack(Frame, Headers)}. */
    public void nack(Frame message) {
        nack(message, Headers.EMPTY);
    }

    /**
     * Refuses a message of a subscription with {@code ack:client} or {@code ack:client-individual}.
     *
     * @param headers further headers of the NACK, such as {@code transaction} or {@code requeue}
     * @throws IllegalArgumentException when the message needs no ACK
     * @throws IllegalStateException on a STOMP 1.0 connection, which has no NACK
     * @throws StompException when the connection has ended
     */
    public void nack(Frame message, Headers headers) {
        if (connection.version() == StompVersion.V1_0) {
            throw new IllegalStateException("STOMP 1.0 has no NACK");
        }
        connection.send(Command.NACK, settling(message, headers), ClientConnection.NO_BODY);
    }

    /** Opens a transaction; frames belong to it by a {@code transaction} header with its name. */
    public CompletableFuture<Frame> begin(String transaction) {
        return connection.request(Command.BEGIN, Headers.of("transaction", transaction), ClientConnection.NO_BODY);
    }

    /** Makes a transaction's frames take effect; the future is completed once they have. */
    public CompletableFuture<Frame> commit(String transaction) {
        return connection.request(Command.COMMIT, Headers.of("transaction", transaction), ClientConnection.NO_BODY);
    }

    /** Drops a transaction's frames. */
    public CompletableFuture<Frame> abort(String transaction) {
        return connection.request(Command.ABORT, Headers.of("transaction", transaction), ClientConnection.NO_BODY);
    }

    /**
     * Closes the connection in order: DISCONNECT, its RECEIPT, the WebSocket's Close. Everything that was sent before has
     * reached the broker then. Waits at most 5 s in all, and not at all in a callback. A second call does nothing.
     */
    @Override
    public void close() {
        CompletableFuture<Void> ended = connection.disconnect();
        if (connection.isInCallbackOrEnding()) {
            return;
        }
        try {
            ended.get(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            connection.abort(null);
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            connection.abort(null);
        }
    }

    private Headers settling(Frame message, Headers headers) {
        return AckHeaders.of(message, connection.version()).with(headers);
    }

    private static Headers to(String destination, Headers headers) {
        return Headers.of("destination", destination).with(headers.without(DESTINATION));
    }

    /** Options of a connection. Not thread-safe; each {@link #connect} makes a new connection. */
    public static final class Builder {

        private final URI uri;
        private final Headers.Builder more = Headers.builder();
        private @Nullable String host;
        private HeartBeat heartBeat = new HeartBeat(Duration.ofSeconds(10), Duration.ofSeconds(10));
        private List<StompVersion> versions = List.of(StompVersion.values());
        private Duration timeout = Duration.ofSeconds(10);
        private @Nullable SSLContext tls;
        private Consumer<StompException> onError = Callbacks::log;
        private Runnable onClose = () -> {};

        private Builder(URI uri) {
            this.uri = ConnectSettings.checked(uri);
        }

        /** Headers {@code login} and {@code passcode} of CONNECT; by default neither is sent. */
        public Builder login(String user, String passcode) {
            return header("login", user).header("passcode", passcode);
        }

        /** CONNECT's {@code host}; by default the one of the URI. */
        public Builder host(String name) {
            host = name;
            return this;
        }

        /** The heart-beats that this side offers; by default 10 s in both directions. */
        public Builder heartBeat(HeartBeat offer) {
            heartBeat = offer;
            return this;
        }

        /** The versions to offer; by default all. */
        public Builder versions(StompVersion... offered) {
            if (offered.length == 0) {
                throw new IllegalArgumentException("no version to offer");
            }
            versions = List.of(offered);
            return this;
        }

        /** A further header of CONNECT. */
        public Builder header(String name, String value) {
            more.add(name, value);
            return this;
        }

        /** How long TCP, TLS, WebSocket handshake and CONNECT may take together, 10 s by default; later, connecting fails. */
        public Builder connectTimeout(Duration most) {
            timeout = most;
            return this;
        }

        /** Trusted authorities and own certificate for a {@code wss://} URI; by default the JVM's. */
        public Builder sslContext(SSLContext context) {
            tls = context;
            return this;
        }

        /** Called with what no future tells: what a callback throws, a refusal without a receipt, the end by a failure. By default logged. */
        public Builder onError(Consumer<StompException> callback) {
            onError = callback;
            return this;
        }

        /** Run once when an established connection has ended, for any reason, after {@code onError}. */
        public Builder onClose(Runnable callback) {
            onClose = callback;
            return this;
        }

        /**
         * Connects; returns once the broker has answered CONNECTED.
         *
         * @throws StompException when the broker can't be reached, is no STOMP broker, refuses, or takes too long
         */
        public StompClient connect() {
            return connect(SharedThreads.get());
        }

        StompClient connect(ClientTimer timer) {
            String name = host != null ? host : uri.getHost();
            return Connector.connect(
                    new ConnectSettings(uri, name, more.build(), heartBeat, versions, timeout, tls, onError, onClose),
                    timer);
        }
    }
}
