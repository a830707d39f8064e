package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.options.MergePatch;
import io.fanfare.options.TopicRule;
import io.fanfare.testing.Received;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Patches in place of values: SUBSCRIBE {@code delta:merge-patch}. */
class DeltaTest extends BrokerTest {

    private static final String FILL = "-".repeat(100);

    private final AtomicInteger diffs = new AtomicInteger();

    private final MergePatch counted = (before, after) -> {
        diffs.incrementAndGet();
        return new Beginnings().diff(before, after);
    };

    private Client alice;

    @BeforeEach
    void topicsRetainByKey() {
        brokerWith(options(1 << 20));
        alice = connect();
    }

    private BrokerOptions options(long maxOutboxBytes) {
        return BrokerOptions.builder()
                .outbox(o -> o.maxOutboxBytes(maxOutboxBytes))
                .topics(t -> t.rules(List.of(
                                TopicRule.of("/topic/p.b").retainByKey("k").history(2),
                                TopicRule.of("/topic/p.#").retainByKey("k")))
                        .mergePatch(counted))
                .build();
    }

    private static String value(String key, int number) {
        return value("/topic/p.a", key, number);
    }

    private static String value(String topic, String key, int number) {
        return "SEND\ndestination:" + topic + "\nk:" + key + "\n\n" + FILL + number + "^@";
    }

    private Client subscribe(String headers) {
        Client bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/p.a\n" + headers + "\n\n^@");
        return bob;
    }

    /** What a client holds that applies all it gets. */
    private static Map<String, String> apply(Map<String, String> held, List<Received> messages) {
        for (Received each : messages) {
            String key = each.header("k");
            if (each.has("delta")) {
                assertThat(each.header("delta")).isEqualTo("merge-patch");
                assertThat(held).as("a patch needs a value").containsKey(key);
                held.merge(key, each.text(), Beginnings::apply);
            } else if ("remove".equals(each.find("retain"))) {
                held.remove(key);
            } else {
                held.put(key, each.text());
            }
        }
        return held;
    }

    @Test
    @DisplayName("the first value comes whole, then patches, which are the same bytes for all who want them")
    void patchesFollowTheFirstValue() {
        alice.sends(value("x", 1));
        Client bob = subscribe("delta:merge-patch");
        Client carol = subscribe("delta:merge-patch");
        Client dave = subscribe("");
        alice.sends(value("x", 2));
        alice.sends(value("x", 3));
        List<Received> got = bob.takeAll();
        assertThat(got).hasSize(3);
        assertThat(got.get(0).has("delta")).isFalse();
        assertThat(got.get(1).text()).isEqualTo("100+2");
        assertThat(got.get(1).header("delta")).isEqualTo("merge-patch");
        assertThat(got.get(1).header("k")).isEqualTo("x");
        assertThat(got.get(2).text()).isEqualTo("100+3");
        assertThat(carol.takeBodies()).hasSize(3).endsWith("100+2", "100+3");
        assertThat(diffs).as("once for both").hasValue(2);
        assertThat(dave.takeBodies()).containsExactly(FILL + 1, FILL + 2, FILL + 3);
    }

    @Test
    @DisplayName(
            "who has no value before gets the whole one: without last values, with a selector, from the history's end")
    void withoutTheValueBefore() {
        alice.sends(value("x", 1));
        for (String headers : List.of("retained:false", "from:next", "selector:k = 'x'")) {
            Client bob = subscribe("delta:merge-patch\n" + headers);
            bob.takeAll();
            alice.sends(value("x", 2), value("x", 3));
            List<Received> got = bob.takeAll();
            assertThat(got.get(0).has("delta")).as(headers).isFalse();
            assertThat(got.get(1).has("delta")).as(headers).isTrue();
        }
    }

    @Test
    @DisplayName("behind a cursor the first value of a key comes whole: which values its client has is not known")
    void behindACursor() {
        Client carol = connect();
        carol.sends("SUBSCRIBE\nid:0\ndestination:/topic/p.b,/topic/p.a\n\n^@");
        for (String topic : List.of("/topic/p.a", "/topic/p.b")) {
            for (int i = 1; i <= 5; i++) {
                alice.sends(value(topic, "x", i));
            }
            String epoch = carol.takeAll().get(0).header("epoch");
            for (String headers : List.of(
                    "from:" + epoch + "/5",
                    "from:" + epoch + "/4\nretained:false",
                    "from:" + epoch + "/1\nretained:false",
                    "x-stream-offset:offset=5\nretained:false",
                    "x-stream-offset:offset=6")) {
                Client bob = connect();
                bob.sends("SUBSCRIBE\nid:0\ndestination:" + topic + "\ndelta:merge-patch\n" + headers + "\n\n^@");
                // one by one: the value before is not known where several come together
                alice.sends(value(topic, "x", 6));
                alice.sends(value(topic, "x", 7));
                List<Received> got = bob.takeAll();
                assertThat(apply(new HashMap<>(), got))
                        .as("%s of %s: %s", headers, topic, got)
                        .containsEntry("x", FILL + 7);
                assertThat(got.get(got.size() - 1).has("delta")).as(headers).isTrue();
            }
        }
    }

    @Test
    @DisplayName("behind a message that is no last value the next value comes whole: clients take it for one")
    void behindAMessageThatIsNoValue() {
        List<String> noValues = List.of("k:x\nttl:0", "k:x\nexpiration:0");
        Client bob = subscribe("delta:merge-patch");
        for (String headers : noValues) {
            alice.sends(value("x", 1));
            alice.sends(value("x", 2));
            alice.sends("SEND\ndestination:/topic/p.a\n" + headers + "\n\n" + FILL + 3 + "^@");
            alice.sends(value("x", 4));
            alice.sends(value("x", 5));
            List<Received> got = bob.takeAll();
            assertThat(got).extracting(each -> each.has("delta")).endsWith(true, false, false, true);
            assertThat(apply(new HashMap<>(Map.of("x", FILL + 5)), got)).containsEntry("x", FILL + 5);
        }
    }

    @Test
    @DisplayName("where SENDs ask for themselves, one that does not is no value to patch")
    void amongMessagesThatAskForThemselves() {
        Client bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/q\ndelta:merge-patch\n\n^@");
        for (String retain : List.of("retain:set\n", "retain:set\n", "", "retain:set\n", "retain:set\n")) {
            alice.sends("SEND\ndestination:/topic/q\n" + retain + "\n" + FILL + "^@");
        }
        assertThat(bob.takeAll())
                .extracting(each -> each.has("delta"))
                .containsExactly(false, true, false, false, true);
    }

    @Test
    @DisplayName("behind a value that its selector keeps from a subscription the next one comes whole")
    void behindAValueThatASelectorLeavesOut() {
        Client bob = subscribe("delta:merge-patch\nselector:n <> 2");
        for (int i = 1; i <= 4; i++) {
            alice.sends("SEND\ndestination:/topic/p.a\nk:x\nn:" + i + "\n\n" + FILL + i + "^@");
        }
        List<Received> got = bob.takeAll();
        assertThat(got).extracting(each -> each.has("delta")).containsExactly(false, false, true);
        assertThat(apply(new HashMap<>(), got)).containsEntry("x", FILL + 4);
    }

    @Test
    @DisplayName("a patch that is not smaller, a key without a value, a value that was removed: whole")
    void wholeWhereAPatchIsNoUse() {
        Client bob = subscribe("delta:merge-patch");
        alice.sends("SEND\ndestination:/topic/p.a\nk:x\n\nabc^@", "SEND\ndestination:/topic/p.a\nk:x\n\nxyz^@");
        alice.sends(value("y", 1));
        alice.sends("SEND\ndestination:/topic/p.a\nk:y\nretain:remove\n\n^@", value("y", 2));
        assertThat(bob.takeAll()).hasSize(5).noneMatch(each -> each.has("delta"));
    }

    @Test
    @DisplayName("after anything left out the whole value comes again")
    void wholeAfterALoss() {
        alice.sends(value("x", 0), value("y", 0));
        Client bob = subscribe("delta:merge-patch\nmax-rate:1\nconflate:k");
        alice.sends(value("x", 1), value("x", 2), value("x", 3), value("y", 1));
        pass(Duration.ofSeconds(5));
        List<Received> first = bob.takeAll();
        assertThat(apply(new HashMap<>(), first)).containsEntry("x", FILL + 3).containsEntry("y", FILL + 1);
        Received conflated =
                first.stream().filter(each -> each.has("conflated")).findFirst().orElseThrow();
        assertThat(conflated.has("delta")).isFalse();
        alice.sends(value("x", 4));
        pass(Duration.ofSeconds(2));
        assertThat(bob.takeAll().get(0).has("delta"))
                .as("nothing left out since")
                .isTrue();
    }

    @Test
    @DisplayName(
            "whatever is dropped, a client that applies all it gets holds values that were sent, and the newest in the end")
    void aSlowClientHoldsTheNewestInTheEnd() {
        brokerWith(options(20_000));
        alice = connect();
        alice.sends(value("x", 0), value("y", 0));
        Client bob = subscribe("delta:merge-patch\noverflow:conflate\nconflate:k");
        Map<String, String> held = apply(new HashMap<>(), bob.takeAll());
        for (int round = 0; round < 5; round++) {
            bob.stopsReading();
            for (int i = 1; i <= 200; i++) {
                alice.sends(value(i % 2 == 0 ? "x" : "y", round * 1_000 + i));
            }
            bob.reads();
            apply(held, bob.takeAll());
            assertThat(held)
                    .containsEntry("x", FILL + (round * 1_000 + 200))
                    .containsEntry("y", FILL + (round * 1_000 + 199));
        }
    }

    @Test
    @DisplayName(
            "at random: values, removals, joins, slow sockets and pacing; each client holds the newest of each key in the end")
    void atRandom() {
        long seed = System.nanoTime();
        System.out.println("deltas: seed " + seed);
        Random random = new Random(seed);
        brokerWith(options(20_000));
        alice = connect();
        Map<String, String> newest = new HashMap<>();
        Map<Client, Map<String, String>> clients = new HashMap<>();
        List<String> wishes = List.of(
                "", "overflow:conflate\nconflate:k\n", "max-rate:20\nconflate:k\n", "overflow:conflate\nconflate:k\n");
        for (int step = 0; step < 2_000; step++) {
            int what = random.nextInt(20);
            if (what == 0 && clients.size() < 20) {
                clients.put(
                        subscribe(wishes.get(random.nextInt(wishes.size())) + "delta:merge-patch"), new HashMap<>());
            } else if (what == 1) {
                clients.keySet().stream().skip(random.nextInt(20)).findFirst().ifPresent(Client::stopsReading);
            } else if (what < 4) {
                clients.keySet().forEach(Client::reads);
            } else if (what == 4) {
                pass(Duration.ofMillis(60));
            } else if (what == 5) {
                String key = "k" + random.nextInt(4);
                alice.sends("SEND\ndestination:/topic/p.a\nk:" + key + "\nretain:remove\n\n^@");
                newest.remove(key);
            } else {
                String key = "k" + random.nextInt(4);
                alice.sends(value(key, step));
                newest.put(key, FILL + step);
            }
        }
        clients.keySet().forEach(Client::reads);
        pass(Duration.ofSeconds(3));
        clients.forEach((client, held) -> assertThat(apply(held, client.takeAll()))
                .as("seed %s: %s", seed, client)
                .isEqualTo(newest));
    }

    @Test
    @DisplayName("what an operator has cleared is no value to patch")
    void afterClearing() {
        alice.sends(value("x", 1));
        Client bob = subscribe("delta:merge-patch");
        bob.takeAll();
        broker.operations().clearTopic("/topic/p.a");
        Client carol = subscribe("delta:merge-patch");
        alice.sends(value("x", 2));
        assertThat(carol.takeAll()).hasSize(1).noneMatch(each -> each.has("delta"));
    }

    @Test
    @DisplayName("an unknown delta, and one where it can't be had, is refused")
    void badInput() {
        refused("destination:/topic/a\ndelta:json-patch", "invalid delta", "delta is merge-patch, not 'json-patch'");
        refused("destination:/queue/a\ndelta:merge-patch", "invalid subscription", "delta is for topics with ack:auto");
        refused("destination:/topic/a\nack:client\ndelta:merge-patch", "invalid subscription", "delta is for topics");
    }

    private void refused(String headers, String message, String inBody) {
        Client eve = connect();
        eve.sends("SUBSCRIBE\nid:0\n" + headers + "\n\n^@");
        eve.gotError(CloseCode.PROTOCOL_ERROR, message, inBody);
    }
}
