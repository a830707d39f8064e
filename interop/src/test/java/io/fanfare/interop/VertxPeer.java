package io.fanfare.interop;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.stomp.Command;
import io.vertx.ext.stomp.Frame;
import io.vertx.ext.stomp.StompClient;
import io.vertx.ext.stomp.StompClientConnection;
import io.vertx.ext.stomp.StompClientOptions;
import io.vertx.ext.stomp.utils.Headers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A connection of Vert.x' STOMP client, which asks for a receipt with every frame. */
final class VertxPeer implements Peer {

    private final Events events = new Events();
    private final Vertx vertx;
    private final Map<Integer, Frame> messages = new ConcurrentHashMap<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private volatile String version = "1.2";

    /** Held because Vert.x closes the connections of a client that nobody refers to. */
    private @Nullable StompClient client;

    private volatile @Nullable StompClientConnection connection;

    VertxPeer(Vertx vertx) {
        this.vertx = vertx;
    }

    @Override
    public void connect(int port, String offered, int heartBeatMillis) {
        version = offered;
        StompClientOptions options = new StompClientOptions()
                .setHost("127.0.0.1")
                .setPort(port)
                .setHeartbeat(new JsonObject().put("x", heartBeatMillis).put("y", heartBeatMillis));
        options.setAcceptedVersions(List.of(offered));
        client = StompClient.create(vertx, options)
                .errorFrameHandler(frame -> events.add(event(Event.Kind.ERROR, 0, frame)));
        client.connect().onSuccess(this::connected);
    }

    private void connected(StompClientConnection open) {
        open.closeHandler(closed -> events.add(Event.of(Event.Kind.CLOSED, NO_HEADERS)));
        connection = open;
        events.add(Event.of(Event.Kind.CONNECTED, Map.of("version", open.version())));
    }

    @Override
    public void send(String destination, byte[] body, Map<String, String> headers) {
        report(connection().send(destination, vertx(headers), Buffer.buffer(body)), headers);
    }

    @Override
    public void subscribe(String id, String destination, Map<String, String> headers) {
        Headers all = vertx(headers).add("id", id);
        report(connection().subscribe(destination, all, this::message), headers);
    }

    private void message(Frame frame) {
        int number = numbers.incrementAndGet();
        messages.put(number, frame);
        events.add(event(Event.Kind.MESSAGE, number, frame));
    }

    @Override
    public void unsubscribe(String id, Map<String, String> headers) {
        report(connection().unsubscribe(id, vertx(headers)), headers);
    }

    @Override
    public void ack(Event message, Map<String, String> headers) {
        report(settle(Command.ACK, messages.get(message.number())), headers);
    }

    @Override
    public void nack(Event message, Map<String, String> headers) {
        report(settle(Command.NACK, messages.get(message.number())), headers);
    }

    /** Its {@code ack(id)} is for 1.2; before that the frame is made by hand. */
    private Future<Frame> settle(Command command, Frame message) {
        if (version.equals("1.2")) {
            return command == Command.ACK
                    ? connection().ack(message.getAck())
                    : connection().nack(message.getAck());
        }
        Headers headers = Headers.create(
                "message-id", message.getHeader("message-id"), "subscription", message.getHeader("subscription"));
        return connection().send(new Frame(command, headers, null));
    }

    @Override
    public void begin(String transaction, Map<String, String> headers) {
        report(connection().beginTX(transaction, vertx(headers)), headers);
    }

    @Override
    public void commit(String transaction, Map<String, String> headers) {
        report(connection().commit(transaction, vertx(headers)), headers);
    }

    @Override
    public void abort(String transaction, Map<String, String> headers) {
        report(connection().abort(transaction, vertx(headers)), headers);
    }

    @Override
    public void disconnect() {
        connection().disconnect().onSuccess(frame -> events.add(Event.of(Event.Kind.DISCONNECTED, NO_HEADERS)));
    }

    @Override
    public Events events() {
        return events;
    }

    @Override
    public void close() {
        StompClientConnection open = connection;
        if (open != null) {
            open.close();
        }
        if (client != null) {
            client.close();
        }
    }

    private StompClientConnection connection() {
        StompClientConnection open = connection;
        if (open == null) {
            throw new IllegalStateException("not connected");
        }
        return open;
    }

    private void report(Future<?> done, Map<String, String> headers) {
        String receipt = headers.get("receipt");
        if (receipt != null) {
            done.onSuccess(frame -> events.add(Event.receipt(receipt)));
        }
    }

    private static Headers vertx(Map<String, String> headers) {
        Headers copy = Headers.create(headers);
        copy.remove("receipt");
        return copy;
    }

    private static Event event(Event.Kind kind, int number, Frame frame) {
        return new Event(kind, number, Map.copyOf(frame.getHeaders()), frame.getBodyAsByteArray());
    }
}
