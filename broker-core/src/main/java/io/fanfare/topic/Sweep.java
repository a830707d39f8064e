package io.fanfare.topic;

import io.fanfare.message.Destination;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks through the topics of patterns that have ended, a part in each turn: members by pattern that are not active any more
 * leave, and topics that no other member needs go. Owned by its loop.
 */
final class Sweep {

    private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);

    /** With more prefixes waiting, all topics are looked through once instead. */
    private static final int MOST_WAITING = 16;

    /** So many members that are looked at take as long as a topic. */
    private static final int MEMBERS_PER_STEP = 32;

    private final TopicLoop state;
    private final Topics topics;

    /** What the names of the topics begin with that are yet to be looked through. */
    private final Set<String> waiting = new LinkedHashSet<>();

    /** Where it is; null: nowhere. */
    private @Nullable Iterator<Destination> rest;

    private boolean running;

    Sweep(Topics topics, TopicLoop state) {
        this.topics = topics;
        this.state = state;
    }

    /** A pattern whose names begin like this has ended. */
    void add(String prefix) {
        assert state.loop().isCurrent();
        if (!waiting.contains("")) {
            waiting.add(prefix);
        }
        if (waiting.size() > MOST_WAITING || prefix.isEmpty()) {
            waiting.clear();
            waiting.add("");
        }
        if (!running) {
            running = true;
            state.loop().startInParts(this::run);
        }
    }

    private boolean run(int steps) {
        int left = steps;
        while (left > 0) {
            Iterator<Destination> some = rest == null ? next() : rest;
            rest = some;
            if (some == null) {
                running = false;
                return false;
            }
            while (left > 0 && some.hasNext()) {
                left -= tryToLook(some.next());
            }
            if (!some.hasNext()) {
                rest = null;
            }
        }
        return true;
    }

    private @Nullable Iterator<Destination> next() {
        Iterator<String> first = waiting.iterator();
        if (!first.hasNext()) {
            return null;
        }
        String prefix = first.next();
        first.remove();
        return Stream.concat(state.lingering(), topics.byDestination().beginningWith(prefix))
                .iterator();
    }

    /** A bug in one topic must not keep members in the others. */
    private int tryToLook(Destination topic) {
        try {
            return look(topic);
        } catch (RuntimeException | Error e) {
            LOG.error("bug while looking through {}", topic, e);
            return 1;
        }
    }

    private int look(Destination topic) {
        Fanout fanout = state.fanout(topic);
        int members = fanout == null ? 0 : fanout.removeEnded();
        topics.forgetUnneeded(topic);
        return 1 + members / MEMBERS_PER_STEP;
    }
}
