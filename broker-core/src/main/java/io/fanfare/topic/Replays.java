package io.fanfare.topic;

import io.fanfare.frame.Headers;
import io.fanfare.loop.BrokerClock;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.TopicName;
import io.fanfare.retention.Position;
import io.fanfare.retention.ReplayRequest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The replays of one loop. Subscriptions that want the same while a replay of it goes on wait for its end and share the next
 * one, so that many pages which open at once cost little more than one. Owned by its loop.
 */
final class Replays {

    /**
     * What a client is told of where its subscription begins: whether all that it asked for could be given, and the cursor of the
     * moment in which it joined.
     *
     * @param receipt headers of the RECEIPT
     * @param firstMessage headers of the first message that is replayed
     * @param hasValues whether last values come
     */
    private record Verdict(Headers receipt, Headers firstMessage, boolean hasValues) {

        private static final Verdict NONE = new Verdict(Headers.EMPTY, Headers.EMPTY, false);

        static Verdict of(List<Replay.Leg> legs) {
            if (legs.stream().anyMatch(leg -> leg.position() == null)) {
                // how much there is of a pattern's topics is known at the end
                return NONE;
            }
            long values = 0;
            long replayed = 0;
            boolean keeps = false;
            Boolean recovered = null;
            for (Replay.Leg leg : legs) {
                Position position = leg.position();
                if (position != null) {
                    keeps |= position.keeps();
                    values += position.store() == Position.Store.VALUES ? position.count() : 0;
                    replayed += position.store() == Position.Store.HISTORY ? position.count() : 0;
                    recovered = both(recovered, position.recovered());
                }
            }
            if (!keeps && recovered == null) {
                return NONE;
            }
            Headers.Builder first = Headers.builder();
            if (recovered != null) {
                first.add("recovered", recovered.toString()).add("replayed", replayed);
            }
            Headers verdict = first.build();
            return new Verdict(
                    verdict.with(cursor(legs)).with(Headers.of("retained", Long.toString(values))),
                    verdict,
                    values > 0);
        }

        private static @Nullable Boolean both(@Nullable Boolean one, @Nullable Boolean other) {
            return one == null ? other : other == null ? one : Boolean.valueOf(one && other);
        }

        /** Where one topic's subscription joined; several topics have no common cursor. */
        private static Headers cursor(List<Replay.Leg> legs) {
            Position position = legs.size() == 1 ? legs.get(0).position() : null;
            Message.Epoch epoch = position == null ? null : position.epoch();
            return position == null || epoch == null
                    ? Headers.EMPTY
                    : Headers.of("seq", Long.toString(epoch.number(position.joined())), "epoch", epoch.name());
        }
    }

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

    /** Clock by which what is kept expires. */
    BrokerClock clock() {
        return topics.kept().account().clock();
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
        if (mayReplayTopicsOfPatterns(destinations, request)) {
            // before it joins any: a topic that it names, too, may be replayed for the sake of a pattern
            subscriber.backlogs().hold(subscriber);
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

    /** Topics that begin to keep something before the replay begins are looked through, too, where there is one in any case. */
    private boolean mayReplayTopicsOfPatterns(List<Destination> destinations, ReplayRequest request) {
        return (topics.kept().hasShared() || request.waitsForEnd())
                && request.from() != ReplayRequest.From.NEXT
                && destinations.stream().anyMatch(each -> each.kind() == Destination.Kind.PATTERN);
    }

    private void joinByPattern(Destination pattern, TopicSubscriber subscriber, ReplayRequest request) {
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
        Verdict verdict = Verdict.of(legs);
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
