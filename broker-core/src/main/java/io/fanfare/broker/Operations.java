package io.fanfare.broker;

import io.fanfare.backplane.Backplane;
import io.fanfare.backplane.Carriage;
import io.fanfare.backplane.DurableKey;
import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Command;
import io.fanfare.frame.Frame;
import io.fanfare.frame.Headers;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.Loops;
import io.fanfare.message.Destination;
import io.fanfare.message.DestinationParser;
import io.fanfare.message.Message;
import io.fanfare.message.Outcome;
import io.fanfare.message.Target;
import io.fanfare.publish.DedupId;
import io.fanfare.publish.Destinations;
import io.fanfare.publish.Publisher;
import io.fanfare.queue.QueueAdministration;
import io.fanfare.quota.UserQuotas;
import io.fanfare.security.Authorizer;
import io.fanfare.security.Principal;
import io.fanfare.topic.Topic;
import io.fanfare.topic.Topics;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Operations of operators and back ends on a broker's messages, destinations and connections. Any thread may call;
 * purging and moving many messages takes the calling thread some time.
 */
public final class Operations {

    /** The effect of a deletion. */
    public enum Deletion {
        DELETED,
        NOT_FOUND,
        /** Clients use it. */
        IN_USE
    }

    /**
     * The effect of a move.
     *
     * @param messages how many have been moved
     * @param refusal why the others stay; empty: all have been moved
     */
    public record Moved(long messages, Optional<ProtocolException> refusal) {}

    private final BrokerOptions options;
    private final Sessions sessions;
    private final Destinations destinations;
    private final QueueOperations queues;
    private final Publisher publisher;
    private final Publications publications;
    private final DestinationParser parser;
    private final Loops loops;

    Operations(
            BrokerOptions options,
            Sessions sessions,
            Destinations destinations,
            QueueAdministration queues,
            Publisher publisher,
            UserQuotas users,
            DestinationParser parser,
            Loops loops,
            String messageIdPrefix) {
        this.options = options;
        this.sessions = sessions;
        this.destinations = destinations;
        this.queues = new QueueOperations(queues, destinations.queues(), options.backplane(), loops);
        this.publisher = publisher;
        this.publications = new Publications(options, publisher, users, parser, loops, messageIdPrefix);
        this.parser = parser;
        this.loops = loops;
    }

    /**
     * Leaves the other nodes of a cluster; what was published before gets to them. Called when the last session has ended; a
     * broker that is the only one has nothing to do.
     */
    public void leave() {
        Backplane backplane = options.backplane();
        if (backplane != null) {
            backplane.close();
        }
    }

    // ---- messages -------------------------------------------------------------------------------------------------

    /** As {@link Broker#publish}. */
    Outcome publish(String destination, Headers headers, byte[] body) {
        Published published = publications.publishUnlimited(destination, headers, body, Publications.Origin.PROGRAM);
        return new Outcome(
                published.matched(),
                published.delivered(),
                published.queued(),
                published.dropped(),
                published.duplicate(),
                0,
                null);
    }

    /**
     * Publishes a message of the program that the broker is in, with the limits of a SEND; it waits as {@link Broker#publish} does.
     *
     * @throws ProtocolException when the message is refused, and has gone nowhere: it is too large ({@link
     *     CloseCode#TOO_BIG}), or as {@link Broker#publish} says
     */
    public Published publishAsProgram(String destination, Headers headers, byte[] body) {
        return publications.publish(destination, headers, body, Publications.Origin.PROGRAM);
    }

    /**
     * Publishes a message with the limits of a SEND, and without asking for permission. It is refused where a connection would have to
     * wait.
     *
     * @throws ProtocolException when the message is refused, and has gone nowhere: it is too large ({@link
     *     CloseCode#TOO_BIG}), or as {@link Broker#publish} says
     */
    public Published publishAsOperator(String destination, Headers headers, byte[] body) {
        return publications.publish(destination, headers, body, Publications.Origin.BACK_END);
    }

    /**
     * Publishes a message of a user, with the limits and permissions of a SEND; {@code user-id} says the user's name. It counts
     * for the user's rates, and is refused where a connection of the user would have to wait.
     *
     * @throws ProtocolException when the message is refused, and has gone nowhere: the user may not send there ({@link
     *     CloseCode#POLICY}), or it is too large ({@link CloseCode#TOO_BIG}), or the user sends too fast ({@link
     *     CloseCode#RATE_LIMIT}), or as {@link Broker#publish} says
     */
    public Published publish(Principal user, String destination, Headers headers, byte[] body) {
        Authorizer authorizer = options.auth().authorizer();
        return publications.publish(
                destination,
                headers,
                body,
                new Publications.Origin(user, authorizer, DedupId.Owner.user(user.name()), false));
    }

    /**
     * Publishes to {@code /stats/NAME}, which no client can; it is not counted as published, nor refused while memory is full.
     *
     * @param json the body, of type {@code application/json}; not to be changed afterwards
     */
    public void publishStatistics(String name, byte[] json) {
        Headers headers = Headers.of("destination", "/stats/" + name, "content-type", "application/json");
        Message message = Message.of(new Frame(Command.SEND, headers, json), loops.clock(), null);
        destinations.topics().publish(Destination.statistics(name), List.of(message), Topics.Checks.DUE);
    }

    // ---- topics ---------------------------------------------------------------------------------------------------

    /**
     * Throws away what all destinations hold and keep, what waits for its delay, the {@code dedup-id}s, and the durable
     * subscriptions of absent clients. Sessions, their subscriptions, and what consumers have already, stay.
     */
    public void clear() {
        publisher.clear();
        destinations.durables().endAllAway();
        queues.clear();
        destinations.topics().clear();
    }

    /**
     * Throws away the last values and the history of a topic; subscribers are not told. What several nodes keep goes at all of them, for
     * which the calling thread waits: no event loop may call.
     *
     * @param topic such as {@code /topic/prices.acme}
     * @return how many messages; empty: there is no such topic
     * @throws ProtocolException when the text names no topic, or what keeps it for several nodes is not there
     */
    public Optional<Long> clearTopic(String topic) {
        List<Target> targets = parser.forSend(topic);
        if (targets.size() > 1 || targets.get(0).destination().kind() != Destination.Kind.TOPIC) {
            throw new ProtocolException("invalid destination", "what is kept is cleared one topic at a time");
        }
        Destination destination = targets.get(0).destination();
        Backplane backplane = options.backplane();
        if (backplane != null && backplane.carriage(destination) == Carriage.KEPT) {
            publications.requireNoLoop();
            return destinations
                    .topics()
                    .get(destination)
                    .map(kept -> backplane.operations().clear(destination));
        }
        return destinations.topics().get(destination).map(Topic::clear);
    }

    // ---- queues ---------------------------------------------------------------------------------------------------

    /**
     * Throws away the messages of a queue that no consumer has; of one that several nodes share, all.
     *
     * @param queue such as {@code /queue/orders}
     * @return how many; empty: there is no such queue
     * @throws ProtocolException when the text names no queue
     */
    public Optional<Long> purge(String queue) {
        return queues.purge(queue(queue));
    }

    /**
     * Moves the messages of a queue that no consumer has to the end of another, in parts: when the other one is full, what
     * has been moved stays there.
     *
     * @return the effect; empty: there is no queue to move from
     * @throws ProtocolException when a text names no queue, or both name the same one
     */
    public Optional<Moved> move(String from, String to) {
        Destination source = queue(from);
        Destination target = queue(to);
        if (source.equals(target)) {
            throw new ProtocolException("invalid destination", "a queue's messages move to another queue");
        }
        if (!target.isShared()) {
            throw new ProtocolException("invalid destination", "messages move to a queue that all clients share");
        }
        return queues.move(source, target)
                .map(moved -> new Moved(moved.messages(), Optional.ofNullable(moved.refusal())));
    }

    /**
     * Deletes a queue and its messages, unless it has consumers or unacknowledged or delayed messages.
     *
     * @throws ProtocolException when the text names no queue
     */
    public Deletion deleteQueue(String queue) {
        return switch (queues.delete(queue(queue))) {
            case DONE -> Deletion.DELETED;
            case NOT_FOUND -> Deletion.NOT_FOUND;
            case IN_USE -> Deletion.IN_USE;
        };
    }

    private Destination queue(String text) {
        return Inspection.queue(parser, text);
    }

    /** Deletes a durable subscription and what waits in it, unless its client is connected. */
    public Deletion deleteDurableSubscription(String user, String clientId, String name) {
        DurableKey key = new DurableKey(user, clientId, name);
        if (destinations.durables().endAway(key)) {
            return Deletion.DELETED;
        }
        boolean exists = destinations
                .durables()
                .status()
                .anyMatch(each -> each.user().equals(user)
                        && each.clientId().equals(clientId)
                        && each.name().equals(name));
        return exists ? Deletion.IN_USE : Deletion.NOT_FOUND;
    }

    // ---- connections ----------------------------------------------------------------------------------------------

    /**
     * Closes a client's connection with an ERROR and code 4403, behind everything that was on its way to it.
     *
     * @param id of its session
     * @param reason what the client is told; at most 100 bytes of UTF-8
     * @return whether there was such a client; completed on an event loop
     */
    public CompletionStage<Boolean> closeConnection(String id, String reason) {
        return SessionVisit.find(sessions.all(), id, (session, client) -> {
                    session.dismiss(CloseCode.CLOSED_BY_OPERATOR, reason);
                    return true;
                })
                .thenApply(Optional::isPresent);
    }
}
