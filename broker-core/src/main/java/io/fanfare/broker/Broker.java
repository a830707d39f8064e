package io.fanfare.broker;

import io.fanfare.frame.Command;
import io.fanfare.frame.Frame;
import io.fanfare.frame.Headers;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.Connection;
import io.fanfare.loop.EventLoop;
import io.fanfare.loop.Loops;
import io.fanfare.loop.Memory;
import io.fanfare.message.BrokerLoop;
import io.fanfare.message.Destination;
import io.fanfare.message.DestinationParser;
import io.fanfare.message.DestinationText;
import io.fanfare.message.Message;
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
import io.fanfare.session.SoftErrors;
import io.fanfare.statistics.BrokerStatistics;
import io.fanfare.statistics.ReasonCounts;
import io.fanfare.statistics.RecentEvents;
import io.fanfare.statistics.Refusal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * The broker without its transports: destinations, and the sessions that use them. Several event loops may share one;
 * two brokers share nothing. All methods may be called by any thread unless they say otherwise.
 */
public final class Broker {

    /** The version of Fanfare that this is. */
    public static final String VERSION =
            Objects.requireNonNullElse(Broker.class.getPackage().getImplementationVersion(), "dev");

    /** 36 to the power of 7: a prefix has up to seven digits and letters. */
    private static final long ID_PREFIXES = 78_364_164_096L;

    private final BrokerOptions options;
    private final Loops loops;
    private final DrainMode drainMode = new DrainMode();
    private final Memory memory;
    private final Destinations destinations;
    private final Publisher publisher;
    private final SessionServices services;
    private final DestinationParser parser;
    private final Inspection inspection;
    private final Operations operations;
    private final Map<EventLoop, BrokerLoop> brokerLoops = new ConcurrentHashMap<>();
    private final Set<Session> sessions = ConcurrentHashMap.newKeySet();
    private final ReasonCounts<Refusal> refusals = new ReasonCounts<>(Refusal.class);
    private final RecentEvents events;

    /**
     * Tells this broker's message ids and epochs from those of its earlier lives. At random, and not from the clock: a cursor
     * of a life that began in the same second, or before the clock was set back, would hide a gap.
     */
    private final String messageIdPrefix =
            Long.toString(ThreadLocalRandom.current().nextLong(ID_PREFIXES), 36) + "-";

    public Broker(BrokerOptions options) {
        this.options = options;
        this.loops = new Loops(options.clock());
        this.events = new RecentEvents(options.clock());
        this.memory = new Memory(options.memory(), loops);
        this.destinations = new Destinations(
                options.destinations(), options.queues(), options.topics(), messageIdPrefix, memory, loops);
        this.publisher = new Publisher(destinations, memory, drainMode, loops, options.queues(), options.dedup());
        this.parser = new DestinationParser(options.destinations());
        this.services = new SessionServices(
                new SessionServices.Options(
                        options.limits(),
                        options.destinations(),
                        options.rates(),
                        options.outbox(),
                        options.heartBeat(),
                        options.auth(),
                        options.queues().prefetch(),
                        options.serverName()),
                destinations,
                publisher,
                drainMode,
                memory,
                new UserQuotas(options.limits(), options.rates()),
                new SessionServices.Ids(),
                new LongAdder(),
                new SoftErrors(),
                events);
        QueueAdministration queues = new QueueAdministration(destinations.queues(), messageIdPrefix);
        this.inspection = new Inspection(this, destinations, queues, parser, options.clock());
        this.operations =
                new Operations(this, destinations, queues, publisher, services.users(), parser, loops, messageIdPrefix);
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
        Session session = Session.open(services, brokerLoop, connection, this::closed);
        sessions.add(session);
        if (drainMode.isOn()) {
            // not before the connection knows its session
            loop.execute(() -> session.refuse(DrainMode.refusal()));
        }
        return session;
    }

    private void closed(Session session) {
        sessions.remove(session);
        if (sessions.isEmpty()) {
            synchronized (sessions) {
                sessions.notifyAll();
            }
        }
    }

    /**
     * Publishes a message as a client's SEND does, and with the same answer. It belongs to no connection: temporary
     * destinations can be meant only by the name that a client's message brought in its {@code reply-to}.
     *
     * @param destination such as {@code /topic/prices}; several may be joined with commas
     * @param headers further headers, passed on as they are; those that a SEND may have, such as {@code priority}, {@code
     *     ttl} and {@code delay}, mean the same here; a {@code dedup-id} counts among those of all callers of this method and
     *     of operators
     * @param body the octets of the body; not to be changed afterwards
     * @return the effect, as the RECEIPT of a SEND tells it; {@link Outcome#NOTHING} for a message that waits for its delay
     * @throws ProtocolException when the message is refused, and has gone nowhere: there is no such destination, a header
     *     has no meaning, a queue is full, the broker drains ({@link #drain}), or its memory is full ({@link
     *     #isMemoryFull}); the message of the exception says which
     */
    public Outcome publish(String destination, Headers headers, byte[] body) {
        return operations.publish(destination, headers, body);
    }

    /** Has a listener told of each message that is published from now on; it takes the place of the one before. */
    public void onPublished(MessageListener listener) {
        destinations.onPublished((destination, message) ->
                listener.published(DestinationText.address(destination), message.headers(), message.body()));
    }

    /**
     * What the authorizer answers may have changed: every connection's subscriptions are checked again, soon and on its
     * loop, and those that are not allowed any more end. Each SEND that comes later is checked anyway.
     */
    public void permissionsChanged() {
        destinations.durables().permissionsChanged();
        for (Session session : sessions) {
            session.loop().execute(session::rulesChanged);
        }
    }

    /**
     * Has topics keep what these rules say from now on, and presence gathered where they do. A topic follows them with its next message or subscriber, soon at the
     * latest; what they do not have it keep any more is let go of.
     */
    public void topicRules(List<TopicRule> rules) {
        RetentionRules compiled = new RetentionRules(rules);
        destinations.topics().rules(compiled);
        if (destinations.presence().rules(compiled)) {
            for (Session session : sessions) {
                session.loop().execute(session::rulesChanged);
            }
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
            Drain.close(sessions(), over);
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

    /** The sessions of this moment; only {@link Session#loop} may be asked of them from here. */
    public Set<Session> sessions() {
        return Set.copyOf(sessions);
    }

    /** Waits until there is no session left; false when that takes longer than this. */
    public boolean awaitNoSessions(Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        synchronized (sessions) {
            while (!sessions.isEmpty()) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                try {
                    TimeUnit.NANOSECONDS.timedWait(sessions, left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * What the broker has counted and what it holds. Asks no event loop, so that it answers while all of them are busy; it
     * looks at each queue once, under its lock.
     *
     * @param queues how many queues to list, those with the most messages first; 0: none
     */
    public BrokerStatistics statistics(int queues) {
        return new StatisticsReader(this, destinations, memory, loops).read(queues);
    }

    /** Whether a client is subscribed to {@code /stats/NAME}. */
    public boolean hasStatisticsSubscribers(String name) {
        return destinations.topics().has(Destination.statistics(name));
    }

    /**
     * Publishes to {@code /stats/NAME}, which no client can; it is not counted as published, nor refused while memory is full.
     *
     * @param json the body, of type {@code application/json}; not to be changed afterwards
     */
    public void publishStatistics(String name, byte[] json) {
        Headers headers = Headers.of("destination", "/stats/" + name, "content-type", "application/json");
        Message message = Message.of(new Frame(Command.SEND, headers, json), options.clock(), null);
        destinations.topics().publish(Destination.statistics(name), List.of(message));
    }

    /**
     * A transport tells of a socket that it has refused before there was a session.
     *
     * @param address of the peer, as logs say it
     * @param detail what operators are told beyond the reason, in a sentence; may be empty
     */
    public void refused(Refusal why, String address, String detail) {
        refusals.add(why, 1);
        events.refused(why, address, detail);
    }

    RecentEvents events() {
        return events;
    }

    /** Sockets that transports have refused since the start, by reason. */
    Map<Refusal, Long> refusals() {
        return refusals.sums();
    }

    /** The number of sessions of this moment. */
    public int sessionCount() {
        return sessions.size();
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

    /** The number of topics at which a session is present, or whose presence a subscriber asks for. */
    int presenceRoomCount() {
        return destinations.presence().roomCount();
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
