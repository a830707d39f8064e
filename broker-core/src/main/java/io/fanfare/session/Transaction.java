package io.fanfare.session;

import io.fanfare.frame.Printable;
import io.fanfare.frame.ProtocolException;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.publish.Batch;
import io.fanfare.publish.Destinations;
import io.fanfare.queue.Deliveries;
import io.fanfare.queue.Unsettled;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What one transaction will do at its COMMIT (STOMP 1.2, BEGIN). Owned by its session's loop. */
public final class Transaction {

    private record Settlement(Unsettled delivery, Deliveries.Verdict verdict) {}

    private final String id;
    private final Destinations destinations;
    private final int maxFrames;

    /** What is sent, by the delay it waits after COMMIT. */
    private final Map<Long, Batch> batches = new LinkedHashMap<>();

    private final List<Settlement> settlements = new ArrayList<>();
    private int frames;

    /** What its messages take until it ends, bytes. */
    private long held;

    public Transaction(String id, Destinations destinations, int maxFrames) {
        this.id = id;
        this.destinations = destinations;
        this.maxFrames = maxFrames;
    }

    public void send(List<Destination> targets, Message message) {
        count();
        held += message.size();
        destinations.memory().hold(message.size());
        batches.computeIfAbsent(message.properties().delay(), delay -> new Batch(destinations))
                .add(targets, message);
    }

    /** Takes a delivery's ACK or NACK; no other may come for it while the transaction is open. */
    public void settle(Unsettled delivery, Deliveries.Verdict verdict) {
        count();
        delivery.claim(true);
        settlements.add(new Settlement(delivery, verdict));
    }

    private void count() {
        if (frames >= maxFrames) {
            throw new ProtocolException(
                    "transaction too large",
                    "transaction " + Printable.of(id) + " has " + frames + " frames, its limit is " + maxFrames
                            + " (max_transaction_frames)");
        }
        frames++;
    }

    public void commit(SendHandler publishing, Deliveries deliveries) {
        letGo();
        List<Batch> roomy = new ArrayList<>();
        try {
            for (Batch batch : batches.values()) {
                batch.forEachTarget(publishing::checkAgain);
                batch.reserve();
                roomy.add(batch);
            }
            publishing.reserveDelays(
                    (int) batches.keySet().stream().filter(delay -> delay > 0).count());
        } catch (ProtocolException e) {
            roomy.forEach(Batch::release);
            abort();
            throw e;
        }
        batches.forEach((delay, batch) -> {
            if (delay == 0) {
                batch.publish();
            } else {
                publishing.delay(batch, delay);
            }
        });
        for (Settlement each : settlements) {
            each.delivery.claim(false);
            deliveries.settle(each.delivery, each.verdict);
        }
    }

    private void letGo() {
        destinations.memory().hold(-held);
        held = 0;
    }

    public void abort() {
        letGo();
        for (Settlement each : settlements) {
            each.delivery.claim(false);
        }
    }
}
