package io.fanfare.publish;

import io.fanfare.backplane.Backplane;
import io.fanfare.backplane.Carriage;
import io.fanfare.message.Destination;
import io.fanfare.message.Later;
import io.fanfare.message.Message;
import io.fanfare.message.Outcome;
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
     * @throws io.fanfare.frame.ProtocolException when several nodes can't have it
     */
    Carriage carriage(Destination destination) {
        return backplane == null ? Carriage.HERE : backplane.carriage(destination);
    }

    /**
     * Makes sure that other nodes can have the messages.
     *
     * @throws io.fanfare.frame.ProtocolException when one is too large to be carried
     */
    void check(Carriage carriage, Destination destination, List<Message> messages) {
        if (backplane != null && carriage != Carriage.HERE) {
            messages.forEach(message -> backplane.check(destination, message));
        }
    }

    /** Publishes a message that needs no room made for it. */
    Outcome publish(Destination destination, List<Message> one) {
        Carriage carriage = carriage(destination);
        if (backplane == null || carriage == Carriage.HERE) {
            return here(destination, one);
        }
        check(carriage, destination, one);
        return carriage == Carriage.LIVE
                ? forward(backplane, destination, one, here(destination, one))
                : send(backplane, carriage, destination, one);
    }

    private Outcome here(Destination destination, List<Message> messages) {
        return destination.kind() == Destination.Kind.QUEUE
                ? destinations.queues().publish(destination, messages)
                : destinations.topics().publish(destination, messages);
    }

    /** Tells other nodes of what this node's subscribers have. */
    Outcome forward(Destination destination, List<Message> messages, Outcome here) {
        return backplane == null ? here : forward(backplane, destination, messages, here);
    }

    private static Outcome forward(Backplane to, Destination destination, List<Message> messages, Outcome here) {
        messages.forEach(message -> to.forward(destination, message));
        return here.with(new Later(false, () -> to.forwarded().thenApply(here::atNodes)));
    }

    /** Gives messages away that this node does not publish by itself. */
    Outcome send(Carriage carriage, Destination destination, List<Message> messages) {
        if (backplane == null) {
            throw new IllegalStateException("no other node");
        }
        return send(backplane, carriage, destination, messages);
    }

    private static Outcome send(Backplane to, Carriage carriage, Destination destination, List<Message> messages) {
        Outcome sum = Outcome.NOTHING;
        for (Message message : messages) {
            CompletionStage<Outcome> effect = switch (carriage) {
                case OWNER -> to.hand(destination, message);
                case KEPT -> to.append(destination, message);
                case QUEUE -> to.enqueue(destination, message);
                case HERE, LIVE -> throw new IllegalArgumentException("published here: " + carriage);
            };
            sum = sum.plus(Outcome.accepted(effect));
        }
        return sum;
    }
}
