package io.fanfare.queue;

import io.fanfare.loop.Memory;
import io.fanfare.message.Message;
import io.fanfare.queue.QueueConsumer.Cursor;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A queue's message groups, and which consumer has each. A group with messages in the queue is kept; one without is only
 * remembered for its consumer, and forgotten, the oldest first, when the names take too much. Belongs to the queue's lock.
 */
final class Groups {

    /** What names of groups without messages may take. */
    static final long MAX_IDLE_BYTES = 2L << 20;

    /** What a group takes beside its name. */
    private static final long OVERHEAD_BYTES = 192;

    /** Groups that are forgotten at a time. */
    private static final int FORGOTTEN_AT_ONCE = 100;

    private static final class Group {
        final String name;

        /** The consumer that has it; null: none yet. */
        @Nullable
        Cursor owner;

        /** Messages that are ready or not settled. */
        int messages;

        Group(String name) {
            this.name = name;
        }

        long bytes() {
            return OVERHEAD_BYTES + name.length();
        }

        boolean hasOwner() {
            return owner != null && !owner.hasGone();
        }
    }

    private final Memory memory;
    private Map<String, Group> byName = new HashMap<>(0);

    /** Those without messages, the one that has been so for longest first. */
    private Set<Group> idle = new LinkedHashSet<>(0);

    private long idleBytes;

    /** What all of them take. */
    private long bytes;

    Groups(Memory memory) {
        this.memory = memory;
    }

    boolean isEmpty() {
        return byName.isEmpty();
    }

    /** A message has come into the queue; it may have no group. */
    void came(Message message) {
        String name = message.properties().group();
        if (name == null) {
            return;
        }
        Group group = byName.get(name);
        if (group == null) {
            group = new Group(name);
            byName.put(name, group);
            hold(group.bytes());
        }
        if (group.messages++ == 0 && idle.remove(group)) {
            idleBytes -= group.bytes();
        }
    }

    /** A message has left the queue for good; it may have no group. */
    void went(Message message) {
        String name = message.properties().group();
        Group group = name == null ? null : byName.get(name);
        if (group == null || --group.messages > 0) {
            return;
        }
        if (group.hasOwner()) {
            idle.add(group);
            idleBytes += group.bytes();
            forgetOldest(memory.isFull() ? 0 : MAX_IDLE_BYTES);
        } else {
            forget(group);
        }
    }

    /** The queue has no consumer any more: no group without messages is remembered. */
    void consumersHaveGone() {
        if (byName.size() == idle.size()) {
            clear();
        } else {
            forgetOldest(0);
        }
    }

    private void forgetOldest(long most) {
        for (int i = 0; i < FORGOTTEN_AT_ONCE && idleBytes > most; i++) {
            Group oldest = idle.iterator().next();
            idle.remove(oldest);
            idleBytes -= oldest.bytes();
            forget(oldest);
        }
    }

    private void forget(Group group) {
        byName.remove(group.name);
        hold(-group.bytes());
    }

    private void hold(long more) {
        bytes += more;
        memory.hold(more);
    }

    /** The consumer that has the group; null: none. */
    @Nullable
    Cursor owner(String name) {
        Group group = byName.get(name);
        return group != null && group.hasOwner() ? group.owner : null;
    }

    /** The group is this consumer's from now on. */
    void own(String name, Cursor owner) {
        Group group = byName.get(name);
        if (group == null) {
            return;
        }
        Cursor before = group.owner;
        if (before != null && before != owner) {
            // others were refused for it, and will have to be asked again when this one goes
            owner.reserve(before.reserved());
        }
        group.owner = owner;
    }

    /** Forgets all of them. */
    void clear() {
        hold(-bytes);
        idleBytes = 0;
        byName = new HashMap<>(0);
        idle = new LinkedHashSet<>(0);
    }
}
