package io.fanfare.topic;

import io.fanfare.frame.Headers;
import io.fanfare.message.Destination;
import io.fanfare.message.TopicName;
import io.fanfare.retention.Position;
import io.fanfare.retention.ReplayRequest;
import java.util.ArrayList;
import java.util.List;

/**
 * The replays of one loop. Subscriptions that want the same while a replay of it goes on wait for its end and share the next
 * one, so that many pages which open at once cost little more than one. Owned by its loop.
 */
final class Replays {

    private final TopicLoop state;
    private final Topics topics;
    private final List<Replay> running = new ArrayList<>(0);

    /** Those that begin when one of the same content has ended. */
    private final List<Replay> waiting = new ArrayList<>(0);

    Replays(TopicLoop state, Topics topics) {
        this.state = state;
        this.topics = topics;
    }

    TopicLoop state() {
        return state;
    }

    Topics topics() {
        return topics;
    }

    /**
     * Has a subscription get every message of these topics from now on, and before that, beginning later in this turn, what they
     * keep and it asks for.
     *
     * @param snapshotEnd tells the client that there are no more last values, where no value can
     * @return headers of the RECEIPT that say where it begins
     */
    Headers subscribe(
            List<Destination> destinations, TopicSubscriber subscriber, ReplayRequest request, Runnable snapshotEnd) {
        assert state.loop().isCurrent();
        if (subscriber.policy().delta()) {
            topics.kept().account().wantPatches();
        }
        List<Replay.Leg> legs = new ArrayList<>(1);
        for (Destination destination : destinations) {
            if (destination.kind() == Destination.Kind.PATTERN) {
                legs.add(new Replay.Leg(destination, request, null));
                joinByPattern(destination, subscriber, request);
            } else {
                legs.add(new Replay.Leg(destination, request, join(destination, subscriber, request)));
            }
        }
        return start(legs, subscriber, request, snapshotEnd);
    }

    private void joinByPattern(Destination pattern, TopicSubscriber subscriber, ReplayRequest request) {
        if (topics.kept().hasShared() && request.from() != ReplayRequest.From.NEXT) {
            subscriber.backlogs().hold(subscriber);
        }
        if (!request.isOnly()) {
            state.addPattern(TopicName.splitPattern(pattern.name()), subscriber, topics.patterns());
        }
    }

    private Position join(Destination destination, TopicSubscriber subscriber, ReplayRequest request) {
        if (!request.isOnly()) {
            return topics.addNamed(destination, subscriber, state, request);
        }
        Topic topic = topics.find(destination);
        return topic == null ? Position.nothing(request) : topic.position(request);
    }

    private Headers start(
            List<Replay.Leg> legs, TopicSubscriber subscriber, ReplayRequest request, Runnable snapshotEnd) {
        Verdict verdict = Verdict.of(legs, state.brokerLoop().messages());
        boolean isNothing =
                !subscriber.backlogs().isHeld(subscriber) && legs.stream().noneMatch(Replays::hasSome);
        if (isNothing && !request.waitsForEnd()) {
            return verdict.receipt();
        }
        Replay.Content content = new Replay.Content(
                legs.stream().map(Replays::shareable).toList(),
                subscriber.encoding(),
                subscriber.filter(),
                verdict.firstMessage(),
                request.waitsForEnd() || verdict.hasValues());
        add(content, new Newcomers.Newcomer(subscriber, snapshotEnd));
        return verdict.receipt();
    }

    private static boolean hasSome(Replay.Leg leg) {
        return leg.position() != null && leg.position().store() != Position.Store.NOTHING;
    }

    /** Last values are those of the moment in which the replay begins: who joined a little earlier wants the same. */
    private static Replay.Leg shareable(Replay.Leg leg) {
        Position position = leg.position();
        return position == null || position.store() != Position.Store.VALUES
                ? leg
                : new Replay.Leg(leg.destination(), leg.request(), position.shareable());
    }

    private void add(Replay.Content content, Newcomers.Newcomer member) {
        for (Replay each : waiting) {
            if (each.content().isSame(content)) {
                each.add(member);
                return;
            }
        }
        Replay replay = new Replay(this, content);
        replay.add(member);
        waiting.add(replay);
        if (running.stream().noneMatch(each -> each.content().isSame(content))) {
            state.loop().longJobs().add(steps -> begin(replay, steps));
        }
    }

    private boolean begin(Replay replay, int steps) {
        if (waiting.remove(replay)) {
            running.add(replay);
        }
        return replay.run(steps);
    }

    /** A replay has ended, or all of its members have left it. */
    void ended(Replay replay) {
        if (!running.remove(replay)) {
            return;
        }
        for (Replay next : waiting) {
            if (next.content().isSame(replay.content())) {
                state.loop().longJobs().add(steps -> begin(next, steps));
                return;
            }
        }
    }
}
