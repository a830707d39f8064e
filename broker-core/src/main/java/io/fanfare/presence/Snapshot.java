package io.fanfare.presence;

import io.fanfare.frame.Headers;
import io.fanfare.message.BrokerLoop;
import io.fanfare.message.Encoding;
import io.fanfare.topic.CatchUp;
import org.jspecify.annotations.Nullable;

/**
 * Sends new subscribers of a room's presence what is there, a part in each turn; one for all that get the same. What changes
 * meanwhile waits for them. Owned by its loop.
 */
final class Snapshot implements CatchUp.Source {

    private static final Headers MORE = Headers.EMPTY;
    private static final Headers LAST = Headers.of("snapshot", "end");

    /** What subscribers with a common snapshot have in common. */
    record Content(View view, Encoding encoding) {}

    private final BrokerLoop loop;
    private final Content content;
    private final View view;
    private final CatchUp members;

    /** The next slot of the roster, and how many of its places have been sent. */
    private int slot;

    private int sent;

    /** The same where the part began that was sent last. */
    private int partSlot;

    private int partSent;

    Snapshot(BrokerLoop loop, Content content) {
        this.loop = loop;
        this.content = content;
        this.view = content.view();
        this.members = new CatchUp(loop, content.encoding());
    }

    /** One more, before it has begun. */
    void add(CatchUp.Member member) {
        members.add(member);
    }

    /**
     * Sends the next part, or a part to the next subscribers.
     *
     * @return whether there is more to do in the next turn
     */
    @Override
    public boolean run(int steps) {
        assert loop.isCurrent();
        CatchUp.Progress progress = members.send(this, steps);
        if (progress == CatchUp.Progress.ALL_SENT) {
            members.goLive(isEmpty());
        }
        return progress == CatchUp.Progress.MORE_TO_SEND;
    }

    private boolean isEmpty() {
        return !view.countOnly() && view.roster().count() == 0;
    }

    @Override
    public int encode(int steps) {
        assert loop.isCurrent();
        partSlot = slot;
        partSent = sent;
        if (view.countOnly()) {
            members.encode(view.room().count(view.count()), LAST);
            sent = 1;
            return 1;
        }
        int left = steps;
        while (left > 0 && !members.isPartFull() && !isAtEnd()) {
            sendPlace(view.roster().get(slot++));
            left--;
        }
        return steps - left;
    }

    private void sendPlace(@Nullable Place place) {
        if (place != null) {
            sent++;
            members.encode(view.room().here(place), isAtEnd() ? LAST : MORE);
        }
    }

    @Override
    public boolean isAtEnd() {
        return sent == (view.countOnly() ? 1 : view.roster().count());
    }

    @Override
    public CatchUp.Source fromPart(CatchUp.Member member) {
        Snapshot alone = new Snapshot(loop, content);
        alone.add(member);
        alone.slot = partSlot;
        alone.sent = partSent;
        return alone;
    }
}
