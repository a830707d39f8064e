package io.fanfare.client;

import io.fanfare.frame.Frame;
import io.fanfare.frame.HeaderNames;
import io.fanfare.frame.Headers;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The map of a {@link Live}, and what patches are to. Guarded by its follower's lock, but for the view. */
final class LiveValues {

    private static final HeaderNames OF_A_PATCH = HeaderNames.of("delta", "content-length");

    /** A value that a patch may come for: by what the broker keeps it by, which a {@code retain-key} says first. */
    private record Base(String destination, String key) {

        static Base of(Frame message, String key) {
            return new Base(
                    message.required("destination"),
                    message.headers().find("retain-key").orElse(key));
        }
    }

    private final Map<String, Frame> values = new ConcurrentHashMap<>();
    private final Map<Base, byte[]> bases = new HashMap<>();
    private final Function<Frame, @Nullable String> key;
    private final Consumer<Live.Change> onChange;

    /** The keys that the snapshot has brought; null: none is taken. */
    private @Nullable Set<String> snapshot;

    LiveValues(Function<Frame, @Nullable String> key, Consumer<Live.Change> onChange) {
        this.key = key;
        this.onChange = onChange;
    }

    Map<String, Frame> view() {
        return Collections.unmodifiableMap(values);
    }

    boolean isSnapshot() {
        return snapshot != null;
    }

    /** A new subscription begins, with a snapshot or without: patches are to what it brings. */
    void begin(boolean withSnapshot) {
        bases.clear();
        snapshot = withSnapshot ? new HashSet<>() : null;
    }

    /** The snapshot was none: what the map has stays. */
    void dropSnapshot() {
        snapshot = null;
    }

    /** The snapshot is complete: what it does not have goes. */
    void endSnapshot() {
        Set<String> brought = snapshot;
        if (brought != null) {
            List.copyOf(values.keySet()).stream()
                    .filter(key -> !brought.contains(key))
                    .forEach(this::remove);
            snapshot = null;
        }
    }

    String keyOf(Frame message) {
        String destination = message.required("destination");
        String own = null;
        try {
            own = key.apply(message);
        } catch (RuntimeException e) {
            Callbacks.log(new StompException("no key of a message of " + destination, e));
        }
        return own != null ? own : message.headers().find("retain-key").orElse(destination);
    }

    /** The message with its whole body; null where it is a patch to a value that is not known. */
    @Nullable
    Frame whole(String key, Frame message, @Nullable BinaryOperator<byte[]> mergePatch) {
        if (!message.headers().has("delta", "merge-patch")) {
            return message;
        }
        byte[] base = bases.get(Base.of(message, key));
        if (base == null || mergePatch == null) {
            return null;
        }
        Headers headers = message.headers().without(OF_A_PATCH);
        return new Frame(message.command(), headers, mergePatch.apply(base, message.body()));
    }

    /** Sets a value; as a base too, where patches may come. */
    void set(String key, Frame value, boolean asBase) {
        if (asBase) {
            bases.put(Base.of(value, key), value.body());
        }
        if (snapshot != null) {
            snapshot.add(key);
        }
        Frame previous = values.put(key, value);
        // a snapshot repeats what has not changed
        if (snapshot == null || previous == null || !Arrays.equals(previous.body(), value.body())) {
            onChange.accept(new Live.Change(key, value, previous, snapshot != null));
        }
    }

    void remove(String key, Frame message) {
        bases.remove(Base.of(message, key));
        remove(key);
    }

    private void remove(String key) {
        Frame previous = values.remove(key);
        if (previous != null) {
            onChange.accept(new Live.Change(key, null, previous, snapshot != null));
        }
    }
}
