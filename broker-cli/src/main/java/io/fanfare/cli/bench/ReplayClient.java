package io.fanfare.cli.bench;

import io.fanfare.frame.Command;
import io.fanfare.frame.Frame;
import io.fanfare.frame.Headers;
import java.io.IOException;
import java.nio.channels.Selector;
import org.jspecify.annotations.Nullable;

/** A connection that subscribes when it is told to, and counts what its topic has kept for it. */
final class ReplayClient extends StompConnection {

    private final MessageScanner scanner = new MessageScanner();
    private final String topic;
    private long received;
    private long bytes;
    private @Nullable Headers receipt;

    /** When the number of messages was reached that it waits for, in nanoseconds; 0: not yet. */
    private long completedAt;

    private long awaited = Long.MAX_VALUE;

    ReplayClient(Workload workload, String topic, Selector selector) throws IOException {
        super(workload, selector);
        this.topic = topic;
    }

    /** Subscribes, with these headers too; the RECEIPT has where it begins. */
    void subscribe(Headers more, long messages) {
        awaited = messages;
        send(Frame.of(
                Command.SUBSCRIBE,
                Headers.of("id", "0", "destination", topic, "receipt", "subscribed")
                        .with(more)));
        flush();
    }

    /** The headers of the last RECEIPT; null: none came. */
    @Nullable
    Headers receipt() {
        return receipt;
    }

    void forgetReceipt() {
        receipt = null;
    }

    long received() {
        return received;
    }

    /** Bytes of the messages that have come. */
    long bytes() {
        return bytes;
    }

    /** When the messages that it waits for were there, in nanoseconds; 0: they are not. */
    long completedAt() {
        return completedAt;
    }

    @Override
    void loggedIn() {
        ready();
    }

    @Override
    void receipt(Frame frame) {
        receipt = frame.headers();
    }

    @Override
    void beforeRead() {}

    @Override
    int messages(byte[] buffer, int from, int to) {
        int at = from;
        int next = scanner.scan(buffer, at, to);
        while (next > at) {
            count(next - at);
            at = next;
            next = scanner.scan(buffer, at, to);
        }
        return at;
    }

    @Override
    void message(Frame message) {
        count(message.headers().bytes() + message.body().length);
    }

    private void count(int length) {
        received++;
        bytes += length;
    }

    @Override
    void afterRead() {
        if (completedAt == 0 && received >= awaited) {
            completedAt = System.nanoTime();
        }
    }
}
