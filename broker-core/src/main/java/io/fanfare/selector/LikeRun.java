package io.fanfare.selector;

import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Characters to be found somewhere in a text, by Shift-And (Baeza-Yates and Gonnet, 1992): bit i of the state says
 * whether the first i + 1 characters of the run end where the reader is. A step moves 64 of them at once, so however
 * the text teases the run, each character of the text is read once.
 *
 * <p>The tables take room in proportion to the run: a character has entries only for those words of the state in which
 * the run wants it.
 */
final class LikeRun {
    private final int length;
    private final long[] any;
    private final int[] characters;
    private final Places[] places;

    /** At least one code point or {@link LikePattern#ANY}. */
    LikeRun(int[] run) {
        length = run.length;
        any = new long[(length - 1) / Long.SIZE + 1];
        SortedMap<Integer, SortedMap<Integer, Long>> bits = new TreeMap<>();
        for (int i = 0; i < length; i++) {
            long bit = 1L << i; // Java takes i modulo 64
            if (run[i] == LikePattern.ANY) {
                any[i / Long.SIZE] |= bit;
            } else {
                bits.computeIfAbsent(run[i], character -> new TreeMap<>())
                        .merge(i / Long.SIZE, bit, (some, more) -> some | more);
            }
        }
        characters = bits.keySet().stream().mapToInt(Integer::intValue).toArray();
        places = bits.values().stream().map(Places::new).toArray(Places[]::new);
    }

    /** How much there is to do for each character of a text. */
    int words() {
        return any.length;
    }

    /** About what it takes in memory: for each of its characters an object with two arrays. */
    long bytes() {
        long bytes = 120 + 8L * any.length;
        for (Places each : places) {
            bytes += 80 + 12L * each.words.length;
        }
        return bytes;
    }

    /** The state before the first character is read: nothing of the run is found. */
    long[] start() {
        return new long[words()];
    }

    void read(int character, long[] state) {
        int index = Arrays.binarySearch(characters, character);
        Places here = index < 0 ? Places.NONE : places[index];
        int entry = 0;
        long carry = 1; // the run may begin at any character
        for (int word = 0; word < state.length; word++) {
            long accepted = any[word];
            if (entry < here.words.length && here.words[entry] == word) {
                accepted |= here.bits[entry++];
            }
            long reached = state[word] << 1 | carry;
            carry = state[word] >>> (Long.SIZE - 1);
            state[word] = reached & accepted;
        }
    }

    /** Whether the run ends with the character read last. */
    boolean isFound(long[] state) {
        return (state[state.length - 1] >>> (length - 1) & 1) != 0;
    }

    /** Where in the run one character is wanted: words of the state in ascending order, and the bits in each. */
    private static final class Places {
        static final Places NONE = new Places(Map.of());

        final int[] words;
        final long[] bits;

        Places(Map<Integer, Long> byWord) {
            words = byWord.keySet().stream().mapToInt(Integer::intValue).toArray();
            bits = byWord.values().stream().mapToLong(Long::longValue).toArray();
        }
    }
}
