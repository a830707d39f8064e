package io.fanfare.statistics;

import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts events by their reason. Any thread may call. */
public final class ReasonCounts<K extends Enum<K>> {

    private final Class<K> type;
    private final LongAdder[] adders;

    public ReasonCounts(Class<K> type) {
        this.type = type;
        this.adders = new LongAdder[type.getEnumConstants().length];
        for (int i = 0; i < adders.length; i++) {
            adders[i] = new LongAdder();
        }
    }

    /** So many more. */
    public void add(K reason, long more) {
        adders[reason.ordinal()].add(more);
    }

    /** How many there have been, with an entry for each reason. */
    public Map<K, Long> sums() {
        Map<K, Long> sums = LoopCounts.zeros(type);
        sums.replaceAll((reason, zero) -> adders[reason.ordinal()].sum());
        return sums;
    }
}
