package io.fanfare.spring;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.MessageHandler;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.messaging.support.ExecutorChannelInterceptor;
import org.springframework.messaging.support.InterceptableChannel;

/**
 * Bounded buffer of messages on their way through Spring's outbound channel to one client. The next one is given to the
 * channel when the one before has been handled: so their order stays, whatever threads the channel has, and what waits here
 * is what a slow client has not taken. Any thread may call.
 */
final class OutboundBuffer {

    /** Bytes that may wait here. The rest waits in the broker's outbox, where its limits and policies count. */
    static final int MAX_BYTES = 64 << 10;

    /** What a message takes beside its payload, about. */
    private static final int OVERHEAD_BYTES = 256;

    private static final Logger LOG = LoggerFactory.getLogger(OutboundBuffer.class);

    /** A message's header that holds its {@link Ticket}; not a header of STOMP, so that no client sees it. */
    private static final String HEADER = "fanfareTicket";

    /** One message, under way. */
    record Ticket(OutboundBuffer buffer, int bytes) {

        /** Identity, not value: two messages of a size are not the same. */
        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    private record Waiting(Ticket ticket, Message<byte[]> message) {}

    /** Tells buffers that the channel's handler is done with a message. */
    private static final ExecutorChannelInterceptor HANDLED = new ExecutorChannelInterceptor() {
        @Override
        public void afterMessageHandled(
                Message<?> message, MessageChannel channel, MessageHandler handler, @Nullable Exception failure) {
            if (message.getHeaders().get(HEADER) instanceof Ticket ticket) {
                ticket.buffer().handled(ticket);
            }
        }
    };

    private final MessageChannel channel;
    private final Runnable onRoom;
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private @Nullable Ticket underWay;
    private long bytes;
    private boolean roomIsWanted;

    /** Whether a thread is giving messages to the channel. */
    private boolean pumping;

    /**
     * An empty buffer.
     *
     * @param onRoom called by any thread, once for each {@link #awaitRoom}
     */
    OutboundBuffer(MessageChannel channel, Runnable onRoom) {
        this.channel = channel;
        this.onRoom = onRoom;
    }

    /** Has buffers told of what the handler of their channel has done. */
    static void watch(InterceptableChannel channel) {
        // the first one: of a message that an interceptor drops, the channel tells those before it alone. All anew:
        // adding
        // one at a place puts it behind the others where they are about handling
        List<ChannelInterceptor> all = new ArrayList<>(channel.getInterceptors());
        all.add(0, HANDLED);
        channel.setInterceptors(all);
    }

    static void unwatch(InterceptableChannel channel) {
        channel.removeInterceptor(HANDLED);
    }

    synchronized boolean hasRoom() {
        return bytes < MAX_BYTES;
    }

    void awaitRoom() {
        synchronized (this) {
            roomIsWanted = bytes >= MAX_BYTES;
            if (roomIsWanted) {
                return;
            }
        }
        onRoom.run();
    }

    /**
     * Sends a message behind the others.
     *
     * @param made makes it, with the headers that are given to it as its own
     */
    void send(int payloadBytes, Function<Stamp, Message<byte[]>> made) {
        Ticket ticket = new Ticket(this, payloadBytes + OVERHEAD_BYTES);
        Message<byte[]> message = made.apply(new Stamp(HEADER, ticket));
        synchronized (this) {
            bytes += ticket.bytes();
            waiting.add(new Waiting(ticket, message));
        }
        pump();
    }

    /** A header that a message carries through the channel. */
    record Stamp(String name, Ticket value) {}

    /** Forgets what has not been given to the channel. */
    synchronized void drop() {
        waiting.forEach(each -> bytes -= each.ticket().bytes());
        waiting.clear();
    }

    private void handled(Ticket ticket) {
        boolean room;
        synchronized (this) {
            // a channel with several handlers tells of each
            if (underWay != ticket) {
                return;
            }
            underWay = null;
            bytes -= ticket.bytes();
            room = roomIsWanted && bytes <= MAX_BYTES / 2;
            roomIsWanted &= !room;
        }
        if (room) {
            onRoom.run();
        }
        pump();
    }

    /** A loop, not a recursion: a channel without threads has handled a message before {@code send} returns. */
    private void pump() {
        Waiting next = takeNext(true);
        while (next != null) {
            give(next);
            next = takeNext(false);
        }
    }

    private synchronized @Nullable Waiting takeNext(boolean first) {
        if (first && pumping) {
            return null;
        }
        Waiting next = underWay == null ? waiting.poll() : null;
        pumping = next != null;
        underWay = next == null ? underWay : next.ticket();
        return next;
    }

    private void give(Waiting next) {
        boolean sent = false;
        try {
            sent = channel.send(next.message());
        } catch (RuntimeException e) {
            LOG.debug("a message could not be sent to {}", channel, e);
        }
        if (!sent) {
            // an interceptor has refused it, or the application ends
            handled(next.ticket());
        }
    }
}
