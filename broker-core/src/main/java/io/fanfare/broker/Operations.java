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
import io.fanfare.message.ForeignHeaders;
import io.fanfare.message.Message;
import io.fanfare.message.Outcome;
import io.fanfare.message.Target;
import io.fanfare.publish.DedupId;
import io.fanfare.publish.Destinations;
import io.fanfare.publish.Publisher;
import io.fanfare.publish.Submission;
import io.fanfare.queue.QueueAdministration;
import io.fanfare.quota.UserQuotas;
import io.fanfare.security.Authorizer;
import io.fanfare.security.Principal;
import io.fanfare.session.Permissions;
import io.fanfare.topic.Topic;
import io.fanfare.topic.Topics;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

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

    /** A back end that may send anywhere. */
    private static final Origin BACK_END = new Origin(Principal.of(""), Authorizer.ALL, DedupId.Owner.BROKER);

    /** Sender of a message that comes without a connection. */
    private record Origin(Principal user, Authorizer authorizer, DedupId.Owner ids) {}

    private final Broker broker;
    private final Destinations destinations;
    private final QueueOperations queues;
    private final Publisher publisher;
    private final UserQuotas users;
    private final DestinationParser parser;
    private final Loops loops;
    private final String messageIdPrefix;

    Operations(
            Broker broker,
            Destinations destinations,
            QueueAdministration queues,
            Publisher publisher,
            UserQuotas users,
            DestinationParser parser,
            Loops loops,
            String messageIdPrefix) {
        this.broker = broker;
        this.destinations = destinations;
        this.queues = new QueueOperations(
                queues, destinations.queues(), broker.options().backplane(), loops);
        this.publisher = publisher;
        this.users = users;
        this.parser = parser;
        this.loops = loops;
        this.messageIdPrefix = messageIdPrefix;
    }

    /**
     * Leaves the other nodes of a cluster; what was published before gets to them. Called when the last session has ended; a
     * broker that is the only one has nothing to do.
     */
    public void leave() {
        Backplane backplane = broker.options().backplane();
        if (backplane != null) {
            backplane.close();
        }
    }

    // ---- messages -------------------------------------------------------------------------------------------------

    /** As {@link Broker#publish}. */
    Outcome publish(String destination, Headers headers, byte[] body) {
        Published published = publishUnlimited(destination, headers, body, BACK_END);
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
     * Publishes a message with the limits of a SEND, and without asking for permission.
     *
     * @throws ProtocolException when the message is refused, and has gone nowhere: it is too large ({@link
     *     CloseCode#TOO_BIG}), or as {@link Broker#publish} says
     */
    public Published publishAsOperator(String destination, Headers headers, byte[] body) {
        return publish(destination, headers, body, BACK_END);
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
        Authorizer authorizer = broker.options().auth().authorizer();
        return publish(destination, headers, body, new Origin(user, authorizer, DedupId.Owner.user(user.name())));
    }

    private Published publish(String destination, Headers headers, byte[] body, Origin origin) {
        Principal user = origin.user();
        Headers all = Headers.of("destination", destination).with(headers);
        broker.options().limits().frameLimits().check(all, body);
        String claimed = headers.get("user-id");
        if (claimed != null && (user.name().isEmpty() || !claimed.equals(user.name()))) {
            throw new ProtocolException("invalid user-id", "user-id names the sender, which is another user");
        }
        users.message(user.name(), all.bytes() + body.length, loops.nanoTime());
        return publishUnlimited(destination, headers, body, origin);
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

    private Published publishUnlimited(String destination, Headers headers, byte[] body, Origin origin) {
        Principal user = origin.user();
        List<Target> targets = parser.forSend(destination);
        new Permissions(origin.authorizer(), user)
                .require(
                        Authorizer.Action.SEND,
                        targets.stream().map(Target::destination).toList());
        ForeignHeaders.checkSend(headers, targets);
        checkReplyTo(headers.get("reply-to"));
        Frame send =
                new Frame(Command.SEND, Headers.of("destination", destination).with(headers), body);
        Message message = Message.of(send, loops.clock(), null);
        message.properties().check(targets);
        publisher.checkOpen(targets, message);
        if (!user.name().isEmpty()) {
            message = message.with(message.headers().with(Headers.of("user-id", user.name())));
        }
        return publish(
                targets,
                message,
                DedupId.of(send.headers(), origin.ids(), broker.options().limits()));
    }

    private Published publish(List<Target> targets, Message message, @Nullable DedupId id) {
        if (targets.size() > 1) {
            return published(null, publisher.publish(new Submission(targets, message, id)));
        }
        // with its destination's name already, so that this object is the one that gets a place
        Message sent = message.to(targets.get(0));
        Target target = new Target(targets.get(0).destination(), null);
        Outcome outcome = publisher.publish(new Submission(List.of(target), sent, id));
        return published(
                sent.isPlaced() ? messageIdPrefix + sent.destination() + "-" + sent.sequence() : null, outcome);
    }

    private Published published(@Nullable String messageId, @Nullable Outcome outcome) {
        Outcome known = outcome == null ? Outcome.NOTHING : whole(outcome);
        return new Published(
                messageId, known.matched(), known.delivered(), known.queued(), known.dropped(), known.duplicate());
    }

    /** Waits until a message is kept that this node does not keep itself. */
    private Outcome whole(Outcome outcome) {
        if (outcome.later() == null || !outcome.isOpen()) {
            return outcome;
        }
        requireNoLoop();
        try {
            return outcome.later().effect().get().toCompletableFuture().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof ProtocolException refusal ? refusal : e;
        }
    }

    private void requireNoLoop() {
        if (loops.isCurrent()) {
            throw new IllegalStateException("this is kept outside of this node; an event loop must not wait for that");
        }
    }

    /** A receiver would take another's temporary name for its own, and read the answer itself. */
    private void checkReplyTo(@Nullable String replyTo) {
        if (replyTo != null && DestinationParser.isTemporary(replyTo)) {
            parser.forSend(replyTo);
        }
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
        Backplane backplane = broker.options().backplane();
        if (backplane != null && backplane.carriage(destination) == Carriage.KEPT) {
            requireNoLoop();
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
        return SessionVisit.find(broker.openSessions(), id, (session, client) -> {
                    session.dismiss(CloseCode.CLOSED_BY_OPERATOR, reason);
                    return true;
                })
                .thenApply(Optional::isPresent);
    }
}
