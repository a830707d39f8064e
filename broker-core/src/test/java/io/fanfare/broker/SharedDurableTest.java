package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.LongJobs;
import io.fanfare.testing.Received;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A durable subscription of several nodes: what its client gets, wherever it comes back. */
class SharedDurableTest extends SharedDurableBrokerTest {

    private static String ack(Received message) {
        return "ACK\nid:" + message.header("ack") + "\nreceipt:a\n\n^@";
    }

    // ---- the beginning ----------------------------------------------------------------------------------------------

    @Test
    void itsReceiptComesWhenItIsKept() {
        durables.holdsClaims = true;
        Client bob = bobSubscribes();
        bob.gotNothing();
        durables.grants();
        settle();
        assertThat(verdict(bob)).isEqualTo("recovered:null replayed:null");
    }

    @Test
    void whatIsSentFromItsSubscribeOnIsForIt() {
        keeps(10, "kept.a");
        durables.holdsClaims = true;
        Client bob = bobSubscribes();
        keeps(11, "kept.a");
        durables.grants();
        settle();
        keeps(12, "kept.a");
        verdict(bob);
        assertThat(bob.takeBodies()).containsExactly("11", "12");
    }

    @Test
    void aRefusalFromElsewhereIsToldAsItIsAndLeavesNothing() {
        durables.holdsClaims = true;
        Client bob = Clients.connectWith(this, "client-id:bob\nsoft-errors:true");
        bob.sends(SUBSCRIBE + "\n^@");
        durables.refuses("durable subscription not available");
        settle();
        assertThat(bob.next("the refusal").headers())
                .contains("receipt-id:r", "message:durable subscription not available");
        bob.sends("UNSUBSCRIBE\nid:news\ndurable:true\n\n^@");
        assertThat(bob.next("nothing to end").header("error-code")).isEqualTo("no-such-subscription");
        bob.sends(SUBSCRIBE + "\n^@");
        durables.grants();
        settle();
        assertThat(verdict(bob)).isEqualTo("recovered:null replayed:null");
        keeps(1, "kept.a");
        assertThat(bob.takeBodies()).containsExactly("1");
    }

    @Test
    void aRefusalFromElsewhereEndsAConnectionWithoutSoftErrors() {
        durables.holdsClaims = true;
        Client bob = bobSubscribes();
        durables.refuses("durable subscription not available");
        settle();
        bob.gotError(CloseCode.PROTOCOL_ERROR, "durable subscription not available", "kept elsewhere");
    }

    @Test
    void aClientThatHasGoneBeforeItsClaimIsThereLeavesItAsItWas() {
        keeps(1, "kept.a");
        durables.holdsClaims = true;
        Client bob = bobSubscribes();
        bob.isLost();
        assertThat(durables.leaves).isEmpty();
        durables.grants();
        settle();
        assertThat(durables.leaves).containsExactly("1 open [] maybe 0");
        assertThat(shown())
                .singleElement()
                .matches(each -> !each.connected() && each.queue().consumers() == 0);
        keeps(2, "kept.a");
        durables.holdsClaims = false;
        bob = bobSubscribes();
        assertThat(verdict(bob)).isEqualTo("recovered:true replayed:1");
        assertThat(bob.takeBodies()).containsExactly("2");
    }

    // ---- its client comes back --------------------------------------------------------------------------------------

    @Test
    void aClientThatComesBackAtAnotherNodeGetsWhatItHasNotSettledAndWhatCameMeanwhile() {
        Client bob = bobSubscribes("ack:client-individual\n");
        keeps(1, "kept.a");
        keeps(2, "kept.a");
        verdict(bob);
        List<Received> two = bob.takeAll();
        bob.sends(ack(two.get(0)));
        bob.got("RECEIPT\nreceipt-id:a\n\n^@");
        assertThat(durables.saves).last().isEqualTo("2 open [2]");
        bob.isLost();
        assertThat(durables.leaves).containsExactly("2 open [2] maybe 0");
        keeps(3, "kept.a");
        bob = bobThere(otherLoop);
        bob.sends(SUBSCRIBE + "ack:client-individual\n\n^@");
        assertThat(verdict(bob)).isEqualTo("recovered:true replayed:2");
        List<Received> again = bob.takeAll();
        assertThat(again).extracting(Received::text).containsExactly("2", "3");
        assertThat(again).extracting(message -> message.has("redelivered")).containsExactly(true, false);
    }

    @Test
    void theReceiptOfAnAckWaitsUntilItIsWrittenDown() {
        Client bob = bobSubscribes("ack:client-individual\n");
        keeps(1, "kept.a");
        verdict(bob);
        durables.holdsConfirmations = true;
        bob.sends(ack(bob.next("1")));
        pass(Duration.ofMillis(10));
        bob.gotNothing();
        durables.unconfirmed.remove().complete(null);
        settle();
        bob.got("RECEIPT\nreceipt-id:a\n\n^@");
    }

    @Test
    void anAckThatIsNotWrittenDownIsAnError() {
        Client bob = bobSubscribes("ack:client-individual\n");
        keeps(1, "kept.a");
        verdict(bob);
        durables.holdsConfirmations = true;
        bob.sends(ack(bob.next("1")));
        pass(Duration.ofMillis(10));
        durables.unconfirmed.remove().completeExceptionally(new ProtocolException("taken over", "elsewhere"));
        settle();
        bob.gotError(CloseCode.PROTOCOL_ERROR, "taken over", "elsewhere");
    }

    @Test
    void aHistoryThatHasLetGoOfSomeOfItSaysSo() {
        Client bob = bobSubscribes();
        bob.isLost();
        keepsAll(1, HISTORY + 1, "kept.a");
        bob = bobSubscribes();
        assertThat(verdict(bob)).isEqualTo("recovered:false replayed:" + HISTORY);
        assertThat(bob.takeBodies()).isEqualTo(numbers(2, HISTORY + 1));
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(Integer::toString).toList();
    }

    @Test
    void whatTopicsKeepBeganAnewMeanwhileIsAllDeliveredAndSaysSo() {
        Client bob = bobSubscribes();
        keeps(7, "kept.a");
        bob.isLost();
        orders("f");
        keeps(1, "kept.a");
        keeps(2, "kept.a");
        bob = bobSubscribes();
        assertThat(verdict(bob)).isEqualTo("recovered:false replayed:2");
        keeps(3, "kept.a");
        List<Received> all = bob.takeAll();
        assertThat(all).extracting(Received::text).containsExactly("1", "2", "3");
        assertThat(all)
                .as("none knows what had been delivered")
                .extracting(message -> message.has("redelivered"))
                .containsExactly(true, true, false);
        bob.isLost();
        assertThat(durables.leaves).last().isEqualTo("3 open [] maybe 0");
    }

    /** Node and all, with a message that may have been delivered, and one that came later. */
    private void losesItsConnection() {
        Client lost = bobThere(otherLoop);
        lost.sends(SUBSCRIBE + "ack:client-individual\n\n^@");
        keeps(1, "kept.a");
        keeps(2, "kept.a");
        durables.losesItsHolder(KEY, 2);
        keeps(3, "kept.a");
    }

    @Test
    void afterTheEndOfAConnectionWithoutAWordAllThatWasThereMayBeARedelivery() {
        losesItsConnection();
        Client bob = bobSubscribes();
        assertThat(verdict(bob)).isEqualTo("recovered:true replayed:3");
        assertThat(bob.takeAll())
                .extracting(message -> message.has("redelivered"))
                .containsExactly(true, true, false);
    }

    @Test
    void aConnectionThatEndsBeforeAllIsReadPassesOnWhatMayHaveBeenDelivered() {
        losesItsConnection();
        keepsAll(4, HISTORY, "kept.a");
        Client bob = bob();
        bob.feeds(SUBSCRIBE + "\n^@");
        loop.takeTurn();
        assertThat(shown().get(0).queue().depth())
                .as("what a turn has read")
                .isBetween(100, LongJobs.STEPS_PER_TURN + 400);
        bob.feeds("UNSUBSCRIBE\nid:news\n\n^@");
        settle();
        assertThat(durables.leaves).containsExactly("0 open [] maybe 2");
        bob.sends(SUBSCRIBE + "\n^@");
        bob.next("the first RECEIPT");
        assertThat(verdict(bob)).isEqualTo("recovered:true replayed:" + HISTORY);
        assertThat(bob.takeAll().subList(0, 3))
                .extracting(message -> message.has("redelivered"))
                .containsExactly(true, true, false);
    }

    @Test
    void withOtherTermsItBeginsAnew() {
        for (String terms : List.of("selector:x = 1\n", "no-local:true\n", "")) {
            Client bob = bobSubscribes(terms);
            assertThat(verdict(bob)).as(terms).isEqualTo("recovered:null replayed:null");
            bob.isLost();
        }
        Client bob = bob();
        bob.sends(subscribe("/topic/kept.b") + "\n^@");
        assertThat(verdict(bob)).isEqualTo("recovered:null replayed:null");
        assertThat(broker.durableSubscriptionCount()).isEqualTo(1);
    }

    @Test
    void aSelectorCountsForWhatWasKeptAndForWhatComes() {
        Client bob = bobSubscribes("selector:x = 1\n");
        bob.isLost();
        keeps(1, "kept.a", "x", "1");
        keeps(2, "kept.a", "x", "2");
        bob = bobSubscribes("selector:x = 1\n");
        assertThat(verdict(bob)).isEqualTo("recovered:true replayed:1");
        keeps(3, "kept.a", "x", "2");
        keeps(4, "kept.a", "x", "1");
        assertThat(bob.takeBodies()).containsExactly("1", "4");
    }

    // ---- its client goes --------------------------------------------------------------------------------------------

    @Test
    void whileItsClientIsAwayANodeHasNothingOfIt() {
        keeps(1, "kept.a");
        long one = broker.memoryBytes();
        keeps(2, "kept.a");
        long each = broker.memoryBytes() - one;
        Client bob = bobSubscribes("ack:client-individual\nprefetch-count:1\n");
        keepsAll(3, 5, "kept.a");
        verdict(bob);
        Received unsettled = bob.next("3");
        bob.sends("UNSUBSCRIBE\nid:news\n\n^@");
        long topic = one + 4 * each;
        assertThat(broker.memoryBytes())
                .as("what the topic keeps, and a place for what its client has")
                .isBetween(topic + 1, topic + 100);
        assertThat(shown()).singleElement().matches(status -> status.queue().consumers() == 0);
        bob.sends(ack(unsettled));
        pass(Duration.ofMillis(10));
        bob.got("RECEIPT\nreceipt-id:a\n\n^@");
        assertThat(durables.saves).last().isEqualTo("3 open []");
        assertThat(broker.memoryBytes()).isEqualTo(topic);
    }

    @Test
    void whatWaitsForTheSocketOfAConnectionThatLeavesComesOnTheNextOne() {
        nodes(BrokerOptions.builder().outbox(o -> o.maxOutboxBytes(1_000)));
        Client bob = bobSubscribes();
        verdict(bob);
        bob.stopsReading();
        keepsAll(1, 30, "kept.a");
        bob.sends("UNSUBSCRIBE\nid:news\n\n^@");
        bob.reads();
        pass(Duration.ofMillis(10));
        List<String> before = bob.takeBodies();
        assertThat(before).hasSizeBetween(1, 29);
        Client next = bob();
        next.sends(SUBSCRIBE + "\n^@");
        assertThat(verdict(next)).isEqualTo("recovered:true replayed:" + (30 - before.size()));
        assertThat(next.takeBodies()).isEqualTo(numbers(before.size() + 1, 30));
    }

    // ---- several topics ---------------------------------------------------------------------------------------------

    @Test
    void itsTopicsComeInTheirOneOrder() {
        String subscribe = subscribe("/topic/kept.a,/topic/kept.x.*,/topic/kept.b");
        Client bob = bob();
        bob.sends(subscribe + "\n^@");
        bob.isLost();
        keeps(1, "kept.b");
        keeps(2, "kept.x.y");
        keeps(3, "kept.a");
        keeps(4, "kept.x");
        keeps(5, "kept.x.z");
        bob = bob();
        bob.sends(subscribe + "\n^@");
        assertThat(verdict(bob)).isEqualTo("recovered:true replayed:4");
        keeps(6, "kept.a");
        keeps(7, "kept.c");
        assertThat(bob.takeBodies()).containsExactly("1", "2", "3", "5", "6");
    }

    @Test
    void aMessageThatTwoOfItsDestinationsMatchComesOnce() {
        Client bob = bob();
        bob.sends(subscribe("/topic/kept.*,/topic/kept.a") + "\n^@");
        keeps(1, "kept.a");
        verdict(bob);
        assertThat(bob.takeBodies()).containsExactly("1");
    }

    @Test
    void ofSeveralTopicsOneThatHasLetGoOfSomeSaysSo() {
        String subscribe = subscribe("/topic/kept.a,/topic/kept.b");
        Client bob = bob();
        bob.sends(subscribe + "\n^@");
        bob.isLost();
        keeps(1, "kept.b");
        keepsAll(2, HISTORY + 2, "kept.a");
        keeps(HISTORY + 3, "kept.b");
        bob = bob();
        bob.sends(subscribe + "\n^@");
        assertThat(verdict(bob)).isEqualTo("recovered:false replayed:" + (HISTORY + 2));
    }
}
