package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.Headers;
import io.fanfare.options.TopicRule;
import io.fanfare.testing.Received;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Last values: what a new subscriber of a topic gets first. */
class RetainedTest extends RetainedBrokerTest {

    private static List<String> bodies(List<Received> all, UnaryOperator<String> command) {
        return all.stream()
                .filter(each -> each.command().equals(command.apply("MESSAGE")))
                .map(Received::text)
                .toList();
    }

    @Test
    @DisplayName("a SEND with retain:set is what the next subscriber gets first, marked as such and as the last")
    void theLastValueComesFirst() {
        connect()
                .sends(
                        "SEND\ndestination:/topic/a\nretain:set\n\nold^@",
                        "SEND\ndestination:/topic/a\nretain:set\n\nnew^@");
        Client bob = subscribe("/topic/a", "");
        Received receipt = bob.got("RECEIPT\nreceipt-id:r\nseq:2\nepoch:*\nretained:1\n\n^@");
        Received value = bob.got(
                "MESSAGE\nsubscription:0\nmessage-id:*\nseq:2\nepoch:*\ndestination:/topic/a\nretain:set\ntimestamp:*\n"
                        + "retained:true\nsnapshot:end\ncontent-length:3\n\nnew^@");
        assertThat(value.header("epoch")).isEqualTo(receipt.header("epoch"));
        bob.gotNothing();
        connect().sends("SEND\ndestination:/topic/a\n\nlive^@");
        Received live = bob.next("a live message");
        assertThat(live.text()).isEqualTo("live");
        assertThat(live.has("retained")).isFalse();
        assertThat(live.header("seq")).isEqualTo("3");
    }

    @Test
    @DisplayName("one value for each retain-key, in the order in which they came; the last one says snapshot:end")
    void oneValueForEachKey() {
        Client alice = connect();
        alice.sends(set("/topic/a", "x", "x1"), set("/topic/a", "y", "y1"), set("/topic/a", "x", "x2"));
        Client bob = subscribe("/topic/a", "");
        bob.got("RECEIPT\nreceipt-id:r\nseq:3\nepoch:*\nretained:2\n\n^@");
        List<Received> all = bob.takeAll();
        assertThat(all).extracting(Received::text).containsExactly("y1", "x2");
        assertThat(all).allMatch(each -> each.header("retained").equals("true"));
        assertThat(all.get(0).has("snapshot")).isFalse();
        assertThat(all.get(1).header("snapshot")).isEqualTo("end");
    }

    @Test
    @DisplayName("retain:true is retain:set; retain:remove goes to subscribers and takes the value away")
    void removing() {
        Client alice = connect();
        alice.sends("SEND\ndestination:/topic/a\nretain:True\nretain-key:k\n\nv^@");
        Client bob = subscribe("/topic/a", "");
        bob.got("RECEIPT\nreceipt-id:r\nseq:1\nepoch:*\nretained:1\n\n^@");
        assertThat(bob.takeBodies()).containsExactly("v");
        alice.sends("SEND\ndestination:/topic/a\nretain:remove\nretain-key:k\n\n^@");
        assertThat(bob.next("the removal").header("retain")).isEqualTo("remove");
        Client carol = subscribe("/topic/a", "");
        carol.got("RECEIPT\nreceipt-id:r\nseq:2\nepoch:*\nretained:0\n\n^@");
        carol.gotNothing();
    }

    @Test
    @DisplayName("a rule keeps last values by a header without a word of the publisher")
    void aRuleKeepsByAHeader() {
        topics(TopicRule.of("/topic/prices.#").retainByKey("symbol"));
        Client alice = connect();
        for (String send : List.of("a1", "b1", "a2")) {
            alice.sends("SEND\ndestination:/topic/prices.nyse\nsymbol:" + send.charAt(0) + "\n\n" + send + "^@");
        }
        alice.sends("SEND\ndestination:/topic/other\nsymbol:z\n\nz^@");
        Client bob = subscribe("/topic/prices.nyse", "");
        assertThat(bodies(bob.takeAll(), UnaryOperator.identity())).containsExactly("b1", "a2");
        subscribe("/topic/other", "").got("RECEIPT\nreceipt-id:r\n\n^@");
    }

    @Test
    @DisplayName("retained:false gets no values, retained:only nothing else")
    void whatASubscriberMayWant() {
        Client alice = connect();
        alice.sends(set("/topic/a", "k", "v1"));
        Client without = subscribe("/topic/a", "retained:false\n");
        without.got("RECEIPT\nreceipt-id:r\nseq:1\nepoch:*\nretained:0\n\n^@");
        Client only = subscribe("/topic/a", "retained:only\n");
        only.got("RECEIPT\nreceipt-id:r\nseq:1\nepoch:*\nretained:1\n\n^@");
        assertThat(only.takeBodies()).containsExactly("v1");
        alice.sends(set("/topic/a", "k", "v2"));
        assertThat(without.takeBodies()).containsExactly("v2");
        only.gotNothing();
        only.sends("UNSUBSCRIBE\nid:0\nreceipt:u\n\n^@");
        only.got("RECEIPT\nreceipt-id:u\n\n^@");
    }

    @Test
    @DisplayName("who asks for values is told the end also where there are none")
    void anEmptySnapshotEnds() {
        for (String destination : List.of("/topic/nothing", "/topic/#")) {
            Client bob = subscribe(destination, "retained:true\n");
            bob.next("a RECEIPT");
            bob.got("MESSAGE\nsubscription:0\nmessage-id:snapshot-end\ndestination:" + destination
                    + "\nretained:true\nsnapshot:end\n\n^@");
            bob.gotNothing();
        }
        subscribe("/topic/nothing", "").got("RECEIPT\nreceipt-id:r\n\n^@");
    }

    @Test
    @DisplayName("a pattern gets the values of all topics that it matches")
    void aPatternGetsTheValuesOfItsTopics() {
        Client alice = connect();
        for (int i = 0; i < 300; i++) {
            alice.sends(set("/topic/a." + i, "", "" + i));
        }
        alice.sends(set("/topic/b.1", "", "no"));
        Client bob = subscribe("/topic/a.*", "");
        bob.got("RECEIPT\nreceipt-id:r\nretained:300\n\n^@");
        List<Received> all = bob.takeAll();
        assertThat(all).hasSize(300).doesNotHaveDuplicates();
        assertThat(all).extracting(Received::text).doesNotContain("no").doesNotHaveDuplicates();
        assertThat(all.subList(0, 299)).noneMatch(each -> each.has("snapshot"));
        assertThat(all.get(299).header("snapshot")).isEqualTo("end");
        alice.sends("SEND\ndestination:/topic/a.7\n\nlive^@");
        assertThat(bob.takeBodies()).containsExactly("live");
    }

    @Test
    @DisplayName("a value that two parts of one SUBSCRIBE match comes once")
    void overlappingPartsGetAValueOnce() {
        connect().sends(set("/topic/a.b", "", "v"));
        Client bob = subscribe("/topic/a.*,/topic/a.b", "");
        bob.next("a RECEIPT");
        assertThat(bob.takeBodies()).containsExactly("v");
        connect().sends("SEND\ndestination:/topic/a.b\n\nlive^@");
        assertThat(bob.takeBodies()).containsExactly("live");
    }

    @Test
    @DisplayName("live messages come behind the values, and a value that changes meanwhile comes once, as its newest")
    void whatChangesWhileValuesAreOnTheirWay() {
        Client alice = connect();
        for (int i = 0; i < 1_000; i++) {
            alice.feeds(set("/topic/a", "k" + i, "old" + i));
        }
        settle();
        Client bob = connect();
        bob.feeds("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        // the SUBSCRIBE has been read, and no turn has sent a value yet
        alice.feeds(set("/topic/a", "k0", "new0") + set("/topic/a", "k999", "new999"));
        alice.feeds("SEND\ndestination:/topic/a\n\nplain^@");
        settle();
        List<Received> all = bob.takeAll();
        assertThat(all).extracting(Received::text).doesNotHaveDuplicates().contains("new0", "new999");
        assertThat(all).extracting(Received::text).doesNotContain("old0", "old999");
        assertThat(all).hasSize(1_001);
        assertThat(all.get(999).header("snapshot")).isEqualTo("end");
        assertThat(all.get(1_000).text()).isEqualTo("plain");
        assertThat(all.get(1_000).has("retained")).isFalse();
    }

    @Test
    @DisplayName(
            "values that change while they are streamed: what the client holds in the end is the newest of each key")
    void theNewestOfEachKeyInTheEnd() {
        Client alice = connectTo(otherLoop);
        for (int i = 0; i < 2_000; i++) {
            alice.feeds(set("/topic/a", "k" + i, "0"));
        }
        settle();
        Client bob = connect();
        bob.feeds("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        for (int i = 0; i < 1_000; i++) {
            alice.feeds(set("/topic/a", "k" + (i * 7) % 2_000, "" + (i + 1)));
            if (i % 50 == 0) {
                loop.takeTurn();
            }
        }
        settle();
        var held = new java.util.HashMap<String, Integer>();
        for (Received each : bob.takeAll()) {
            int value = Integer.parseInt(each.text());
            Integer before = held.put(each.header("retain-key"), value);
            assertThat(before == null || before < value)
                    .as("an older value behind a newer one")
                    .isTrue();
        }
        assertThat(held).hasSize(2_000);
        for (int i = 0; i < 1_000; i++) {
            assertThat(held.get("k" + (i * 7) % 2_000)).isEqualTo(i + 1);
        }
    }

    @Test
    @DisplayName("subscribers that come together share the encoded values, whenever each of them joined")
    void togetherTheyShareTheBytes() {
        Client alice = connect();
        for (int i = 0; i < 500; i++) {
            alice.feeds(set("/topic/a", "k" + i, "v" + i));
        }
        settle();
        Client bob = connect();
        Client carol = connect();
        bob.feeds("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        alice.feeds(set("/topic/a", "k1", "new"));
        carol.feeds("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        settle();
        List<String> one = bob.takeAll().stream().map(Received::toString).toList();
        assertThat(one).hasSize(500);
        assertThat(carol.takeAll()).extracting(Received::toString).isEqualTo(one);
    }

    @Test
    @DisplayName("a selector chooses among the values; the end is told with the last that it lets through")
    void aSelectorChoosesAmongValues() {
        Client alice = connect();
        alice.sends(set("/topic/a", "1", "one"), set("/topic/a", "2", "two"), set("/topic/a", "3", "three"));
        Client bob = subscribe("/topic/a", "selector:retain-key <= 2\n".replace("retain-key", "\"retain-key\""));
        bob.next("a RECEIPT");
        List<Received> all = bob.takeAll();
        assertThat(all).extracting(Received::text).containsExactly("one", "two");
        assertThat(all.get(1).header("snapshot")).isEqualTo("end");
    }

    @Test
    @DisplayName("a subscriber that reads slowly gets all values, and the others do not wait for it")
    void aSlowSubscriberGetsAllValues() {
        brokerWith(
                BrokerOptions.builder().outbox(o -> o.maxOutboxBytes(200_000)).build());
        Client alice = connect();
        String body = "x".repeat(1_000);
        for (int i = 0; i < 1_000; i++) {
            alice.feeds(set("/topic/a", "k" + i, body + i));
        }
        settle();
        Client slow = connect();
        Client quick = connect();
        slow.stopsReading();
        slow.feeds("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        quick.feeds("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        settle();
        assertThat(quick.takeAll()).hasSize(1_000);
        alice.sends(set("/topic/a", "k900", "new"));
        slow.isOpen();
        slow.reads();
        List<Received> all = slow.takeAll();
        assertThat(all).hasSize(1_000);
        assertThat(all).extracting(each -> each.header("retain-key")).doesNotHaveDuplicates();
        assertThat(all).extracting(Received::text).contains("new").doesNotContain(body + 900);
    }

    @Test
    @DisplayName("a SEND can't forge the headers that mark values")
    void marksCannotBeForged() {
        Client bob = subscribe("/topic/a", "");
        bob.next("a RECEIPT");
        connect()
                .sends(
                        "SEND\ndestination:/topic/a\nretained:true\nsnapshot:end\nrecovered:true\nreplayed:1\nseq:9\n\nx^@");
        Received message = bob.next("a MESSAGE");
        for (String header : List.of("retained", "snapshot", "recovered", "replayed", "seq")) {
            assertThat(message.has(header)).as(header).isFalse();
        }
    }

    @Test
    @DisplayName("a user's topic keeps values for all of the user's sessions")
    void aUsersTopicKeepsValues() {
        Client bob = connect();
        String session = bob.session().toString();
        assertThat(session).isNotEmpty();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/user/topic/news\n\n^@");
        broker.publish("/user/alice/topic/news", Headers.of("retain", "set"), "n".getBytes(StandardCharsets.UTF_8));
        bob.gotNothing();
        assertThat(broker.operations().clearTopic("/user/alice/topic/news")).contains(1L);
    }
}
