package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.loop.Framing;
import io.fanfare.queue.Deliveries;
import io.fanfare.testing.HandLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Does the same steps to the broker and to the model of it, and compares what every client saw. */
final class ModelRun extends BrokerTest {

    static final int CLIENTS = 5;

    private static final int MOST_AT_ONCE = 6;

    private static final List<List<String>> SEND_TO = List.of(
            List.of("/topic/a"),
            List.of("/topic/a.b"),
            List.of("/topic/b"),
            List.of("/queue/q"),
            List.of("/queue/q"),
            List.of("/queue/r"),
            List.of("/topic/a", "/topic/a.b"),
            List.of("/queue/r", "/topic/a", "/queue/q"));

    private static final List<List<String>> SUBSCRIBE_TO = List.of(
            List.of("/topic/a"),
            List.of("/topic/a.*"),
            List.of("/topic/a.#"),
            List.of("/topic/#"),
            List.of("/topic/*.b", "/topic/a"),
            List.of("/topic/a.b", "/topic/a.*"),
            List.of("/topic/*.b", "/topic/a.#", "/topic/a.b"),
            List.of("/topic/b", "/topic/a.b"),
            List.of("/topic/#", "/topic/a.*", "/topic/a.b"),
            List.of("/topic/a", "/topic/a.#"),
            List.of("/queue/q"),
            List.of("/queue/q"),
            List.of("/queue/q"),
            List.of("/queue/r"),
            List.of("/queue/q", "/queue/r"),
            List.of("/queue/r", "/topic/a"),
            List.of("/queue/DLQ.q"),
            List.of("/queue/DLQ.q", "/queue/DLQ.r"));

    private final boolean delays;
    private final ModelBroker model;
    private final ModelClient[] clients = new ModelClient[CLIENTS];

    /** Those that have ended since the last comparison, in that order. */
    private final List<ModelClient> ended = new ArrayList<>();

    private int lastId;
    private int stepsAtOnce;
    private int comparisons;
    private boolean together;

    private ModelRun(boolean delays) {
        this.delays = delays;
        this.model = new ModelBroker(delays);
    }

    /**
     * Takes the steps.
     *
     * @param delays whether what is given back more than once waits before it comes again
     */
    static void run(List<ModelStep> steps, boolean delays) {
        new ModelRun(delays).runAll(steps);
    }

    private void runAll(List<ModelStep> steps) {
        brokerWith(BrokerOptions.builder()
                .queues(q -> q.maxDeliveries(ModelBroker.MAX_DELIVERIES)
                        .redeliveryDelay(delays ? ModelBroker.redeliveryDelay(2) : Duration.ZERO)
                        .maxRedeliveryDelay(ModelBroker.LONGEST_DELAY))
                .build());
        try {
            connectAll();
            steps.forEach(this::take);
            compare();
            emptyQueues();
            assertThat(broker.queueCount()).as("queues left").isZero();
            nothingIsLeftBehindWhenAllHaveGone();
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\n--- transcript\n" + transcript(), e);
        }
    }

    private void connectAll() {
        for (int i = 0; i < CLIENTS; i++) {
            if (clients[i] == null || clients[i].hasEnded()) {
                boolean in12 = i > 0;
                Client client = connect(in12 ? "1.2" : "1.1", Framing.TCP, i % 2 == 0 ? loop : otherLoop);
                clients[i] = new ModelClient(client, in12);
            }
        }
    }

    private void take(ModelStep step) {
        ModelClient client = clients[step.client()];
        if (!client.hasEnded()) {
            stepsAtOnce++;
            together |= step.kind() == ModelStep.Kind.COMMIT;
            take(step, client);
        }
        if (step.pace() == ModelStep.Pace.SETTLE || stepsAtOnce >= MOST_AT_ONCE) {
            compare();
        } else if (step.pace() != ModelStep.Pace.RUSH) {
            note("-- a turn");
            (step.pace() == ModelStep.Pace.TURN ? loop : otherLoop).takeTurn();
        }
    }

    private void take(ModelStep step, ModelClient client) {
        switch (step.kind()) {
            case SEND -> send(step, client);
            case SUBSCRIBE -> subscribe(step, client);
            case UNSUBSCRIBE -> unsubscribe(step, client);
            case ACK -> acknowledge(step, client, Deliveries.Verdict.ACK);
            case NACK -> acknowledge(step, client, Deliveries.Verdict.REQUEUE);
            case REJECT -> acknowledge(step, client, Deliveries.Verdict.REJECT);
            case BEGIN -> begin(step, client);
            case COMMIT, ABORT -> endTransaction(step, client);
            case DISCONNECT -> {
                client.client.feeds("DISCONNECT\nreceipt:" + receipt(client) + "\n\n^@");
                end(client, ModelClient.End.DISCONNECTED);
            }
            case LOSE -> lose(client);
            case FAULT -> {
                client.client.feeds("ABORT\ntransaction:never begun\n\n^@");
                end(client, ModelClient.End.FAILED);
            }
        }
    }

    private String receipt(ModelClient client) {
        String receipt = "r" + ++lastId;
        client.receipts.add(receipt);
        return receipt;
    }

    // ---- steps ----------------------------------------------------------------------------------------------------

    private void send(ModelStep step, ModelClient client) {
        Map<String, String> headers = new HashMap<>();
        headers.put("n", Integer.toString(step.second() % 3));
        int color = step.second() / 3 % 3;
        if (color > 0) {
            headers.put("color", color == 1 ? "red" : "blue");
        }
        int priority = step.second() / 9 % 4 == 0 ? step.second() / 36 % 10 : 4;
        String group = step.third() % 6 == 0 ? "g" + step.third() / 6 % 2 : null;
        List<String> targets = SEND_TO.get(step.first() % SEND_TO.size());
        ModelMessage message = new ModelMessage("m" + ++lastId, targets, headers, priority, group, client);
        String transaction = transaction(step, client);
        StringBuilder frame = new StringBuilder("SEND\ndestination:" + String.join(",", targets));
        headers.forEach(
                (name, value) -> frame.append('\n').append(name).append(':').append(value));
        frame.append(priority == 4 ? "" : "\npriority:" + priority);
        frame.append(group == null ? "" : "\nmessage-group:" + group);
        frame.append(transaction == null ? "" : "\ntransaction:" + transaction);
        client.client.feeds(frame + "\nreceipt:" + receipt(client) + "\n\n" + message.body() + "^@");
        if (transaction == null) {
            model.publish(message);
        } else {
            client.transactions.get(transaction).sends.add(message);
        }
    }

    /** The transaction that a step belongs to; null: none. */
    private static String transaction(ModelStep step, ModelClient client) {
        String name = "t" + step.third() / 16 % 2;
        return step.third() / 32 % 3 > 0 && client.transactions.containsKey(name) ? name : null;
    }

    private void subscribe(ModelStep step, ModelClient client) {
        List<String> targets = SUBSCRIBE_TO.get(step.first() % SUBSCRIBE_TO.size());
        ModelSubscription subscription = new ModelSubscription(client, "s" + ++lastId, targets, step);
        String receipt = receipt(client);
        client.onReceipt.put(receipt, () -> subscription.confirmed = true);
        client.subscriptions.put(subscription.id, subscription);
        client.client.feeds(subscription.frame(receipt));
        model.subscribe(subscription);
    }

    private void unsubscribe(ModelStep step, ModelClient client) {
        List<ModelSubscription> active = client.subscriptions.values().stream()
                .filter(each -> each.active)
                .sorted(java.util.Comparator.comparing(each -> each.id))
                .toList();
        if (!active.isEmpty()) {
            ModelSubscription subscription = active.get(step.first() % active.size());
            String receipt = receipt(client);
            client.onReceipt.put(receipt, () -> subscription.ended = true);
            client.client.feeds("UNSUBSCRIBE\nid:" + subscription.id + "\nreceipt:" + receipt + "\n\n^@");
            model.unsubscribe(subscription);
        }
    }

    private void acknowledge(ModelStep step, ModelClient client, Deliveries.Verdict verdict) {
        List<ModelClient.Delivery> waiting = client.unsettled.stream()
                .filter(each -> !client.isClaimed(each))
                .toList();
        if (waiting.isEmpty()) {
            return;
        }
        ModelClient.Delivery delivery = waiting.get(step.first() % waiting.size());
        String transaction = transaction(step, client);
        client.client.feeds((verdict == Deliveries.Verdict.ACK ? "ACK\n" : "NACK\n") + delivery.ackHeaders()
                + (verdict == Deliveries.Verdict.REJECT ? "\nrequeue:false" : "")
                + (transaction == null ? "" : "\ntransaction:" + transaction)
                + "\nreceipt:" + receipt(client) + "\n\n^@");
        if (transaction == null) {
            model.settle(client, delivery, verdict);
        } else {
            client.transactions.get(transaction).settlements.put(delivery, verdict);
        }
    }

    private void begin(ModelStep step, ModelClient client) {
        String name = "t" + step.first() % 2;
        if (client.transactions.putIfAbsent(name, new ModelClient.Transaction()) == null) {
            client.client.feeds("BEGIN\ntransaction:" + name + "\nreceipt:" + receipt(client) + "\n\n^@");
        }
    }

    private void endTransaction(ModelStep step, ModelClient client) {
        String name = "t" + step.first() % 2;
        ModelClient.Transaction transaction = client.transactions.remove(name);
        if (transaction == null) {
            return;
        }
        client.client.feeds(step.kind() + "\ntransaction:" + name + "\nreceipt:" + receipt(client) + "\n\n^@");
        if (step.kind() == ModelStep.Kind.COMMIT) {
            model.publishTogether(transaction.sends);
            transaction.settlements.forEach((delivery, verdict) -> model.settle(client, delivery, verdict));
        }
    }

    /** What is under way to the client arrives; then the network fails, and the broker has yet to notice. */
    private void lose(ModelClient client) {
        HandLoop itsLoop = client.client.loop();
        while (itsLoop.isAwake() || itsLoop.isWaitedFor()) {
            itsLoop.takeTurn();
        }
        note(client + " is lost");
        itsLoop.run(client.client.connection()::abort);
        end(client, ModelClient.End.LOST);
    }

    private void end(ModelClient client, ModelClient.End how) {
        client.end = how;
        ended.add(client);
        client.transactions.clear();
        client.subscriptions.values().stream().filter(each -> each.active).forEach(model::unsubscribe);
    }

    // ---- comparing ------------------------------------------------------------------------------------------------

    private void compare() {
        settle();
        note("-- all work is done");
        for (ModelClient client : ended) {
            ModelSight.of(client);
            model.giveAllBack(client, stepsAtOnce == 1);
        }
        for (ModelClient client : clients) {
            if (!client.hasEnded()) {
                ModelSight.of(client);
            }
        }
        model.compare(stepsAtOnce == 1 && !together);
        assertThat((long) broker.queueCount()).as("queues").isEqualTo(model.queueCount());
        ended.clear();
        stepsAtOnce = 0;
        together = false;
        connectAll();
        if (++comparisons % 2 == 0) {
            redeliver();
        }
    }

    /** What waits before it comes again comes. */
    private void redeliver() {
        if (model.isAwaited()) {
            pass(ModelBroker.LONGEST_DELAY.plusMillis(100));
            model.redeliver();
            for (ModelClient client : clients) {
                ModelSight.of(client);
            }
            model.compare(false);
            assertThat((long) broker.queueCount()).as("queues").isEqualTo(model.queueCount());
        }
    }

    /** All clients that may still have a message leave; then a new one reads what is left. */
    private void emptyQueues() {
        for (ModelClient client : clients) {
            take(new ModelStep(ModelStep.Kind.DISCONNECT, 0, 0, 0, 0, ModelStep.Pace.RUSH), client);
        }
        compare();
        redeliver();
        for (int target : new int[] {SUBSCRIBE_TO.size() - 1, SUBSCRIBE_TO.indexOf(List.of("/queue/q", "/queue/r"))}) {
            subscribe(new ModelStep(ModelStep.Kind.SUBSCRIBE, 0, target, 12, 0, ModelStep.Pace.RUSH), clients[1]);
        }
        compare();
        take(new ModelStep(ModelStep.Kind.DISCONNECT, 0, 0, 0, 0, ModelStep.Pace.RUSH), clients[1]);
        compare();
    }
}
