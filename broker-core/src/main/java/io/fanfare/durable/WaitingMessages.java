package io.fanfare.durable;

import io.fanfare.loop.LongJobs;
import io.fanfare.loop.Memory;
import io.fanfare.message.Message;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Messages of one backlog by their numbers, and their account with the broker's {@link Memory}: a message that others keep too
 * counts in full for the limits of this one, and once there. Owned by the loop of the backlog.
 */
final class WaitingMessages {

    /** What a message takes beside what others keep of it too: its place among those that wait. */
    static final long ENTRY_BYTES = 96;

    private final Memory memory;
    private TreeMap<Long, Message> byNumber = new TreeMap<>();
    private long bytes;

    WaitingMessages(Memory memory) {
        this.memory = memory;
    }

    boolean isEmpty() {
        return byNumber.isEmpty();
    }

    int size() {
        return byNumber.size();
    }

    /** What all of them are, in full. */
    long bytes() {
        return bytes;
    }

    long first() {
        return byNumber.firstKey();
    }

    NavigableSet<Long> numbers() {
        return byNumber.navigableKeySet();
    }

    void put(long number, Message message) {
        keep(message);
        bytes += message.size();
        Message before = byNumber.put(number, message);
        if (before != null) {
            gone(before);
        }
    }

    @Nullable
    Message remove(long number) {
        Message message = byNumber.remove(number);
        if (message != null) {
            gone(message);
        }
        return message;
    }

    private void gone(Message message) {
        bytes -= message.size();
        letGo(message);
    }

    /** Counts a message that is kept, here or elsewhere in the backlog. */
    void keep(Message message) {
        memory.hold(ENTRY_BYTES + (message.keep() ? message.size() : 0));
    }

    /** It is kept no longer. */
    void letGo(Message message) {
        memory.hold(-(ENTRY_BYTES + (message.letGo() ? message.size() : 0)));
    }

    /**
     * Forgets all of them.
     *
     * @return lets go of them, step by step
     */
    LongJobs.Job clear() {
        Iterator<Map.Entry<Long, Message>> left = byNumber.entrySet().iterator();
        byNumber = new TreeMap<>();
        bytes = 0;
        return steps -> {
            for (int i = 0; i < steps && left.hasNext(); i++) {
                letGo(left.next().getValue());
            }
            return left.hasNext();
        };
    }
}
