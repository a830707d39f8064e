package io.fanfare.session;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Command;
import io.fanfare.frame.Frame;
import io.fanfare.frame.Headers;
import io.fanfare.frame.ProtocolException;
import io.fanfare.frame.StompVersion;
import io.fanfare.loop.Framing;
import io.fanfare.loop.Outbox;
import io.fanfare.message.BrokerLoop;
import io.fanfare.message.DestinationParser;
import io.fanfare.message.MessageEncoder;
import io.fanfare.message.Sender;
import io.fanfare.queue.Deliveries;
import io.fanfare.quota.DestinationQuota;
import io.fanfare.security.Authorizer;
import io.fanfare.security.Principal;
import io.fanfare.topic.BackloggedSubscriptions;
import java.time.Duration;

/** The state of a session whose client is connected: what belongs to that client, and its soft errors. */
final class Connected implements SessionState {

    /**
     * An accepted CONNECT or STOMP frame.
     *
     * @param version the version that both sides speak from now on
     * @param principal the user that it was authenticated as
     */
    record Request(Headers headers, StompVersion version, Framing framing, Principal principal) {}

    private final Session session;
    private final SessionServices services;
    private final Replies replies;
    private final Inbound inbound;
    private final String id;
    private final StompVersion version;
    private final boolean softErrors;
    private final ClientIdentity identity;
    private final Deliveries deliveries;
    private final BackloggedSubscriptions backlogs;
    private final SubscribeHandler subscriptions;
    private final Transactions transactions;
    private final SendHandler sends;
    private final CommandHandler commands;

    Connected(
            Session session,
            SessionServices services,
            BrokerLoop loop,
            Outbox outbox,
            Replies replies,
            Inbound inbound,
            Authentication authentication,
            Request connect) {
        SessionOptions options = services.options();
        MessageEncoder encoder = loop.messages();
        String user = connect.principal().name();
        this.session = session;
        this.services = services;
        this.replies = replies;
        this.inbound = inbound;
        this.id = services.ids().next();
        this.version = connect.version();
        this.softErrors = "true".equals(connect.headers().get("soft-errors"));
        this.identity = new ClientIdentity(session, this, authentication, options.auth(), connect.principal());
        this.deliveries =
                new Deliveries(outbox, encoder, services.destinations().queues());
        this.backlogs = new BackloggedSubscriptions(outbox, encoder);
        Sender sender = new Sender(new DestinationQuota(options.limits().maxDestinationsPerConnection()));
        DestinationParser parser = new DestinationParser(options.destinations(), id, user.isEmpty() ? id : user);
        Subscription.Owner owner = new Subscription.Owner(outbox, sender, deliveries, backlogs);
        this.subscriptions =
                new SubscribeHandler(session, services, loop, parser, owner, identity.permissions(), replies, connect);
        this.transactions = new Transactions(options.limits(), services.memory(), services.publisher(), deliveries);
        this.sends = new SendHandler(services, parser, sender, subscriptions, identity.permissions());
        this.commands =
                new CommandHandler(session, replies, version, identity, subscriptions, sends, transactions, deliveries);
    }

    /** Answers CONNECT or STOMP with CONNECTED. */
    void begin() {
        replies.connected(version, id, softErrors, identity.expiry().left());
        services.destinations().queues().connected(id);
    }

    @Override
    public StompVersion version() {
        return version;
    }

    @Override
    public void handle(Frame frame) {
        inbound.count(frame.command());
        try {
            commands.handle(frame);
        } catch (ProtocolException e) {
            if (!softErrors || !isRefusable(frame.command())) {
                throw e;
            }
            softError(frame, e);
        }
    }

    /** Frames that a client may be told about without losing its connection, if it has asked for that. */
    private static boolean isRefusable(Command command) {
        return switch (command) {
            case SEND, SUBSCRIBE, UNSUBSCRIBE, ACK, NACK, BEGIN, COMMIT, ABORT -> true;
            case CONNECT, STOMP, DISCONNECT, CONNECTED, MESSAGE, RECEIPT, ERROR -> false;
        };
    }

    boolean hasSoftErrors() {
        return softErrors;
    }

    /** Tells a client that has asked for it what is refused; the connection goes on. */
    void softError(Frame refused, ProtocolException why) {
        services.softErrors().add(session, refused.command(), why);
        replies.softError(
                version,
                why,
                Headers.builder()
                        .add("error-command", refused.command().name())
                        .addIfPresent("receipt-id", refused.headers().get("receipt"))
                        .build());
    }

    /** A SEND's new credentials count. */
    void renewed(Frame send) {
        String receipt = send.headers().get("receipt");
        if (receipt != null) {
            replies.renewed(version, receipt, identity.expiry().left());
        }
    }

    /**
     * Ends subscriptions that the client may not have any more.
     *
     * @throws ProtocolException when there is one, and the connection ends with it
     */
    void permissionsChanged() {
        sends.forgetLast();
        subscriptions.endForbidden((subscription, where) -> {
            String ended = subscription.encoding().subscription();
            ProtocolException why = new ProtocolException(
                    "permission withdrawn",
                    "you may no longer " + Permissions.text(Authorizer.Action.SUBSCRIBE, where)
                            + ", so that subscription has ended",
                    CloseCode.POLICY);
            if (!softErrors) {
                throw why;
            }
            replies.softError(
                    version,
                    why,
                    Headers.builder()
                            .add("error-command", Command.SUBSCRIBE.name())
                            .addIfPresent("error-subscription", ended)
                            .build());
        });
    }

    /** Warns a client with soft errors that its token expires soon. */
    void expiresSoon() {
        Duration left = identity.expiry().left();
        if (softErrors && left != null) {
            replies.softError(
                    version,
                    new ProtocolException(
                            "session expires soon",
                            "the token that this connection came with expires in " + left.toMillis()
                                    + " ms; SEND a new one to " + ClientIdentity.DESTINATION),
                    Headers.builder().add("session-expires", left.toMillis()).build());
        }
    }

    @Override
    public void written(long bytes) {
        deliveries.written(bytes);
    }

    @Override
    public void dropped(long appended) {
        deliveries.dropped(appended);
    }

    @Override
    public void drained() {
        deliveries.drained();
        backlogs.drained();
        subscriptions.drained();
    }

    /**
     * Transactions roll back, unsettled messages go back, subscriptions end. What is on its way out may still leave: {@link
     * #written} and {@link #dropped} tell what becomes of it.
     */
    @Override
    public void end() {
        identity.expiry().stop();
        transactions.abortAll();
        // first what was delivered, then the subscriptions: the next consumer begins with the oldest
        deliveries.giveAllBack();
        subscriptions.endAll();
        services.destinations().queues().disconnected(id);
    }

    @Override
    public void lost() {
        deliveries.giveAllBack();
    }
}
