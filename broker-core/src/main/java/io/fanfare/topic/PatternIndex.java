package io.fanfare.topic;

import java.util.List;
import java.util.function.Consumer;

/** Which loops have subscriptions to which patterns of topics. Shared by all loops, behind a lock of its own. */
final class PatternIndex {

    private final PatternTrie<TopicLoop> loops = new PatternTrie<>();
    private volatile boolean empty = true;

    synchronized void add(List<String> pattern, TopicLoop state) {
        loops.add(pattern, state);
        empty = false;
    }

    synchronized void remove(List<String> pattern, TopicLoop state) {
        loops.remove(pattern, state);
        empty = loops.isEmpty();
    }

    /** Gives each loop that has a pattern which the name matches; once for each such pattern. */
    void loopsFor(List<String> name, Consumer<TopicLoop> found) {
        if (!empty) {
            synchronized (this) {
                loops.match(name, found);
            }
        }
    }

    boolean isEmpty() {
        return empty;
    }

    boolean matches(List<String> name) {
        boolean[] any = new boolean[1];
        loopsFor(name, state -> any[0] = true);
        return any[0];
    }
}
