package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.loop.ThreadLoop;
import io.fanfare.testing.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Four loops, each on a thread of its own, with clients that come and go at random on the same few topics and queues.
 * How the threads interleave is up to the machine; what each client does is not.
 */
class ManyThreadsTest {

    static final int LOOPS = 4;
    static final int PEERS = 12;
    static final int TOPICS = 5;
    static final int QUEUES = 3;
    private static final int STEPS = 1_000;

    /** For each publisher and topic: messages it has begun to send, and those that are in. */
    final AtomicIntegerArray[] begun = counters();

    final AtomicIntegerArray[] in = counters();

    /** Queue messages that have been sent and not received. */
    final Set<String> queued = ConcurrentHashMap.newKeySet();

    private final Map<String, String> messageIds = new ConcurrentHashMap<>();
    private final Queue<String> problems = new ConcurrentLinkedQueue<>();
    private final List<ThreadLoop> loops = new ArrayList<>();
    private final List<ThreadedPeer> peers = new ArrayList<>();

    // so that no subscriber of a topic that acknowledges is found too slow
    private final Broker broker = new Broker(BrokerOptions.builder()
            .queues(q -> q.maxQueueMessages(10_000_000))
            .outbox(o -> o.maxOutboxBytes(1L << 30))
            .build());

    private static AtomicIntegerArray[] counters() {
        AtomicIntegerArray[] counters = new AtomicIntegerArray[PEERS];
        for (int i = 0; i < PEERS; i++) {
            counters[i] = new AtomicIntegerArray(TOPICS);
        }
        return counters;
    }

    int[] counts(AtomicIntegerArray[] counters, int topic) {
        int[] counts = new int[PEERS];
        for (int i = 0; i < PEERS; i++) {
            counts[i] = counters[i].get(topic);
        }
        return counts;
    }

    void problem(String what) {
        problems.add(what);
    }

    void sameIdForAll(String body, String messageId) {
        String known = messageIds.putIfAbsent(body, messageId);
        if (known != null && !known.equals(messageId)) {
            problem(body + " is " + known + " and " + messageId);
        }
    }

    @Test
    @DisplayName("items 94, 97, 100, 108: order, barriers and exactly-once hold while all loops run")
    void orderAndBarriersHoldWhileAllLoopsRun() throws Exception {
        for (int i = 0; i < LOOPS; i++) {
            loops.add(ThreadLoop.started("loop " + i));
        }
        try {
            openPeers();
            everybodyDoesItsSteps();
            assertThat(problems).isEmpty();
            everythingArrives();
            assertThat(problems).isEmpty();
            checkTopics();
            everybodyGoes();
            assertThat(problems).isEmpty();
        } finally {
            for (ThreadLoop loop : loops) {
                loop.close();
            }
        }
    }

    private ThreadLoop loopOf(int peer) {
        return loops.get(peer % LOOPS);
    }

    private void openPeers() throws Exception {
        for (int i = 0; i < PEERS; i++) {
            int number = i;
            ThreadLoop loop = loopOf(i);
            loop.execute(() -> {
                ThreadedPeer peer = new ThreadedPeer(this, broker, loop, number);
                synchronized (peers) {
                    peers.add(peer);
                }
            });
        }
        barrier();
        assertThat(peers).hasSize(PEERS);
    }

    private void everybodyDoesItsSteps() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(PEERS);
        for (ThreadedPeer peer : peers) {
            step(peer, STEPS, done);
        }
        assertThat(done.await(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS))
                .as("done in time")
                .isTrue();
    }

    /** One step, and the next one in a later turn. */
    private void step(ThreadedPeer peer, int left, CountDownLatch done) {
        ThreadLoop loop = loopOf(peer.number);
        loop.execute(() -> {
            try {
                peer.step();
            } catch (RuntimeException | AssertionError e) {
                problem(peer + ": " + e);
            }
            if (left == 0) {
                done.countDown();
            } else {
                step(peer, left - 1, done);
            }
        });
    }

    private void everythingArrives() throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        do {
            for (ThreadedPeer peer : peers) {
                loopOf(peer.number).execute(peer::drain);
            }
            barrier();
        } while (!(queued.isEmpty() && allTopicsAreDelivered()) && System.nanoTime() < deadline);
        assertThat(queued).as("queue messages that never came").isEmpty();
        // the last ones have come, but may not have been acknowledged: a client that left now would give them back
        for (ThreadedPeer peer : peers) {
            loopOf(peer.number).execute(peer::drain);
        }
        barrier();
    }

    private void barrier() throws Exception {
        for (int i = 0; i < 2; i++) {
            for (ThreadLoop loop : loops) {
                Await.allDone(loop);
            }
        }
    }

    /** Live subscriptions with prefetch may need some rounds of acknowledging. */
    private boolean allTopicsAreDelivered() throws Exception {
        boolean[] all = {true};
        for (ThreadedPeer peer : peers) {
            loopOf(peer.number)
                    .execute(() -> peer.feeds.values().stream()
                            .filter(feed -> !feed.ended)
                            .forEach(feed -> all[0] &= missing(feed).isEmpty()));
            Await.allDone(loopOf(peer.number));
        }
        return all[0];
    }

    private void checkTopics() {
        for (ThreadedPeer peer : peers) {
            peer.feeds.forEach((id, feed) -> {
                assertThat(feed.messageIds.stream().map(ManyThreadsTest::place))
                        .as("%s sees the topic's order", id)
                        .isSorted()
                        .doesNotHaveDuplicates();
                assertThat(feed.ended ? List.of() : missing(feed))
                        .as("what %s should have got", id)
                        .isEmpty();
                checkGaps(id, feed);
            });
        }
    }

    /** A number that grows with the topic's number and the sequence in it, as at the end of a message-id. */
    private static long place(String messageId) {
        String[] words = messageId.split("-");
        return Long.parseLong(words[1]) << 32 | Long.parseLong(words[2]);
    }

    /** Of each publisher's messages, those sent after SUBSCRIBE's RECEIPT, up to the last one, must have come. */
    private List<String> missing(ThreadedPeer.Feed feed) {
        List<String> missing = new ArrayList<>();
        for (int publisher = 0; publisher < PEERS; publisher++) {
            int from = publisher;
            Set<Integer> got = ConcurrentHashMap.newKeySet();
            feed.messages.stream().filter(each -> each[0] == from).forEach(each -> got.add(each[1]));
            if (feed.begunAtReceipt.length == 0) {
                missing.add("RECEIPT");
                continue;
            }
            for (int n = feed.begunAtReceipt[publisher] + 1; n <= in[publisher].get(feed.topic); n++) {
                if (!got.contains(n)) {
                    missing.add(publisher + " " + n);
                }
            }
        }
        return missing;
    }

    /** What has come of one publisher is a piece of what it sent, without holes, that began after SUBSCRIBE. */
    private static void checkGaps(String id, ThreadedPeer.Feed feed) {
        int[] last = new int[PEERS];
        for (int[] message : feed.messages) {
            int publisher = message[0];
            assertThat(message[1])
                    .as("%s: a message of publisher %d from before SUBSCRIBE", id, publisher)
                    .isGreaterThan(feed.inBefore[publisher]);
            if (last[publisher] > 0) {
                assertThat(message[1])
                        .as("%s: the next message of publisher %d", id, publisher)
                        .isEqualTo(last[publisher] + 1);
            }
            last[publisher] = message[1];
        }
    }

    private void everybodyGoes() throws Exception {
        for (ThreadedPeer peer : peers) {
            loopOf(peer.number).execute(peer::lose);
        }
        barrier();
        assertThat(broker.sessionCount()).isZero();
        assertThat(broker.topicCount()).isZero();
    }
}
