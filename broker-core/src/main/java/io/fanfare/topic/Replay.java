package io.fanfare.topic;

import io.fanfare.frame.Headers;
import io.fanfare.loop.Chunk;
import io.fanfare.loop.EventLoop;
import io.fanfare.loop.MonotonicClock;
import io.fanfare.message.Destination;
import io.fanfare.message.Encoding;
import io.fanfare.message.Message;
import io.fanfare.message.MessageEncoder;
import io.fanfare.message.MessageFilter;
import io.fanfare.message.TopicName;
import io.fanfare.retention.Part;
import io.fanfare.retention.Position;
import io.fanfare.retention.ReplayRequest;
import io.fanfare.statistics.Count;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sends what topics keep to subscriptions that have just come, a part in each turn. One for all that want the same: each
 * message is encoded once for them. What is published meanwhile waits for them, as {@link BackloggedSubscriptions} hold it.
 * Owned by its loop.
 */
final class Replay {

    /**
     * A topic, or those of a pattern.
     *
     * @param request what is wanted of them
     * @param position where it begins in a topic; null for a pattern
     */
    record Leg(
            Destination destination,
            ReplayRequest request,
            @Nullable Position position) {}

    /**
     * What subscriptions with a common replay have in common.
     *
     * @param verdict headers that the first message brings
     * @param waitsForEnd whether the client is told the end also where there is no value to tell it with
     */
    record Content(List<Leg> legs, Encoding encoding, MessageFilter filter, Headers verdict, boolean waitsForEnd) {

        boolean isSame(Content other) {
            return legs.equals(other.legs)
                    && encoding.equals(other.encoding)
                    && filter.isSame(other.filter)
                    && verdict.equals(other.verdict)
                    && waitsForEnd == other.waitsForEnd;
        }
    }

    /**
     * A subscription.
     *
     * @param snapshotEnd tells its client that there are no more last values
     */
    record Member(TopicSubscriber subscriber, Runnable snapshotEnd) {}

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

    private static final int PART_MESSAGES = 100;
    private static final long PART_BYTES = 64 << 10;

    /** Bytes of a part, summed over all members: what one turn writes to them must not take long. */
    private static final long PART_BYTES_OF_ALL = 2 << 20;

    private static final long MIN_PART_BYTES = 4 << 10;

    /** So many bytes that are written to one member take as long as a message that is looked at. */
    private static final int BYTES_PER_STEP = 16 << 10;

    private static final Headers VALUE = Headers.of("retained", "true");
    private static final Headers LAST_VALUE = Headers.of("retained", "true", "snapshot", "end");

    private final Replays owner;
    private final Content content;
    private final List<Member> members;
    private final MessageEncoder encoder;
    private final EventLoop loop;
    private final Map<Destination, Covered> covered;
    private int nextLeg;

    /** The topics of a pattern that are left, the pattern, and the name of the last that was taken; null: no pattern's. */
    private @Nullable Iterator<Topic> ofPattern;

    private List<String> pattern = List.of();
    private String lastName = "";

    /** Where it is; null: the next topic is due. */
    private @Nullable Topic topic;

    private Position position = Position.nothing(ReplayRequest.NONE);
    private long after;

    /** A value that goes out when it is known whether it is the last; null: none. */
    private @Nullable Message held;

    /** Whether a message has told the verdict. */
    private boolean told;

    /** What has been encoded and not been given to the members; null: nothing. */
    private @Nullable Chunk chunk;

    private int start;
    private int inChunk;

    Replay(Replays owner, Content content) {
        this(owner, content, new ArrayList<>(1), new HashMap<>(2));
    }

    private Replay(Replays owner, Content content, List<Member> members, Map<Destination, Covered> covered) {
        this.owner = owner;
        this.content = content;
        this.members = members;
        this.covered = covered;
        this.encoder = owner.state().brokerLoop().messages();
        this.loop = owner.state().loop();
    }

    Content content() {
        return content;
    }

    /** One more, before it has begun. */
    void add(Member member) {
        members.add(member);
    }

    /** Goes on alone for a member whose connection has no room: the others do not wait for it. */
    private Replay split(Member member) {
        Replay alone = new Replay(owner, content, new ArrayList<>(List.of(member)), new HashMap<>(covered));
        alone.nextLeg = nextLeg;
        alone.pattern = pattern;
        alone.lastName = lastName;
        alone.ofPattern = ofPattern == null ? null : topics();
        alone.topic = topic;
        alone.position = position;
        alone.after = after;
        alone.held = held;
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
            members.removeIf(member -> !member.subscriber().isActive());
            parkTheSlow();
            if (members.isEmpty()) {
                owner.ended(this);
                return false;
            }
            if (topic == null && !findTopic()) {
                end();
                return false;
            }
            left -= 1 + sendPart();
            // here, and not at the end of the turn: the writes are the greater part of this work
            loop.flushNow();
        }
        return true;
    }

    private void parkTheSlow() {
        for (int i = members.size() - 1; i >= 0; i--) {
            Member member = members.get(i);
            if (!member.subscriber().outbox().hasRoomFor(PART_BYTES)) {
                members.remove(i);
                Replay alone = split(member);
                member.subscriber().backlogs().whenDrained(() -> loop.longJobs().add(alone::run));
            }
        }
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
        Leg leg = content.legs().get(nextLeg++);
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
        if (covered.containsKey(next.destination())) {
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
        }
    }

    // ---- messages -------------------------------------------------------------------------------------------------

    /** Sends a part of the topic's messages; returns the steps that it has taken. */
    private int sendPart() {
        Topic current = topic;
        if (current == null) {
            return 0;
        }
        long bytes = Math.min(PART_BYTES, Math.max(MIN_PART_BYTES, PART_BYTES_OF_ALL / members.size()));
        Part part = new Part(PART_MESSAGES, bytes);
        long lost = current.read(position, after, part);
        long now = MonotonicClock.millis();
        for (Message message : part.messages()) {
            after = message.sequence();
            if (!message.isExpired(now) && content.filter().accepts(message)) {
                send(message, lost);
                lost = 0;
            }
        }
        give();
        if (part.messages().isEmpty()) {
            topic = null;
        }
        return part.messages().size() + (int) (members.size() * (1 + part.bytes() / BYTES_PER_STEP));
    }

    private void send(Message message, long lost) {
        sendHeld(VALUE);
        if (position.store() == Position.Store.VALUES) {
            held = message;
        } else {
            Headers why = lost > 0 ? Headers.builder().add("dropped", lost).build() : Headers.EMPTY;
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
        Chunk written = encoder.encode(this, message, content.encoding(), all);
        if (written != chunk) {
            give();
            chunk = written;
            start = written.lastFrame();
        }
        inChunk++;
    }

    /** Gives the members what has been encoded. */
    private void give() {
        Chunk written = chunk;
        if (written == null) {
            return;
        }
        int end = written.length();
        for (int i = 0; i < members.size(); i++) {
            members.get(i).subscriber().outbox().append(written, start, end);
        }
        loop.counts().add(Count.DELIVERED, (long) members.size() * inChunk);
        chunk = null;
        inChunk = 0;
    }

    private void end() {
        boolean hasLast = held != null;
        sendHeld(LAST_VALUE);
        give();
        if (!hasLast && content.waitsForEnd()) {
            members.forEach(member -> member.snapshotEnd().run());
        }
        // behind the messages that were published before the topics were read, and that this loop has not received yet
        List<Member> all = List.copyOf(members);
        loop.execute(() -> all.forEach(member -> release(member.subscriber())));
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
        subscriber.backlogs().replayed(subscriber, covered);
    }
}
