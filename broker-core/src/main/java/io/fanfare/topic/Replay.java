package io.fanfare.topic;

import io.fanfare.frame.Headers;
import io.fanfare.message.Destination;
import io.fanfare.message.Encoding;
import io.fanfare.message.MessageFilter;
import io.fanfare.retention.Coverage;
import io.fanfare.retention.Position;
import io.fanfare.retention.ReplayRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sends what topics keep to subscriptions that have just come, a part in each turn. One for all that want the same: each
 * message is encoded once for them. What is published meanwhile waits for them, as {@link BackloggedSubscriptions} hold it.
 * Owned by its loop.
 */
final class Replay implements Newcomers.Source {

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

    private final Replays owner;
    private final Content content;
    private final Newcomers members;
    private final ReplayPlace place;

    /** Where the part began that the members are given. */
    private ReplayPlace partBegan;

    Replay(Replays owner, Content content) {
        this(owner, content, new ReplayPlace(owner.topics(), content));
    }

    private Replay(Replays owner, Content content, ReplayPlace place) {
        this.owner = owner;
        this.content = content;
        this.members = new Newcomers(owner.state().brokerLoop(), content.encoding());
        this.place = place;
        this.partBegan = place;
    }

    Content content() {
        return content;
    }

    /** One more, before it has begun. */
    void add(Newcomers.Newcomer member) {
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
        try {
            Newcomers.Progress progress = members.send(this, steps);
            if (progress == Newcomers.Progress.ALL_SENT) {
                goLive(place.hasToTellEnd());
            }
            if (progress != Newcomers.Progress.MORE_TO_SEND) {
                owner.ended(this);
            }
            isDone = true;
            return progress == Newcomers.Progress.MORE_TO_SEND;
        } finally {
            if (!isDone) {
                // a bug: live messages, and those that wait for the end of this one, must not wait for ever
                goLive(false);
                owner.ended(this);
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
    public Newcomers.Source fromPart(Newcomers.Newcomer member) {
        Replay alone = new Replay(owner, content, partBegan.copy());
        alone.add(member);
        return alone;
    }

    private void goLive(boolean tellsEnd) {
        var replayed = new BackloggedSubscriptions.Replayed(place.covered(), place.lost());
        members.goLive(tellsEnd, subscriber -> {
            cover(subscriber);
            return subscriber.backlogs().replayed(subscriber, replayed);
        });
    }

    private void cover(TopicSubscriber subscriber) {
        if (!subscriber.isActive() || !subscriber.policy().isPaced()) {
            return;
        }
        Coverage covered = place.covered();
        for (int i = 0; i < covered.size(); i++) {
            Destination topic = covered.topic(i);
            Coverage.Covered upTo = covered.get(topic);
            Fanout fanout = owner.state().fanout(topic);
            if (fanout != null && upTo != null) {
                fanout.cover(subscriber, upTo);
            }
        }
    }
}
