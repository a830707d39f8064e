package io.fanfare.presence;

import io.fanfare.backplane.PresenceChange;
import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Printable;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.Loops;
import io.fanfare.loop.Memory;
import io.fanfare.message.BrokerLoop;
import io.fanfare.message.Destination;
import io.fanfare.message.DestinationText;
import io.fanfare.message.TopicName;
import io.fanfare.options.TopicOptions;
import io.fanfare.options.TopicRule;
import io.fanfare.retention.RetentionRules;
import io.fanfare.status.PresenceStatus;
import io.fanfare.topic.TopicSubscriber;
import io.fanfare.topic.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The presence of all topics whose rules have it gathered. A topic has a {@link Room} while a session is there or a subscriber
 * asks. Sessions and subscribers come and go on their loops; other methods may be called by any thread.
 */
public final class Presence {

    private static final Logger LOG = LoggerFactory.getLogger(Presence.class);

    /** How long changes wait for others, so that what ends at once is not told. */
    public static final Duration GATHERING = Duration.ofMillis(100);

    private final Topics topics;
    private final AtomicLong numbers;
    private final Loops loops;
    private final Memory memory;
    private final Duration grace;
    private final int maxMembers;
    private final RemotePresence remote = new RemotePresence(this);
    private volatile Consumer<PresenceChange> elsewhere = change -> {};
    private volatile RetentionRules rules;
    private final Map<String, Room> rooms = new ConcurrentHashMap<>();
    private final Map<BrokerLoop, Snapshots> snapshots = new ConcurrentHashMap<>();

    /**
     * No session anywhere.
     *
     * @param topics changes are published there
     * @param numbers gives each topic, queue and room of the broker a number of its own
     * @param memory counts places
     * @param options rules, the grace time, and how many are listed
     */
    public Presence(Topics topics, AtomicLong numbers, Loops loops, Memory memory, TopicOptions options) {
        this.topics = topics;
        this.numbers = numbers;
        this.loops = loops;
        this.memory = memory;
        this.grace = options.presenceGrace();
        this.maxMembers = options.maxPresenceMembers();
        this.rules = new RetentionRules(options.rules());
    }

    /** The time of day, in milliseconds of the epoch: what others are told. */
    long now() {
        return loops.clock().millis();
    }

    /**
     * Gathers what these rules say from now on.
     *
     * @return whether sessions may be present at other topics than before: {@link Attendance#follow}
     */
    public boolean rules(RetentionRules newRules) {
        boolean mayMatter = rules.hasPresence() || newRules.hasPresence();
        rules = newRules;
        return mayMatter;
    }

    /** Whether presence is gathered anywhere. */
    boolean isOn() {
        return rules.hasPresence();
    }

    /** Whether the presence of a destination is gathered: of topics that all clients share, where the rule says so. */
    boolean isGathered(Destination topic) {
        if (!isOn() || topic.kind() != Destination.Kind.TOPIC || !topic.isShared()) {
            return false;
        }
        TopicRule rule = rules.find(topic, TopicName.split(topic.name()));
        return rule != null && rule.presence();
    }

    /** A session that is present nowhere yet. */
    public Attendance attendance(Attendee attendee, BrokerLoop loop) {
        return new Attendance(this, attendee, loop.loop());
    }

    /**
     * Has a subscription get the presence of a topic, and then its changes; called on its loop.
     *
     * @param destination {@link Destination#presence}
     * @param countOnly whether it gets the number alone, and not each session
     * @param snapshotEnd tells the client that no session is there
     * @return how to end that again
     * @throws ProtocolException when presence is not gathered there, too many are present to list them, or the broker has too
     *     many destinations
     */
    public Runnable subscribe(
            Destination destination,
            TopicSubscriber subscriber,
            boolean countOnly,
            BrokerLoop loop,
            Runnable snapshotEnd) {
        checkGathered(destination);
        while (true) {
            Room room = room(destination.name());
            View view = subscribe(room, subscriber, countOnly, loop);
            if (view != null) {
                snapshots.computeIfAbsent(loop, Snapshots::new).start(view, subscriber, snapshotEnd);
                return () -> {
                    topics.remove(destination, subscriber, loop);
                    room.unsubscribe(countOnly);
                    forgetUnneeded(room);
                };
            }
            forgetUnneeded(room);
        }
    }

    private void checkGathered(Destination destination) {
        Destination topic = Destination.topic(destination.name());
        if (!isGathered(topic)) {
            throw new ProtocolException(
                    "presence not gathered",
                    "the presence of " + Printable.of(DestinationText.of(topic))
                            + " is not gathered: the rule of topics that matches it must have presence: true",
                    CloseCode.POLICY);
        }
    }

    private @Nullable View subscribe(Room room, TopicSubscriber subscriber, boolean countOnly, BrokerLoop loop) {
        try {
            return room.subscribe(subscriber, countOnly, loop);
        } catch (ProtocolException e) {
            forgetUnneeded(room);
            throw e;
        }
    }

    /**
     * The sessions that are present at a topic, as subscribers have been told.
     *
     * @return empty: its presence is not gathered
     */
    public Optional<Stream<PresenceStatus>> status(Destination topic) {
        return roster(topic).map(roster -> roster.places().map(Place::status));
    }

    /** How many these are; null: the topic's presence is not gathered. */
    public @Nullable Integer count(Destination topic) {
        return roster(topic).map(Roster::count).orElse(null);
    }

    private Optional<Roster> roster(Destination topic) {
        if (!isGathered(topic)) {
            return Optional.empty();
        }
        Room room = rooms.get(topic.name());
        return Optional.of(room == null ? Roster.EMPTY : room.roster());
    }

    /** Gives up on sessions whose connections are lost; a topic without sessions and subscribers is forgotten at once. */
    public void clear() {
        rooms.values().forEach(room -> {
            room.clear();
            forgetUnneeded(room);
        });
    }

    /** Has other nodes told of the sessions of this one; called before the first of them. The listener must not block. */
    public void tellElsewhere(Consumer<PresenceChange> told) {
        elsewhere = told;
    }

    /** A bug of the listener must not keep a session from coming or going here. */
    void tellElsewhere(PresenceChange change) {
        try {
            elsewhere.accept(change);
        } catch (RuntimeException | Error e) {
            LOG.error("bug while other nodes are told of {}", change.topic(), e);
        }
    }

    /** The sessions of this node that are present, at each topic where they are. */
    public List<PresenceChange> own() {
        return rooms.values().stream().flatMap(room -> room.own().stream()).toList();
    }

    /** The sessions of other nodes. */
    public RemotePresence remote() {
        return remote;
    }

    /** The number of topics at which a session is present, or whose presence a subscriber asks for. */
    public int topicCount() {
        return rooms.size();
    }

    Room room(String name) {
        return rooms.computeIfAbsent(name, n -> {
            Room room = new Room(this, n, numbers.incrementAndGet());
            memory.hold(room.bytes());
            return room;
        });
    }

    void forgetUnneeded(Room room) {
        if (room.isGone() && rooms.remove(room.name(), room)) {
            memory.hold(-room.bytes());
        }
    }

    Topics topics() {
        return topics;
    }

    Loops loops() {
        return loops;
    }

    Memory memory() {
        return memory;
    }

    Duration grace() {
        return grace;
    }

    int maxMembers() {
        return maxMembers;
    }
}
