package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.options.TopicRule;
import io.fanfare.testing.Received;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** History and resume: a client that comes back gets what it missed, or is told that it can't. */
class HistoryTest extends HistoryBrokerTest {

    @Test
    @DisplayName(
            "the cursor is handed out at SUBSCRIBE; from that cursor everything missed comes, and then live messages")
    void aClientResumes() {
        Client bob = subscribe("");
        Received receipt = bob.got("RECEIPT\nreceipt-id:r\nseq:0\nepoch:*\nretained:0\n\n^@");
        String epoch = receipt.header("epoch");
        bob.isLost();
        publish(1, 5);
        Client back = subscribe("from:" + epoch + "/0");
        back.got("RECEIPT\nreceipt-id:r\nrecovered:true\nreplayed:5\nseq:5\nepoch:" + epoch + "\nretained:0\n\n^@");
        List<Received> missed = back.takeAll();
        assertThat(missed).extracting(Received::text).containsExactly(numbers(1, 5));
        assertThat(missed).extracting(each -> each.header("seq")).containsExactly(numbers(1, 5));
        assertThat(missed.get(0).header("recovered")).isEqualTo("true");
        assertThat(missed.get(0).header("replayed")).isEqualTo("5");
        assertThat(missed.subList(1, 5)).noneMatch(each -> each.has("recovered"));
        publish(6, 6);
        Received live = back.next("a live message");
        assertThat(live.text()).isEqualTo("6");
        assertThat(live.header("epoch")).isEqualTo(epoch);
    }

    @Test
    @DisplayName("a client that has missed nothing is told so")
    void nothingMissed() {
        publish(1, 3);
        String epoch = subscribe("").next("a RECEIPT").header("epoch");
        Client back = subscribe("from:" + epoch + "/3");
        back.got("RECEIPT\nreceipt-id:r\nrecovered:true\nreplayed:0\nseq:3\nepoch:*\nretained:0\n\n^@");
        back.gotNothing();
    }

    @Test
    @DisplayName("a gap is said: the history no longer begins where the client was, and what there is comes")
    void aGapIsSaid() {
        publish(1, 1);
        String epoch = subscribe("").next("a RECEIPT").header("epoch");
        publish(2, 11);
        Client just = subscribe("from:" + epoch + "/1");
        assertThat(just.next("a RECEIPT").header("recovered")).isEqualTo("true");
        assertThat(just.takeBodies()).containsExactly(numbers(2, 11));
        publish(12, 12);
        Client late = subscribe("from:" + epoch + "/1");
        Received receipt = late.next("a RECEIPT");
        assertThat(receipt.header("recovered")).isEqualTo("false");
        List<Received> all = late.takeAll();
        assertThat(all).extracting(Received::text).containsExactly(numbers(3, 12));
        assertThat(all.get(0).header("recovered")).isEqualTo("false");
    }

    @Test
    @DisplayName("where the topic has last values, recovered:false comes with these")
    void aGapComesWithTheLastValues() {
        topics(TopicRule.of("/topic/h.#").retainByKey("k").history(2));
        for (String send : List.of("a1", "b1", "a2", "a3")) {
            alice.sends("SEND\ndestination:/topic/h.a\nk:" + send.charAt(0) + "\n\n" + send + "^@");
        }
        Client bob = subscribe("from:elsewhere/2");
        Received receipt = bob.next("a RECEIPT");
        assertThat(receipt.header("recovered")).isEqualTo("false");
        assertThat(receipt.header("retained")).isEqualTo("2");
        List<Received> all = bob.takeAll();
        assertThat(all).extracting(Received::text).containsExactly("b1", "a3");
        assertThat(all.get(0).header("recovered")).isEqualTo("false");
        assertThat(all.get(1).header("snapshot")).isEqualTo("end");
        Client old = subscribe("from:time=1");
        old.got("RECEIPT\nreceipt-id:r\nrecovered:false\nreplayed:0\nseq:4\nepoch:*\nretained:2\n\n^@");
        assertThat(old.takeBodies()).containsExactly("b1", "a3");
        Client near = subscribe("from:" + receipt.header("epoch") + "/3");
        assertThat(near.next("a RECEIPT").header("recovered")).isEqualTo("true");
        assertThat(near.takeBodies()).containsExactly("a3");
    }

    @Test
    @DisplayName("a cursor of another epoch, or of the future, is not recovered")
    void aStrangeCursor() {
        publish(1, 2);
        String epoch = subscribe("").next("a RECEIPT").header("epoch");
        for (String cursor : List.of("x-1/2", epoch + "/3")) {
            Client bob = subscribe("from:" + cursor);
            assertThat(bob.next("a RECEIPT").header("recovered")).as(cursor).isEqualTo("false");
            assertThat(bob.takeBodies()).containsExactly("1", "2");
        }
    }

    @Test
    @DisplayName("from:first, from:last and from:next")
    void whereToBegin() {
        publish(1, 12);
        Client first = subscribe("from:first");
        first.got("RECEIPT\nreceipt-id:r\nrecovered:true\nreplayed:10\nseq:12\nepoch:*\nretained:0\n\n^@");
        assertThat(first.takeBodies()).containsExactly(numbers(3, 12));
        Client last = subscribe("from:last");
        last.got("RECEIPT\nreceipt-id:r\nrecovered:true\nreplayed:1\nseq:12\nepoch:*\nretained:0\n\n^@");
        assertThat(last.takeBodies()).containsExactly("12");
        Client next = subscribe("from:next");
        next.got("RECEIPT\nreceipt-id:r\nrecovered:true\nreplayed:0\nseq:12\nepoch:*\nretained:0\n\n^@");
        next.gotNothing();
        publish(13, 13);
        for (Client each : List.of(first, last, next)) {
            assertThat(each.takeBodies()).containsExactly("13");
        }
    }

    @Test
    @DisplayName("from:time begins with the first message since then")
    void fromATime() {
        publish(1, 3);
        long before = System.currentTimeMillis();
        theWallClockMoves();
        publish(4, 5);
        // what came before has times up to then, or, as these are of two clocks, a millisecond later
        Client bob = subscribe("from:time=" + (before + 2));
        bob.got("RECEIPT\nreceipt-id:r\nrecovered:true\nreplayed:2\nseq:5\nepoch:*\nretained:0\n\n^@");
        assertThat(bob.takeBodies()).containsExactly("4", "5");
        publish(6, 13);
        Client late = subscribe("from:time=1");
        assertThat(late.next("a RECEIPT").header("recovered")).as("since 1970").isEqualTo("false");
        Client future = subscribe("from:time=99999999999999");
        assertThat(future.next("a RECEIPT").header("replayed")).isEqualTo("0");
    }

    @Test
    @DisplayName(
            "what was published before the broker began is not known: from:time says so, in a topic with messages and in one without")
    void fromATimeBeforeTheBroker() {
        long began = System.currentTimeMillis();
        for (String time : List.of("from:time=1", "x-stream-offset:timestamp=1", "from:time=" + (began - 3_600_000))) {
            Client early = subscribe(time);
            assertThat(early.next("a RECEIPT").header("recovered")).as(time).isEqualTo("false");
        }
        assertThat(subscribe("from:time=" + began).next("a RECEIPT").header("recovered"))
                .isEqualTo("true");
        publish(1, 3);
        Client early = subscribe("from:time=1");
        assertThat(early.next("a RECEIPT").header("recovered")).isEqualTo("false");
        assertThat(early.takeBodies()).as("what there is").containsExactly("1", "2", "3");
        Client pattern = connect();
        for (String destination : List.of("/topic/h.*", "/topic/h.a,/topic/h.b")) {
            pattern.sends(
                    "SUBSCRIBE\nid:" + destination + "\ndestination:" + destination + "\nfrom:time=1\nreceipt:r\n\n^@");
            assertThat(pattern.next("a RECEIPT").header("recovered"))
                    .as(destination)
                    .isEqualTo("false");
            assertThat(pattern.takeBodies()).containsExactly("1", "2", "3");
        }
    }

    @Test
    @DisplayName("RabbitMQ's x-stream-offset is understood")
    void rabbitMqsOffsets() {
        publish(1, 5);
        assertThat(bodies(subscribe("x-stream-offset:offset=4"))).containsExactly("4", "5");
        assertThat(bodies(subscribe("x-stream-offset:first"))).containsExactly(numbers(1, 5));
        assertThat(bodies(subscribe("x-stream-offset:last"))).containsExactly("5");
        assertThat(bodies(subscribe("x-stream-offset:timestamp=1"))).containsExactly(numbers(1, 5));
    }

    @Test
    @DisplayName("live messages follow what is replayed in the topic's order, without a gap or a double")
    void liveFollowsReplayed() {
        topics(TopicRule.of("/topic/h.#").history(1_000));
        for (int i = 1; i <= 1_000; i++) {
            alice.feeds("SEND\ndestination:/topic/h.a\n\n" + i + "^@");
        }
        settle();
        Client bob = connect();
        bob.feeds("SUBSCRIBE\nid:0\ndestination:/topic/h.a\nfrom:first\n\n^@");
        for (int i = 1_001; i <= 1_300; i++) {
            alice.feeds("SEND\ndestination:/topic/h.a\n\n" + i + "^@");
            if (i % 40 == 0) {
                loop.takeTurn();
            }
        }
        settle();
        List<String> all = bob.takeBodies();
        // the history lets go of its oldest while they are on their way, which is said; nothing else is missing
        int first = Integer.parseInt(all.get(0));
        List<String> expected = new ArrayList<>(List.of(numbers(first, 1_300)));
        assertThat(all).isEqualTo(expected);
    }

    @Test
    @DisplayName("selectors and no-local apply to what is replayed")
    void filtersApplyToWhatIsReplayed() {
        alice.sends("SEND\ndestination:/topic/h.a\nn:1\n\n1^@", "SEND\ndestination:/topic/h.a\nn:2\n\n2^@");
        assertThat(bodies(subscribe("from:first\nselector:n > 1"))).containsExactly("2");
        alice.sends("SUBSCRIBE\nid:0\ndestination:/topic/h.a\nfrom:first\nno-local:true\n\n^@");
        alice.gotNothing();
        connect().sends("SEND\ndestination:/topic/h.a\n\n3^@");
        assertThat(alice.takeBodies()).containsExactly("3");
    }

    @Test
    @DisplayName("max-rate and conflate work behind what is replayed")
    void pacingWorksBehindWhatIsReplayed() {
        publish(1, 5);
        Client bob = subscribe("from:first\nmax-rate:1");
        assertThat(bodies(bob)).containsExactly(numbers(1, 5));
        publish(6, 9);
        assertThat(bob.takeBodies()).hasSize(1);
        pass(Duration.ofMillis(1_100));
        List<Received> paced = bob.takeAll();
        assertThat(paced).extracting(Received::text).containsExactly("9");
        assertThat(paced.get(0).header("conflated")).isEqualTo("2");
        pass(Duration.ofSeconds(2));
    }

    @Test
    @DisplayName("a pattern gets the histories of its topics; a cursor for it is refused with a sentence")
    void patterns() {
        alice.sends("SEND\ndestination:/topic/h.a\n\na1^@", "SEND\ndestination:/topic/h.b\n\nb1^@");
        alice.sends("SEND\ndestination:/topic/h.a\n\na2^@");
        Client bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/h.*\nfrom:first\n\n^@");
        assertThat(bob.takeBodies()).containsExactly("a1", "a2", "b1");
        alice.sends("SEND\ndestination:/topic/h.b\n\nb2^@");
        assertThat(bob.takeBodies()).containsExactly("b2");
        Client eve = connect();
        eve.sends("SUBSCRIBE\nid:0\ndestination:/topic/h.*\nfrom:e/1\n\n^@");
        eve.gotError(CloseCode.PROTOCOL_ERROR, "invalid subscription", "a cursor is one topic's");
    }

    @Test
    @DisplayName("a topic without history answers recovered:false")
    void aTopicWithoutHistory() {
        Client bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/plain\nfrom:first\nreceipt:r\n\n^@");
        bob.got("RECEIPT\nreceipt-id:r\nrecovered:false\nreplayed:0\nretained:0\n\n^@");
        bob.gotNothing();
    }

    @Test
    @DisplayName("an unknown from is refused with the forms that there are")
    void badInput() {
        for (String from : List.of("now", "/5", "e/x", "time=tomorrow", "")) {
            Client eve = connect();
            eve.sends("SUBSCRIBE\nid:0\ndestination:/topic/h.a\nfrom:" + from + "\n\n^@");
            eve.gotError(CloseCode.PROTOCOL_ERROR, "invalid from");
        }
        Client eve = connect();
        eve.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\nfrom:first\n\n^@");
        eve.gotError(CloseCode.PROTOCOL_ERROR, "invalid subscription", "for topics");
    }

    @Test
    @DisplayName("the epoch outlives a minute without subscribers and messages")
    void theEpochOutlivesAReconnect() {
        String epoch = subscribe("").next("a RECEIPT").header("epoch");
        clientsLeave();
        pass(Duration.ofSeconds(50));
        Client back = subscribe("from:" + epoch + "/0");
        assertThat(back.next("a RECEIPT").header("recovered")).isEqualTo("true");
    }

    private void clientsLeave() {
        broker.openSessions().forEach(session -> loop.run(() -> session.dismiss(CloseCode.NORMAL, "bye")));
        settle();
        alice = connect();
    }
}
