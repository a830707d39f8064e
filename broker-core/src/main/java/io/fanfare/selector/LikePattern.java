package io.fanfare.selector;

import java.util.List;

/**
 * The pattern of a LIKE, cut at each {@code %} into runs of characters. The first run stands at the start of a text,
 * the last at its end, and those between are found in order, each as early as it can be: what an earlier place leaves
 * over includes all that a later one would, so no choice is ever taken back.
 */
final class LikePattern {
    /** In a run: the place of {@code _}, any one character. No code point is negative. */
    static final int ANY = -1;

    final int[] head;
    final List<LikeRun> middle;
    final int[] tail;

    /** Whether there is no {@code %}; then head is all of the pattern, and tail is empty. */
    final boolean isWhole;

    /** Runs of code points and {@link #ANY}, at least one, with a {@code %} between each two. */
    LikePattern(List<int[]> runs) {
        int last = runs.size() - 1;
        isWhole = last == 0;
        head = runs.get(0);
        tail = isWhole ? new int[0] : runs.get(last);
        middle = isWhole
                ? List.of()
                : runs.subList(1, last).stream()
                        .filter(run -> run.length > 0) // %% is %
                        .map(LikeRun::new)
                        .toList();
    }

    /** About what it takes in memory. */
    long bytes() {
        long bytes = 4L * (head.length + tail.length);
        for (LikeRun run : middle) {
            bytes += run.bytes();
        }
        return bytes;
    }

    boolean matches(String text) {
        return new LikeMatch(this, text).run();
    }
}
