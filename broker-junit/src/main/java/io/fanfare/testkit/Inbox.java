package io.fanfare.testkit;

import io.fanfare.testkit.internal.StompSocket;
import io.fanfare.testkit.wire.StompFrame;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Frames that a connection has received: MESSAGEs by subscription, receipts by name, all else in order. Any thread may
 * call.
 */
final class Inbox implements StompSocket.Listener {

    /** What receipts begin with that the kit asks for itself. */
    static final String OWN = "kit-";

    private final Deque<StompFrame> unread = new ArrayDeque<>();
    private final Map<String, StompFrame> receipts = new HashMap<>();
    private final Map<String, Deque<StompFrame>> subscriptions = new HashMap<>();
    /** Whether a line feed follows each frame, which is no heart-beat. */
    private final boolean lineFeeds;

    /** Whether the next line feed is such a one. */
    private boolean behindFrame;

    private @Nullable StompFrame error;
    private @Nullable CloseStatus end;
    private int heartBeats;

    /**
     * Nothing received.
     *
     * @param lineFeeds whether a line feed follows each frame
     */
    Inbox(boolean lineFeeds) {
        this.lineFeeds = lineFeeds;
    }

    @Override
    public synchronized void received(byte[] octets) {
        if (octets.length == 1) {
            heartBeats += behindFrame ? 0 : 1;
            behindFrame = false;
        } else {
            behindFrame = lineFeeds;
            sort(StompFrame.parse(Arrays.copyOf(octets, octets.length - 1)));
        }
        notifyAll();
    }

    private void sort(StompFrame frame) {
        String receipt = frame.find("receipt-id").orElse("");
        Deque<StompFrame> messages = frame.command().equals("MESSAGE")
                ? subscriptions.get(frame.find("subscription").orElse(""))
                : null;
        if (messages != null) {
            messages.add(frame);
        } else if (receipt.startsWith(OWN)) {
            receipts.put(receipt, frame);
        } else {
            unread.add(frame);
        }
        if (frame.command().equals("ERROR")) {
            error = frame;
        }
    }

    @Override
    public synchronized void ended(int code, String reason) {
        end = new CloseStatus(code, reason);
        notifyAll();
    }

    /** Has the messages of a subscription kept apart from now on. */
    synchronized Deque<StompFrame> subscription(String id) {
        return subscriptions.computeIfAbsent(id, unused -> new ArrayDeque<>());
    }

    /** The messages of a subscription that were not taken. */
    synchronized List<StompFrame> messages(String id) {
        return List.copyOf(subscription(id));
    }

    /** The next message of a subscription. */
    StompFrame nextMessage(String id, Duration most, String what) {
        return await(() -> subscription(id).poll(), most, what);
    }

    /** The next frame that is neither a message of a subscription nor a receipt of the kit. */
    StompFrame next(Duration most, String what) {
        return await(unread::poll, most, what);
    }

    /** The answer to a frame that asked for a receipt of the kit: RECEIPT, or ERROR. */
    StompFrame answer(String receipt, Duration most, String what) {
        return await(() -> receipts.get(receipt), most, what);
    }

    /** Waits for the end of the connection. */
    CloseStatus awaitEnd(Duration most) {
        return await(() -> end, most, "the end of the connection");
    }

    /** Waits until so many heart-beats have come since the connection was opened. */
    void awaitHeartBeats(int count, Duration most) {
        await(() -> heartBeats >= count ? true : null, most, count + " heart-beats");
    }

    synchronized int heartBeats() {
        return heartBeats;
    }

    synchronized boolean hasEnded() {
        return end != null;
    }

    /** Whether a frame, or a message of a subscription, has come that was not taken. */
    synchronized @Nullable StompFrame peek() {
        return unread.peek();
    }

    private synchronized <T> T await(Supplier<@Nullable T> look, Duration most, String what) {
        long deadline = System.nanoTime() + most.toNanos();
        T found = look.get();
        while (found == null) {
            long left = deadline - System.nanoTime();
            if (end != null || left <= 0) {
                throw new AssertionError(
                        "expected " + what + (end != null ? "" : " within " + most.toMillis() + " ms") + state());
            }
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting for " + what, e);
            }
            found = look.get();
        }
        return found;
    }

    private String state() {
        StringBuilder text = new StringBuilder();
        if (error != null) {
            text.append("\nthe broker has sent\n").append(error);
        }
        if (end != null) {
            text.append("\nthe connection has ended: ").append(end);
        }
        if (!unread.isEmpty()) {
            text.append("\nnot yet looked at:");
            unread.stream().limit(10).forEach(frame -> text.append('\n').append(frame));
        }
        return text.toString();
    }
}
