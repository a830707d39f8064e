package io.fanfare.retention;

import io.fanfare.message.Message;
import java.util.ArrayList;
import java.util.List;

/** A bounded part of what a topic keeps, as it is read under the topic's lock. Not thread-safe. */
public final class Part {

    private final int mostMessages;
    private final long mostBytes;
    private final List<Message> messages = new ArrayList<>();
    private long bytes;

    /** An empty part; it takes one message of any size. */
    public Part(int mostMessages, long mostBytes) {
        this.mostMessages = mostMessages;
        this.mostBytes = mostBytes;
    }

    /** Takes a message; false when it is full. */
    boolean add(Message message) {
        if (messages.size() >= mostMessages || bytes >= mostBytes) {
            return false;
        }
        messages.add(message);
        bytes += message.size();
        return true;
    }

    public List<Message> messages() {
        return messages;
    }
}
