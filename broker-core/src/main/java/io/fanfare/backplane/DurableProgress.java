package io.fanfare.backplane;

import java.util.List;

/**
 * Progress of a durable subscription in the one order of its topics.
 *
 * @param epoch in which its numbers count
 * @param upTo messages behind this number have not been delivered
 * @param open numbers that have been delivered, or may have been, and are not settled, rising; all others up to there are done with
 */
public record DurableProgress(String epoch, long upTo, List<Long> open) {

    public DurableProgress {
        open = List.copyOf(open);
    }

    /** The number behind which there may be something to deliver. */
    public long doneUpTo() {
        return open.isEmpty() ? upTo : Math.min(upTo, open.get(0) - 1);
    }
}
