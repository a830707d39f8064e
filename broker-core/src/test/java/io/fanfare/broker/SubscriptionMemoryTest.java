package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.testing.HeapMeter;
import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a SUBSCRIBE has the broker keep is counted: its id, its selector, and the rest of it, for as long as it goes on. */
class SubscriptionMemoryTest extends BrokerTest {

    private static final int SELECTOR_LENGTH = 4_090;

    /** As long as it may be: made of the parts in turn. */
    private static String selector(String first, String again, String last) {
        int times = (SELECTOR_LENGTH - first.length() - last.length()) / again.length();
        return first + again.repeat(times) + last;
    }

    private static String subscribe(int i, String headers) {
        return "SUBSCRIBE\nid:" + i + "\n" + headers + "\n\n\0";
    }

    /** What so many clients keep of this, beside themselves. */
    private void assertCounted(int clients, int each, IntFunction<String> subscribe) {
        List<BareClient> all = IntStream.range(0, clients)
                .mapToObj(i -> new BareClient(broker, loop, "client-id:c" + i + "\n"))
                .toList();
        BareClient first = new BareClient(broker, loop, "client-id:first\n");
        first.sends(subscribe.apply(0));
        MemoryAccount.assertCounted(
                broker,
                () -> all.forEach(client -> IntStream.range(0, each).forEach(i -> client.sends(subscribe.apply(i)))));
        assertThat(all).noneMatch(BareClient::isOver);
        all.forEach(BareClient::isLost);
        first.isLost();
        broker.operations().clear();
        settle();
        assertThat(broker.memoryBytes()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "destination:/topic/a",
                "destination:/topic/a\nack:client",
                "destination:/topic/a\noverflow:drop-oldest",
                "destination:/topic/a\nmax-rate:1",
                "destination:/queue/a",
                "destination:/queue/a\nbrowser:true",
                "destination:/topic/a\ndurable:true",
                "destination:/topic/a,/topic/b,/topic/c,/topic/d,/topic/e,/topic/f",
            })
    void subscriptionsAreCounted(String headers) {
        assertCounted(4, 1_000, i -> subscribe(i, headers));
    }

    @Test
    void subscriptionsToPatternsAndTopicsOfTheirOwnAreCounted() {
        assertCounted(4, 500, i -> subscribe(i, "destination:/topic/a" + i));
        assertCounted(4, 500, i -> subscribe(i, "destination:/topic/a" + i + ".*"));
    }

    @Test
    void subscriptionsToQueuesOfTheirOwnAreCounted() {
        assertCounted(1, 1_000, i -> subscribe(i, "destination:/queue/a" + i));
        assertCounted(1, 1_000, i -> subscribe(i, "destination:/temp-queue/a" + i));
    }

    /** They are remembered, as a SEND may name them for replies. */
    @Test
    void temporaryDestinationsThatHadSubscriptionsAreCounted() {
        String name = "x".repeat(200);
        assertCounted(
                4, 1_000, i -> subscribe(i, "destination:/temp-topic/" + name + i) + "UNSUBSCRIBE\nid:" + i + "\n\n\0");
    }

    @Test
    void ofVeryManyTemporaryDestinationsTheLastOnesCount() {
        BareClient bob = new BareClient(broker, loop);
        IntFunction<String> comesAndGoes =
                i -> subscribe(0, "destination:/temp-topic/" + (10_000 + i)) + "UNSUBSCRIBE\nid:0\n\n\0";
        IntStream.range(0, 1_024).forEach(i -> bob.sends(comesAndGoes.apply(i)));
        long most = broker.memoryBytes();
        IntStream.range(1_024, 2_000).forEach(i -> bob.sends(comesAndGoes.apply(i)));
        assertThat(broker.memoryBytes()).isEqualTo(most).isGreaterThan(1_024 * 200);
        bob.isLost();
    }

    @Test
    void idsAreCounted() {
        assertCounted(4, 1_000, i -> subscribe(i, "destination:/topic/a").replace("id:", "id:" + "x".repeat(250)));
    }

    @Test
    void conflateKeysAreCounted() {
        assertCounted(4, 250, i -> subscribe(i, "destination:/topic/a\nconflate:" + "k".repeat(8_000)));
    }

    @Test
    void nothingIsKeptOfBrowsersThatEndWhileTheSocketIsFull() {
        BareClient bob = new BareClient(broker, loop);
        bob.sends("SEND\ndestination:/queue/a\n\n" + "x".repeat(1_000) + "\0");
        bob.stopsReading();
        String browse = subscribe(0, "destination:/queue/a\nbrowser:true");
        bob.sends(browse);
        String again = subscribe(1, "destination:/queue/a\nbrowser:true") + "UNSUBSCRIBE\nid:1\n\n\0";
        bob.sends(again);
        long before = HeapMeter.usedBytes();
        long countedBefore = broker.memoryBytes();
        IntStream.range(0, 2_000).forEach(i -> bob.sends(again));
        assertThat(bob.isSuspended()).isFalse();
        assertThat(HeapMeter.usedBytes() - before).isLessThan(100_000);
        assertThat(broker.memoryBytes()).isEqualTo(countedBefore);
        bob.isLost();
        broker.operations().clear();
    }

    @Test
    void openTransactionsAreCounted() {
        String id = "x".repeat(240);
        assertCounted(100, 16, i -> "BEGIN\ntransaction:" + id + i + "\n\n\0");
    }

    /** Terms, lists and patterns take much more than the text. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a=1| OR a=1|",
                "a IN ('0'|,'#'|)",
                "a IN (0|,2|)",
                "a='|x|'",
                "a LIKE '|x|'",
                "a LIKE '|%x|'",
                "a LIKE '%|abcdefghijklmnopqrstuvwxyz0123456789|%'",
                "a=a|+a|",
                "a=1| OR a BETWEEN 1 AND 2|",
                "a| AND (a OR b)|"
            })
    void selectorsAreCounted(String parts) {
        String[] each = parts.split("\\|", -1);
        String selector = selector(each[0], each[1], each[2]);
        assertCounted(2, 150, i -> subscribe(i, "destination:/topic/a\nselector:" + numbered(selector, i)));
    }

    /** A list has each text once. */
    private static String numbered(String selector, int i) {
        StringBuilder all = new StringBuilder();
        int number = 0;
        for (char each : selector.toCharArray()) {
            all.append(
                    each == '#' ? Character.toString((char) (0x100 + i % 2 + 2 * number++)) : Character.toString(each));
        }
        return all.toString();
    }

    @Test
    void selectorsOfClientsThatAreAwayAreCounted() {
        String selector = selector("a=1", " OR a=1", "");
        assertCountedWhileAway(300, i -> "c" + i, i -> "destination:/topic/a\nselector:" + selector);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "destination:/topic/a",
                "destination:/topic/a#",
                "destination:/topic/a#.*",
            })
    void subscriptionsOfClientsThatAreAwayAreCounted(String destination) {
        assertCountedWhileAway(1_000, i -> "c" + i, i -> destination.replace("#", "" + i));
    }

    @Test
    void destinationsOfClientsThatAreAwayAreCounted() {
        assertCountedWhileAway(
                200,
                i -> "c" + i,
                i -> IntStream.range(0, 60)
                        .mapToObj(topic -> "/topic/" + (topic + i))
                        .collect(Collectors.joining(",", "destination:", "")));
    }

    @Test
    void namesOfClientsThatAreAwayAreCounted() {
        String subscribe = subscribe(0, "durable:true\ndestination:/topic/a\ndurable-subscription-name:n");
        BareClient bob = new BareClient(broker, loop, "client-id:c\n");
        bob.sends(subscribe);
        bob.isLost();
        long first = broker.memoryBytes();
        BareClient carol = new BareClient(broker, loop, "client-id:" + "c".repeat(101) + "\n");
        carol.sends(subscribe.replace("name:n", "name:" + "n".repeat(201)));
        carol.isLost();
        assertThat(broker.memoryBytes()).isEqualTo(2 * first + 300);
        broker.operations().clear();
        settle();
    }

    private void assertCountedWhileAway(int clients, IntFunction<String> clientId, IntFunction<String> headers) {
        // operators see the last ends of connections: a list that does not grow any more
        IntStream.range(0, 1_000).forEach(i -> new BareClient(broker, loop).isLost());
        MemoryAccount.assertCounted(broker, () -> {
            for (int i = 0; i < clients; i++) {
                BareClient bob = new BareClient(broker, loop, "client-id:" + clientId.apply(i) + "\n");
                bob.sends(subscribe(0, "durable:true\n" + headers.apply(i)));
                assertThat(bob.isOver()).isFalse();
                bob.isLost();
            }
        });
        assertThat(broker.durableSubscriptionCount()).isEqualTo(clients);
        pass(Duration.ofDays(1).plusSeconds(1));
        assertThat(broker.durableSubscriptionCount()).isZero();
        assertThat(broker.memoryBytes()).isZero();
    }

    @Test
    void noLargeSelectorComesInWhileMemoryIsFull() {
        brokerWith(
                BrokerOptions.builder().memory(m -> m.maxMemoryBytes(150_000)).build());
        String large = selector("a=1", " OR a=1", "");
        Client bob = connect();
        bob.sends(subscribe(0, "destination:/topic/a\nselector:" + large).replace("\0", "^@"));
        bob.sends(subscribe(1, "destination:/topic/a\nselector:" + large).replace("\0", "^@"));
        bob.sends(subscribe(2, "destination:/topic/a\nselector:a = 1").replace("\0", "^@"));
        bob.isOpen();
        bob.sends(subscribe(3, "destination:/topic/a\nselector:" + large).replace("\0", "^@"));
        bob.gotError(CloseCode.OVERLOAD, "memory alarm", "150,000", "max_memory_bytes");
        assertThat(broker.memoryBytes()).isZero();
    }
}
