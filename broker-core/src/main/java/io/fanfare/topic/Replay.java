package io.fanfare.topic;

import io.fanfare.frame.Headers;
import io.fanfare.loop.LongJobs;
import io.fanfare.message.Destination;
import io.fanfare.message.Encoding;
import io.fanfare.message.MessageFilter;
import io.fanfare.retention.Coverage;
import io.fanfare.retention.Position;
import io.fanfare.retention.ReplayRequest;
import io.fanfare.topic.backlog.Backlog;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sends what topics keep to subscriptions that have just come, a part in each turn. One for all that want the same: each
 * message is encoded once for them. What is published meanwhile waits for them, as {@link BackloggedSubscriptions} hold it.
 * Owned by its loop.
 */
final class Replay implements CatchUp.Source {

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
     * What subscriptions with a common replay have in common; equal where one replay does for all of them.
     *
     * @param verdict headers that the first message brings
     * @param waitsForEnd whether the client is told the end also where there is no value to tell it with
     */
    record Content(List<Leg> legs, Encoding encoding, MessageFilter filter, Headers verdict, boolean waitsForEnd) {

        @Override
        public boolean equals(Object other) {
            return other instanceof Content that
                    && legs.equals(that.legs)
                    && encoding.equals(that.encoding)
                    && filter.isSame(that.filter)
                    && verdict.equals(that.verdict)
                    && waitsForEnd == that.waitsForEnd;
        }

        @Override
        public int hashCode() {
            return Objects.hash(legs, encoding, filter.text(), System.identityHashCode(filter.exceptFrom()), verdict);
        }
    }

    private final Replays owner;
    private final Content content;
    private final CatchUp members;
    private final ReplayPlace place;

    /** Where the part began that the members are given. */
    private ReplayPlace partBegan;

    Replay(Replays owner, Content content) {
        this(owner, content, new ReplayPlace(owner.topics(), content));
    }

    private Replay(Replays owner, Content content, ReplayPlace place) {
        this.owner = owner;
        this.content = content;
        this.members = new CatchUp(owner.state().brokerLoop(), content.encoding());
        this.place = place;
        this.partBegan = place;
    }

    /** One more, before it has begun. */
    void add(CatchUp.Member member) {
        members.add(member);
    }

    /**
     * Sends the next part, or a part to the next members.
     *
     * @return whether there is more to do in the next turn
     */
    @Override
    public boolean run(int steps) {
        boolean isDone = false;
        assert owner.state().brokerLoop().isCurrent();
        try {
            CatchUp.Progress progress = members.send(this, steps);
            if (progress == CatchUp.Progress.ALL_SENT) {
                goLive(place.hasToTellEnd());
            }
            isDone = true;
            return progress == CatchUp.Progress.MORE_TO_SEND;
        } finally {
            if (!isDone) {
                // a bug: live messages must not wait for ever
                goLive(false);
            }
        }
    }

    @Override
    public int encode(int steps) {
        partBegan = members.isShared() ? place.copy() : place;
        int left = steps;
        while (left > 0 && !members.isPartFull() && !place.isAtEnd()) {
            left -= place.read(members.roomInPart(), members::encode);
        }
        return steps - left;
    }

    @Override
    public boolean isAtEnd() {
        return place.isAtEnd();
    }

    @Override
    public CatchUp.Source fromPart(CatchUp.Member member) {
        Replay alone = new Replay(owner, content, partBegan.copy());
        alone.add(member);
        return alone;
    }

    private void goLive(boolean tellsEnd) {
        var replayed = new BackloggedSubscriptions.Replayed(place.covered(), place.lost());
        members.goLive(
                tellsEnd, new Covering(), subscriber -> subscriber.backlogs().replayed(subscriber, replayed));
    }

    /** Tells the pacers of all topics what paced members have got: some members of a topic in each step. */
    private final class Covering implements LongJobs.Job {

        /** Members, or messages that wait for their turn, that are looked at in one step. */
        private static final int LOOKS_PER_STEP = 32;

        private static final int MEMBERS_AT_ONCE = 256;

        private final Set<TopicSubscriber> paced = members.paced();
        private final Coverage covered = place.covered();
        private int nextTopic = paced.isEmpty() ? covered.size() : 0;

        /** The paced audiences of the topic before the next. */
        private List<Audience> audiences = List.of();

        private int audience;

        /** Members of the audience that have not been looked at: those in front of this place. */
        private int before;

        @Override
        public boolean run(int steps) {
            int left = steps;
            while (left > 0) {
                if (audience < audiences.size()) {
                    left -= coverSome(audiences.get(audience));
                } else if (nextTopic < covered.size()) {
                    Fanout fanout = owner.state().fanout(covered.topic(nextTopic++));
                    audiences = fanout == null ? List.of() : fanout.pacedAudiences();
                    audience = 0;
                    before = Integer.MAX_VALUE;
                    left--;
                } else {
                    return false;
                }
            }
            return true;
        }

        /** From the last place to the first: the place of a member that leaves between two parts goes to the last one. */
        private int coverSome(Audience some) {
            Pacer pacer = Objects.requireNonNull(some.pacer());
            Coverage.Covered upTo = Objects.requireNonNull(covered.get(covered.topic(nextTopic - 1)));
            List<Backlog.Entry> leftOut = pacer.leftOutOf(upTo);
            int last = Math.min(before, some.size());
            before = Math.max(0, last - Math.max(1, MEMBERS_AT_ONCE / (1 + leftOut.size())));
            for (int i = before; i < last; i++) {
                if (paced.contains(some.member(i))) {
                    some.cover(i, upTo, leftOut);
                }
            }
            if (before == 0) {
                audience++;
                before = Integer.MAX_VALUE;
            }
            return (MEMBERS_AT_ONCE + (upTo.valuesOnly() ? pacer.waiting() : 0)) / LOOKS_PER_STEP;
        }
    }
}
