package io.fanfare.nats.internal.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.backplane.LocalNode;
import io.fanfare.backplane.MessageRecord;
import io.fanfare.frame.Headers;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.BrokerClock;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.Outcome;
import io.fanfare.message.SendProperties;
import io.fanfare.testing.Await;
import io.nats.client.impl.NatsMessage;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IncomingTest {

    private static final long OWN_LIFE = 1;
    private static final long OTHER_LIFE = 7;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final List<String> delivered = new CopyOnWriteArrayList<>();
    private final List<Integer> runs = new CopyOnWriteArrayList<>();
    private final List<String> lost = new CopyOnWriteArrayList<>();
    private volatile boolean hasRoom = true;
    private final LocalNode local = (LocalNode) Proxy.newProxyInstance(
            LocalNode.class.getClassLoader(), new Class<?>[] {LocalNode.class}, (proxy, method, arguments) -> {
                switch (method.getName()) {
                    case "hasRoom":
                        return hasRoom;
                    case "clock":
                        return BrokerClock.SYSTEM;
                    case "lost":
                        lost.add((String) arguments[0]);
                        return null;
                    case "deliver":
                        String name = ((Destination) arguments[0]).name();
                        if (name.equals("refused")) {
                            throw new ProtocolException("too many destinations");
                        }
                        int messages = ((List<?>) arguments[1]).size();
                        runs.add(messages);
                        delivered.addAll(Collections.nCopies(messages, name));
                        return Outcome.NOTHING;
                    default:
                        throw new UnsupportedOperationException(method.toString());
                }
            });
    private final Incoming incoming = new Incoming(local, OWN_LIFE, new Losses(local, timer));

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    private static NatsMessage batch(long number, String... topics) {
        return batchOf(OTHER_LIFE, number, topics);
    }

    private static NatsMessage batchOf(long life, long number, String... topics) {
        ByteBuffer out = ByteBuffer.allocate(10_000);
        new Envelope(life, number, false).write(out);
        for (String each : topics) {
            SendProperties plain = SendProperties.of(Headers.EMPTY, BrokerClock.SYSTEM);
            Message message = new Message(Headers.EMPTY, new byte[3], 1, plain, null);
            out.put(MessageRecord.write(Destination.topic(each), message, BrokerClock.SYSTEM));
        }
        return message(out);
    }

    private static NatsMessage message(ByteBuffer written) {
        byte[] bytes = new byte[written.position()];
        written.flip().get(bytes);
        return NatsMessage.builder()
                .subject("fanfare.test.live.n002")
                .data(bytes)
                .build();
    }

    @Test
    void whatAFrozenServerBringsLateIsLeftOut() {
        incoming.receive(batch(1, "first"));
        incoming.receive(batch(4, "fourth"));
        incoming.receive(batch(2, "second"));
        incoming.receive(batch(5, "fifth"));
        assertThat(delivered).containsExactly("first", "fourth", "fifth");
    }

    @Test
    void whatTheNodeHasSentItselfIsLeftOutAndNoGap() {
        incoming.settled();
        incoming.receive(batchOf(OWN_LIFE, 5, "own"));
        incoming.receive(batchOf(OWN_LIFE, 9, "own"));
        incoming.receive(batch(2, "behind a gap"));
        Await.until("the gap is told", () -> !lost.isEmpty());
        assertThat(delivered).containsExactly("behind a gap");
    }

    @Test
    void theRecordsOfABatchAreDeliveredInTheirOrder() {
        incoming.receive(batch(1, "a", "b", "c"));
        incoming.receive(batch(2, "d"));
        assertThat(delivered).containsExactly("a", "b", "c", "d");
    }

    @Test
    void recordsOfOneDestinationBehindEachOtherArePublishedTogether() {
        incoming.receive(batch(1, "a", "a", "b", "a", "ä", "ä"));
        assertThat(delivered).containsExactly("a", "a", "b", "a", "ä", "ä");
        assertThat(runs).containsExactly(2, 1, 1, 2);
        runs.clear();
        incoming.receive(batch(2, Collections.nCopies(100, "a").toArray(String[]::new)));
        assertThat(runs).containsExactly(64, 36);
    }

    @Test
    void whatIsInFrontOfAnUnreadableRecordIsDelivered() {
        NatsMessage whole = batch(1, "a", "a");
        ByteBuffer out = ByteBuffer.allocate(whole.getData().length + 1).put(whole.getData());
        incoming.receive(message(out.put((byte) 99)));
        assertThat(delivered).containsExactly("a", "a");
        Await.until("told", () -> lost.size() == 1);
    }

    @Test
    void whatTheBrokerRefusesDoesNotStopTheRest() {
        incoming.receive(batch(1, "a", "refused", "b"));
        assertThat(delivered).containsExactly("a", "b");
        assertThat(lost).isEmpty();
    }

    @Test
    void severalGapsWithinAShortTimeAreToldOnceAndWhatComesIsDelivered() {
        incoming.receive(batch(1, "a"));
        incoming.receive(batch(3, "c"));
        incoming.receive(batch(5, "e"));
        Await.until("told", () -> !lost.isEmpty());
        assertThat(lost).containsExactly("messages of other nodes were lost; connect again");
        assertThat(delivered).containsExactly("a", "c", "e");
        incoming.receive(batch(7, "g"));
        Await.until("told again", () -> lost.size() == 2);
    }

    @Test
    void whatIsUnreadableCountsAsLost() {
        ByteBuffer out = ByteBuffer.allocate(100);
        new Envelope(OTHER_LIFE, 1, false).write(out);
        incoming.receive(message(out.put((byte) 99)));
        Await.until("told", () -> lost.size() == 1);
    }

    @Test
    void withoutRoomItWaitsUntilThereIsSomeOrTheEnd() throws Exception {
        hasRoom = false;
        CompletableFuture<Void> waits = CompletableFuture.runAsync(() -> incoming.receive(batch(1, "a")));
        assertThat(waits).isNotDone();
        assertThat(delivered).isEmpty();
        hasRoom = true;
        waits.get();
        assertThat(delivered).containsExactly("a");
        hasRoom = false;
        CompletableFuture<Void> ends = CompletableFuture.runAsync(() -> incoming.receive(batch(2, "b")));
        incoming.close();
        ends.get();
    }
}
