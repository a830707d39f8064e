package io.fanfare.topic;

import io.fanfare.loop.EventLoop;
import io.fanfare.loop.LongJobs;
import io.fanfare.message.Destination;
import io.fanfare.retention.Position;
import io.fanfare.retention.ReplayRequest;
import io.fanfare.retention.Verdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks through what the topics of a pattern keep before the RECEIPT of a SUBSCRIBE, some topics in each turn. One for all subscriptions of
 * a turn that ask for the same. Owned by its loop.
 */
final class Survey implements LongJobs.Job {

    private final Topics topics;
    private final EventLoop loop;
    private final List<Replay.Leg> legs;
    private final List<Consumer<Verdict>> members = new ArrayList<>(1);
    private final Verdict.Sum sum = new Verdict.Sum();

    /** Topics that several parts of a SUBSCRIBE match count once; null: there is one part. */
    private final @Nullable Set<Destination> seen;

    private int nextLeg;
    private @Nullable MatchingTopics ofPattern;
    private boolean hasBegun;

    Survey(Topics topics, EventLoop loop, List<Replay.Leg> legs) {
        this.topics = topics;
        this.loop = loop;
        this.legs = legs;
        this.seen = legs.size() == 1 ? null : new HashSet<>();
    }

    boolean hasBegun() {
        return hasBegun;
    }

    /** Whether what it finds will be the answer to these as well. */
    boolean isFor(List<Replay.Leg> others) {
        return !hasBegun && legs.equals(others);
    }

    /** Has it tell one more, in a turn after its last. */
    void add(Consumer<Verdict> member) {
        members.add(member);
    }

    @Override
    public boolean run(int steps) {
        hasBegun = true;
        for (int left = steps; left > 0; left--) {
            if (!look()) {
                tell();
                return false;
            }
        }
        return true;
    }

    /** Looks at the next topic; false when there is none. */
    private boolean look() {
        MatchingTopics matching = ofPattern;
        if (matching != null && matching.hasNext()) {
            Topic next = matching.next();
            if (next != null) {
                ReplayRequest request = legs.get(nextLeg - 1).request();
                add(next.destination(), next.position(request));
            }
            return true;
        }
        ofPattern = null;
        if (nextLeg == legs.size()) {
            return false;
        }
        Replay.Leg leg = legs.get(nextLeg++);
        if (leg.position() == null) {
            ofPattern = new MatchingTopics(topics.kept(), leg.destination());
        } else {
            add(leg.destination(), leg.position());
        }
        return true;
    }

    private void add(Destination topic, Position position) {
        if (seen == null || seen.add(topic)) {
            sum.add(position);
        }
    }

    /** In tasks of their own: the answer to one has it handle what it has sent meanwhile. */
    private void tell() {
        ReplayRequest request = legs.get(0).request();
        sum.addPattern(request, topics.kept().account().hasAllSince(request));
        Verdict verdict = sum.verdict(null);
        members.forEach(member -> loop.execute(() -> member.accept(verdict)));
    }
}
