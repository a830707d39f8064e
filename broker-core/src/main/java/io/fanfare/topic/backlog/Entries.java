package io.fanfare.topic.backlog;

import io.fanfare.message.Destination;
import io.fanfare.topic.backlog.Backlog.Entry;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The entries of a backlog, the oldest first. */
sealed interface Entries {

    int size();

    /** Takes one as the newest, under its key. */
    void add(@Nullable Key key, Entry entry);

    /** Takes the one of a key out; null: there is none. */
    @Nullable
    Entry remove(Key key);

    /** Takes the oldest out; null when there is none. */
    @Nullable
    Entry poll();

    /** Has the oldest one tell of a loss, too; false when there is none. */
    boolean tell(long lost, long firstLost);

    void forEach(Consumer<Entry> action);

    /** What a message replaces an earlier one by: equal values of two topics have nothing to do with each other. */
    record Key(Destination topic, String value) {}

    /**
     * Entries without keys. For each subscriber that takes nothing, each message comes here: that makes no object, unless it tells
     * of a loss, as all backlogs share the entry.
     */
    final class InOrder implements Entries {

        private ArrayDeque<Entry> entries = new ArrayDeque<>(0);

        /** What the oldest tells beside what it says itself. */
        private long lost;

        private long firstLost = Long.MAX_VALUE;

        @Override
        public int size() {
            return entries.size();
        }

        @Override
        public void add(@Nullable Key key, Entry entry) {
            entries.add(entry);
        }

        @Override
        public @Nullable Entry remove(Key key) {
            return null;
        }

        @Override
        public @Nullable Entry poll() {
            Entry entry = told(entries.poll());
            lost = 0;
            firstLost = Long.MAX_VALUE;
            if (entries.isEmpty()) {
                // it keeps the room that it has needed once
                entries = new ArrayDeque<>(0);
            }
            return entry;
        }

        private @Nullable Entry told(@Nullable Entry oldest) {
            return oldest == null || lost == 0 ? oldest : oldest.behind(lost, firstLost);
        }

        @Override
        public boolean tell(long more, long first) {
            if (entries.isEmpty()) {
                return false;
            }
            lost += more;
            firstLost = Math.min(firstLost, first);
            return true;
        }

        @Override
        public void forEach(Consumer<Entry> action) {
            Entry oldest = told(entries.peek());
            if (oldest != null) {
                action.accept(oldest);
                entries.stream().skip(1).forEach(action);
            }
        }
    }

    /** Entries of which each takes the place of an earlier one with its key. */
    final class ByKey implements Entries {

        private static final Map<Key, Entry> NONE = Map.of();

        private Map<Key, Entry> entries = NONE;

        @Override
        public int size() {
            return entries.size();
        }

        @Override
        public void add(@Nullable Key key, Entry entry) {
            if (entries == NONE) {
                entries = new LinkedHashMap<>(4);
            }
            entries.put(Objects.requireNonNull(key), entry);
        }

        @Override
        public @Nullable Entry remove(Key key) {
            // the next one takes its place: an empty map need not go
            return entries.containsKey(key) ? entries.remove(key) : null;
        }

        @Override
        public @Nullable Entry poll() {
            Iterator<Entry> oldest = entries.values().iterator();
            if (!oldest.hasNext()) {
                return null;
            }
            Entry entry = oldest.next();
            oldest.remove();
            if (entries.isEmpty()) {
                // a map keeps the room that it has needed once
                entries = NONE;
            }
            return entry;
        }

        @Override
        public boolean tell(long lost, long firstLost) {
            Iterator<Map.Entry<Key, Entry>> all = entries.entrySet().iterator();
            if (!all.hasNext()) {
                return false;
            }
            Map.Entry<Key, Entry> oldest = all.next();
            oldest.setValue(oldest.getValue().behind(lost, firstLost));
            return true;
        }

        @Override
        public void forEach(Consumer<Entry> action) {
            entries.values().forEach(action);
        }
    }
}
