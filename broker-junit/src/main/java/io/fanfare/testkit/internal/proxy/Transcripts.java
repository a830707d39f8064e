package io.fanfare.testkit.internal.proxy;

import java.util.ArrayDeque;

/** The frames of all connections since the last clear, as text: the last 2,000 of them, and a million characters. */
public final class Transcripts {

    private static final int MOST_ENTRIES = 2_000;
    private static final int MOST_CHARS = 1_000_000;

    private final ArrayDeque<String> entries = new ArrayDeque<>();
    private final long start = System.nanoTime();
    private int chars;
    private long forgotten;

    synchronized void add(String connection, String what) {
        String entry = (System.nanoTime() - start) / 1_000_000 + " ms  " + connection + "  " + what;
        entries.add(entry);
        chars += entry.length();
        while (entries.size() > MOST_ENTRIES || chars > MOST_CHARS) {
            chars -= entries.remove().length();
            forgotten++;
        }
    }

    public synchronized void clear() {
        entries.clear();
        chars = 0;
        forgotten = 0;
    }

    /** All that is kept, in the order in which it came. */
    public synchronized String text() {
        return (forgotten > 0 ? "(" + forgotten + " earlier frames are not kept)\n" : "") + String.join("\n", entries);
    }
}
