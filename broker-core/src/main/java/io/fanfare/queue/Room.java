package io.fanfare.queue;

import io.fanfare.frame.Limits;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.Memory;
import io.fanfare.message.Destination;
import io.fanfare.message.DestinationText;
import io.fanfare.message.Message;
import io.fanfare.options.QueueOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a queue holds, and how much it may: messages that are ready or not settled. Belongs to the queue's lock. */
final class Room {

    private final @Nullable Destination destination;
    private final QueueOptions options;
    private final Memory memory;
    private int messages;
    private long bytes;

    /** Whether what it holds counts no more. */
    private boolean abandoned;

    /**
     * Room of which nothing is taken.
     *
     * @param destination the queue's name; null: it has none
     */
    Room(@Nullable Destination destination, QueueOptions options, Memory memory) {
        this.destination = destination;
        this.options = options;
        this.memory = memory;
    }

    boolean hasRoom(int moreMessages, long moreBytes) {
        return messages + moreMessages <= options.maxQueueMessages() && bytes + moreBytes <= options.maxQueueBytes();
    }

    /**
     * Takes room for messages to come.
     *
     * @throws ProtocolException when there is not as much
     */
    void reserve(List<Message> coming) {
        long size = size(coming);
        if (messages + coming.size() > options.maxQueueMessages()) {
            throw full("%,d messages", messages, options.maxQueueMessages(), "max_queue_messages");
        }
        if (bytes + size > options.maxQueueBytes()) {
            throw full("%,d B", bytes, options.maxQueueBytes(), "max_queue_bytes");
        }
        take(coming.size(), size);
    }

    /** Gives back the room of messages that do not come. */
    void release(List<Message> notComing) {
        take(-notComing.size(), -size(notComing));
    }

    private static long size(List<Message> messages) {
        long size = 0;
        for (int i = 0; i < messages.size(); i++) {
            size += messages.get(i).size();
        }
        return size;
    }

    private ProtocolException full(String unit, long held, long limit, String key) {
        Destination named = destination;
        String name = named != null && named.isShared()
                ? DestinationText.of(named).replace("%", "%%")
                : "the queue of this subscription";
        return new ProtocolException("queue full", Limits.exceeded(name + " holds " + unit, held, limit, key));
    }

    /** Takes room, or with negative numbers gives it back. */
    void take(int moreMessages, long moreBytes) {
        messages += moreMessages;
        bytes += moreBytes;
        if (!abandoned) {
            memory.hold(moreBytes);
        }
    }

    boolean isEmpty() {
        return messages == 0;
    }

    boolean isAbandoned() {
        return abandoned;
    }

    /** The queue's owner has gone: what it holds counts no more. */
    void abandon() {
        if (!abandoned) {
            memory.hold(-bytes);
            abandoned = true;
        }
    }
}
