package io.fanfare.cli.output;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the known name nearest to an unknown one: the fewest letters to add, leave out, change or swap. */
public final class Nearest {

    private static final int MAX_LENGTH = 80;

    private Nearest() {}

    /**
     * The nearest name, if one is near enough: less than half of the letters differ, and few. The right last word in the
     * wrong section counts as one edit.
     */
    public static Optional<String> of(String written, Collection<String> names) {
        if (written.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        return names.stream()
                .filter(name -> isNear(written, name))
                .min(Comparator.<String>comparingInt(name -> distance(written, name))
                        .thenComparing(Comparator.naturalOrder()));
    }

    private static boolean isNear(String written, String name) {
        int letters = lastWord(written).length();
        int distance = distance(written, name);
        return 2 * distance < letters && distance <= Math.max(2, letters / 3);
    }

    private static int distance(String written, String name) {
        return Math.min(edits(written, name), 1 + edits(lastWord(written), lastWord(name)));
    }

    private static String lastWord(String key) {
        return key.substring(key.lastIndexOf('.') + 1);
    }

    /** Optimal string alignment distance: a row for each letter of {@code a}, computed from the two rows before. */
    private static int edits(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                boolean same = a.charAt(i - 1) == b.charAt(j - 1);
                row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + (same ? 0 : 1));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            beforeLast = last;
            last = row;
        }
        return last[b.length()];
    }
}
