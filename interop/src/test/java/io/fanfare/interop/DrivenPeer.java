package io.fanfare.interop;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** A connection that a {@link Driver} holds. */
record DrivenPeer(Driver driver, String name, Events events) implements Peer {

    @Override
    public void connect(int port, String version, int heartBeatMillis) {
        connect(port, "/ws", version, heartBeatMillis);
    }

    /** Connects to this path, where the driver's transport has paths. */
    void connect(int port, String path, String version, int heartBeatMillis) {
        driver.tell(order("connect")
                .put("port", port)
                .put("path", path)
                .put("version", version)
                .put("heartBeat", heartBeatMillis));
    }

    @Override
    public void send(String destination, byte[] body, Map<String, String> headers) {
        driver.tell(with(headers, order("send")).put("destination", destination).put("body", body));
    }

    @Override
    public void subscribe(String id, String destination, Map<String, String> headers) {
        driver.tell(with(headers, order("subscribe")).put("id", id).put("destination", destination));
    }

    @Override
    public void unsubscribe(String id, Map<String, String> headers) {
        driver.tell(with(headers, order("unsubscribe")).put("id", id));
    }

    @Override
    public void ack(Event message, Map<String, String> headers) {
        driver.tell(with(headers, order("ack")).put("number", message.number()));
    }

    @Override
    public void nack(Event message, Map<String, String> headers) {
        driver.tell(with(headers, order("nack")).put("number", message.number()));
    }

    @Override
    public void begin(String transaction, Map<String, String> headers) {
        driver.tell(with(headers, order("begin")).put("transaction", transaction));
    }

    @Override
    public void commit(String transaction, Map<String, String> headers) {
        driver.tell(with(headers, order("commit")).put("transaction", transaction));
    }

    @Override
    public void abort(String transaction, Map<String, String> headers) {
        driver.tell(with(headers, order("abort")).put("transaction", transaction));
    }

    @Override
    public void disconnect() {
        driver.tell(order("disconnect"));
    }

    @Override
    public void close() {
        driver.tell(order("drop"));
    }

    private ObjectNode order(String what) {
        return Driver.order(name, what);
    }

    private static ObjectNode with(Map<String, String> headers, ObjectNode order) {
        ObjectNode json = order.putObject("headers");
        headers.forEach(json::put);
        return order;
    }
}
