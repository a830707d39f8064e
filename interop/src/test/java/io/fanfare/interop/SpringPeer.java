package io.fanfare.interop;

import java.lang.reflect.Type;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.MessagingException;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompFrameHandler;
import org.springframework.messaging.simp.stomp.StompHeaders;
import org.springframework.messaging.simp.stomp.StompSession;
import org.springframework.messaging.simp.stomp.StompSessionHandler;
import org.springframework.messaging.simp.stomp.StompSessionHandlerAdapter;

/** A session of one of Spring's STOMP clients. */
final class SpringPeer implements Peer {

    /** Lets one of the clients connect. */
    interface Connector {
        void connect(int port, StompHeaders headers, StompSessionHandler handler);
    }

    private final Events events = new Events();
    private final Connector connector;
    private final Runnable release;
    private final Map<Integer, StompHeaders> messages = new ConcurrentHashMap<>();
    private final Map<String, StompSession.Subscription> subscriptions = new HashMap<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private volatile @Nullable StompSession session;

    /**
     * A peer.
     *
     * @param release what to do at the end
     */
    SpringPeer(Connector connector, Runnable release) {
        this.connector = connector;
        this.release = release;
    }

    @Override
    public void connect(int port, String version, int heartBeatMillis) {
        StompHeaders headers = new StompHeaders();
        headers.setAcceptVersion(version);
        headers.setHeartbeat(new long[] {heartBeatMillis, heartBeatMillis});
        connector.connect(port, headers, new Handler());
    }

    @Override
    public void send(String destination, byte[] body, Map<String, String> headers) {
        StompHeaders stomp = stomp(headers);
        stomp.setDestination(destination);
        report(session().send(stomp, body), headers);
    }

    @Override
    public void subscribe(String id, String destination, Map<String, String> headers) {
        StompHeaders stomp = stomp(headers);
        stomp.setId(id);
        stomp.setDestination(destination);
        StompSession.Subscription subscription = session().subscribe(stomp, new MessageHandler());
        subscriptions.put(id, subscription);
        report(subscription, headers);
    }

    @Override
    public void unsubscribe(String id, Map<String, String> headers) {
        report(subscriptions.remove(id).unsubscribe(stomp(headers)), headers);
    }

    @Override
    public void ack(Event message, Map<String, String> headers) {
        acknowledge(message, headers, true);
    }

    @Override
    public void nack(Event message, Map<String, String> headers) {
        acknowledge(message, headers, false);
    }

    private void acknowledge(Event message, Map<String, String> headers, boolean consumed) {
        StompHeaders received = messages.get(message.number());
        StompHeaders stomp = stomp(headers);
        if (received.getAck() != null) {
            stomp.setId(received.getAck());
        } else {
            stomp.setMessageId(received.getMessageId());
            stomp.setSubscription(received.getSubscription());
        }
        report(session().acknowledge(stomp, consumed), headers);
    }

    @Override
    public void begin(String transaction, Map<String, String> headers) {
        throw new UnsupportedOperationException("Spring's clients have no transactions");
    }

    @Override
    public void commit(String transaction, Map<String, String> headers) {
        throw new UnsupportedOperationException("Spring's clients have no transactions");
    }

    @Override
    public void abort(String transaction, Map<String, String> headers) {
        throw new UnsupportedOperationException("Spring's clients have no transactions");
    }

    /** Sends DISCONNECT and closes; Spring does not wait for an answer. */
    @Override
    public void disconnect() {
        session().disconnect();
        session = null;
        events.add(Event.of(Event.Kind.DISCONNECTED, NO_HEADERS));
    }

    @Override
    public Events events() {
        return events;
    }

    @Override
    public void close() {
        StompSession open = session;
        try {
            if (open != null && open.isConnected()) {
                open.disconnect();
            }
        } catch (MessagingException e) {
            // the test had cut it
        }
        release.run();
    }

    private StompSession session() {
        StompSession open = session;
        if (open == null) {
            throw new IllegalStateException("not connected");
        }
        return open;
    }

    private void report(StompSession.Receiptable receiptable, Map<String, String> headers) {
        String receipt = headers.get("receipt");
        if (receipt != null) {
            receiptable.addReceiptTask(() -> events.add(Event.receipt(receipt)));
        }
    }

    private static StompHeaders stomp(Map<String, String> headers) {
        StompHeaders stomp = new StompHeaders();
        headers.forEach(stomp::set);
        return stomp;
    }

    private static Map<String, String> plain(StompHeaders headers) {
        Map<String, String> plain = new TreeMap<>();
        headers.forEach((name, values) -> plain.put(name, first(values)));
        return plain;
    }

    private static String first(List<String> values) {
        return values.get(0) == null ? "" : values.get(0);
    }

    private static byte[] bytes(@Nullable Object payload) {
        return payload == null ? new byte[0] : (byte[]) payload;
    }

    private final class MessageHandler implements StompFrameHandler {

        @Override
        public Type getPayloadType(StompHeaders headers) {
            return byte[].class;
        }

        @Override
        public void handleFrame(StompHeaders headers, @Nullable Object payload) {
            int number = numbers.incrementAndGet();
            messages.put(number, headers);
            events.add(new Event(Event.Kind.MESSAGE, number, plain(headers), bytes(payload)));
        }
    }

    private final class Handler extends StompSessionHandlerAdapter {

        @Override
        public void afterConnected(StompSession connected, StompHeaders headers) {
            session = connected;
            events.add(Event.of(Event.Kind.CONNECTED, plain(headers)));
        }

        @Override
        public Type getPayloadType(StompHeaders headers) {
            return byte[].class;
        }

        @Override
        public void handleFrame(StompHeaders headers, @Nullable Object payload) {
            events.add(new Event(Event.Kind.ERROR, 0, plain(headers), bytes(payload)));
        }

        @Override
        public void handleException(
                StompSession failed,
                @Nullable StompCommand command,
                StompHeaders headers,
                byte[] payload,
                Throwable exception) {
            events.add(Event.of(Event.Kind.CLOSED, Map.of("exception", exception.toString())));
        }

        @Override
        public void handleTransportError(StompSession failed, Throwable exception) {
            events.add(Event.of(Event.Kind.CLOSED, Map.of("exception", exception.toString())));
        }
    }
}
