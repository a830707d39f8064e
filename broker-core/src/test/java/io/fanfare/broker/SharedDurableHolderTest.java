package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.backplane.DurableKey;
import io.fanfare.frame.CloseCode;
import io.fanfare.testing.Received;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who has a durable subscription of several nodes, who may end it, and what is refused. */
class SharedDurableHolderTest extends SharedDurableBrokerTest {

    private static final String UNSUBSCRIBE = "UNSUBSCRIBE\nid:news\ndurable:true\nreceipt:u\n\n^@";

    // ---- takeover ---------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClientThatComesBackTakesOverWhereverTheOldConnectionIs(boolean isAtOneNode) {
        Client old = isAtOneNode ? bob() : bobThere(otherLoop);
        old.sends(SUBSCRIBE + "ack:client-individual\nprefetch-count:2\n\n^@");
        keeps(1, "kept.a");
        keeps(2, "kept.a");
        keeps(3, "kept.a");
        verdict(old);
        assertThat(old.takeBodies()).containsExactly("1", "2");
        Client back = bob();
        back.sends(SUBSCRIBE + "ack:client-individual\n\n^@");
        old.gotError(CloseCode.POLICY, "taken over", "another connection", "'news'");
        assertThat(verdict(back)).isEqualTo("recovered:true replayed:3");
        keeps(4, "kept.a");
        List<Received> all = back.takeAll();
        assertThat(all).extracting(Received::text).containsExactly("1", "2", "3", "4");
        assertThat(all).extracting(message -> message.has("redelivered")).containsExactly(true, true, false, false);
        assertThat(shown()).singleElement().matches(each -> each.connected());
    }

    @Test
    void theOldConnectionIsToldWhichOneOfItsUserHasItNow() {
        Client old = Clients.connectWith(this, "login:bob\nclient-id:bob");
        old.sends(SUBSCRIBE + "\n^@");
        verdict(old);
        Client back = Clients.connectWith(this, "login:bob\nclient-id:bob");
        back.sends(SUBSCRIBE + "\n^@");
        old.gotError(CloseCode.POLICY, "taken over", "(" + back.session() + ")");
    }

    @Test
    void aConnectionThatHasLeftItIsNotToldThatAnotherOneHasIt() {
        Client old = bob();
        durables.holdsClaims = true;
        old.sends(SUBSCRIBE + "\n^@");
        durables.grants();
        settle();
        verdict(old);
        Client back = bob();
        back.sends(SUBSCRIBE + "\n^@");
        old.feeds("UNSUBSCRIBE\nid:news\n\n^@");
        durables.grants();
        settle();
        old.isOpen();
        old.gotNothing();
        assertThat(verdict(back)).isEqualTo("recovered:true replayed:0");
    }

    @Test
    void whenAllWereLostTheClientIsToComeBack() {
        Client bob = bobSubscribes();
        verdict(bob);
        durables.beginsAnew();
        settle();
        bob.gotError(CloseCode.RESTARTING, "durable subscriptions began anew", "'news'", "connect again");
        assertThat(broker.durableSubscriptionCount()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aConnectionHasItOnce(boolean isGranted) {
        durables.holdsClaims = !isGranted;
        Client bob = bobSubscribes();
        bob.takeAll();
        bob.sends("SUBSCRIBE\nid:2\ndestination:/topic/kept.a\ndurable-subscription-name:news\n\n^@");
        if (!isGranted) {
            durables.grants();
            settle();
        }
        bob.gotError(CloseCode.PROTOCOL_ERROR, "subscription in use", "this connection has", "'news'");
    }

    @Test
    void aConnectionThatHasLeftItMayHaveItAgain() {
        Client bob = bob();
        bob.sends(SUBSCRIBE + "\n^@UNSUBSCRIBE\nid:news\n\n^@");
        verdict(bob);
        keeps(1, "kept.a");
        bob.sends(SUBSCRIBE + "\n^@");
        assertThat(verdict(bob)).isEqualTo("recovered:true replayed:1");
        assertThat(bob.takeBodies()).containsExactly("1");
    }

    // ---- the end ----------------------------------------------------------------------------------------------------

    @Test
    void unsubscribeWithTheHeaderEndsItAndItsReceiptWaitsUntilThatIsKept() {
        Client bob = bobSubscribes();
        verdict(bob);
        durables.holdsConfirmations = true;
        bob.sends(UNSUBSCRIBE);
        bob.gotNothing();
        durables.unconfirmed.remove().complete(null);
        settle();
        bob.got("RECEIPT\nreceipt-id:u\n\n^@");
        assertThat(broker.durableSubscriptionCount()).isZero();
        keeps(1, "kept.a");
        bob.gotNothing();
        bob.sends(SUBSCRIBE + "\n^@");
        assertThat(verdict(bob)).isEqualTo("recovered:null replayed:null");
    }

    @Test
    void aLaterConnectionMayEndItOnce() {
        Client bob = bobSubscribes();
        bob.isLost();
        bob = bobThere(otherLoop);
        bob.sends(UNSUBSCRIBE);
        bob.got("RECEIPT\nreceipt-id:u\n\n^@");
        assertThat(broker.durableSubscriptionCount()).isZero();
        bob.sends(UNSUBSCRIBE);
        bob.gotError(CloseCode.PROTOCOL_ERROR, "no such subscription", "news");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void itMayEndBeforeItHasBegun(boolean anotherOneHasIt) {
        if (anotherOneHasIt) {
            bobThere(otherLoop).sends(SUBSCRIBE + "\n^@");
        } else {
            durables.holdsClaims = true;
        }
        Client bob = bob();
        bob.sends(SUBSCRIBE + "\n^@" + UNSUBSCRIBE + "BEGIN\ntransaction:t\nreceipt:b\n\n^@");
        assertThat(broker.durableSubscriptionCount()).isZero();
        bob.isOpen();
        assertThat(bob.takeAll()).extracting(each -> each.find("receipt-id")).containsExactly("r", "u", "b");
    }

    @Test
    void aConnectionThatLeavesItAndHasItAgainBeforeItHasBegunIsAnsweredInOrder() {
        bobThere(otherLoop).sends(SUBSCRIBE + "\n^@");
        Client bob = bob();
        bob.sends(SUBSCRIBE + "\n^@UNSUBSCRIBE\nid:news\n\n^@" + SUBSCRIBE.replace("receipt:r", "receipt:again")
                + "\n^@");
        keeps(1, "kept.a");
        bob.isOpen();
        assertThat(bob.takeAll()).extracting(each -> each.find("receipt-id")).containsExactly("r", "again", null);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anotherConnectionsIsNotEnded(boolean isAtOneNode) {
        Client holder = isAtOneNode ? bob() : bobThere(otherLoop);
        holder.sends(SUBSCRIBE + "\n^@");
        verdict(holder);
        Client bob = bob();
        bob.sends("SUBSCRIBE\nid:news\ndestination:/topic/b\n\n^@" + UNSUBSCRIBE);
        assertThat(bob.gotError(CloseCode.PROTOCOL_ERROR, "subscription in use", "another connection has", "'news'")
                        .find("receipt-id"))
                .isEqualTo("u");
        keeps(1, "kept.a");
        assertThat(holder.takeBodies()).containsExactly("1");
    }

    @Test
    void anotherSubscriptionOfTheConnectionIsNotEndedByItsName() {
        Client bob = bob();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/kept.a\ndurable-subscription-name:news\n\n^@");
        bob.sends("UNSUBSCRIBE\nid:1\ndurable-subscription-name:news\n\n^@");
        bob.gotError(CloseCode.PROTOCOL_ERROR, "subscription in use", "this connection has", "'news'");
    }

    // ---- operators --------------------------------------------------------------------------------------------------

    @Test
    void operatorsSeeAllNodesSubscriptionsAndOfConnectedClientsWhatWaits() {
        Client there = bobThere(otherLoop);
        there.sends("SUBSCRIBE\nid:away\ndestination:/topic/kept.b\ndurable:true\nselector:x = 1\n\n^@");
        Client bob = bob();
        bob.sends(
                SUBSCRIBE.replace("kept.a", "kept.a,/topic/kept.c") + "ack:client-individual\nprefetch-count:1\n\n^@");
        keeps(1, "kept.a");
        keeps(2, "kept.a");
        keeps(3, "kept.c");
        verdict(bob);
        bob.sends("ACK\nid:" + bob.next("1").header("ack") + "\n\n^@");
        var away = shown().get(0);
        assertThat(away.name()).isEqualTo("away");
        assertThat(away.connected()).as("at the other node").isTrue();
        assertThat(away.selector()).isEqualTo("x = 1");
        assertThat(away.queue().consumers()).isZero();
        assertThat(away.queue().messagesIn()).isZero();
        var news = shown().get(1);
        assertThat(news.clientId()).isEqualTo("bob");
        assertThat(news.user()).isEmpty();
        assertThat(news.destinations()).containsExactly("/topic/kept.a", "/topic/kept.c");
        assertThat(news.connected()).isTrue();
        assertThat(news.queue().depth()).isEqualTo(1);
        assertThat(news.queue().unacknowledged()).isEqualTo(1);
        assertThat(news.queue().consumers()).isEqualTo(1);
        assertThat(news.queue().messagesIn()).isEqualTo(3);
        assertThat(news.queue().messagesOut()).isEqualTo(2);
        assertThat(news.queue().bytes()).isPositive();
        assertThat(broker.durableSubscriptionCount()).isEqualTo(2);
        there.isLost();
        bob.isLost();
        assertThat(shown()).noneMatch(each -> each.connected());
    }

    @Test
    void oneThatWaitsToBeHadIsShownWithoutMessages() {
        Client bob = bobSubscribes();
        bob.isLost();
        keeps(1, "kept.a");
        durables.holdsClaims = true;
        bob = bobSubscribes();
        assertThat(shown()).singleElement().matches(each -> each.queue().depth() == 0);
        durables.grants();
        settle();
        assertThat(verdict(bob)).isEqualTo("recovered:true replayed:1");
    }

    @Test
    void anAbsentClientsIsDeletedAndAConnectedOnesIsNot() {
        Client bob = bobThere(otherLoop);
        bob.sends(SUBSCRIBE + "\n^@");
        assertThat(broker.operations().deleteDurableSubscription("", "bob", "news"))
                .isEqualTo(Operations.Deletion.IN_USE);
        bob.isLost();
        assertThat(broker.operations().deleteDurableSubscription("", "bob", "news"))
                .isEqualTo(Operations.Deletion.DELETED);
        assertThat(broker.durableSubscriptionCount()).isZero();
        assertThat(broker.operations().deleteDurableSubscription("", "bob", "news"))
                .isEqualTo(Operations.Deletion.NOT_FOUND);
    }

    @Test
    void allAbsentClientsSubscriptionsGoTogether() {
        Client bob = bob();
        bob.sends(SUBSCRIBE + "\n^@" + "SUBSCRIBE\nid:2\ndestination:/topic/kept.b\ndurable:true\n\n^@");
        bob.isLost();
        Client carol = Clients.connectWith(this, "client-id:carol");
        carol.sends(SUBSCRIBE + "\n^@");
        assertThat(broker.durableSubscriptionCount()).isEqualTo(3);
        broker.operations().clear();
        assertThat(shown()).singleElement().matches(each -> each.clientId().equals("carol"));
    }

    // ---- what is refused --------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/topic/live|/topic/live is not within one",
                "/topic/#|/topic/# is not within one",
                "/topic/kept-values.a|/topic/kept-values.a has a rule without a history",
                "/topic/kept.a,/topic/kept-other.a|of /topic/kept.# and /topic/kept-other.#"
            })
    void whatNoOneHistoryHasIsRefused(String destinations, String why) {
        Client bob = bob();
        bob.sends(subscribe(destinations) + "\n^@");
        bob.gotError(CloseCode.PROTOCOL_ERROR, "durable subscription not available", why);
        assertThat(broker.durableSubscriptionCount()).isZero();
    }

    @Test
    void beforeTopicsHaveBeenReadItIsToBeTriedAgain() {
        nodesThatHaveReadNothing(BrokerOptions.builder());
        Client bob = bobSubscribes();
        bob.gotError(CloseCode.PROTOCOL_ERROR, "durable subscription not available", "not been read yet", "try again");
        orders("e");
    }

    @Test
    void thereAreNoMoreThanTheLimitAndOneThatIsThereMayGoOn() {
        nodes(BrokerOptions.builder().destinations(d -> d.maxDestinations(2)));
        for (String name : List.of("1", "2")) {
            Client bob = bob();
            bob.sends("SUBSCRIBE\nid:" + name + "\ndestination:/topic/kept.a\ndurable:true\n\n^@");
            bob.isLost();
        }
        Client bob = bob();
        bob.sends("SUBSCRIBE\nid:2\ndestination:/topic/kept.a\ndurable:true\nreceipt:r\n\n^@");
        assertThat(verdict(bob)).isEqualTo("recovered:true replayed:0");
        bob.sends("SUBSCRIBE\nid:3\ndestination:/topic/kept.a\ndurable:true\n\n^@");
        bob.gotError(CloseCode.OVERLOAD, "too many durable subscriptions", "max_destinations");
        assertThat(durables.get(new DurableKey("", "bob", "3"))).isEmpty();
    }

    @Test
    void whereTheBrokerHasNoRoomForItsTopicsItIsRefusedAndIsAsItWas() {
        nodes(BrokerOptions.builder().destinations(d -> d.maxDestinations(2)));
        Client alice = connect();
        alice.sends("SUBSCRIBE\nid:0\ndestination:/topic/x\n\n^@");
        Client bob = Clients.connectWith(this, "client-id:bob\nsoft-errors:true");
        bob.sends(subscribe("/topic/kept.a,/topic/kept.b") + "\n^@");
        assertThat(bob.next("the refusal").headers()).contains("receipt-id:r", "message:too many destinations");
        assertThat(shown()).singleElement().matches(each -> !each.connected());
        alice.sends("UNSUBSCRIBE\nid:0\n\n^@");
        bob.sends(subscribe("/topic/kept.a,/topic/kept.b") + "\n^@");
        assertThat(verdict(bob)).isEqualTo("recovered:true replayed:0");
        keeps(1, "kept.b");
        assertThat(bob.takeBodies()).containsExactly("1");
    }

    @Test
    void itsTopicsCountForItsConnectionWhileThatHasIt() {
        nodes(BrokerOptions.builder().limits(l -> l.maxDestinationsPerConnection(2)));
        Client bob = bob();
        for (int i = 0; i < 3; i++) {
            bob.sends(subscribe("/topic/kept.a,/topic/kept.b") + "\n^@UNSUBSCRIBE\nid:news\n\n^@");
            bob.takeAll();
        }
        bob.isOpen();
        bob.sends(SUBSCRIBE + "\n^@");
        bob.takeAll();
        bob.sends("SUBSCRIBE\nid:2\ndestination:/topic/kept.a,/topic/kept.b\ndurable:true\n\n^@");
        bob.gotError(CloseCode.POLICY, "too many destinations", "max_destinations_per_connection");
    }
}
