package io.fanfare.publish;

import io.fanfare.backplane.Carriage;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.Memory;
import io.fanfare.message.Destination;
import io.fanfare.message.DestinationText;
import io.fanfare.message.Message;
import io.fanfare.message.Outcome;
import io.fanfare.message.Target;
import io.fanfare.queue.Queue;
import io.fanfare.retention.RetentionAccount;
import io.fanfare.topic.Topics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Messages that are published together: contiguous at each destination, and with room in every queue before the first is
 * seen. Not thread-safe.
 */
final class Batch {

    /** What one takes that waits for its delay, beside its messages: its maps, its timer, and their places among others. */
    private static final long WAITING_BYTES = 700;

    private final Map<Destination, List<Message>> messages = new LinkedHashMap<>(1);
    private final Map<Destination, Carriage> carriages = new LinkedHashMap<>(1);
    private final Map<Destination, Queue> reserved = new LinkedHashMap<>(1);

    /** Ids of the messages that have one and go to other nodes; of all that is kept there, a batch has one message. */
    private final Map<Destination, DedupId> ids = new HashMap<>(0);

    /** Room for the values that topics keep of them; null before it is taken. */
    private RetentionAccount.@Nullable Claim claim;

    /**
     * Takes a message.
     *
     * @param id by which others know it for a repeat; null: none
     */
    void add(List<Target> targets, Message message, @Nullable DedupId id) {
        for (Target target : targets) {
            if (id != null) {
                ids.put(target.destination(), id);
            }
            messages.computeIfAbsent(target.destination(), t -> new ArrayList<>(1))
                    .add(message.to(target));
        }
    }

    /** How many it has, those for several destinations counted once for each. */
    int messageCount() {
        return messages.values().stream().mapToInt(List::size).sum();
    }

    /**
     * Makes room for all of them; {@link #publish} or {@link #release} follows.
     *
     * @param isDelayed whether they wait in this node's memory first
     * @throws ProtocolException when a queue has none, or they can't be accepted together; nothing has changed then
     */
    void reserve(Carrier carrier, boolean isDelayed) {
        messages.forEach((destination, list) -> {
            Carriage carriage = carrier.carriage(destination);
            carrier.check(carriage, destination, list);
            carriages.put(destination, carriage);
        });
        checkDurable(isDelayed);
        RetentionAccount.Claim values =
                carrier.destinations().topics().retained().claim();
        claim = values;
        try {
            messages.forEach((destination, list) -> reserve(carrier.destinations(), destination, list, values));
        } catch (RuntimeException e) {
            release(carrier.destinations());
            throw e;
        }
    }

    /** What is kept outside of this node is accepted or refused one by one, and must not be lost with this node. */
    private void checkDurable(boolean isDelayed) {
        List<Destination> durable = messages.keySet().stream()
                .filter(destination -> carriage(destination).isDurable())
                .toList();
        if (durable.isEmpty()) {
            return;
        }
        String first = DestinationText.address(durable.get(0));
        if (isDelayed) {
            throw new ProtocolException(
                    "delay not available",
                    "a message that waits would be lost with this node, and what goes to " + first + " must not be");
        }
        int count = durable.stream()
                .mapToInt(each -> messages.getOrDefault(each, List.of()).size())
                .sum();
        if (count > 1) {
            throw new ProtocolException(
                    "transaction not available",
                    count + " messages to " + first
                            + " and others that are kept outside of this node can't be accepted together; send them one by one");
        }
    }

    private Carriage carriage(Destination destination) {
        return carriages.getOrDefault(destination, Carriage.HERE);
    }

    private void reserve(
            Destinations destinations, Destination destination, List<Message> list, RetentionAccount.Claim values) {
        Carriage carriage = carriage(destination);
        if (carriage != Carriage.HERE && carriage != Carriage.LIVE) {
            return;
        }
        if (destination.kind() == Destination.Kind.QUEUE) {
            Queue queue = destinations.queues().reserve(destination, list);
            if (queue != null) {
                reserved.put(destination, queue);
            }
        } else {
            destinations.topics().check(destination, list, values);
        }
    }

    /** Counts a batch that waits in memory from now on: what that takes and no queue counts, until {@link #letGo}. */
    void hold(Memory memory) {
        long bytes = WAITING_BYTES;
        for (Map.Entry<Destination, List<Message>> each : messages.entrySet()) {
            if (!reserved.containsKey(each.getKey())) {
                for (Message message : each.getValue()) {
                    bytes += message.keep() ? message.size() : 0;
                }
            }
        }
        memory.hold(bytes);
    }

    /** Uncounts a batch that waits no more. */
    void letGo(Memory memory) {
        long bytes = WAITING_BYTES;
        for (Map.Entry<Destination, List<Message>> each : messages.entrySet()) {
            if (!reserved.containsKey(each.getKey())) {
                for (Message message : each.getValue()) {
                    bytes += message.letGo() ? message.size() : 0;
                }
            }
        }
        memory.hold(-bytes);
    }

    /** Gives the room back. */
    void release(Destinations destinations) {
        reserved.forEach((destination, queue) ->
                destinations.queues().release(queue, messages.getOrDefault(destination, List.of())));
        reserved.clear();
        giveBackClaim();
    }

    private void giveBackClaim() {
        if (claim != null) {
            claim.giveBack();
        }
    }

    /** Hands the messages over: to the queues that have room for them, to topics, and to other nodes. */
    Outcome publish(Carrier carrier) {
        giveBackClaim();
        Outcome sum = Outcome.NOTHING;
        for (Map.Entry<Destination, List<Message>> each : messages.entrySet()) {
            Outcome outcome = publish(each.getKey(), each.getValue(), carrier);
            sum = sum.plus(carrier.destinations().counted(each.getKey(), each.getValue(), outcome));
        }
        return sum;
    }

    private Outcome publish(Destination destination, List<Message> list, Carrier carrier) {
        Carriage carriage = carriage(destination);
        return switch (carriage) {
            case HERE -> publishHere(destination, list, carrier.destinations());
            case LIVE -> carrier.forward(destination, list, publishHere(destination, list, carrier.destinations()));
            case OWNER, KEPT, QUEUE -> carrier.send(carriage, destination, list, ids.get(destination));
        };
    }

    private Outcome publishHere(Destination destination, List<Message> list, Destinations destinations) {
        if (destination.kind() != Destination.Kind.QUEUE) {
            return destinations.topics().publish(destination, list, Topics.Checks.DONE);
        }
        Queue queue = reserved.get(destination);
        return queue == null ? Outcome.dropped(list) : destinations.queues().fill(queue, list);
    }
}
