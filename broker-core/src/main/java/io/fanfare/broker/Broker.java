package io.fanfare.broker;

import io.fanfare.event.BrokerListener;
import io.fanfare.event.BrokerListeners;
import io.fanfare.event.MessageListener;
import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Headers;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.Connection;
import io.fanfare.loop.EventLoop;
import io.fanfare.loop.Loops;
import io.fanfare.loop.Memory;
import io.fanfare.message.BrokerLoop;
import io.fanfare.message.Destination;
import io.fanfare.message.DestinationParser;
import io.fanfare.message.Outcome;
import io.fanfare.options.TopicRule;
import io.fanfare.publish.Destinations;
import io.fanfare.publish.DrainMode;
import io.fanfare.publish.Publisher;
import io.fanfare.queue.QueueAdministration;
import io.fanfare.quota.UserQuotas;
import io.fanfare.retention.RetentionRules;
import io.fanfare.session.Session;
import io.fanfare.session.SessionServices;
import io.fanfare.statistics.BrokerStatistics;
import io.fanfare.statistics.Refusal;
import io.fanfare.status.SessionStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * The broker without its transports: destinations, and the sessions that use them. Several event loops may share one;
 * two brokers share nothing. All methods may be called by any thread unless they say otherwise.
 */
public final class Broker {

    /** The version of Fanfare that this is. */
    public static final String VERSION =
            Objects.requireNonNullElse(Broker.class.getPackage().getImplementationVersion(), "dev");

    private final BrokerOptions options;
    private final Loops loops;
    private final DrainMode drainMode = new DrainMode();
    private final Memory memory;
    private final Destinations destinations;
    private final Publisher publisher;
    private final SessionServices services;
    private final Inspection inspection;
    private final Operations operations;
    private final Clearing clearing;
    private final Map<EventLoop, BrokerLoop> brokerLoops = new ConcurrentHashMap<>();
    private final Sessions sessions = new Sessions();
    private final BrokerListeners listeners = new BrokerListeners();
    private final SocketRefusals refusals;
    private final String messageIdPrefix;

    public Broker(BrokerOptions options) {
        this.options = options;
        this.messageIdPrefix = options.node() + SessionServices.Ids.messagePrefix();
        this.loops = new Loops(options.clock());
        this.refusals = new SocketRefusals(options.clock(), listeners);
        this.memory = new Memory(options.memory(), loops);
        this.destinations = new Destinations(
                options.destinations(),
                options.queues(),
                options.topics(),
                options.backplane(),
                messageIdPrefix,
                memory,
                loops);
        this.publisher = new Publisher(
                destinations, options.backplane(), memory, drainMode, loops, options.queues(), options.dedup());
        DestinationParser parser = new DestinationParser(options.destinations());
        this.services = new SessionServices(
                options.forSessions(),
                destinations,
                publisher,
                drainMode,
                memory,
                new UserQuotas(options.limits(), options.rates()),
                new SessionServices.Ids(options.node()),
                new LongAdder(),
                new SessionServices.SoftErrors(),
                refusals.events(),
                listeners);
        QueueAdministration queues = new QueueAdministration(destinations.queues(), messageIdPrefix);
        this.clearing = new Clearing(sessions, destinations, publisher, queues, loops);
        this.inspection = new Inspection(options, sessions, services, queues, parser, loops);
        this.operations = new Operations(
                options, sessions, destinations, queues, publisher, services.users(), parser, loops, messageIdPrefix);
        Node.start(options, sessions, inspection, services);
    }

    public Broker() {
        this(BrokerOptions.DEFAULT);
    }

    public BrokerOptions options() {
        return options;
    }

    /** What goes on in the broker, for operators. */
    public Inspection inspection() {
        return inspection;
    }

    /** What operators do to connections, destinations and messages. */
    public Operations operations() {
        return operations;
    }

    /** Begins the session of a connection that has just been opened; called on its loop. */
    public Session open(EventLoop loop, Connection connection) {
        BrokerLoop brokerLoop = brokerLoops.computeIfAbsent(loop, l -> {
            l.limitMailbox(options.outbox().maxOutboxBytes() / 4);
            loops.add(l);
            return new BrokerLoop(l, messageIdPrefix);
        });
        Session session = Session.open(services, brokerLoop, connection, sessions::remove);
        sessions.add(session);
        if (drainMode.isOn()) {
            // not before the connection knows its session
            loop.execute(() -> session.refuse(DrainMode.refusal()));
        }
        return session;
    }

    /**
     * Publishes a message as a client's SEND does, and with the same answer. Where a client would not be read from, as messages of the
     * topic wait for subscribers that keep pace, or too much is under way to all, the calling thread waits, at most {@code
     * write_timeout}; an event loop never does. It belongs to no connection: temporary
     * destinations can be meant only by the name that a client's message brought in its {@code reply-to}.
     *
     * @param destination such as {@code /topic/prices}; several may be joined with commas
     * @param headers further headers, passed on as they are; those that a SEND may have, such as {@code priority}, {@code
     *     ttl} and {@code delay}, mean the same here; a {@code dedup-id} counts among those of all callers of this method and
     *     of operators
     * @param body the octets of the body; not to be changed afterwards
     * @return the effect, as the RECEIPT of a SEND tells it; {@link Outcome#NOTHING} for a message that waits for its delay
     * @throws ProtocolException when the message is refused, and has gone nowhere: there is no such destination, a header
     *     has no meaning, a queue is full, the broker drains ({@link #drain}), its memory is full ({@link
     *     #isMemoryFull}), or more than {@code high_memory_bytes} is still under way; the message of the exception says which
     * @throws IllegalStateException when an event loop would have to wait for another node, or for the message that this one repeats
     */
    public Outcome publish(String destination, Headers headers, byte[] body) {
        return operations.publish(destination, headers, body);
    }

    /** Has a listener told of each message that is published from now on; it takes the place of the one before. */
    public void onPublished(MessageListener listener) {
        destinations.onPublished(listener);
    }

    /**
     * What the authorizer answers may have changed: every connection's subscriptions are checked again, soon and on its
     * loop, and those that are not allowed any more end. Each SEND that comes later is checked anyway.
     */
    public void permissionsChanged() {
        destinations.durables().permissionsChanged();
        sessions.execute(Session::rulesChanged);
    }

    /**
     * Has topics keep what these rules say from now on, and presence gathered where they do. A topic follows them with its next message or subscriber, soon at the
     * latest; what they do not have it keep any more is let go of.
     */
    public void topicRules(List<TopicRule> rules) {
        RetentionRules compiled = new RetentionRules(rules);
        destinations.topics().rules(compiled);
        if (destinations.presence().rules(compiled)) {
            sessions.execute(Session::rulesChanged);
        }
    }

    /**
     * Empties the broker before a restart: from now on CONNECT and SEND are refused, and connected clients are closed one
     * after the other, with close code 1012 and a reason that says when to come back, behind everything that was on its
     * way to them. {@link #awaitNoSessions} tells when they have gone. There is no way back; a second call does nothing.
     *
     * @param over the time over which the closes are spread evenly; the first one comes at once
     */
    public void drain(Duration over) {
        // first the mode, then the list: a session that is opened meanwhile sees the one or is in the other
        if (drainMode.begin()) {
            Drain.close(openSessions(), over);
        }
    }

    /** Whether {@link #drain} was called. */
    public boolean isDraining() {
        return drainMode.isOn();
    }

    /** Whether SEND is refused because the broker holds as much as it may ({@code max_memory_bytes}). */
    public boolean isMemoryFull() {
        return memory.isFull();
    }

    /** Connected clients of this moment, in no order. */
    public List<SessionStatus> sessions() {
        return sessions.seen();
    }

    /** Also those that are not CONNECTED. */
    Set<Session> openSessions() {
        return sessions.all();
    }

    /**
     * Closes the connections of this moment, each on its loop: with an ERROR, behind everything that was on its way to them.
     *
     * @param reason what clients are told; at most 100 bytes of UTF-8
     */
    public void closeSessions(CloseCode code, String reason) {
        sessions.close(code, reason);
    }

    /** Waits until there is no session left; false when that takes longer than this. */
    public boolean awaitNoSessions(Duration atMost) {
        return sessions.awaitNone(atMost);
    }

    /**
     * Makes the broker as it was at its start, for the next test: closes all connections of this moment (close code 1012), those
     * of {@link #subscribe} too, and throws away messages, durable subscriptions, what topics keep, and {@code dedup-id}s.
     * Options, rules and listeners stay, as does what is counted since the start. Clients may connect meanwhile.
     *
     * @throws IllegalStateException when an event loop calls this, or hangs
     */
    public void clear() {
        clearing.run();
    }

    /**
     * Has a handler get the messages of a destination, as a session on this loop.
     *
     * @param options without an executor the handler is called on the loop, and must not block
     * @return completed on the loop when what is published afterwards reaches the handler; or fails with a {@link ProtocolException}
     */
    public CompletionStage<LocalSubscription> subscribe(
            EventLoop loop, String destination, SubscriptionOptions options, MessageHandler handler) {
        LocalConnection connection = new LocalConnection(loop, options, handler);
        loop.execute(() -> connection.open(this, destination));
        return connection.subscribed().thenApply(headers -> new LocalSubscription(destination, connection, headers));
    }

    /**
     * The number of subscriptions that name this destination, or have patterns that it matches, those of absent clients too;
     * consumers of a queue. Selectors are not asked.
     *
     * @param destination as a SEND names it, such as {@code /topic/prices.acme}
     * @throws ProtocolException when there is no such destination
     */
    public int subscriberCount(String destination) {
        return inspection.subscriberCount(destination);
    }

    /** Has a listener told of what happens from now on, until the result is closed. */
    public ListenerRegistration addListener(BrokerListener listener) {
        Runnable remove = listeners.add(listener);
        return remove::run;
    }

    /**
     * What the broker has counted and what it holds. Asks no event loop, so that it answers while all of them are busy; it
     * looks at each queue once, under its lock.
     *
     * @param queues how many queues to list, those with the most messages first; 0: none
     */
    public BrokerStatistics statistics(int queues) {
        return new StatisticsReader(sessions, services, refusals, loops).read(queues);
    }

    /** Whether a client is subscribed to {@code /stats/NAME}. */
    public boolean hasStatisticsSubscribers(String name) {
        return destinations.topics().subscriberCount(Destination.statistics(name)) > 0;
    }

    /**
     * A transport tells of a socket that it has refused before there was a session.
     *
     * @param address of the peer, as logs say it
     * @param detail what operators are told beyond the reason, in a sentence; may be empty
     */
    public void refused(Refusal why, String address, String detail) {
        refusals.add(why, address, detail);
    }

    /** The number of sessions of this moment. */
    public int sessionCount() {
        return sessions.count();
    }

    /** Logins since the start that were refused, or that the authenticator could not decide. */
    public long failedLogins() {
        return services.refusedLogins().sum();
    }

    /** Frames since the start that were refused without an end of their connection, because soft errors were agreed. */
    public long softErrorCount() {
        return services.softErrors().count();
    }

    /** The number of topics that keep messages, with or without subscribers. */
    public int keptTopicCount() {
        return destinations.topics().keptCount();
    }

    /** The number of topics with subscribers, or with messages that they keep. */
    public int topicCount() {
        return destinations.topics().count();
    }

    /** The number of queues with consumers or messages. */
    public int queueCount() {
        return destinations.queues().count();
    }

    /** The number of durable subscriptions, those of absent clients included. */
    public int durableSubscriptionCount() {
        return destinations.durables().count();
    }

    /** Bytes that are under way to subscribers: they wait for a loop, or for a socket that is full. */
    public long bytesUnderWay() {
        return memory.underWay();
    }

    /** Bytes that queues and transactions hold, and that are under way to subscribers. */
    public long memoryBytes() {
        return memory.bytes();
    }
}
