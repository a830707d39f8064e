package io.fanfare.topic;

import io.fanfare.frame.Headers;
import io.fanfare.loop.Chunk;
import io.fanfare.loop.EventLoop;
import io.fanfare.loop.LongJobs;
import io.fanfare.message.BrokerLoop;
import io.fanfare.message.Encoding;
import io.fanfare.message.Message;
import io.fanfare.message.MessageEncoder;
import io.fanfare.statistics.Count;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Subscriptions in catch-up: they get the same replayed messages before live ones, which wait ({@link
 * BackloggedSubscriptions#hold}). A part of the messages is encoded once for all of them, and then written to a few of them
 * in each turn, until all have got it and the next part follows. Owned by their loop.
 */
public final class CatchUp {

    /**
     * A subscription.
     *
     * @param snapshotEnd tells its client that the snapshot has ended, where no message can
     */
    public record Member(TopicSubscriber subscriber, Runnable snapshotEnd) {}

    /** What is sent to them; the job that calls {@link #send}. */
    public interface Source extends LongJobs.Job {

        /**
         * Encodes the next messages, as long as there are steps and the part has room.
         *
         * @return the steps that it took
         */
        int encode(int steps);

        /** Whether all messages have been encoded. */
        boolean isAtEnd();

        /** Makes the job with which one of them goes on alone, from where the part began that was encoded last. */
        Source fromPart(Member member);
    }

    /** How far {@link #send} has come. */
    public enum Progress {
        MORE_TO_SEND,
        /** All of them have got everything. */
        ALL_SENT,
        /** All have ended, or go on alone when their sockets have room. */
        ALL_HAVE_LEFT
    }

    /**
     * Bytes of a part, for which an outbox must have room: one write of so many takes a third of the time of eight that have as
     * many together. Larger ones were measured to be no cheaper.
     */
    private static final long PART_BYTES = 32 << 10;

    /** A write takes as long as so many messages that are looked at, and as one more for each of so many bytes. */
    private static final int STEPS_PER_WRITE = 4;

    private static final int BYTES_PER_STEP = 4 << 10;

    /** Of going live, before the rest waits among the loop's long jobs. */
    private static final int STEPS_AT_ONCE = 100;

    /** A part of a chunk with whole messages. */
    private record Piece(Chunk chunk, int start, int end, int messages) {}

    private final EventLoop loop;
    private final MessageEncoder encoder;
    private final Encoding encoding;
    private final List<Member> all = new ArrayList<>(1);

    /** The part that they are given. */
    private final List<Piece> part = new ArrayList<>(1);

    private long partBytes;

    /** How many of them have got the part. */
    private int given;

    /** Whether the part outlives this turn. */
    private boolean isKept;

    /** None yet; all that come have this encoding. */
    public CatchUp(BrokerLoop loop, Encoding encoding) {
        this.loop = loop.loop();
        this.encoder = loop.messages();
        this.encoding = encoding;
    }

    public void add(Member member) {
        assert loop.isCurrent();
        all.add(member);
    }

    /** Whether there is more than one of them. */
    public boolean isShared() {
        return all.size() > 1;
    }

    /**
     * Does about so many steps: encodes a part, writes it to some of them, or both.
     *
     * @param source may be called again for as long as there is more to send
     */
    public Progress send(Source source, int steps) {
        assert loop.isCurrent();
        int left = steps;
        while (left > 0) {
            if (part.isEmpty()) {
                if (isLastGone() || waitsForRoom(source)) {
                    return Progress.ALL_HAVE_LEFT;
                }
                left -= source.encode(left);
            }
            if (!part.isEmpty()) {
                left -= give(source, left);
            }
            if (part.isEmpty() && source.isAtEnd()) {
                // written at the end of the turn: no client has the last message before what follows it is on its way
                return all.isEmpty() ? Progress.ALL_HAVE_LEFT : Progress.ALL_SENT;
            }
            // here, and not at the end of the turn: the writes are the greater part of this work
            loop.flushNow();
        }
        return Progress.MORE_TO_SEND;
    }

    private boolean isLastGone() {
        if (all.size() == 1 && !all.get(0).subscriber().isActive()) {
            all.clear();
        }
        return all.isEmpty();
    }

    /** The job of the only one goes on when there is room; nothing has to be encoded twice then. */
    private boolean waitsForRoom(Source source) {
        TopicSubscriber first = all.get(0).subscriber();
        if (isShared() || hasRoom(first)) {
            return false;
        }
        whenDrained(first, source);
        return true;
    }

    private static boolean hasRoom(TopicSubscriber subscriber) {
        return subscriber.outbox().hasRoomFor(PART_BYTES);
    }

    private void whenDrained(TopicSubscriber subscriber, LongJobs.Job job) {
        subscriber.backlogs().whenDrained(() -> loop.startInParts(job));
    }

    // ---- a part ---------------------------------------------------------------------------------------------------

    /** Whether no more should be encoded before all have got what has been. */
    public boolean isPartFull() {
        return roomInPart() <= 0;
    }

    /** Bytes that the part should have at most besides those that it has. */
    public long roomInPart() {
        return PART_BYTES - partBytes;
    }

    /**
     * Encodes a message for all of them, as a part of the part.
     *
     * @param why headers that this message has besides its own
     */
    public void encode(Message message, Headers why) {
        Chunk chunk = encoder.encode(this, message, encoding, why);
        int start = chunk.lastFrame();
        Piece last = part.isEmpty() ? null : part.get(part.size() - 1);
        if (last != null && last.chunk() == chunk) {
            part.set(part.size() - 1, new Piece(chunk, last.start(), chunk.length(), last.messages() + 1));
        } else {
            part.add(new Piece(chunk, start, chunk.length(), 1));
        }
        partBytes += chunk.length() - start;
    }

    /** Gives the part to the next of them, to one at least; returns the steps that it took. */
    private int give(Source source, int steps) {
        int stepsForOne = (int) (STEPS_PER_WRITE + partBytes / BYTES_PER_STEP);
        int taken = 0;
        int before = given;
        while (given < all.size() && (taken == 0 || taken + stepsForOne <= steps)) {
            TopicSubscriber subscriber = all.get(given).subscriber();
            if (!subscriber.isActive()) {
                remove(given);
                taken++;
            } else if (!hasRoom(subscriber)) {
                // the others do not wait for it
                whenDrained(subscriber, source.fromPart(remove(given)));
                taken++;
            } else {
                part.forEach(piece -> subscriber.outbox().append(piece.chunk(), piece.start(), piece.end()));
                given++;
                taken += stepsForOne;
            }
        }
        int messages = part.stream().mapToInt(Piece::messages).sum();
        loop.count(Count.DELIVERED, (long) (given - before) * messages);
        if (given == all.size()) {
            endPart();
        } else {
            keepPart();
        }
        return taken;
    }

    /** Removes one that has not got the part; its place takes another one that has not. */
    private Member remove(int index) {
        Member last = all.remove(all.size() - 1);
        return index == all.size() ? last : all.set(index, last);
    }

    /** Others get it in a later turn. */
    private void keepPart() {
        if (!isKept) {
            isKept = true;
            part.forEach(piece -> piece.chunk().keep());
        }
    }

    private void endPart() {
        if (isKept) {
            isKept = false;
            part.forEach(piece -> piece.chunk().release());
        }
        part.clear();
        partBytes = 0;
        given = 0;
    }

    // ---- the end --------------------------------------------------------------------------------------------------

    /** Those of them that get messages at a rate. */
    Set<TopicSubscriber> paced() {
        Set<TopicSubscriber> paced = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Member member : all) {
            if (member.subscriber().policy().isPaced()) {
                paced.add(member.subscriber());
            }
        }
        return paced;
    }

    /** Everything has been given to them: what was published since they came follows, for some of them in each turn. */
    public void goLive(boolean tellsEnd) {
        goLive(
                tellsEnd,
                steps -> false,
                subscriber -> subscriber.backlogs().replayed(subscriber, BackloggedSubscriptions.NOTHING_REPLAYED));
    }

    /**
     * As {@link #goLive(boolean)}.
     *
     * @param tellsEnd whether each client is told that the snapshot has ended
     * @param first is done before
     * @param release lets a subscription's live messages go; returns whether there are any
     */
    void goLive(boolean tellsEnd, LongJobs.Job first, Predicate<TopicSubscriber> release) {
        endPart();
        int stepsForOne = (int) (STEPS_PER_WRITE + PART_BYTES / BYTES_PER_STEP);
        LongJobs.Job job = steps -> {
            if (first.run(steps)) {
                return true;
            }
            int left = steps;
            while (left > 0 && given < all.size()) {
                Member member = all.get(given++);
                boolean tells = tellsEnd && member.subscriber().isActive();
                if (tells) {
                    member.snapshotEnd().run();
                }
                // its part follows in the next turn
                left -= release.test(member.subscriber()) ? stepsForOne : tells ? STEPS_PER_WRITE : 1;
            }
            return given < all.size();
        };
        // behind the messages that were published before, and that this loop has not received yet; a few at once, so
        // that what a
        // client is sent for its answer to the last message comes as to any other
        loop.execute(() -> {
            if (job.run(STEPS_AT_ONCE)) {
                loop.startInParts(job);
            }
        });
    }
}
