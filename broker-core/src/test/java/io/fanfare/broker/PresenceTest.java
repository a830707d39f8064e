package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.Presences.Guest;
import io.fanfare.frame.CloseCode;
import io.fanfare.options.TopicRule;
import io.fanfare.presence.Presence;
import io.fanfare.testing.Received;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /presence/topic/NAME}: the sessions that are subscribed to a topic, and when they come and go. */
class PresenceTest extends BrokerTest {

    private final Presences rooms = new Presences(this);

    private static void told(Received message, String presence, Guest guest) {
        assertThat(message.header("presence")).isEqualTo(presence);
        assertThat(message.header("destination")).isEqualTo("/presence/topic/room.a");
        assertThat(message.header("content-type")).isEqualTo("application/json");
        assertThat(message.text()).matches(guest.json(""));
    }

    @Test
    @DisplayName("a subscriber gets presence:here for each session, the last one with snapshot:end, behind the RECEIPT")
    void hereComesFirst() {
        Guest alice = rooms.enter("");
        Guest bob = rooms.enter("");
        Client watcher = rooms.watch("receipt:r\n");
        watcher.got("RECEIPT\nreceipt-id:r\n\n^@");
        Received first = watcher.next("alice");
        told(first, "here", alice);
        assertThat(first.header("subscription")).isEqualTo("p");
        assertThat(first.has("snapshot")).isFalse();
        Received last = watcher.next("bob");
        told(last, "here", bob);
        assertThat(last.header("snapshot")).isEqualTo("end");
        assertThat(last.header("message-id")).isNotEqualTo(first.header("message-id"));
        watcher.gotNothing();
    }

    @Test
    @DisplayName("where no session is, a MESSAGE without body says snapshot:end")
    void anEmptyRoomIsToldToo() {
        Client watcher = rooms.watch("");
        watcher.got(Presences.EMPTY);
        watcher.gotNothing();
    }

    @Test
    @DisplayName("joins and leaves are told 100 ms later, in their order")
    void joinsAndLeavesAreGathered() {
        Guest alice = rooms.enter("");
        Client watcher = rooms.watch("");
        watcher.takeAll();
        Guest bob = rooms.connect("");
        bob.sends("SUBSCRIBE\nid:in\ndestination:/topic/room.a\n\n^@");
        alice.sends("UNSUBSCRIBE\nid:in\n\n^@");
        pass(Presence.GATHERING.minusMillis(10));
        watcher.gotNothing();
        pass(Duration.ofMillis(30));
        told(watcher.next("bob"), "join", bob);
        Received left = watcher.next("alice");
        told(left, "leave", alice);
        assertThat(left.header("reason")).isEqualTo("unsubscribed");
        watcher.gotNothing();
    }

    @Test
    @DisplayName("a session that joins and leaves within 100 ms is not told, nor one that leaves and joins")
    void whatEndsAtOnceIsNotTold() {
        Guest alice = rooms.enter("");
        Client watcher = rooms.watch("");
        watcher.takeAll();
        Guest bob = rooms.connect("");
        bob.sends("SUBSCRIBE\nid:in\ndestination:/topic/room.a\n\n^@UNSUBSCRIBE\nid:in\n\n^@");
        alice.sends("UNSUBSCRIBE\nid:in\n\n^@SUBSCRIBE\nid:in\ndestination:/topic/room.a\n\n^@");
        rooms.gather();
        rooms.gather();
        watcher.gotNothing();
        Client another = rooms.watch("");
        told(another.next("alice"), "here", alice);
        another.gotNothing();
    }

    @Test
    @DisplayName("a session with two subscriptions to the topic is there once, until both have ended")
    void aSessionIsThereOnce() {
        Guest alice = rooms.enter("");
        alice.sends("SUBSCRIBE\nid:2\nack:client\ndestination:/topic/other,/topic/room.a\n\n^@");
        rooms.gather();
        Client watcher = rooms.watch("");
        told(watcher.next("alice"), "here", alice);
        watcher.gotNothing();
        alice.sends("UNSUBSCRIBE\nid:in\n\n^@");
        rooms.gather();
        watcher.gotNothing();
        alice.sends("UNSUBSCRIBE\nid:2\n\n^@");
        rooms.gather();
        told(watcher.next("alice has left"), "leave", alice);
    }

    @Test
    @DisplayName("a user with two connections is two sessions")
    void aUserWithTwoTabsIsTwoSessions() {
        Guest one = rooms.enter("login:alice\n");
        Guest two = rooms.enter("login:alice\n");
        Client watcher = rooms.watch("");
        assertThat(watcher.next("one").text()).matches(one.json("alice"));
        assertThat(watcher.next("two").text()).matches(two.json("alice"));
        watcher.gotNothing();
    }

    @Test
    @DisplayName("subscriptions by wildcard are not present, nor those with retained:only")
    void subscriptionsThatDoNotNameTheTopic() {
        Guest alice = rooms.connect("");
        alice.sends(
                "SUBSCRIBE\nid:1\ndestination:/topic/room.*\n\n^@",
                "SUBSCRIBE\nid:2\ndestination:/topic/#\n\n^@",
                "SUBSCRIBE\nid:3\nretained:only\ndestination:/topic/room.a\n\n^@");
        rooms.gather();
        rooms.watch("").got(Presences.EMPTY);
    }

    @Test
    @DisplayName("messages to the topic, and to patterns of topics, do not meet presence")
    void patternsOfTopicsDoNotMatchPresence() {
        Client bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/#\n\n^@");
        Client watcher = rooms.watch("");
        watcher.takeAll();
        Guest alice = rooms.enter("");
        told(watcher.next("alice"), "join", alice);
        bob.gotNothing();
        alice.sends("SEND\ndestination:/topic/room.a\n\nhi^@");
        bob.got("MESSAGE\nsubscription:0\ndestination:/topic/room.a\n\nhi^@");
        watcher.gotNothing();
    }

    @Test
    @DisplayName("with presence:count a subscriber gets the number, and then each other one, gathered")
    void numbersAlone() {
        rooms.enter("");
        Client watcher = rooms.watch("presence:count\n");
        watcher.got(Presences.count(1, "snapshot:end\n"));
        for (int i = 0; i < 3; i++) {
            rooms.connect("").sends("SUBSCRIBE\nid:in\ndestination:/topic/room.a\n\n^@");
        }
        watcher.gotNothing();
        rooms.gather();
        watcher.got(Presences.count(4, ""));
        watcher.gotNothing();
    }

    @Test
    @DisplayName("a change that leaves the number as it was is not told to those that get numbers")
    void anEqualNumberIsNotTold() {
        Guest alice = rooms.enter("");
        Client watcher = rooms.watch("presence:count\n");
        watcher.takeAll();
        alice.sends("UNSUBSCRIBE\nid:in\n\n^@");
        rooms.enter("");
        watcher.gotNothing();
    }

    @Test
    @DisplayName("lists and numbers of one topic go to different subscribers of one connection")
    void listAndNumberTogether() {
        Client watcher = rooms.watch("presence:count\n");
        watcher.sends("SUBSCRIBE\nid:n\ndestination:/presence/topic/room.a\n\n^@");
        watcher.got(Presences.count(0, "snapshot:end\n"), Presences.EMPTY.replace("subscription:p", "subscription:n"));
        Guest alice = rooms.enter("");
        Map<String, Received> bySubscription = watcher.takeAll().stream()
                .collect(Collectors.toMap(each -> each.header("subscription"), Function.identity()));
        assertThat(bySubscription).hasSize(2);
        told(Objects.requireNonNull(bySubscription.get("n")), "join", alice);
        assertThat(Objects.requireNonNull(bySubscription.get("p")).text()).isEqualTo("{\"count\":1}");
    }

    @Test
    @DisplayName(
            "the list goes up to max_presence_members, one past it is an ERROR; the number goes on, and lists of before")
    void tooManyToList() {
        rooms.broker(t -> t.maxPresenceMembers(2));
        Client before = rooms.watch("");
        rooms.enter("");
        rooms.enter("");
        assertThat(rooms.watch("").takeAll()).hasSize(2);
        Guest third = rooms.enter("");
        rooms.watch("")
                .gotError(
                        CloseCode.POLICY,
                        "too many present",
                        "3 sessions",
                        "limit is 2 (max_presence_members)",
                        "presence:count");
        rooms.watch("presence:count\n").got(Presences.count(3, "snapshot:end\n"));
        List<Received> all = before.takeAll();
        told(all.get(all.size() - 1), "join", third);
    }

    @ParameterizedTest
    @DisplayName("what would make presence inexact is refused")
    @CsvSource(
            delimiter = '|',
            value = {
                "/presence/topic/room.*||without wildcards",
                "/presence/topic/||empty",
                "/presence/queue/a||/presence/topic/NAME",
                "/presence/topic/room.a,/topic/b||no other destination",
                "/presence/topic/room.a|ack:client|without ack",
                "/presence/topic/room.a|durable:true|without ack, durable",
                "/presence/topic/room.a|selector:a = 1|selector",
                "/presence/topic/room.a|no-local:true|no-local",
                "/presence/topic/room.a|max-rate:1|max-rate",
                "/presence/topic/room.a|overflow:drop-oldest|overflow",
                "/presence/topic/room.a|from:first|without from",
                "/presence/topic/room.a|retained:true|retained",
                "/presence/topic/room.a|presence:list|presence is count",
                "/topic/room.a|presence:count|/presence/topic/NAME",
            })
    void refused(String destination, String header, String why) {
        Client bob = rooms.connect("client-id:b\n").client();
        String line = header == null ? "" : header + "\n";
        bob.sends("SUBSCRIBE\nid:p\ndestination:" + destination + "\n" + line + "\n^@");
        Received error = bob.next("an ERROR");
        assertThat(error.command()).isEqualTo("ERROR");
        assertThat(error.text()).contains(why);
    }

    @Test
    @DisplayName("a SEND to /presence/ is an ERROR")
    void nobodySendsThere() {
        Client bob = connect();
        bob.sends("SEND\ndestination:/presence/topic/room.a\n\n{}^@");
        bob.gotError(CloseCode.PROTOCOL_ERROR, "invalid destination", "comes from the broker");
    }

    @Test
    @DisplayName("where the rule does not say presence: true, SUBSCRIBE to /presence/ is an ERROR that says so")
    void notGathered() {
        Client bob = connect();
        bob.sends("SUBSCRIBE\nid:p\ndestination:/presence/topic/other\n\n^@");
        bob.gotError(CloseCode.POLICY, "presence not gathered", "/topic/other", "rule of topics", "presence: true");
        assertThat(broker.statistics(0).destinations().presenceTopics()).isZero();
    }

    @Test
    @DisplayName("other rules take effect on subscriptions of before: their sessions leave, or join")
    void otherRules() {
        Guest alice = rooms.enter("");
        Client watcher = rooms.watch("");
        told(watcher.next("alice"), "here", alice);
        broker.topicRules(List.of());
        settle();
        rooms.gather();
        Received left = watcher.next("alice has left");
        told(left, "leave", alice);
        assertThat(left.header("reason")).isEqualTo("closed");
        alice.sends("SUBSCRIBE\nid:2\ndestination:/topic/room.a\n\n^@UNSUBSCRIBE\nid:2\n\n^@");
        broker.topicRules(List.of(TopicRule.of("/topic/room.a").withPresence()));
        settle();
        rooms.gather();
        told(watcher.next("alice is back"), "join", alice);
        alice.sends("UNSUBSCRIBE\nid:in\n\n^@");
        rooms.gather();
        told(watcher.next("alice has left again"), "leave", alice);
    }

    @Test
    @DisplayName("other rules that have presence gathered as before change nothing")
    void rulesThatGatherTheSame() {
        Guest alice = rooms.enter("");
        Client watcher = rooms.watch("");
        watcher.takeAll();
        broker.topicRules(List.of(
                TopicRule.of("/topic/other").retainLast(),
                TopicRule.of("/topic/room.#").history(5).withPresence()));
        settle();
        rooms.gather();
        watcher.gotNothing();
        alice.sends("UNSUBSCRIBE\nid:in\n\n^@");
        rooms.gather();
        told(watcher.next("alice has left"), "leave", alice);
    }

    @Test
    @DisplayName("a subscriber whose topic is over the limit of destinations gets an ERROR, and leaves nothing")
    void noRoomForAnotherDestination() {
        brokerWith(BrokerOptions.builder()
                .destinations(d -> d.maxDestinations(1))
                .topics(t -> t.rules(List.of(TopicRule.of("/topic/#").withPresence())))
                .build());
        Client bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        Client watcher = connect();
        watcher.sends("SUBSCRIBE\nid:0\ndestination:/presence/topic/b\n\n^@");
        watcher.gotError(CloseCode.OVERLOAD, "too many destinations", "max_destinations");
        assertThat(broker.statistics(0).destinations().presenceTopics()).isEqualTo(1);
    }

    @ParameterizedTest
    @DisplayName("UNSUBSCRIBE ends it, also before the first turn")
    @ValueSource(strings = {"", "presence:count\n"})
    void unsubscribing(String headers) {
        rooms.enter("");
        Client watcher = connect();
        watcher.sends(Presences.watching(headers) + "UNSUBSCRIBE\nid:p\nreceipt:r\n\n^@");
        watcher.got("RECEIPT\nreceipt-id:r\n\n^@");
        rooms.enter("");
        watcher.gotNothing();
    }
}
