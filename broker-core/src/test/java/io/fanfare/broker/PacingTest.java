package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.Received;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages at a rate that the subscriber asks for: SUBSCRIBE {@code max-rate} and {@code conflate}. */
class PacingTest extends BrokerTest {

    private Client alice = connect();

    @BeforeEach
    void publisher() {
        alice = connect();
    }

    private Client subscriber(String headers) {
        Client client = connect();
        subscribe(client, headers);
        return client;
    }

    private static void subscribe(Client client, String headers) {
        client.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n" + headers + "\n\n^@");
    }

    private void publish(String key, int number) {
        alice.sends("SEND\ndestination:/topic/a\nkey:" + key + "\n\n" + key + number + "^@");
    }

    /** So many messages a millisecond apart, of keys that take turns. */
    private void publishEachMillisecond(int count, String... keys) {
        for (int i = 1; i <= count; i++) {
            publish(keys[i % keys.length], i);
            pass(Duration.ofMillis(1));
        }
    }

    private static long represented(List<Received> messages) {
        return messages.stream()
                .mapToLong(message -> 1 + (message.has("conflated") ? Long.parseLong(message.header("conflated")) : 0))
                .sum();
    }

    @Test
    void theFirstMessageComesAtOnceAndTheNewestOfTheRestInTime() {
        Client bob = subscriber("max-rate:10");
        publish("a", 1);
        bob.got("MESSAGE\nsubscription:0\ndestination:/topic/a\nkey:a\n\na1^@");
        publish("a", 2);
        publish("b", 3);
        publish("a", 4);
        bob.gotNothing();
        pass(Duration.ofMillis(120));
        bob.got("MESSAGE\nsubscription:0\ndestination:/topic/a\nkey:a\nconflated:2\n\na4^@");
        pass(Duration.ofSeconds(1));
        bob.gotNothing();
        publish("b", 5);
        bob.got("MESSAGE\nsubscription:0\ndestination:/topic/a\nkey:b\n\nb5^@");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 100, 500})
    void noMoreComeThanTheRateAndTheLastIsTheNewest(int rate) {
        Client bob = subscriber("max-rate:" + rate);
        publishEachMillisecond(2_000, "a");
        List<Received> inTwoSeconds = bob.takeAll();
        assertThat(inTwoSeconds.size()).isBetween(Math.max(1, 2 * rate * 8 / 10), 2 * rate + Math.max(1, rate / 20));
        pass(Duration.ofMillis(1_100));
        List<Received> rest = bob.takeAll();
        List<Received> all = Stream.concat(inTwoSeconds.stream(), rest.stream()).toList();
        assertThat(all.get(all.size() - 1).text()).isEqualTo("a2000");
        assertThat(represented(all)).isEqualTo(2_000);
    }

    @Test
    void eachKeyEndsWithItsNewestValue() {
        Client bob = subscriber("max-rate:20\nconflate:key");
        publishEachMillisecond(999, "a", "b", "c");
        pass(Duration.ofSeconds(1));
        List<Received> all = bob.takeAll();
        assertThat(all).extracting(Received::text).contains("a999", "b997", "c998");
        assertThat(represented(all)).isEqualTo(999);
        assertThat(all.size()).isLessThanOrEqualTo(24);
        assertThat(all)
                .extracting(message -> Integer.parseInt(message.text().substring(1)))
                .isSorted();
    }

    @Test
    void aSubscriberThatJoinsDuringAnIntervalIsToldOfConflatedMessagesFromTheNextOneOn() {
        subscriber("max-rate:2");
        publish("a", 1);
        publish("a", 2);
        publish("a", 3);
        Client carol = subscriber("max-rate:2");
        publish("a", 4);
        publish("a", 5);
        pass(Duration.ofSeconds(1));
        carol.got("MESSAGE\nsubscription:0\ndestination:/topic/a\nkey:a\n\na5^@");
        pass(Duration.ofSeconds(1));
        publish("a", 6);
        publish("a", 7);
        publish("a", 8);
        pass(Duration.ofSeconds(2));
        carol.got("MESSAGE\nsubscription:0\ndestination:/topic/a\nkey:a\n\na6^@");
        carol.got("MESSAGE\nsubscription:0\ndestination:/topic/a\nkey:a\nconflated:1\n\na8^@");
    }

    @Test
    void whatWasOnItsWayToTheLoopBeforeOneJoinedDoesNotCountForIt() {
        subscriber("max-rate:2");
        publish("a", 1);
        Client carol = connect();
        alice.feeds("SEND\ndestination:/topic/a\n\n2^@SEND\ndestination:/topic/a\n\n3^@");
        carol.feeds("SUBSCRIBE\nid:0\ndestination:/topic/a\nmax-rate:2\n\n^@");
        alice.feeds("SEND\ndestination:/topic/a\n\n4^@SEND\ndestination:/topic/a\n\n5^@");
        settle();
        pass(Duration.ofSeconds(1));
        carol.got("MESSAGE\nsubscription:0\ndestination:/topic/a\n\n5^@");
    }

    @Test
    void oneWhoJoinsGetsNothingOfBefore() {
        subscriber("max-rate:2");
        publish("a", 1);
        publish("a", 2);
        Client carol = subscriber("max-rate:2");
        pass(Duration.ofSeconds(1));
        carol.gotNothing();
    }

    @Test
    void allWhoWantTheSameGetTheSameBytes() {
        List<Client> clients =
                Stream.generate(() -> subscriber("max-rate:5")).limit(50).toList();
        publishEachMillisecond(100, "a");
        pass(Duration.ofSeconds(1));
        List<String> first =
                clients.get(0).takeAll().stream().map(Received::toString).toList();
        assertThat(first).hasSize(2);
        for (Client client : clients.subList(1, clients.size())) {
            assertThat(client.takeAll()).extracting(Received::toString).isEqualTo(first);
        }
    }

    @Test
    void otherRatesAndUnpacedSubscribersAreIndependent() {
        Client slow = subscriber("max-rate:1");
        Client fast = subscriber("max-rate:50");
        Client all = subscriber("ack:auto");
        publishEachMillisecond(500, "a");
        assertThat(all.takeAll()).hasSize(500);
        assertThat(slow.takeAll()).hasSize(1);
        assertThat(fast.takeAll().size()).isBetween(20, 28);
        pass(Duration.ofSeconds(2));
    }

    @Test
    void aSelectorIsAskedFirst() {
        Client bob = subscriber("max-rate:1\nselector:key = 'b'");
        publish("a", 1);
        publish("b", 2);
        bob.got("MESSAGE\nsubscription:0\ndestination:/topic/a\nkey:b\n\nb2^@");
        publish("b", 3);
        publish("a", 4);
        pass(Duration.ofMillis(1_100));
        bob.got("MESSAGE\nsubscription:0\ndestination:/topic/a\nkey:b\n\nb3^@");
    }

    @Test
    void aPatternsTopicsHaveARateEach() {
        Client bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/*\nmax-rate:1\n\n^@");
        for (int i = 1; i <= 3; i++) {
            alice.sends("SEND\ndestination:/topic/x\n\nx" + i + "^@SEND\ndestination:/topic/y\n\ny" + i + "^@");
        }
        assertThat(bob.takeBodies()).containsExactly("x1", "y1");
        pass(Duration.ofMillis(1_100));
        assertThat(bob.takeBodies()).containsExactlyInAnyOrder("x3", "y3");
    }

    @Test
    void afterUnsubscribeNothingComes() {
        Client bob = subscriber("max-rate:1");
        publish("a", 1);
        publish("a", 2);
        bob.got("MESSAGE\nsubscription:0\ndestination:/topic/a\nkey:a\n\na1^@");
        bob.sends("UNSUBSCRIBE\nid:0\n\n^@");
        pass(Duration.ofSeconds(2));
        bob.gotNothing();
    }

    @Test
    void whoIsSlowBesidesIsConflatedFurther() {
        Client bob = subscriber("max-rate:10");
        bob.stopsReading();
        publishEachMillisecond(1_000, "a");
        pass(Duration.ofMillis(200));
        bob.reads();
        pass(Duration.ofSeconds(1));
        List<Received> all = bob.takeAll();
        assertThat(all).hasSizeLessThanOrEqualTo(3);
        assertThat(all.get(all.size() - 1).text()).isEqualTo("a1000");
        assertThat(represented(all)).isEqualTo(1_000);
    }

    @Test
    void behindAFullSocketTheNewestValueOfEachTopicIsKept() {
        Client bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/*\nmax-rate:10\n\n^@");
        bob.stopsReading();
        for (int i = 1; i <= 50; i++) {
            alice.sends("SEND\ndestination:/topic/x\n\nx" + i + "^@SEND\ndestination:/topic/y\n\ny" + i + "^@");
            pass(Duration.ofMillis(150));
        }
        bob.reads();
        List<Received> all = bob.takeAll();
        assertThat(all).extracting(Received::text).containsExactly("x1", "y1", "x50", "y50");
        assertThat(represented(all)).as("messages that came or were counted").isEqualTo(100);
    }

    // ---- topics that patterns alone bring up again -----------------------------------------------------------------

    private Client page() {
        Client page = connect();
        page.sends("SUBSCRIBE\nid:0\ndestination:/topic/*\nmax-rate:1\n\n^@");
        return page;
    }

    /** Ends the topic that the page has messages of, while its pattern goes on. */
    private enum End {
        NAMED_SUBSCRIBER_LEAVES,
        EVICTION
    }

    private void end(End how, Client named) {
        if (how == End.NAMED_SUBSCRIBER_LEAVES) {
            named.sends("UNSUBSCRIBE\nid:0\n\n^@");
            return;
        }
        for (int i = 0; i < 10_001; i++) {
            alice.feeds("SEND\ndestination:/topic/t" + i + "\n\n^@");
        }
        settle();
    }

    /** The named subscriber that leaves; none where the topic is evicted, which is not done to one with a name. */
    private Client named(End how) {
        return how == End.NAMED_SUBSCRIBER_LEAVES ? subscriber("ack:auto") : alice;
    }

    private static List<Received> ofTopicA(Client client) {
        return client.takeAll().stream()
                .filter(message -> message.header("destination").equals("/topic/a"))
                .toList();
    }

    @ParameterizedTest
    @EnumSource(End.class)
    void theNewestComesLastAlsoWhenTheTopicEndsInBetween(End how) {
        Client page = page();
        Client named = named(how);
        publish("a", 1);
        publish("a", 2);
        end(how, named);
        publish("a", 3);
        assertThat(ofTopicA(page)).extracting(Received::text).containsExactly("a1");
        pass(Duration.ofMillis(1_100));
        List<Received> rest = ofTopicA(page);
        assertThat(rest).extracting(Received::text).containsExactly("a3");
        assertThat(represented(rest)).isEqualTo(2);
        pass(Duration.ofSeconds(2));
        assertThat(ofTopicA(page)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(End.class)
    void theRateHoldsAlsoWhenTheTopicEndsInBetween(End how) {
        Client page = page();
        Client named = named(how);
        publish("a", 1);
        end(how, named);
        publish("a", 2);
        assertThat(ofTopicA(page)).extracting(Received::text).containsExactly("a1");
        pass(Duration.ofMillis(1_100));
        assertThat(ofTopicA(page)).extracting(Received::text).containsExactly("a2");
    }

    @ParameterizedTest
    @EnumSource(End.class)
    void aSubscriberThatComesBetweenTwoTopicsOfANameGetsNothingOfTheFirst(End how) {
        page();
        Client named = named(how);
        publish("a", 1);
        publish("a", 2);
        end(how, named);
        Client late = page();
        pass(Duration.ofMillis(1_100));
        assertThat(ofTopicA(late)).isEmpty();
        publish("a", 3);
        publish("a", 4);
        pass(Duration.ofMillis(2_200));
        assertThat(ofTopicA(late)).extracting(Received::text).containsExactly("a4");
    }

    @Test
    void whatWaitsForAPageThatLeavesGoesWithIt() {
        Client page = page();
        Client named = named(End.NAMED_SUBSCRIBER_LEAVES);
        publish("a", 1);
        publish("a", 2);
        end(End.NAMED_SUBSCRIBER_LEAVES, named);
        page.sends("UNSUBSCRIBE\nid:0\n\n^@");
        assertThat(broker.topicCount()).isZero();
        assertThat(broker.memoryBytes()).isZero();
        page.takeAll();
        pass(Duration.ofSeconds(2));
        page.gotNothing();
    }
}
