package io.fanfare.topic;

import io.fanfare.loop.Chunk;
import io.fanfare.message.Encoding;
import io.fanfare.message.Message;
import io.fanfare.message.MessageEncoder;
import io.fanfare.message.MessageFilter;
import io.fanfare.options.MergePatch;
import io.fanfare.topic.backlog.Backlog;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Members of an audience with {@code delta:merge-patch} that may get a message as a patch: those that have the value before
 * it. Owned by its loop.
 */
final class AudiencePatches {

    /** Larger bodies come whole: a loop is not held up by them. */
    private static final int MAX_BODY_BYTES = 64 << 10;

    /** Messages of a run that are remembered. */
    private static final int MAX_RUN = 1_000;

    /** A member that has had all values from the beginning. */
    private static final long NOTHING_MISSED = -1;

    private final MergePatch mergePatch;
    private final MessageFilter filter;
    private final MessageEncoder encoder;
    private final Encoding encoding;

    /** For each member, the last sequence of which it may have missed something. */
    private final Map<TopicSubscriber, Long> missedUpTo = new IdentityHashMap<>();

    /** The last sequence of which all members may have missed something. */
    private long allMissedUpTo = NOTHING_MISSED;

    /** The messages of this run of which later ones may be patches; by sequence. */
    private final Map<Long, Message> run = new HashMap<>();

    AudiencePatches(MergePatch mergePatch, MessageFilter filter, MessageEncoder encoder, Encoding encoding) {
        this.mergePatch = mergePatch;
        this.filter = filter;
        this.encoder = encoder;
        this.encoding = encoding;
    }

    void joined(TopicSubscriber member, long sequence) {
        assert member.outbox().loop().isCurrent();
        missedUpTo.put(member, member.hasValuesBefore() ? NOTHING_MISSED : sequence);
    }

    void left(TopicSubscriber member) {
        assert member.outbox().loop().isCurrent();
        missedUpTo.remove(member);
    }

    /** A member gets this message later, if at all: maybe newer ones came in the place of older ones meanwhile. */
    private void missed(TopicSubscriber member, Message message) {
        missedUpTo.put(member, message.sequence());
    }

    /**
     * Sends a message to each member as a patch, or whole to those that have not what the patch is to.
     *
     * @return how many members took it at once
     */
    int send(Audience audience, Backlog.Entry entry) {
        Message message = entry.message();
        byte[] patch = patch(entry);
        Chunk asPatch = patch == null ? null : encoder.encode(audience, message, encoding, patch);
        int patchStart = asPatch == null ? 0 : asPatch.lastFrame();
        int patchEnd = asPatch == null ? 0 : asPatch.length();
        Chunk whole = null;
        int wholeStart = 0;
        int wholeEnd = 0;
        int taken = 0;
        for (int i = 0; i < audience.size(); i++) {
            TopicSubscriber member = audience.member(i);
            if (!audience.takesAtOnce(i, entry)) {
                missed(member, message);
                continue;
            }
            taken++;
            if (asPatch != null && hasPrevious(member, message)) {
                member.outbox().append(asPatch, patchStart, patchEnd);
                continue;
            }
            if (whole == null) {
                whole = encoder.encode(audience, message, encoding, entry.dropped(), entry.conflated());
                wholeStart = whole.lastFrame();
                wholeEnd = whole.length();
            }
            member.outbox().append(whole, wholeStart, wholeEnd);
        }
        return taken;
    }

    /** Finds the patch for the message of an entry; null: it comes whole. */
    private byte @Nullable [] patch(Backlog.Entry entry) {
        Message message = entry.message();
        if (entry.dropped() > 0 || entry.conflated() > 0) {
            allMissedUpTo = Math.max(allMissedUpTo, message.sequence() - 1);
            return null;
        }
        if (!message.isRetained()) {
            // it goes over the values that clients have, and not over those that the topic keeps
            allMissedUpTo = Math.max(allMissedUpTo, message.sequence());
            return null;
        }
        Message previous = previous(message);
        if (run.size() < MAX_RUN) {
            run.put(message.sequence(), message);
        }
        if (previous == null || Math.max(message.body().length, previous.body().length) > MAX_BODY_BYTES) {
            return null;
        }
        if (!filter.accepts(previous)) {
            // no member here has got it
            return null;
        }
        byte[] patch = mergePatch.diff(previous.body(), message.body());
        return patch != null && patch.length < message.body().length ? patch : null;
    }

    /** The value of its key that it took the place of; one that has itself been replaced meanwhile is among those of the run. */
    private @Nullable Message previous(Message message) {
        Message previous = message.previous();
        return previous == null ? run.get(message.replaced()) : previous;
    }

    /** The messages that were handed over together have been sent. */
    void endRun() {
        run.clear();
    }

    /** Whether a member has the value before a message, to which its patch is. */
    private boolean hasPrevious(TopicSubscriber member, Message message) {
        return message.replaced() > allMissedUpTo
                && message.replaced() > missedUpTo.getOrDefault(member, Long.MAX_VALUE);
    }
}
