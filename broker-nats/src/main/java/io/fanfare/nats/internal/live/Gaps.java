package io.fanfare.nats.internal.live;

import java.util.LinkedHashMap;
import java.util.Map;

/** Notices batches that have not come, by their numbers. Used by one thread. */
final class Gaps {

    /** Lives that are remembered, also those that have ended; of very many the last ones heard of. */
    static final int MAX_LIVES = 1024;

    /** The last number of each life. */
    private final Map<Long, Long> last = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Long> eldest) {
            return size() > MAX_LIVES;
        }
    };

    /** Whether something may come in the middle: this node has just begun to listen. */
    private boolean isSettling = true;

    /** From now on a life that is not known must be heard of from its beginning. */
    void settled() {
        isSettling = false;
    }

    /**
     * Whether a batch comes behind one that was sent later: a NATS server that was frozen goes on, while its clients have been at
     * another one for a while. It was told of as missing already.
     */
    boolean isLate(Envelope envelope) {
        Long before = last.get(envelope.life());
        return before != null && !envelope.isMark() && envelope.number() <= before;
    }

    /** What has come; whether batches before it have not. */
    boolean isBehindGap(Envelope envelope) {
        Long before = last.get(envelope.life());
        long expected = before == null ? firstExpected(envelope) : before + (envelope.isMark() ? 0 : 1);
        if (before == null || envelope.number() > before) {
            last.put(envelope.life(), envelope.number());
        }
        return envelope.number() > expected;
    }

    private long firstExpected(Envelope envelope) {
        if (isSettling) {
            return envelope.number();
        }
        return envelope.isMark() ? 0 : 1;
    }
}
