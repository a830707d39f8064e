package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.options.TopicRule;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What topics keep is counted as what it takes: the broker's account against the heap. */
class RetentionMemoryTest extends BrokerTest {

    private BareClient alice;

    @BeforeEach
    void topicsThatRemember() {
        brokerWith(BrokerOptions.builder()
                .outbox(o -> o.maxOutboxBytes(20 << 20))
                .topics(t -> t.rules(List.of(
                                TopicRule.of("/topic/values.#").retainByKey("k"),
                                TopicRule.of("/topic/last.#").retainLast(),
                                TopicRule.of("/topic/history.#").history(100_000)))
                        .mergePatch((before, after) -> new Beginnings().diff(before, after)))
                .build());
        alice = new BareClient(broker, loop);
        // what the first of a kind takes is not what is measured
        IntStream.range(0, 500).forEach(i -> {
            publish("values.warm", i, "");
            publish("history.warm", i, "");
        });
    }

    private void publish(String topic, int key, String body) {
        alice.sends("SEND\ndestination:/topic/" + topic + "\nk:" + key + "\n\n" + body + "\0");
    }

    private void assertCounted(Runnable work) {
        MemoryAccount.assertCounted(broker, work);
    }

    @ParameterizedTest
    @CsvSource({"20000,0", "20000,10", "5000,1000", "100,100000"})
    void lastValuesAreCounted(int keys, int bytes) {
        assertCounted(() -> IntStream.range(0, keys).forEach(i -> publish("values.a", i, "x".repeat(bytes))));
        alice.isLost();
    }

    @ParameterizedTest
    @CsvSource({"20000,0", "5000,1000"})
    void historiesAreCounted(int messages, int bytes) {
        assertCounted(() -> IntStream.range(0, messages).forEach(i -> publish("history.a", i, "x".repeat(bytes))));
        alice.isLost();
    }

    @Test
    void theValueBeforeEachValueIsCounted() {
        BareClient bob = new BareClient(broker, loop);
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/values.warm\ndelta:merge-patch\n\n\0");
        IntStream.range(0, 10_000).forEach(i -> publish("values.a", i, "one"));
        assertCounted(() -> IntStream.range(0, 10_000).forEach(i -> publish("values.a", i, "two")));
        bob.isLost();
        alice.isLost();
    }

    @Test
    void noValueBeforeAnotherIsKeptWhenNobodyWantsPatchesAnyMore() {
        long before = broker.memoryBytes();
        List<BareClient> two =
                Stream.generate(() -> new BareClient(broker, loop)).limit(2).toList();
        two.forEach(each -> each.sends("SUBSCRIBE\nid:0\ndestination:/topic/values.warm\ndelta:merge-patch\n\n\0"));
        two.get(0).isLost();
        publish("values.a", 0, "x".repeat(10_000));
        publish("values.a", 0, "y".repeat(10_000));
        assertThat(broker.memoryBytes() - before).as("one is left").isGreaterThan(20_000);
        two.get(1).isLost();
        publish("values.a", 0, "z".repeat(10_000));
        assertThat(broker.memoryBytes() - before).as("none is left").isBetween(10_000L, 12_000L);
        alice.isLost();
    }

    /** The topic itself, beside its one value: it stands without a subscriber. */
    @ParameterizedTest
    @ValueSource(strings = {"last.", "history."})
    void topicsThatKeepOneMessageAreCounted(String prefix) {
        assertCounted(() -> IntStream.range(0, 10_000).forEach(i -> publish(prefix + i, i, "x")));
        alice.isLost();
    }

    @Test
    void whatIsHeldForASubscriberWhileValuesGoOutIsCounted() {
        IntStream.range(0, 1_000).forEach(i -> publish("values.a", i, "x".repeat(15_000)));
        BareClient bob = new BareClient(broker, loop);
        bob.stopsReading();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/values.a\n\n\0");
        assertCounted(() -> IntStream.range(0, 10_000).forEach(i -> publish("values.a", 0, "y".repeat(1_000))));
        bob.isLost();
        alice.isLost();
    }

    @Test
    void nothingOfReplaysIsLeftOfSubscribersThatAreLost() {
        IntStream.range(0, 5_000).forEach(i -> publish("values.a", i, "x".repeat(1_000)));
        long before = broker.memoryBytes();
        List<BareClient> all =
                Stream.generate(() -> new BareClient(broker, loop)).limit(20).toList();
        all.forEach(BareClient::stopsReading);
        all.forEach(each -> each.sends("SUBSCRIBE\nid:0\ndestination:/topic/values.#\n\n\0"));
        all.forEach(BareClient::isLost);
        assertThat(broker.memoryBytes()).isEqualTo(before);
        alice.isLost();
    }
}
