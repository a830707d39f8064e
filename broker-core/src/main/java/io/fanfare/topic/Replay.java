package io.fanfare.topic;

import io.fanfare.frame.Headers;
import io.fanfare.loop.EventLoop;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.TopicName;
import io.fanfare.retention.Part;
import io.fanfare.retention.Position;
import io.fanfare.retention.ReplayRequest;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends what topics keep to subscriptions that have just come, a part in each turn. One for all that want the same: each
 * message is encoded once for them. What is published meanwhile waits for them, as {@link BackloggedSubscriptions} hold it.
 * Owned by its loop.
 */
final class Replay {

    /**
     * Up to where live messages of a topic are none any more: they have been replayed.
     *
     * @param upTo the last sequence
     * @param valuesOnly whether those that were no last values have not been
     */
    record Covered(long upTo, boolean valuesOnly) {

        boolean covers(Message message) {
            return message.sequence() <= upTo && (!valuesOnly || message.isRetained());
        }
    }

    /**
     * What has been replayed, by topic. A replay that goes on alone shares what it had in common with the others: many that are
     * alone would else have as many copies.
     */
    static final class Coverage {

        private record Numbered(Covered covered, int number) {}

        private final @Nullable Coverage common;

        /** How many of the others' topics are common. */
        private final int commonTopics;

        private final Map<Destination, Numbered> own = new HashMap<>(2);

        Coverage(@Nullable Coverage common, int commonTopics) {
            this.common = common;
            this.commonTopics = commonTopics;
        }

        /** The same so far; what is added to either is not in the other. */
        Coverage split() {
            return new Coverage(this, own.size());
        }

        void put(Destination topic, Covered covered) {
            own.put(topic, new Numbered(covered, own.size()));
        }

        @Nullable
        Covered get(Destination topic) {
            return get(topic, Integer.MAX_VALUE);
        }

        private @Nullable Covered get(Destination topic, int topics) {
            Numbered found = own.get(topic);
            if (found != null && found.number() < topics) {
                return found.covered();
            }
            return common == null ? null : common.get(topic, commonTopics);
        }

        void forEach(BiConsumer<Destination, Covered> action) {
            forEach(action, Integer.MAX_VALUE);
        }

        private void forEach(BiConsumer<Destination, Covered> action, int topics) {
            own.forEach((topic, each) -> {
                if (each.number() < topics) {
                    action.accept(topic, each.covered());
                }
            });
            if (common != null) {
                common.forEach(action, commonTopics);
            }
        }
    }

    private static final int PART_MESSAGES = 100;

    private static final Headers VALUE = Headers.of("retained", "true");
    private static final Headers LAST_VALUE = Headers.of("retained", "true", "snapshot", "end");

    private final Replays owner;
    private final Replays.Content content;
    private final Newcomers members;
    private final EventLoop loop;
    private final Coverage covered;
    private int nextLeg;

    /** The topics of a pattern that are left, the pattern, and the name of the last that was taken; null: no pattern's. */
    private @Nullable Iterator<Topic> ofPattern;

    private List<String> pattern = List.of();
    private String lastName = "";

    /** Where it is; null: the next topic is due. */
    private @Nullable Topic topic;

    private Position position = Position.nothing(ReplayRequest.NONE);
    private long after;

    /** Messages of the history that are to be sent still. */
    private int left;

    /** A value that goes out when it is known whether it is the last; null: none. */
    private @Nullable Message held;

    /** Messages that the history let go of before they could be sent, and that no message has told of yet. */
    private long lost;

    /** Whether a message has told the verdict. */
    private boolean told;

    Replay(Replays owner, Replays.Content content) {
        this(owner, content, new Coverage(null, 0));
    }

    private Replay(Replays owner, Replays.Content content, Coverage covered) {
        this.owner = owner;
        this.content = content;
        this.members = new Newcomers(owner.state().brokerLoop(), content.encoding());
        this.covered = covered;
        this.loop = owner.state().loop();
    }

    Replays.Content content() {
        return content;
    }

    /** One more, before it has begun. */
    void add(Newcomers.Newcomer member) {
        members.add(member);
    }

    /** Goes on alone for a member whose connection has no room: the others do not wait for it. */
    private Replay split(Newcomers.Newcomer member) {
        Replay alone = new Replay(owner, content, members.isEmpty() ? covered : covered.split());
        alone.add(member);
        alone.nextLeg = nextLeg;
        alone.pattern = pattern;
        alone.lastName = lastName;
        alone.ofPattern = ofPattern == null ? null : topics();
        alone.topic = topic;
        alone.position = position;
        alone.after = after;
        alone.left = left;
        alone.held = held;
        alone.lost = lost;
        alone.told = told;
        return alone;
    }

    /**
     * Sends the next part.
     *
     * @return whether there is more to do in the next turn
     */
    boolean run(int steps) {
        int left = steps;
        while (left > 0) {
            if (!members.makeRoom(member -> split(member)::run)) {
                owner.ended(this);
                return false;
            }
            if (topic == null && !findTopic()) {
                end();
                return false;
            }
            left -= members.steps() + sendPart();
            // here, and not at the end of the turn: the writes are the greater part of this work
            loop.flushNow();
        }
        return true;
    }

    // ---- topics ---------------------------------------------------------------------------------------------------

    /** Takes the next topic that keeps what is wanted; a step of its own where it finds none yet. */
    private boolean findTopic() {
        if (ofPattern != null && ofPattern.hasNext()) {
            Topic next = ofPattern.next();
            lastName = next.destination().name();
            if (TopicName.matches(pattern, TopicName.split(lastName))) {
                begin(next, content.legs().get(nextLeg - 1).request(), null);
            }
            return true;
        }
        ofPattern = null;
        if (nextLeg == content.legs().size()) {
            return false;
        }
        Replays.Leg leg = content.legs().get(nextLeg++);
        if (leg.position() == null) {
            pattern = TopicName.splitPattern(leg.destination().name());
            lastName = "";
            ofPattern = topics();
        } else {
            Topic named = owner.topics().find(leg.destination());
            if (named != null) {
                begin(named, leg.request(), leg.position());
            }
        }
        return true;
    }

    private Iterator<Topic> topics() {
        return owner.topics().kept().beginningWith(TopicName.literalPrefix(pattern), lastName);
    }

    private void begin(Topic next, ReplayRequest request, @Nullable Position known) {
        // a message that several parts of one SUBSCRIBE match comes once
        if (covered.get(next.destination()) != null) {
            return;
        }
        // last values are those of now; the history begins and ends where it did when the subscription joined
        position = known == null || known.store() == Position.Store.VALUES
                ? next.visit(request, owner.topics().patterns())
                : known;
        if (position.store() != Position.Store.NOTHING) {
            covered.put(next.destination(), new Covered(position.joined(), position.store() == Position.Store.VALUES));
            topic = next;
            after = position.after();
            left = position.count();
        }
    }

    // ---- messages -------------------------------------------------------------------------------------------------

    /** Sends a part of the topic's messages; returns the steps that it has taken. */
    private int sendPart() {
        Topic current = topic;
        if (current == null) {
            return 0;
        }
        Part part = new Part(PART_MESSAGES, members.partBytes());
        int there = current.read(position, after, part);
        if (position.store() == Position.Store.HISTORY) {
            lost += Math.max(0, left - there);
            left = there - part.messages().size();
        }
        long now = owner.clock().uptimeMillis();
        for (Message message : part.messages()) {
            after = message.sequence();
            if (!message.isExpired(now) && content.filter().accepts(message)) {
                send(message);
            }
        }
        members.give();
        if (part.messages().isEmpty()) {
            topic = null;
        }
        return part.messages().size() + members.steps(part.bytes());
    }

    private void send(Message message) {
        sendHeld(VALUE);
        if (position.store() == Position.Store.VALUES) {
            held = message;
        } else {
            Headers why = lost > 0 ? Headers.builder().add("dropped", lost).build() : Headers.EMPTY;
            lost = 0;
            encode(message, why);
        }
    }

    private void sendHeld(Headers why) {
        Message value = held;
        if (value != null) {
            held = null;
            encode(value, why);
        }
    }

    private void encode(Message message, Headers why) {
        Headers all = told ? why : why.with(content.verdict());
        told = true;
        members.encode(message, all);
    }

    private void end() {
        boolean hasLast = held != null;
        sendHeld(LAST_VALUE);
        members.give();
        if (!hasLast && content.waitsForEnd()) {
            members.tellEnd();
        }
        members.goLive(this::release);
        owner.ended(this);
    }

    /** Goes no further: live messages follow what has been sent. */
    void abandon() {
        members.goLive(this::release);
        owner.ended(this);
    }

    private void release(TopicSubscriber subscriber) {
        if (subscriber.isActive() && subscriber.policy().isPaced()) {
            covered.forEach((destination, upTo) -> {
                Fanout fanout = owner.state().fanout(destination);
                if (fanout != null) {
                    fanout.cover(subscriber, upTo);
                }
            });
        }
        subscriber.backlogs().replayed(subscriber, new BackloggedSubscriptions.Replayed(covered, lost));
    }
}
