package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.HeapMeter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What waits for its turn or for a full socket is bounded and counted: the broker's account against the heap. */
class BacklogMemoryTest extends BrokerTest {

    private static final int ROOM = 64 << 20;

    private BareClient alice;

    private void broker(int maxOutboxBytes) {
        brokerWith(BrokerOptions.builder()
                .outbox(o -> o.maxOutboxBytes(maxOutboxBytes))
                .build());
        alice = new BareClient(broker, loop);
    }

    private BareClient subscriber(String destination, String headers) {
        BareClient bob = new BareClient(broker, loop);
        bob.sends("SUBSCRIBE\nid:0\ndestination:" + destination + "\n" + headers + "\n\n\0");
        return bob;
    }

    private void publish(int topic, int key, int bytes) {
        alice.sends("SEND\ndestination:/topic/t" + topic + "\nkey:" + key + "\n\n" + "x".repeat(bytes) + "\0");
    }

    /** What the heap grew by, and what the broker counts, differ by no more than the factor 2. */
    private void assertCounted(long heapBytes, long countedBytes) {
        assertThat(countedBytes)
                .as("bytes counted, of %,d in the heap", heapBytes)
                .isBetween(heapBytes / 2, 2 * heapBytes);
    }

    @Test
    void theTopicsOfAPacedWildcardShareOneBound() {
        broker(100_000);
        BareClient bob = subscriber("/topic/*", "max-rate:1\nconflate:key");
        for (int topic = 0; topic < 30; topic++) {
            for (int key = 0; key < 100; key++) {
                publish(topic, key, 1_000);
            }
        }
        assertThat(broker.memoryBytes()).isBetween(80_000L, 120_000L);
        bob.isLost();
        assertThat(broker.memoryBytes()).isZero();
        alice.isLost();
    }

    @Test
    void whereTheBoundIsReachedTheNewestStays() {
        broker(20_000);
        Client bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/*\nmax-rate:1\n\n^@");
        for (int round = 0; round < 2; round++) {
            for (int topic = 0; topic < 30; topic++) {
                publish(topic, round, 1_000);
            }
        }
        bob.takeAll();
        pass(Duration.ofSeconds(2));
        List<String> rest = bob.takeAll().stream()
                .map(message -> message.header("destination"))
                .toList();
        assertThat(rest).hasSizeBetween(10, 20).contains("/topic/t28", "/topic/t29");
        publish(0, 3, 10);
        assertThat(bob.next("of the first topic").header("dropped")).isEqualTo("1");
        alice.isLost();
    }

    /** Ones that ask for something else, or elsewhere, have a bound of their own. */
    @ParameterizedTest
    @ValueSource(strings = {"/topic/#", "/topic/t1"})
    void nobodysBacklogTakesTheRoomOfAnotherSubscription(String destination) {
        broker(20_000);
        Client bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:" + destination + "\nmax-rate:1\nconflate:key\n\n^@");
        BareClient other = subscriber("/topic/*", "max-rate:1\nconflate:key");
        for (int i = 0; i < 3; i++) {
            publish(1, 1, 10);
        }
        if (destination.equals("/topic/t1")) {
            for (int topic = 2; topic < 40; topic++) {
                publish(topic, 1, 1_000);
                publish(topic, 1, 1_000);
            }
        }
        bob.next("the first one");
        pass(Duration.ofSeconds(2));
        assertThat(bob.next("the newest one").header("conflated")).isEqualTo("1");
        other.isLost();
        alice.isLost();
    }

    @Test
    void whatAPacedWildcardHoldsBackIsCounted() {
        broker(ROOM);
        int topics = 200;
        List<BareClient> all = new ArrayList<>();
        all.add(subscriber("/topic/*", "max-rate:1\nconflate:key"));
        for (int topic = 0; topic < topics; topic++) {
            publish(topic, 0, 100);
        }
        long before = HeapMeter.usedBytes();
        for (int topic = 0; topic < topics; topic++) {
            for (int key = 0; key < 100; key++) {
                publish(topic, key, 100);
            }
        }
        assertCounted(HeapMeter.usedBytes() - before, broker.memoryBytes());
        all.add(alice);
        all.forEach(BareClient::isLost);
    }

    /** One message for each topic: what a backlog takes beside its messages shows. */
    @Test
    void whatWaitsInVeryManyTopicsIsCounted() {
        broker(ROOM);
        int topics = 5_000;
        BareClient bob = subscriber("/topic/*", "max-rate:1");
        for (int topic = 0; topic < topics; topic++) {
            publish(topic, 0, 100);
        }
        long before = HeapMeter.usedBytes();
        for (int topic = 0; topic < topics; topic++) {
            publish(topic, 0, 100);
        }
        assertCounted(HeapMeter.usedBytes() - before, broker.memoryBytes());
        bob.isLost();
        alice.isLost();
    }

    /** Shared bytes count once. */
    @ParameterizedTest
    @CsvSource({"1,5_000,1000", "20,2_000,1000", "20,100,100000"})
    void whatWaitsBehindFullSocketsIsCounted(int subscribers, String messages, int bytes) {
        broker(ROOM);
        List<BareClient> all = Stream.generate(() -> subscriber("/topic/t0", "overflow:drop-oldest"))
                .limit(subscribers)
                .toList();
        all.forEach(BareClient::stopsReading);
        publish(0, 0, 10);
        long before = HeapMeter.usedBytes();
        long countedBefore = broker.memoryBytes();
        for (int i = 0; i < Integer.parseInt(messages.replace("_", "")); i++) {
            publish(0, 0, bytes);
        }
        assertCounted(HeapMeter.usedBytes() - before, broker.memoryBytes() - countedBefore);
        all.forEach(BareClient::isLost);
        assertThat(broker.memoryBytes()).isZero();
        alice.isLost();
    }

    /** They have no part in what waits, so that pages which reconnect all at once take no more than any others. */
    @Test
    void newcomersToAPacedGroupTakeNextToNothing() {
        int newcomers = 10_000;
        long alone = heapOfNewcomers(newcomers, 0);
        long amongKeys = heapOfNewcomers(newcomers, 2_000);
        assertThat((amongKeys - alone) / newcomers)
                .as("bytes for a newcomer more, where 2,000 keys wait; %,d B in all without", alone)
                .isLessThan(200);
    }

    /** What the heap grows by while they subscribe, and while new values of all keys come. */
    private long heapOfNewcomers(int newcomers, int keys) {
        broker(ROOM);
        BareClient first = subscriber("/topic/t0", "max-rate:1\nconflate:key");
        publish(0, 0, 10);
        publishKeys(keys);
        List<BareClient> all = Stream.generate(() -> new BareClient(broker, loop))
                .limit(newcomers)
                .toList();
        long before = HeapMeter.usedBytes();
        all.forEach(each -> each.sends("SUBSCRIBE\nid:0\ndestination:/topic/t0\nmax-rate:1\nconflate:key\n\n\0"));
        publishKeys(keys);
        long grown = HeapMeter.usedBytes() - before;
        assertThat(all).hasSize(newcomers);
        all.forEach(BareClient::isLost);
        first.isLost();
        alice.isLost();
        return grown;
    }

    private void publishKeys(int keys) {
        for (int key = 1; key <= keys; key++) {
            publish(0, key, 10);
        }
    }

    @Test
    void pacedSubscriptionsThatHaveEndedLeaveNothingBehind() {
        broker(100_000);
        comeAndGo("warm");
        long before = HeapMeter.usedBytes();
        comeAndGo("key");
        assertThat(HeapMeter.usedBytes() - before).isLessThan(500_000);
        alice.isLost();
    }

    private void comeAndGo(String key) {
        for (int i = 0; i < 12_000; i++) {
            BareClient bob = subscriber("/topic/*", "max-rate:1\nconflate:" + key + i);
            publish(0, i, 10);
            publish(0, i, 10);
            bob.isLost();
        }
        pass(Duration.ofSeconds(2));
    }
}
