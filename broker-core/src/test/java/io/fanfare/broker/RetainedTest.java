package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Headers;
import io.fanfare.options.TopicRule;
import io.fanfare.testing.Received;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Last values: what a new subscriber of a topic gets first. */
class RetainedTest extends BrokerTest {

    private void topics(TopicRule... rules) {
        brokerWith(BrokerOptions.builder().topics(t -> t.rules(List.of(rules))).build());
    }

    private static String set(String topic, String key, String body) {
        return "SEND\ndestination:" + topic + "\nretain:set\nretain-key:" + key + "\n\n" + body + "^@";
    }

    private Client subscribe(String destination, String headers) {
        Client bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:" + destination + "\n" + headers + "receipt:r\n\n^@");
        return bob;
    }

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
        bob.got("RECEIPT\nreceipt-id:r\n\n^@");
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
    @DisplayName("a value ends with its ttl")
    void aValueExpires() {
        connect().sends("SEND\ndestination:/topic/a\nretain:set\nttl:1\n\nold^@");
        theWallClockMoves();
        Client bob = subscribe("/topic/a", "");
        bob.next("a RECEIPT");
        bob.gotNothing();
        pass(Duration.ofSeconds(2));
        assertThat(broker.memoryBytes()).as("the topic alone").isBetween(1L, 1_000L);
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
    @DisplayName("what comes while values are on their way is bounded: beyond it the connection is too slow")
    void whatComesMeanwhileIsBounded() {
        brokerWith(
                BrokerOptions.builder().outbox(o -> o.maxOutboxBytes(200_000)).build());
        Client alice = connect();
        String body = "x".repeat(1_000);
        for (int i = 0; i < 300; i++) {
            alice.feeds(set("/topic/a", "k" + i, body));
        }
        settle();
        Client slow = connect();
        slow.stopsReading();
        slow.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        for (int i = 0; i < 300; i++) {
            alice.sends("SEND\ndestination:/topic/a\n\n" + body + "^@");
        }
        slow.reads();
        slow.takeAll();
        slow.wasClosed(CloseCode.OVERLOAD);
    }

    @Test
    @DisplayName(
            "too many values, too long a key: an ERROR that names limit and option, and the topic keeps its values")
    void limits() {
        brokerWith(BrokerOptions.builder()
                .topics(t -> t.maxRetainedKeys(2).maxRetainedKeyBytes(3))
                .build());
        connect().sends(set("/topic/a", "abc", "1"), set("/topic/b", "b", "2"), set("/topic/b", "b", "3"));
        Client eve = connect();
        eve.sends(set("/topic/a", "c", "4"));
        eve.gotError(
                CloseCode.OVERLOAD,
                "too many retained values",
                "the broker has 2 retained values, its limit is 2 (max_retained_keys)");
        eve = connect();
        eve.sends(set("/topic/b", "abcd", "5"));
        eve.gotError(
                CloseCode.PROTOCOL_ERROR,
                "retain key too long",
                "the key of the retained value has 4 B, its limit is 3 (max_retained_key_bytes)");
        Client bob = subscribe("/topic/#", "");
        bob.next("a RECEIPT");
        assertThat(bob.takeBodies()).containsExactly("1", "3");
    }

    @Test
    @DisplayName("values beyond max_retained_bytes are refused")
    void bytesAreLimited() {
        brokerWith(
                BrokerOptions.builder().topics(t -> t.maxRetainedBytes(2_000)).build());
        Client alice = connect();
        alice.sends(set("/topic/a", "a", "x".repeat(1_000)));
        alice.sends(set("/topic/a", "a", "x".repeat(1_100)));
        alice.isOpen();
        alice.sends(set("/topic/a", "b", "x".repeat(1_000)));
        alice.gotError(CloseCode.OVERLOAD, "too many retained values", "max_retained_bytes");
    }

    @Test
    @DisplayName("a COMMIT whose values have no room publishes nothing")
    void aCommitWithoutRoomPublishesNothing() {
        brokerWith(BrokerOptions.builder().topics(t -> t.maxRetainedKeys(1)).build());
        Client bob = subscribe("/topic/a", "");
        bob.next("a RECEIPT");
        connect().sends(set("/topic/a", "a", "1"));
        assertThat(bob.takeBodies()).containsExactly("1");
        Client alice = connect();
        alice.sends("BEGIN\ntransaction:t\n\n^@", "SEND\ndestination:/topic/a\ntransaction:t\n\nplain^@");
        alice.sends("SEND\ndestination:/topic/a\nretain:set\nretain-key:b\ntransaction:t\n\n2^@");
        alice.sends("COMMIT\ntransaction:t\n\n^@");
        alice.gotError(CloseCode.OVERLOAD, "too many retained values", "max_retained_keys");
        bob.gotNothing();
    }

    @Test
    @DisplayName("headers that make no sense are refused with a sentence")
    void badInput() {
        refused("SEND\ndestination:/topic/a\nretain:yes\n\n^@", "invalid retain", "retain is set or remove, not 'yes'");
        refused("SEND\ndestination:/queue/a\nretain:set\n\n^@", "invalid retain", "a queue keeps every message");
        refused("SEND\ndestination:/temp-topic/a\nretain:set\n\n^@", "invalid retain", "a temporary topic keeps none");
        refused(
                "SUBSCRIBE\nid:0\ndestination:/topic/a\nretained:maybe\n\n^@",
                "invalid retained",
                "true, false or only");
        refused("SUBSCRIBE\nid:0\ndestination:/queue/a\nretained:true\n\n^@", "invalid subscription", "for topics");
        refused(
                "SUBSCRIBE\nid:0\ndestination:/topic/a\nack:client\nretained:true\n\n^@",
                "invalid subscription",
                "ack:auto");
    }

    private void refused(String frame, String message, String inBody) {
        Client eve = connect();
        eve.sends(frame);
        eve.gotError(CloseCode.PROTOCOL_ERROR, message, inBody);
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

    @Test
    @DisplayName("rules are read again: values of a rule that has gone are let go of, others stay")
    void rulesChange() {
        topics(TopicRule.of("/topic/a").retainLast());
        Client alice = connect();
        alice.sends("SEND\ndestination:/topic/a\n\nv^@", set("/topic/b", "", "w"));
        broker.topicRules(List.of());
        pass(Duration.ofSeconds(2));
        Client bob = subscribe("/topic/#", "");
        bob.next("a RECEIPT");
        assertThat(bob.takeBodies()).containsExactly("w");
    }

    @Test
    @DisplayName("a topic that keeps a value needs no subscriber; one that keeps nothing goes after a minute")
    void howLongATopicStays() {
        Client alice = connect();
        alice.sends(set("/topic/a", "", "v"));
        pass(Duration.ofMinutes(3));
        assertThat(broker.topicCount()).isEqualTo(1);
        alice.sends("SEND\ndestination:/topic/a\nretain:remove\n\n^@");
        assertThat(broker.topicCount()).isEqualTo(1);
        pass(Duration.ofSeconds(65));
        assertThat(broker.topicCount()).isZero();
        assertThat(broker.keptTopicCount()).isZero();
    }
}
