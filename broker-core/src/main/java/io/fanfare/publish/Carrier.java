package io.fanfare.publish;

import io.fanfare.backplane.Backplane;
import io.fanfare.backplane.Carriage;
import io.fanfare.frame.ProtocolException;
import io.fanfare.message.Destination;
import io.fanfare.message.DestinationText;
import io.fanfare.message.Message;
import io.fanfare.message.Outcome;
import io.fanfare.message.PendingOutcome;
import io.fanfare.message.Retain;
import io.fanfare.message.SendProperties;
import io.fanfare.retention.RetentionAccount;
import io.fanfare.topic.Topics;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Brings messages to their destination: to this node's subscribers, and as the backplane carries them. Any thread may call. */
final class Carrier {

    private final Destinations destinations;

    /** Null: this node is the only one. */
    private final @Nullable Backplane backplane;

    Carrier(Destinations destinations, @Nullable Backplane backplane) {
        this.destinations = destinations;
        this.backplane = backplane;
    }

    Destinations destinations() {
        return destinations;
    }

    /**
     * How messages get there.
     *
     * @throws ProtocolException when several nodes can't have it
     */
    Carriage carriage(Destination destination) {
        return backplane == null ? Carriage.HERE : backplane.carriage(destination);
    }

    /**
     * Makes sure that the nodes can have the messages.
     *
     * @throws ProtocolException when they can't
     */
    void check(Carriage carriage, Destination destination, List<Message> messages) {
        if (carriage == Carriage.QUEUE) {
            checkQueued(destination, messages);
        }
        if (backplane == null || carriage == Carriage.HERE) {
            return;
        }
        for (Message message : messages) {
            if (carriage == Carriage.LIVE && message.properties().retain() == Retain.SET) {
                throw new ProtocolException(
                        "retain not available",
                        "several nodes keep last values of topics that a rule in topics names, and none matches "
                                + DestinationText.address(destination));
            }
            backplane.check(destination, message);
        }
    }

    /**
     * Publishes a message that needs no room made for it.
     *
     * @param id by which others know it for a repeat; null: none
     */
    Outcome publish(Destination destination, List<Message> one, @Nullable DedupId id) {
        Carriage carriage = carriage(destination);
        check(carriage, destination, one);
        if (carriage != Carriage.HERE && carriage != Carriage.LIVE) {
            return send(carriage, destination, one, id);
        }
        Outcome here = destination.kind() == Destination.Kind.QUEUE
                ? destinations.queues().publish(destination, one)
                : destinations.topics().publish(destination, one, Topics.Checks.DUE);
        return carriage == Carriage.LIVE ? forward(destination, one, here) : here;
    }

    private static void checkQueued(Destination queue, List<Message> messages) {
        for (Message each : messages) {
            SendProperties asked = each.properties();
            refuseIf(asked.priority() != SendProperties.DEFAULT_PRIORITY, "priority", queue, "hands out in its order");
            refuseIf(asked.group() != null, "message-group", queue, "hands out to consumers of several nodes");
            refuseIf(asked.isAtOnce(), "ttl:0", queue, "keeps before a consumer can have it");
        }
    }

    private static void refuseIf(boolean asked, String header, Destination queue, String why) {
        if (asked) {
            throw new ProtocolException(
                    header + " not available",
                    DestinationText.address(queue)
                            + " is shared by several nodes (queues.shared), and what it holds the engine " + why
                            + "; leave " + header + " out");
        }
    }

    /** Tells other nodes of what this node's subscribers have. */
    Outcome forward(Destination destination, List<Message> messages, Outcome here) {
        return backplane == null ? here : forward(backplane, destination, messages, here);
    }

    private static Outcome forward(Backplane to, Destination destination, List<Message> messages, Outcome here) {
        for (Message message : messages) {
            to.forward(destination, message);
        }
        return here.with(new PendingOutcome(false, () -> to.forwarded().thenApply(here::atNodes)));
    }

    /** Gives messages away that this node does not publish by itself. */
    Outcome send(Carriage carriage, Destination destination, List<Message> messages, @Nullable DedupId id) {
        if (backplane == null) {
            throw new IllegalStateException("no other node");
        }
        return send(backplane, carriage, destination, messages, id);
    }

    private Outcome send(
            Backplane to, Carriage carriage, Destination destination, List<Message> messages, @Nullable DedupId id) {
        Outcome sum = null;
        for (Message message : messages) {
            CompletionStage<Outcome> effect = switch (carriage) {
                case OWNER -> to.hand(destination, message);
                case KEPT -> append(to, destination, message);
                case QUEUE -> to.enqueue(destination, message, id == null ? null : id.text());
                case HERE, LIVE -> throw new IllegalArgumentException("published here: " + carriage);
            };
            Outcome accepted = Outcome.accepted(effect);
            sum = sum == null ? accepted : sum.plus(accepted);
        }
        return sum == null ? Outcome.NOTHING : sum;
    }

    /**
     * Appends a message that this node's limits allow to be kept. All nodes keep what is in the order, whatever their limits, so
     * that they keep the same.
     */
    private CompletionStage<Outcome> append(Backplane to, Destination topic, Message message) {
        RetentionAccount.Claim claim = destinations.topics().retained().claim();
        try {
            destinations.topics().check(topic, List.of(message), claim);
            return to.append(topic, message).whenComplete((outcome, refusal) -> claim.giveBack());
        } catch (RuntimeException e) {
            claim.giveBack();
            throw e;
        }
    }
}
