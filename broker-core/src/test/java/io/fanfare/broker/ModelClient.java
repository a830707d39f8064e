package io.fanfare.broker;

import io.fanfare.queue.Deliveries;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One connection as the model knows it. */
final class ModelClient {

    /** A queue message that the client has seen and that waits for its word. */
    record Delivery(ModelConsumer consumer, ModelEntry entry, String ackHeaders) {}

    /** What a transaction will do. */
    static final class Transaction {
        final List<ModelMessage> sends = new ArrayList<>();
        final Map<Delivery, Deliveries.Verdict> settlements = new LinkedHashMap<>();
    }

    enum End {
        DISCONNECTED,
        LOST,
        FAILED
    }

    final Client client;
    final boolean in12;
    final Map<String, ModelSubscription> subscriptions = new HashMap<>();
    final Map<String, Transaction> transactions = new HashMap<>();

    /** In the order it saw them. */
    final List<Delivery> unsettled = new ArrayList<>();

    /** RECEIPTs to come, and what happens with each. */
    final ArrayDeque<String> receipts = new ArrayDeque<>();

    final Map<String, Runnable> onReceipt = new HashMap<>();

    /** How it ended; null: it has not. */
    End end;

    boolean gotError;

    /** How many writes have been looked at. */
    int writes;

    ModelClient(Client client, boolean in12) {
        this.client = client;
        this.in12 = in12;
    }

    boolean hasEnded() {
        return end != null;
    }

    /** Whether one of its open transactions has a word about the delivery. */
    boolean isClaimed(Delivery delivery) {
        return transactions.values().stream().anyMatch(each -> each.settlements.containsKey(delivery));
    }

    @Override
    public String toString() {
        return client.toString();
    }
}
