package io.fanfare.session;

import io.fanfare.frame.Limits;
import io.fanfare.frame.Printable;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.Memory;
import io.fanfare.message.Message;
import io.fanfare.message.Target;
import io.fanfare.publish.Batch;
import io.fanfare.publish.Publisher;
import io.fanfare.queue.Deliveries;
import io.fanfare.queue.Unsettled;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What one transaction will do at its COMMIT (STOMP 1.2, BEGIN). Owned by its session's loop. */
final class Transaction {

    private record Settlement(Unsettled delivery, Deliveries.Verdict verdict, long redeliveryDelay) {}

    private final String id;
    private final Memory memory;
    private final int maxFrames;

    /** What is sent, by the delay it waits after COMMIT. */
    private final Map<Long, Batch> batches = new LinkedHashMap<>();

    private final List<Settlement> settlements = new ArrayList<>();
    private int frames;

    /** What its messages take until it ends, bytes. */
    private long held;

    Transaction(String id, Memory memory, int maxFrames) {
        this.id = id;
        this.memory = memory;
        this.maxFrames = maxFrames;
    }

    void send(List<Target> targets, Message message) {
        count();
        held += message.size();
        memory.hold(message.size());
        batches.computeIfAbsent(message.properties().delay(), delay -> new Batch())
                .add(targets, message);
    }

    /** Takes a delivery's ACK or NACK; no other may come for it while the transaction is open. */
    void settle(Unsettled delivery, Deliveries.Verdict verdict, long redeliveryDelay) {
        count();
        delivery.claim(true);
        settlements.add(new Settlement(delivery, verdict, redeliveryDelay));
    }

    private void count() {
        if (frames >= maxFrames) {
            throw new ProtocolException(
                    "transaction too large",
                    Limits.exceeded(
                            "transaction " + Printable.of(id).replace("%", "%%") + " has %,d frames",
                            frames,
                            maxFrames,
                            "max_transaction_frames"));
        }
        frames++;
    }

    /** Does all that it holds, or, when a queue has no room, nothing. */
    void commit(SendHandler sends, Publisher publisher, Deliveries deliveries) {
        letGo();
        try {
            batches.values().forEach(batch -> batch.forEachDestination(sends::checkAgain));
            publisher.commit(batches);
        } catch (ProtocolException e) {
            abort();
            throw e;
        }
        for (Settlement each : settlements) {
            each.delivery.claim(false);
            deliveries.settle(each.delivery, each.verdict, each.redeliveryDelay);
        }
    }

    private void letGo() {
        memory.hold(-held);
        held = 0;
    }

    void abort() {
        letGo();
        for (Settlement each : settlements) {
            each.delivery.claim(false);
        }
    }
}
