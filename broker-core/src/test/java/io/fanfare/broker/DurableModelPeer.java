package io.fanfare.broker;

import io.fanfare.testing.Received;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One connection of the durable model test, as its client knows it. */
final class DurableModelPeer {

    final Client client;
    final String user;
    final String clientId;

    /** Its subscriptions by id, those that have ended too. */
    final Map<String, DurableModel.Holding> holdings = new HashMap<>();

    /** The {@code ack} header of its last delivery of each message, by the subscription's id and the message. */
    final Map<String, String> acks = new HashMap<>();

    /** Subscriptions whose SUBSCRIBE, and whose UNSUBSCRIBE, it has seen the RECEIPT of. */
    private final Set<String> begun = new HashSet<>();

    private final Set<String> ended = new HashSet<>();

    /** What an ERROR may say. */
    private final Set<String> mayFailWith = new HashSet<>();

    private String error;
    private boolean reads = true;
    private boolean readsAgain;
    private int writes;

    DurableModelPeer(Client client, String user, String clientId) {
        this.client = client;
        this.user = user;
        this.clientId = clientId;
    }

    /** Whether the broker does nothing for it any more. */
    boolean isOver() {
        return client.connection().closeCode() != null || client.connection().isLost();
    }

    /** Whether it is over, and did not read at the end. */
    boolean isLingering() {
        return isOver() && !reads;
    }

    boolean reads() {
        return reads;
    }

    void stopsReading() {
        reads = false;
        client.stopsReading();
    }

    /** Reads on: the next look sees what waited, and is the last that may see old messages. */
    void readsAgain() {
        client.reads();
        readsAgain = true;
    }

    /** All that it got has been looked at. */
    void hasLooked() {
        reads |= readsAgain && !isOver();
        readsAgain = false;
    }

    void mayFailWith(String message) {
        mayFailWith.add(message);
    }

    /** Looks at what it got since it looked last; its messages are for the model. */
    List<Received> look() {
        int count = client.connection().writes().size();
        List<Received> messages = new ArrayList<>();
        if (count > writes) {
            writes = count;
            client.takeAll().forEach(received -> saw(received, messages));
        }
        boolean forNoReason = isOver() && client.connection().closeCode() != null && mayFailWith.isEmpty();
        check(!forNoReason, "was closed with " + client.connection().closeCode());
        return messages;
    }

    private void saw(Received received, List<Received> messages) {
        check(error == null, "got " + received + " after an ERROR");
        switch (received.command()) {
            case "RECEIPT" -> {
                String receipt = received.header("receipt-id");
                (receipt.startsWith("+") ? begun : ended).add(receipt.substring(1));
            }
            case "ERROR" -> {
                error = received.header("message");
                check(mayFailWith.contains(error), "got " + received);
            }
            case "MESSAGE" -> {
                String id = received.header("subscription");
                check(begun.contains(id), "got " + received + " before the RECEIPT of SUBSCRIBE");
                check(!ended.contains(id), "got " + received + " after the RECEIPT of UNSUBSCRIBE");
                if (received.has("ack")) {
                    acks.put(id + " " + received.text(), received.header("ack"));
                }
                messages.add(received);
            }
            default -> throw new AssertionError(this + " got " + received);
        }
    }

    private void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(this + " " + otherwise);
        }
    }

    @Override
    public String toString() {
        return client + " (" + user + ", " + clientId + ")";
    }
}
