package io.fanfare.broker;

import io.fanfare.frame.Command;
import io.fanfare.frame.Frame;
import io.fanfare.frame.Headers;
import io.fanfare.loop.Connection;
import io.fanfare.loop.EventLoop;
import io.fanfare.loop.Memory;
import io.fanfare.message.BrokerLoop;
import io.fanfare.message.Destination;
import io.fanfare.message.DestinationParser;
import io.fanfare.message.Message;
import io.fanfare.publish.Destinations;
import io.fanfare.queue.DurableSubscriptions;
import io.fanfare.session.Session;
import io.fanfare.session.SoftErrors;
import io.fanfare.session.UserQuotas;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
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

    private static final int SESSION_ID_BYTES = 12;

    private final BrokerOptions options;
    private final Destinations destinations;
    private final DurableSubscriptions durables;
    private final UserQuotas users;
    private final Semaphore delayed;
    private final Drain drain = new Drain();
    private final Map<EventLoop, BrokerLoop> loops = new ConcurrentHashMap<>();
    private final Set<Session> sessions = ConcurrentHashMap.newKeySet();
    private final Set<String> connectedIds = ConcurrentHashMap.newKeySet();
    private final LongAdder failedLogins = new LongAdder();
    private final SoftErrors softErrors = new SoftErrors();
    private final SecureRandom random = new SecureRandom();
    private final String messageIdPrefix = Long.toString(System.currentTimeMillis() / 1000, 36) + "-";

    public Broker(BrokerOptions options) {
        this.options = options;
        this.destinations = new Destinations(options);
        this.durables = new DurableSubscriptions(destinations, options);
        this.users = new UserQuotas(options);
        this.delayed = new Semaphore(options.queues().maxDelayed());
    }

    public Broker() {
        this(BrokerOptions.DEFAULT);
    }

    public BrokerOptions options() {
        return options;
    }

    /** Begins the session of a connection that has just been opened; called on its loop. */
    public Session open(EventLoop loop, Connection connection) {
        BrokerLoop state = loops.computeIfAbsent(loop, l -> {
            destinations.memory().add(l);
            return new BrokerLoop(l, messageIdPrefix);
        });
        destinations.queues().sweeper(loop);
        Session session = new Session(this, state, connection);
        sessions.add(session);
        session.opened();
        if (drain.hasBegun()) {
            // not before the connection knows its session
            loop.execute(() -> session.refuse(Drain.refusal()));
        }
        return session;
    }

    /**
     * Publishes a message as if a client had sent it.
     *
     * @param destination such as {@code /topic/prices}
     * @param headers further headers, passed on as they are
     * @param body the octets of the body; not to be changed afterwards
     * @throws io.fanfare.frame.ProtocolException when there is no such kind of destination, or its queue is full
     */
    public void publish(String destination, Headers headers, byte[] body) {
        List<Destination> targets = new DestinationParser(options, "", "").forSend(destination);
        Headers all = Headers.of("destination", destination).with(headers);
        Frame send = new Frame(Command.SEND, all, body);
        destinations.publish(targets, Message.of(send, System.currentTimeMillis(), null));
    }

    /**
     * What the authorizer answers may have changed: every connection's subscriptions are asked about again, soon and on its
     * loop, and those that are not allowed any more end. Each SEND that comes later is asked about anyway.
     */
    public void permissionsChanged() {
        durables.reconsider();
        for (Session session : sessions) {
            session.loop().execute(session::permissionsChanged);
        }
    }

    /**
     * Empties the broker before a restart: from now on CONNECT and SEND are refused, and those who are connected are
     * closed one after the other, with close code 1012 and a reason that says when to come back, behind everything that
     * was on its way to them. {@link #awaitNoSessions} tells when they have gone. There is no way back; a second call
     * does nothing.
     *
     * @param over the time over which the goodbyes are spread evenly; the first one is said at once
     */
    public void drain(Duration over) {
        drain.begin(this, over);
    }

    /** Whether {@link #drain} was called. */
    public boolean isDraining() {
        return drain.hasBegun();
    }

    /** Whether SEND is refused because the broker holds as much as it may ({@link BrokerOptions#maxMemoryBytes}). */
    public boolean isMemoryFull() {
        return destinations.memory().isFull();
    }

    /** Those there are right now; only {@link Session#loop} may be asked of them from here. */
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

    /** How many sessions there are right now. */
    public int sessionCount() {
        return sessions.size();
    }

    /** How many clients were not let in since the start, because of what they said or because nobody could tell. */
    public long failedLogins() {
        return failedLogins.sum();
    }

    /** How many frames were refused since the start without an end of their connection, because soft errors were agreed. */
    public long softErrorCount() {
        return softErrors.count();
    }

    public SoftErrors softErrors() {
        return softErrors;
    }

    public void loginFailed() {
        failedLogins.increment();
    }

    /** How many topics have subscribers. */
    public int topicCount() {
        return destinations.topics().count();
    }

    /** How many queues have consumers or messages. */
    public int queueCount() {
        return destinations.queues().count();
    }

    /** What queues and transactions hold, and what is under way to subscribers, in bytes. */
    public long memoryBytes() {
        return destinations.memory().held() + destinations.memory().underWay();
    }

    public Memory memory() {
        return destinations.memory();
    }

    public Drain drain() {
        return drain;
    }

    public Destinations destinations() {
        return destinations;
    }

    public DurableSubscriptions durables() {
        return durables;
    }

    public UserQuotas users() {
        return users;
    }

    /** As many as there may be messages more that wait for their delay. */
    public Semaphore delayed() {
        return delayed;
    }

    /** Whether the session of this id is connected. */
    public boolean hasSession(String id) {
        return connectedIds.contains(id);
    }

    public void connected(String sessionId) {
        connectedIds.add(sessionId);
    }

    /** The session has ended, and its temporary destinations with it. */
    public void disconnected(String sessionId) {
        if (connectedIds.remove(sessionId)) {
            destinations.queues().removeAll(DestinationParser.temporaryPrefix(sessionId));
        }
    }

    /** An id that nobody can guess. */
    public String newSessionId() {
        byte[] id = new byte[SESSION_ID_BYTES];
        random.nextBytes(id);
        return HexFormat.of().formatHex(id);
    }

    public void closed(Session session) {
        sessions.remove(session);
        if (sessions.isEmpty()) {
            synchronized (sessions) {
                sessions.notifyAll();
            }
        }
    }
}
