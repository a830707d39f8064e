package io.fanfare.topic;

import io.fanfare.frame.Headers;
import io.fanfare.loop.EventLoop;
import io.fanfare.loop.LongJobs;
import io.fanfare.message.Destination;
import io.fanfare.message.TopicName;
import io.fanfare.retention.Position;
import io.fanfare.retention.ReplayRequest;
import io.fanfare.retention.RetentionAccount;
import io.fanfare.retention.Verdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The replays of one loop. Subscriptions that want the same while a replay of it goes on wait for its end and share the next
 * one, so that many pages which open at once cost little more than one. Owned by its loop.
 */
final class Replays {

    private final TopicLoop state;
    private final Topics topics;
    private final LongJobs.Shared<Replay.Content, Replay> replays;
    private final LongJobs.Shared<List<Replay.Leg>, Survey> surveys;

    Replays(TopicLoop state, Topics topics) {
        this.state = state;
        this.topics = topics;
        this.replays = new LongJobs.Shared<>(state.loop());
        this.surveys = new LongJobs.Shared<>(state.loop());
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
     * @return headers of the RECEIPT that say where it begins; completed on the loop, when what topics of patterns keep has been looked through
     */
    CompletableFuture<Headers> subscribe(
            List<Destination> destinations, TopicSubscriber subscriber, ReplayRequest request, Runnable snapshotEnd) {
        assert state.loop().isCurrent();
        boolean mayReplayTopicsOfPatterns = mayReplayTopicsOfPatterns(destinations, request);
        if (mayReplayTopicsOfPatterns || (destinations.size() > 1 && wantsTopicsOfPatterns(destinations, request))) {
            // before it joins any: a topic that it names, too, may be replayed for the sake of a pattern, or be the
            // first
            // that keeps something
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
        if (!mayReplayTopicsOfPatterns && mayReplayTopicsOfPatterns(destinations, request)) {
            // the first topic that keeps something has begun to, and has published to the subscribers of that moment;
            // nothing has come yet
            subscriber.backlogs().hold(subscriber);
            mayReplayTopicsOfPatterns = true;
        }
        CatchUp.Member member = new CatchUp.Member(subscriber, snapshotEnd);
        if (mayReplayTopicsOfPatterns) {
            return survey(legs, member, request);
        }
        Verdict verdict = verdict(legs);
        if (subscriber.backlogs().isHeld(subscriber)
                || request.waitsForEnd()
                || legs.stream().anyMatch(Replays::hasSome)) {
            start(legs, member, request, verdict);
        }
        return CompletableFuture.completedFuture(verdict.receipt());
    }

    /** Topics that begin to keep something before the replay begins are looked through, too, where there is one in any case. */
    private boolean mayReplayTopicsOfPatterns(List<Destination> destinations, ReplayRequest request) {
        return (topics.kept().hasShared() || request.waitsForEnd()) && wantsTopicsOfPatterns(destinations, request);
    }

    private static boolean wantsTopicsOfPatterns(List<Destination> destinations, ReplayRequest request) {
        return request.from() != ReplayRequest.From.NEXT
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

    /** Of topics; what those of a pattern have is not looked at. */
    private static Verdict verdict(List<Replay.Leg> legs) {
        Verdict.Sum sum = new Verdict.Sum();
        for (Replay.Leg leg : legs) {
            if (leg.position() == null) {
                return new Verdict.Sum().verdict(null);
            }
            sum.add(leg.position());
        }
        return sum.verdict(legs.size() == 1 ? legs.get(0).position() : null);
    }

    private CompletableFuture<Headers> survey(List<Replay.Leg> legs, CatchUp.Member member, ReplayRequest request) {
        Survey survey = surveys.next(legs, each -> new Survey(topics, state.loop(), each));
        CompletableFuture<Headers> receipt = new CompletableFuture<>();
        survey.add(verdict -> {
            if (member.subscriber().isActive()) {
                start(legs, member, request, verdict);
            }
            receipt.complete(verdict.receipt());
        });
        return receipt;
    }

    /** Begins later in this turn, or in a later one. */
    private void start(List<Replay.Leg> legs, CatchUp.Member member, ReplayRequest request, Verdict verdict) {
        TopicSubscriber subscriber = member.subscriber();
        Replay.Content content = new Replay.Content(
                legs.stream().map(Replays::shareable).toList(),
                subscriber.encoding(),
                subscriber.filter(),
                verdict.firstMessage(),
                request.waitsForEnd() || verdict.hasValues());
        replays.next(content, each -> new Replay(this, each)).add(member);
    }

    private static boolean hasSome(Replay.Leg leg) {
        return leg.position() != null && leg.position().store() != Position.Store.NOTHING;
    }

    /** Last values are those of the replay's beginning: a subscription that joined a little earlier wants the same. */
    private static Replay.Leg shareable(Replay.Leg leg) {
        Position position = leg.position();
        return position == null || position.store() != Position.Store.VALUES
                ? leg
                : new Replay.Leg(leg.destination(), leg.request(), position.shareable());
    }

    /**
     * Looks through what the topics of a pattern keep before the RECEIPT of a SUBSCRIBE, some topics in each turn. Owned by
     * its loop.
     */
    private static final class Survey implements LongJobs.Job {

        private final Topics topics;
        private final EventLoop loop;
        private final List<Replay.Leg> legs;
        private final List<Consumer<Verdict>> members = new ArrayList<>(1);
        private final Verdict.Sum sum = new Verdict.Sum();

        /** Topics that several parts of a SUBSCRIBE match count once; null: there is one part. */
        private final @Nullable Set<Destination> seen;

        private int nextLeg;
        private ReplayPlace.@Nullable MatchingTopics ofPattern;

        Survey(Topics topics, EventLoop loop, List<Replay.Leg> legs) {
            this.topics = topics;
            this.loop = loop;
            this.legs = legs;
            this.seen = legs.size() == 1 ? null : new HashSet<>();
        }

        /** Has it tell one more, before it has begun, in a turn after its last. */
        void add(Consumer<Verdict> member) {
            members.add(member);
        }

        @Override
        public boolean run(int steps) {
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
            ReplayPlace.MatchingTopics matching = ofPattern;
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
                ofPattern = new ReplayPlace.MatchingTopics(topics.kept(), leg.destination());
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
            RetentionAccount account = topics.kept().account();
            // what is kept outside of this node outlives it
            long lostBefore = topics.kept().orders().isEmpty() ? account.lostBefore() : 0;
            sum.addPattern(request, account.hasAllSince(request, lostBefore));
            Verdict verdict = sum.verdict(null);
            members.forEach(member -> loop.execute(() -> member.accept(verdict)));
        }
    }
}
