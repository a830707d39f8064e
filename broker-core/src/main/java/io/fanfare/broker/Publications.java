package io.fanfare.broker;

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
import io.fanfare.publish.Publisher;
import io.fanfare.publish.Submission;
import io.fanfare.quota.UserQuotas;
import io.fanfare.security.Authorizer;
import io.fanfare.security.Principal;
import io.fanfare.session.Permissions;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Publishes messages that come by no connection: those of the program, of operators, and of users over HTTP. Any thread may call. */
final class Publications {

    /**
     * A sender.
     *
     * @param waits for slow subscribers, as a connection does; else it is refused
     */
    record Origin(Principal user, Authorizer authorizer, DedupId.Owner ids, boolean waits) {

        /** The program that the broker is in, which may send anywhere. */
        static final Origin PROGRAM = new Origin(Principal.of(""), Authorizer.ALL, DedupId.Owner.BROKER, true);

        /** A back end that may send anywhere. */
        static final Origin BACK_END = new Origin(Principal.of(""), Authorizer.ALL, DedupId.Owner.BROKER, false);
    }

    private final BrokerOptions options;
    private final Publisher publisher;
    private final UserQuotas users;
    private final DestinationParser parser;
    private final Loops loops;
    private final String messageIdPrefix;

    Publications(
            BrokerOptions options,
            Publisher publisher,
            UserQuotas users,
            DestinationParser parser,
            Loops loops,
            String messageIdPrefix) {
        this.options = options;
        this.publisher = publisher;
        this.users = users;
        this.parser = parser;
        this.loops = loops;
        this.messageIdPrefix = messageIdPrefix;
    }

    /** Publishes a message with the limits of a SEND. */
    Published publish(String destination, Headers headers, byte[] body, Origin origin) {
        Principal user = origin.user();
        Headers all = Headers.of("destination", destination).with(headers);
        options.limits().frameLimits().check(all, body);
        String claimed = headers.get("user-id");
        if (claimed != null && (user.name().isEmpty() || !claimed.equals(user.name()))) {
            throw new ProtocolException("invalid user-id", "user-id names the sender, which is another user");
        }
        users.message(user.name(), all.bytes() + body.length, loops.nanoTime());
        return publishUnlimited(destination, headers, body, origin);
    }

    /** Publishes a message of any size. */
    Published publishUnlimited(String destination, Headers headers, byte[] body, Origin origin) {
        Principal user = origin.user();
        List<Target> targets = parser.forSend(destination);
        List<Destination> named = targets.stream().map(Target::destination).toList();
        new Permissions(origin.authorizer(), user).require(Authorizer.Action.SEND, named);
        ForeignHeaders.checkSend(headers, targets);
        checkReplyTo(headers.get("reply-to"));
        Frame send =
                new Frame(Command.SEND, Headers.of("destination", destination).with(headers), body);
        Message message = Message.of(send, loops.clock(), null);
        message.properties().check(targets);
        publisher.awaitOpen(targets, message, origin.waits() ? options.outbox().writeTimeout() : null);
        if (!user.name().isEmpty()) {
            message = message.with(message.headers().with(Headers.of("user-id", user.name())));
        }
        return publish(targets, message, DedupId.of(send.headers(), origin.ids(), options.limits()));
    }

    private Published publish(List<Target> targets, Message message, @Nullable DedupId id) {
        if (targets.size() > 1) {
            return published(null, publisher.publish(new Submission(targets, message, id)));
        }
        // with its destination's name already, so that this object is the one that gets a place
        Message sent = message.to(targets.get(0));
        List<Target> target = List.of(new Target(targets.get(0).destination(), null));
        Outcome outcome = publisher.publish(new Submission(target, sent, id));
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

    void requireNoLoop() {
        if (loops.isCurrent()) {
            throw new IllegalStateException("an event loop must not wait for what is kept outside of this node,"
                    + " or for the first of a message that comes twice");
        }
    }

    /** A receiver would take another's temporary name for its own, and read the answer itself. */
    private void checkReplyTo(@Nullable String replyTo) {
        if (replyTo != null && DestinationParser.isTemporary(replyTo)) {
            parser.forSend(replyTo);
        }
    }
}
