package io.fanfare.server;

import io.fanfare.broker.Broker;
import io.fanfare.testing.Await;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** What may leak: all that a server holds once its clients have gone. */
record Held(List<String> threads, int descriptors, long heapBytes) {

    private static final int DESCRIPTORS = 5;

    static Held by(FanfareServer server) {
        Broker broker = server.broker();
        Await.until("sessions end", () -> broker.sessionCount() == 0);
        Await.until("sockets are closed", () -> server.admission.connections() == 0 && server.admission.pending() == 0);
        Await.until("topics go", () -> broker.topicCount() == 0);
        // messages that expire are looked for now and then
        Await.until("queues go", () -> broker.queueCount() == 0);
        Await.until("bytes are counted down", () -> broker.memoryBytes() == 0);
        return new Held(Jvm.serverThreads(), Jvm.fileDescriptors(), Jvm.usedHeapBytes());
    }

    /**
     * What the server holds once it is no more than before. What the kernel and the collector give back in their own time
     * is waited for; a leak stays.
     *
     * @param heap bytes that do not count
     */
    static Held noMoreThan(Held before, long heap, FanfareServer server) {
        AtomicReference<Held> last = new AtomicReference<>();
        try {
            Await.until("no more is held than before", () -> {
                last.set(by(server));
                return last.get().isNoMoreThan(before, heap);
            });
        } catch (AssertionError e) {
            throw new AssertionError("before " + before + ", now " + last, e);
        }
        return last.get();
    }

    private boolean isNoMoreThan(Held before, long heap) {
        // threads of clients of earlier tests may have ended meanwhile
        return before.threads.containsAll(threads)
                && descriptors <= before.descriptors + DESCRIPTORS
                && heapBytes < before.heapBytes + heap;
    }
}
