package io.fanfare.queue;

import io.fanfare.frame.ProtocolException;
import io.fanfare.message.Feed;
import io.fanfare.message.Message;
import io.fanfare.message.MessageFilter;
import io.fanfare.message.TopicMember;
import java.util.function.BiConsumer;

/**
 * Puts a topic's messages into a queue that belongs to one subscription: one that acknowledges, or goes on while its
 * client is away. Owned by the loop it was made on.
 */
public final class QueueBinding implements Feed {

    private final Queues queues;
    private final Queue queue;
    private final String owner;
    private MessageFilter filter;
    private final BiConsumer<ProtocolException, Message> onFull;
    private final boolean composite;
    private boolean active = true;

    /**
     * A feed of a queue.
     *
     * @param owner as {@link TopicMember#owner} says
     * @param onFull told why the queue refuses a message, and which
     * @param destinations how many it is added to
     */
    public QueueBinding(
            Queues queues,
            Queue queue,
            String owner,
            MessageFilter filter,
            BiConsumer<ProtocolException, Message> onFull,
            int destinations) {
        this.queues = queues;
        this.queue = queue;
        this.owner = owner;
        this.filter = filter;
        this.onFull = onFull;
        this.composite = destinations > 1;
    }

    @Override
    public String owner() {
        return owner;
    }

    @Override
    public boolean isActive() {
        return active;
    }

    @Override
    public boolean isComposite() {
        return composite;
    }

    /** Takes other messages from now on. */
    public void filter(MessageFilter newFilter) {
        filter = newFilter;
    }

    public void end() {
        active = false;
    }

    @Override
    public void offer(Message message) {
        if (active && filter.accepts(message)) {
            try {
                queues.offer(queue, message);
            } catch (ProtocolException full) {
                onFull.accept(full, message);
            }
        }
    }
}
