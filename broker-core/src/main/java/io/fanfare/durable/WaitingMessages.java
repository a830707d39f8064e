package io.fanfare.durable;

import io.fanfare.loop.EventLoop;
import io.fanfare.loop.LongJobs;
import io.fanfare.loop.Memory;
import io.fanfare.loop.Timer;
import io.fanfare.message.Message;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Messages of one backlog by their numbers, and those that come back to it later, with their account with the broker's
 * {@link Memory}: a message that others keep too counts in full for the limits of this one, and once there. Owned by the loop of
 * the backlog.
 */
final class WaitingMessages {

    /** What a message takes beside what others keep of it too: its place among those that wait. */
    static final long ENTRY_BYTES = 96;

    /** A message that comes back when its time has passed. */
    private final class Returning {

        private final Message message;
        private final Timer timer;
        private boolean ended;

        Returning(Message message, Duration time, Runnable then) {
            this.message = message;
            this.timer = loop.schedule(time, () -> {
                if (end()) {
                    then.run();
                }
            });
        }

        /** Lets go of it; false: that is done already. */
        private boolean end() {
            if (ended) {
                return false;
            }
            ended = true;
            returning.remove(this);
            letGo(message);
            return true;
        }

        private void cancel() {
            if (end()) {
                timer.cancel();
            }
        }
    }

    private final EventLoop loop;
    private final Memory memory;
    private TreeMap<Long, Message> byNumber = new TreeMap<>();
    private Set<Returning> returning = new HashSet<>(0);
    private long bytes;

    WaitingMessages(EventLoop loop, Memory memory) {
        this.loop = loop;
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
        assert loop.isCurrent();
        keep(message);
        bytes += message.size();
        Message before = byNumber.put(number, message);
        if (before != null) {
            gone(before);
        }
    }

    @Nullable
    Message remove(long number) {
        assert loop.isCurrent();
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

    /** Keeps a message, which has no number meanwhile, for a time; then what is to be done with it is done, unless all are forgotten before. */
    void keep(Message message, Duration time, Runnable then) {
        assert loop.isCurrent();
        keep(message);
        returning.add(new Returning(message, time, then));
    }

    private void keep(Message message) {
        memory.hold(ENTRY_BYTES + (message.keep() ? message.size() : 0));
    }

    private void letGo(Message message) {
        memory.hold(-(ENTRY_BYTES + (message.letGo() ? message.size() : 0)));
    }

    /**
     * Forgets all of them.
     *
     * @return lets go of them, step by step
     */
    LongJobs.Job clear() {
        assert loop.isCurrent();
        Iterator<Message> left = byNumber.values().iterator();
        Iterator<Returning> later = returning.iterator();
        byNumber = new TreeMap<>();
        returning = new HashSet<>(0);
        bytes = 0;
        return steps -> {
            for (int i = 0; i < steps && left.hasNext(); i++) {
                letGo(left.next());
            }
            for (int i = 0; i < steps && later.hasNext(); i++) {
                later.next().cancel();
            }
            return left.hasNext() || later.hasNext();
        };
    }
}
