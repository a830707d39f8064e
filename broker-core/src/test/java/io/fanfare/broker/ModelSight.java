package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.queue.AckMode;
import io.fanfare.testing.Received;
import java.util.Map;

/** Holds what a client saw against what the model says it should see. */
final class ModelSight {

    private final ModelClient client;

    private ModelSight(ModelClient client) {
        this.client = client;
    }

    /** Looks at everything the client saw since it was looked at last. */
    static void of(ModelClient client) {
        ModelSight sight = new ModelSight(client);
        int writes = client.client.connection().writes().size();
        if (writes > client.writes) {
            client.writes = writes;
            client.client.takeAll().forEach(sight::saw);
        }
        sight.sawAll();
    }

    private void saw(Received received) {
        assertThat(client.gotError)
                .as("%s got %s after an ERROR", client, received)
                .isFalse();
        switch (received.command()) {
            case "RECEIPT" -> receipt(received.header("receipt-id"));
            case "MESSAGE" -> message(received);
            case "ERROR" -> {
                assertThat(client.end).as("%s got %s", client, received).isEqualTo(ModelClient.End.FAILED);
                client.gotError = true;
            }
            default -> throw new AssertionError(client + " got " + received);
        }
    }

    private void receipt(String receipt) {
        assertThat(receipt).as("the receipt that %s got", client).isEqualTo(client.receipts.poll());
        client.onReceipt.getOrDefault(receipt, () -> {}).run();
    }

    private void message(Received received) {
        ModelSubscription subscription = client.subscriptions.get(received.header("subscription"));
        String destination = received.header("destination");
        assertThat(subscription.confirmed)
                .as("%s was confirmed before %s", subscription, received)
                .isTrue();
        assertThat(subscription.ended)
                .as("%s had ended before %s", subscription, received)
                .isFalse();
        if (subscription.ackMode == AckMode.AUTO && destination.startsWith("/topic/")) {
            assertThat(received.text() + " of " + destination)
                    .as("what %s got", subscription)
                    .isEqualTo(subscription.expected.poll());
            assertThat(received.find("redelivered")).isNull();
        } else {
            queueMessage(subscription, received, destination);
        }
    }

    private void queueMessage(ModelSubscription subscription, Received received, String destination) {
        ModelConsumer consumer = subscription.consumers.stream()
                .filter(each -> each.queue.isPrivate()
                        ? destination.startsWith("/topic/")
                        : each.queue.name().equals(destination))
                .findFirst()
                .orElseThrow(() -> new AssertionError(subscription + " got " + received));
        ModelEntry entry = consumer.queue.delivered(consumer, received.text(), destination);
        checkHeaders(subscription, entry, received);
        if (subscription.ackMode != AckMode.AUTO) {
            String headers = client.in12
                    ? "id:" + received.header("ack")
                    : "subscription:" + subscription.id + "\nmessage-id:" + received.header("message-id");
            client.unsettled.add(new ModelClient.Delivery(consumer, entry, headers));
        }
    }

    private static void checkHeaders(ModelSubscription subscription, ModelEntry entry, Received received) {
        boolean again = entry.deliveries > 1;
        assertThat(received.find("redelivered"))
                .as("%s: redelivered of %s", subscription, entry)
                .isEqualTo(again ? "true" : null);
        assertThat(received.find("delivery-count"))
                .as("%s: delivery-count of %s", subscription, entry)
                .isEqualTo(again ? Integer.toString(entry.deliveries) : null);
        for (Map.Entry<String, String> header : entry.message.headers().entrySet()) {
            assertThat(received.find(header.getKey())).as("%s", entry).isEqualTo(header.getValue());
        }
        assertThat(received.find("x-original-destination"))
                .as("%s", entry)
                .isEqualTo(entry.destination.startsWith("/queue/DLQ.") ? entry.destination.replace("DLQ.", "") : null);
    }

    /** The client has seen all that will come: what is missing? */
    private void sawAll() {
        if (client.end != ModelClient.End.LOST) {
            assertThat(client.receipts)
                    .as("receipts that %s did not get", client)
                    .isEmpty();
        }
        if (client.end == ModelClient.End.FAILED) {
            assertThat(client.gotError).as("%s got an ERROR", client).isTrue();
        }
        for (ModelSubscription subscription : client.subscriptions.values()) {
            if (subscription.active) {
                assertThat(subscription.expected)
                        .as("what %s did not get", subscription)
                        .isEmpty();
            }
            if (!subscription.active) {
                subscription.expected.clear();
            }
        }
    }
}
