package io.fanfare.session;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Command;
import io.fanfare.frame.Frame;
import io.fanfare.frame.Headers;
import io.fanfare.frame.ProtocolException;
import io.fanfare.frame.StompVersion;
import io.fanfare.loop.Outbox;
import io.fanfare.message.BrokerLoop;
import io.fanfare.message.DestinationParser;
import io.fanfare.message.Encoding;
import io.fanfare.message.HeaderValues;
import io.fanfare.message.MessageEncoder;
import io.fanfare.message.Sender;
import io.fanfare.presence.Attendance;
import io.fanfare.presence.Attendee;
import io.fanfare.publish.DedupId;
import io.fanfare.queue.Deliveries;
import io.fanfare.queue.Queues;
import io.fanfare.queue.Unsettled;
import io.fanfare.quota.DestinationQuota;
import io.fanfare.security.Authorizer;
import io.fanfare.security.Principal;
import io.fanfare.statistics.Disconnect;
import io.fanfare.topic.BackloggedSubscriptions;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The state of a session whose client is connected: what belongs to that client, and what its frames do. */
final class Connected implements SessionState {

    /**
     * An accepted CONNECT or STOMP frame.
     *
     * @param encoding of its messages, but for their subscriptions: the version that both sides speak, and so on
     * @param principal the user that it was authenticated as
     * @param address that it comes from
     */
    record Request(Headers headers, Encoding encoding, Principal principal, String address) {

        /** Owner of the connection: a user, or the address of an anonymous client. */
        String owner() {
            String user = principal.name();
            return user.isEmpty() ? "address " + address : "user " + user;
        }
    }

    private final Session session;
    private final Queues queues;
    private final Replies replies;
    private final Inbound inbound;
    private final String id;
    private final @Nullable String clientId;
    private final StompVersion version;
    private final SoftErrorReplies softErrors;
    private final ClientIdentity identity;
    private final Sender sender;
    private final Deliveries deliveries;
    private final BackloggedSubscriptions backlogs;
    private final SubscribeHandler subscriptions;
    private final Transactions transactions;
    private final SendHandler sends;
    private final Attendance attendance;
    private final Answers answers;
    private long framesIn;

    Connected(
            Session session,
            SessionServices services,
            BrokerLoop loop,
            Outbox outbox,
            Replies replies,
            Inbound inbound,
            Authentication authentication,
            Request connect) {
        SessionServices.Options options = services.options();
        MessageEncoder encoder = loop.messages();
        String user = connect.principal().name();
        this.session = session;
        this.queues = services.destinations().queues();
        this.replies = replies;
        this.inbound = inbound;
        this.id = services.ids().next();
        this.clientId = connect.headers().get("client-id");
        this.version = connect.encoding().version();
        this.softErrors = new SoftErrorReplies(
                session, services.softErrors(), replies, version, SoftErrorReplies.areWanted(connect.headers()));
        this.identity = new ClientIdentity(session, this, softErrors, authentication, services, connect.principal());
        this.deliveries = new Deliveries(outbox, encoder, queues, flowControl(inbound));
        // not while messages are being handed out
        Consumer<String> tooSlow = detail -> loop.loop().execute(() -> session.tooSlow(detail));
        this.backlogs = new BackloggedSubscriptions(outbox, encoder, services.memory(), tooSlow);
        this.sender =
                new Sender(new DestinationQuota(options.limits().maxDestinationsPerConnection(), connect.owner()));
        DestinationParser parser = new DestinationParser(options.destinations(), id, user.isEmpty() ? id : user);
        Subscription.Owner owner = new Subscription.Owner(outbox, sender, deliveries, backlogs);
        this.attendance = services.destinations().presence().attendance(new Attendee(user, id, clientId), loop);
        this.subscriptions = new SubscribeHandler(
                session, services, loop, parser, owner, identity.permissions(), replies, attendance, connect, id);
        this.transactions =
                new Transactions(options.limits(), services.memory(), services.publisher(), deliveries, loop.loop());
        this.answers = new Answers(session, inbound, replies, softErrors, version);
        this.sends = new SendHandler(
                services, parser, owner, subscriptions, identity.permissions(), DedupId.Owner.of(user, clientId, id));
    }

    private static Unsettled.FlowControl flowControl(Inbound inbound) {
        return new Unsettled.FlowControl() {
            @Override
            public void suspend() {
                inbound.suspend(Inbound.Wait.SETTLE);
            }

            @Override
            public void resume() {
                inbound.resume(Inbound.Wait.SETTLE);
            }
        };
    }

    /** Answers CONNECT or STOMP, which has these headers, with CONNECTED. */
    void begin(Headers connect) {
        identity.limit(inbound);
        replies.connected(version, id, connect.get("request-id"), softErrors.areEnabled(), identity.left());
        queues.connected(id, sender.quota());
    }

    @Override
    public StompVersion version() {
        return version;
    }

    String id() {
        return id;
    }

    /** The user's name; empty for an anonymous client. */
    String user() {
        return identity.permissions().principal().name();
    }

    /** As CONNECT said it; empty: it did not. */
    String clientId() {
        return clientId == null ? "" : clientId;
    }

    long framesIn() {
        return framesIn;
    }

    SubscribeHandler subscriptions() {
        return subscriptions;
    }

    @Override
    public void handle(Frame frame) {
        assert session.loop().isCurrent();
        framesIn++;
        inbound.count(frame.command());
        try {
            if (frame.command() == Command.SEND) {
                if (ClientIdentity.isRenewal(frame)) {
                    identity.renew(frame);
                } else {
                    answers.sent(frame, sends.send(frame, transactions));
                }
                slowDown();
            } else {
                obey(frame);
            }
        } catch (ProtocolException e) {
            answers.refuse(frame, e);
        }
    }

    private void obey(Frame frame) {
        switch (frame.command()) {
            case SEND -> throw new IllegalStateException("handled by handle");
            case SUBSCRIBE -> {
                // the RECEIPT is a barrier: what is delivered at once comes behind it, in this loop's mailbox
                answers.subscribed(frame, subscriptions.subscribe(frame));
            }
            case UNSUBSCRIBE -> {
                answers.settled(frame, subscriptions.unsubscribe(frame));
            }
            case ACK, NACK -> answers.settled(frame, settle(frame));
            case BEGIN -> {
                transactions.begin(frame.required("transaction"));
                answers.receipt(frame, null);
            }
            case COMMIT -> {
                answers.committed(frame, transactions.commit(frame.required("transaction"), sends));
                slowDown();
            }
            case ABORT -> {
                transactions.abort(frame.required("transaction"));
                answers.receipt(frame, null);
            }
            case DISCONNECT -> {
                answers.receipt(frame, null);
                answers.close();
            }
            case CONNECT, STOMP ->
                throw new ProtocolException(
                        "already connected", "a connection has one " + frame.command() + ", and this one is connected");
            case CONNECTED, MESSAGE, RECEIPT, ERROR ->
                throw new ProtocolException(
                        "unexpected command", frame.command() + " frames come from brokers, not from clients");
        }
    }

    private void slowDown() {
        if (session.isConnected()) {
            inbound.slowDown(sender);
        }
    }

    private @Nullable CompletionStage<Void> settle(Frame frame) {
        Deliveries.Verdict verdict = verdict(frame);
        Unsettled delivery = deliveries.find(frame, version);
        long delay = redeliveryDelay(frame, verdict, delivery);
        String transaction = frame.headers().get("transaction");
        if (transaction == null) {
            return deliveries.settle(delivery, verdict, delay);
        }
        transactions.get(transaction).settle(delivery, verdict, delay);
        return null;
    }

    /** What the NACK says, else what the subscription does. */
    private static long redeliveryDelay(Frame frame, Deliveries.Verdict verdict, Unsettled delivery) {
        String value = frame.headers().get("redelivery-delay");
        if (value == null) {
            return delivery.consumer().subscriber().consumerOptions().redeliveryDelay();
        }
        if (verdict != Deliveries.Verdict.REQUEUE) {
            throw new ProtocolException(
                    "invalid redelivery-delay", "redelivery-delay is for a NACK that gives the message back");
        }
        return HeaderValues.number("redelivery-delay", value);
    }

    private static Deliveries.Verdict verdict(Frame frame) {
        if (frame.command() == Command.ACK) {
            return Deliveries.Verdict.ACK;
        }
        // STOMP 1.0 has no NACK, but clients that speak 1.0 send it, and other brokers obey
        return HeaderValues.flagOrTrue(frame.headers(), "requeue")
                ? Deliveries.Verdict.REQUEUE
                : Deliveries.Verdict.REJECT;
    }

    /** A SEND's new credentials count. */
    void renewed(Frame send) {
        answers.renewed(send, identity);
    }

    /**
     * Ends subscriptions that the client may not have any more.
     *
     * @throws ProtocolException when there is one, and the connection ends with it
     */
    void permissionsChanged() {
        sends.forgetLast();
        subscriptions.endForbidden((subscription, where) -> {
            ProtocolException why = new ProtocolException(
                    "permission withdrawn",
                    "you may no longer " + Permissions.text(Authorizer.Action.SUBSCRIBE, where)
                            + ", so that subscription has ended",
                    CloseCode.POLICY);
            if (!softErrors.areEnabled()) {
                throw why;
            }
            softErrors.subscriptionEnded(subscription.encoding().subscription(), why);
        });
    }

    /**
     * As {@link #permissionsChanged}; and presence may be gathered at other topics.
     *
     * @throws ProtocolException when a subscription is not allowed any more, and the connection ends with it
     */
    void rulesChanged() {
        permissionsChanged();
        subscriptions.presenceChanged();
    }

    /** Warns a client with soft errors that its token expires soon. */
    void expiresSoon() {
        Duration left = identity.left();
        if (softErrors.areEnabled() && left != null) {
            softErrors.expiresSoon(left);
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
    public void end(Disconnect why) {
        Closing.runAll(
                session,
                identity::end,
                answers::end,
                transactions::abortAll,
                sends::end,
                // first what was delivered, then the subscriptions: the next consumer begins with the oldest
                deliveries::giveAllBack,
                () -> attendance.ends(why),
                subscriptions::endAll,
                () -> queues.disconnected(id));
    }

    @Override
    public void lost() {
        deliveries.giveAllBack();
    }
}
