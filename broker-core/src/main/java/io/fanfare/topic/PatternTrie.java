package io.fanfare.topic;

import io.fanfare.message.TopicName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Finds the patterns that a name matches, at a cost that depends on the name's words and not on how many patterns there
 * are. Not thread-safe.
 */
public final class PatternTrie<T> {

    private final Node<T> root = new Node<>();

    private static final class Node<T> {
        final Map<String, Node<T>> children = new HashMap<>(2);
        final List<T> values = new ArrayList<>(1);

        boolean isEmpty() {
            return children.isEmpty() && values.isEmpty();
        }
    }

    public void add(List<String> pattern, T value) {
        Node<T> node = root;
        for (String word : pattern) {
            node = node.children.computeIfAbsent(word, w -> new Node<>());
        }
        node.values.add(value);
    }

    /** Removes the value once. */
    public void remove(List<String> pattern, T value) {
        remove(root, pattern, 0, value);
    }

    private void remove(Node<T> node, List<String> pattern, int depth, T value) {
        if (depth == pattern.size()) {
            node.values.remove(value);
            return;
        }
        Node<T> child = node.children.get(pattern.get(depth));
        if (child != null) {
            remove(child, pattern, depth + 1, value);
            if (child.isEmpty()) {
                node.children.remove(pattern.get(depth));
            }
        }
    }

    public boolean isEmpty() {
        return root.isEmpty();
    }

    /** Gives every value whose pattern the name matches; a value added twice comes twice. */
    public void match(List<String> name, Consumer<T> found) {
        match(root, name, 0, found);
    }

    private void match(Node<T> node, List<String> name, int depth, Consumer<T> found) {
        if (node.children.isEmpty() && depth < name.size()) {
            return;
        }
        if (depth == name.size()) {
            node.values.forEach(found);
            // the rest may be empty, whatever would have separated it
            giveRest(node, "", found);
            giveRest(node, ".", found);
            giveRest(node, "/", found);
            return;
        }
        String word = name.get(depth);
        String separator = TopicName.separator(word);
        giveRest(node, separator, found);
        Node<T> any = node.children.get(separator + "*");
        if (any != null) {
            match(any, name, depth + 1, found);
        }
        Node<T> exact = node.children.get(word);
        if (exact != null) {
            match(exact, name, depth + 1, found);
        }
    }

    private void giveRest(Node<T> node, String separator, Consumer<T> found) {
        Node<T> rest = node.children.get(separator + "#");
        if (rest != null) {
            rest.values.forEach(found);
        }
    }
}
