package io.fanfare.topic;

import io.fanfare.frame.Headers;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.TopicName;
import io.fanfare.retention.Coverage;
import io.fanfare.retention.Part;
import io.fanfare.retention.Position;
import io.fanfare.retention.ReplayRequest;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Place of a replay in what topics keep: reads on from there, the topics one after the other, each message with the headers
 * that it has besides its own. Owned by its loop.
 */
final class ReplayPlace {

    /** Messages that are read in one step under a topic's lock. */
    private static final int PART_MESSAGES = 100;

    private static final Headers VALUE = Headers.of("retained", "true");
    private static final Headers LAST_VALUE = Headers.of("retained", "true", "snapshot", "end");

    private final Topics topics;
    private final Replay.Content content;
    private final Coverage covered;
    private int nextLeg;

    /** The topics of a pattern that are left; null: no pattern's. */
    private @Nullable MatchingTopics ofPattern;

    /** The topic that is being read; null: the next one is due. */
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

    private boolean isAtEnd;

    /** Whether the last value has told that it is the last. */
    private boolean toldEnd;

    /** At the beginning. */
    ReplayPlace(Topics topics, Replay.Content content) {
        this(topics, content, Coverage.none());
    }

    private ReplayPlace(Topics topics, Replay.Content content, Coverage covered) {
        this.topics = topics;
        this.content = content;
        this.covered = covered;
    }

    /** The same place, from which another replay goes on while this one does. */
    ReplayPlace copy() {
        ReplayPlace copy = new ReplayPlace(topics, content, covered.split());
        copy.nextLeg = nextLeg;
        copy.ofPattern = ofPattern == null ? null : ofPattern.copy();
        copy.topic = topic;
        copy.position = position;
        copy.after = after;
        copy.left = left;
        copy.held = held;
        copy.lost = lost;
        copy.told = told;
        return copy;
    }

    /** What has been read. */
    Coverage covered() {
        return covered;
    }

    /** Messages that could not be read, and that no message has told of. */
    long lost() {
        return lost;
    }

    /** Whether there is nothing left to read. */
    boolean isAtEnd() {
        return isAtEnd;
    }

    /** Whether the client is to be told the end and no value could. */
    boolean hasToTellEnd() {
        return content.waitsForEnd() && !toldEnd;
    }

    /**
     * Goes to the next topic, or reads a part of one.
     *
     * @param mostBytes about what the part may have
     * @param send takes the messages, in their order
     * @return steps of a long job that it took
     */
    int read(long mostBytes, BiConsumer<Message, Headers> send) {
        Topic current = topic;
        if (current != null) {
            return readPart(current, mostBytes, send);
        }
        if (!findTopic()) {
            isAtEnd = true;
            toldEnd = held != null;
            sendHeld(LAST_VALUE, send);
        }
        return 1;
    }

    // ---- topics ---------------------------------------------------------------------------------------------------

    /** Looks at the next topic; false when there is none. */
    private boolean findTopic() {
        if (ofPattern != null && ofPattern.hasNext()) {
            Topic next = ofPattern.next();
            if (next != null) {
                begin(next, content.legs().get(nextLeg - 1).request(), null);
            }
            return true;
        }
        ofPattern = null;
        if (nextLeg == content.legs().size()) {
            return false;
        }
        Replay.Leg leg = content.legs().get(nextLeg++);
        if (leg.position() == null) {
            ofPattern = new MatchingTopics(topics.kept(), leg.destination());
        } else {
            Topic named = topics.find(leg.destination());
            if (named != null) {
                begin(named, leg.request(), leg.position());
            }
        }
        return true;
    }

    private void begin(Topic next, ReplayRequest request, @Nullable Position known) {
        // a message that several parts of one SUBSCRIBE match comes once
        if (covered.get(next.destination()) != null) {
            return;
        }
        // last values are those of now; the history begins and ends where it did when the subscription joined
        position = known == null || known.store() == Position.Store.VALUES
                ? next.visit(request, topics.patterns())
                : known;
        if (position.store() != Position.Store.NOTHING) {
            boolean valuesOnly = position.store() == Position.Store.VALUES;
            covered.put(next.destination(), new Coverage.Covered(position.joined(), valuesOnly));
            topic = next;
            after = position.after();
            left = position.count();
        }
    }

    // ---- messages -------------------------------------------------------------------------------------------------

    private int readPart(Topic current, long mostBytes, BiConsumer<Message, Headers> send) {
        Part part = new Part(PART_MESSAGES, mostBytes);
        int there = current.read(position, after, part);
        if (position.store() == Position.Store.HISTORY) {
            lost += Math.max(0, left - there);
            left = there - part.messages().size();
        }
        long now = topics.kept().account().clock().uptimeMillis();
        for (Message message : part.messages()) {
            after = message.sequence();
            if (!message.isExpired(now) && content.filter().accepts(message)) {
                take(message, send);
            }
        }
        if (part.messages().isEmpty()) {
            topic = null;
        }
        return 1 + part.messages().size();
    }

    private void take(Message message, BiConsumer<Message, Headers> send) {
        sendHeld(VALUE, send);
        if (position.store() == Position.Store.VALUES) {
            held = message;
        } else {
            Headers why = lost > 0 ? Headers.builder().add("dropped", lost).build() : Headers.EMPTY;
            lost = 0;
            sendWithVerdict(message, why, send);
        }
    }

    private void sendHeld(Headers why, BiConsumer<Message, Headers> send) {
        Message value = held;
        if (value != null) {
            held = null;
            sendWithVerdict(value, why, send);
        }
    }

    private void sendWithVerdict(Message message, Headers why, BiConsumer<Message, Headers> send) {
        Headers all = told ? why : why.with(content.verdict());
        told = true;
        send.accept(message, all);
    }

    /** The topics that keep messages and that a pattern matches, in the order of their names; ones that come meanwhile may be among them. */
    static final class MatchingTopics {

        private final KeptTopics kept;
        private final List<String> pattern;

        /** Those whose names begin as the pattern does. */
        private final Iterator<Topic> candidates;

        /** The name of the last that was looked at; empty: none. */
        private String lastName;

        MatchingTopics(KeptTopics kept, Destination pattern) {
            this(kept, TopicName.splitPattern(pattern.name()), "");
        }

        private MatchingTopics(KeptTopics kept, List<String> pattern, String lastName) {
            this.kept = kept;
            this.pattern = pattern;
            this.lastName = lastName;
            this.candidates = kept.beginningWith(TopicName.literalPrefix(pattern), lastName);
        }

        /** The same from here on. */
        MatchingTopics copy() {
            return new MatchingTopics(kept, pattern, lastName);
        }

        boolean hasNext() {
            return candidates.hasNext();
        }

        /** Looks at the next candidate; null: the pattern does not match it. */
        @Nullable
        Topic next() {
            Topic next = candidates.next();
            lastName = next.destination().name();
            return TopicName.matches(pattern, TopicName.split(lastName)) ? next : null;
        }
    }
}
