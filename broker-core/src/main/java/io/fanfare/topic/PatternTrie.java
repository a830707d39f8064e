package io.fanfare.topic;

import io.fanfare.message.TopicName;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Finds the patterns that a name matches, at a cost that depends on the name's words, and on the places in which wildcards
 * stand in patterns, which {@link PatternIndex} limits; not on how many patterns there are. Not thread-safe.
 */
public final class PatternTrie<T> {

    private final Node<T> root = new Node<>();

    /** A value that was added to a pattern, once or more often. */
    public static final class Entry<T> {

        private final T value;
        private final long first;
        private long last;
        private int count;

        Entry(T value, long number) {
            this.value = value;
            this.first = number;
        }

        public T value() {
            return value;
        }

        /** The number that it was added with first. */
        public long first() {
            return first;
        }

        /** The number that it was added with last. */
        public long last() {
            return last;
        }

        /** How often it has been added and not removed. */
        public int count() {
            return count;
        }
    }

    private static final class Node<T> {
        final Map<String, Node<T>> children = new HashMap<>(2);
        final Map<T, Entry<T>> values = new LinkedHashMap<>(2);

        boolean isEmpty() {
            return children.isEmpty() && values.isEmpty();
        }
    }

    /**
     * Adds a value to a pattern.
     *
     * @param number what the caller knows this addition by
     */
    public void add(List<String> pattern, T value, long number) {
        Node<T> node = root;
        for (String word : pattern) {
            node = node.children.computeIfAbsent(word, w -> new Node<>());
        }
        Entry<T> entry = node.values.computeIfAbsent(value, v -> new Entry<>(v, number));
        entry.last = number;
        entry.count++;
    }

    /** Removes the value once; false when it is not there. */
    public boolean remove(List<String> pattern, T value) {
        return remove(root, pattern, 0, value);
    }

    private boolean remove(Node<T> node, List<String> pattern, int depth, T value) {
        if (depth == pattern.size()) {
            Entry<T> entry = node.values.get(value);
            if (entry != null && --entry.count == 0) {
                node.values.remove(value);
            }
            return entry != null;
        }
        Node<T> child = node.children.get(pattern.get(depth));
        boolean removed = child != null && remove(child, pattern, depth + 1, value);
        if (child != null && child.isEmpty()) {
            node.children.remove(pattern.get(depth));
        }
        return removed;
    }

    public boolean isEmpty() {
        return root.isEmpty();
    }

    /** Gives the values of all patterns that the name matches, once for each of these patterns. */
    public void match(List<String> name, Consumer<Entry<T>> found) {
        match(root, name, 0, found);
    }

    private void match(Node<T> node, List<String> name, int depth, Consumer<Entry<T>> found) {
        if (node.children.isEmpty() && depth < name.size()) {
            return;
        }
        if (depth == name.size()) {
            node.values.values().forEach(found);
            // the rest may be empty, whatever would have separated it
            giveRest(node, "", found);
            giveRest(node, ".", found);
            giveRest(node, "/", found);
            return;
        }
        String word = name.get(depth);
        String separator = TopicName.separator(word);
        giveRest(node, separator, found);
        Node<T> any = node.children.get(TopicName.one(separator));
        if (any != null) {
            match(any, name, depth + 1, found);
        }
        Node<T> exact = node.children.get(word);
        if (exact != null) {
            match(exact, name, depth + 1, found);
        }
    }

    private void giveRest(Node<T> node, String separator, Consumer<Entry<T>> found) {
        Node<T> rest = node.children.get(TopicName.rest(separator));
        if (rest != null) {
            rest.values.values().forEach(found);
        }
    }
}
