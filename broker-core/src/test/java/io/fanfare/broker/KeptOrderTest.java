package io.fanfare.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Headers;
import io.fanfare.loop.BrokerClock;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.Outcome;
import io.fanfare.message.SendProperties;
import io.fanfare.options.TopicRule;
import io.fanfare.testing.HandBackplane;
import io.fanfare.testing.Received;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Topics whose messages get their numbers outside of the broker, with gaps. */
class KeptOrderTest extends BrokerTest {

    private static final TopicRule RULE = TopicRule.of("/topic/kept.#").history(3, Duration.ofMinutes(10), 1 << 20);
    private static final TopicRule LONG = TopicRule.of("/topic/kept-long.#").history(500);
    private static final TopicRule VALUES = TopicRule.of("/topic/kept-values.#").retainByKey("k");

    private HandBackplane backplane;

    @BeforeEach
    void aNode() {
        node(BrokerOptions.builder());
        orders("e", 0);
    }

    private void node(BrokerOptions.Builder options) {
        backplane = new HandBackplane("n1", new ArrayList<>());
        brokerWith(options.topics(t ->
                        t.rules(List.of(RULE, LONG, VALUES)).maxRetainedKeys(2).maxRetainedKeyBytes(10))
                .backplane(backplane)
                .build());
    }

    @Override
    void forgetKeptTopics() {
        orders("none", 0);
        pass(Duration.ofSeconds(65));
    }

    private void orders(String epoch, long lostUpTo) {
        backplane.local().order(RULE, epoch, lostUpTo);
        backplane.local().order(LONG, epoch, lostUpTo);
        backplane.local().order(VALUES, epoch, lostUpTo);
    }

    private Outcome keeps(long number, String topic, String... headers) {
        return keeps(number, topic, System.currentTimeMillis(), headers);
    }

    private Outcome keeps(long number, String topic, long timestamp, String... headers) {
        Headers all = Headers.of("destination", "/topic/" + topic).with(Headers.of(headers));
        return backplane
                .local()
                .keep(
                        Destination.topic(topic),
                        number,
                        new Message(
                                all,
                                ("" + number).getBytes(UTF_8),
                                timestamp,
                                SendProperties.of(all, BrokerClock.SYSTEM),
                                null));
    }

    private Client subscribe(String topic, String headers) {
        Client client = connect();
        client.sends("SUBSCRIBE\nid:0\ndestination:/topic/" + topic + "\nreceipt:r\n" + headers + "\n\n^@");
        return client;
    }

    /** What a RECEIPT says of where the subscription begins. */
    private static String verdict(Client client) {
        Received receipt = client.next("the RECEIPT");
        assertThat(receipt.find("receipt-id")).isEqualTo("r");
        return receipt.find("epoch") + "/" + receipt.find("seq") + " recovered:" + receipt.find("recovered")
                + " replayed:" + receipt.find("replayed");
    }

    @Test
    void messagesHaveTheirNumbersAndTheEpochFromOutside() {
        Client bob = subscribe("kept.a", "from:next");
        assertThat(verdict(bob)).isEqualTo("e/0 recovered:true replayed:0");
        assertThat(keeps(17, "kept.a").delivered()).isEqualTo(1);
        settle();
        assertThat(bob.next("the message").headers()).contains("seq:17", "epoch:e");
    }

    @Test
    void aMessageThatComesAgainGoesNowhere() {
        Client bob = subscribe("kept.a", "from:next");
        bob.takeAll();
        for (long number : new long[] {5, 9, 9, 5, 8, 10}) {
            keeps(number, "kept.a");
        }
        settle();
        assertThat(bob.takeBodies()).containsExactly("5", "9", "10");
        assertThat(subscribeBodies("kept.a", "from:first")).containsExactly("5", "9", "10");
    }

    private List<String> subscribeBodies(String topic, String headers) {
        Client client = subscribe(topic, headers);
        client.next("the RECEIPT");
        return client.takeBodies();
    }

    @Test
    void aCursorIsGoodAsLongAsNothingBehindItHasBeenLetGo() {
        keeps(10, "kept.a");
        keeps(20, "kept.a");
        keeps(25, "kept.b");
        keeps(30, "kept.a");
        keeps(40, "kept.a");
        keeps(50, "kept.a");
        // 30, 40 and 50 are there; 20 is the last that is not
        for (int good : new int[] {20, 21, 29}) {
            assertThat(verdict(subscribe("kept.a", "from:e/" + good))).isEqualTo("e/50 recovered:true replayed:3");
        }
        assertThat(verdict(subscribe("kept.a", "from:e/19"))).isEqualTo("e/50 recovered:false replayed:3");
        assertThat(verdict(subscribe("kept.a", "from:e/30"))).isEqualTo("e/50 recovered:true replayed:2");
        assertThat(verdict(subscribe("kept.a", "from:e/50"))).isEqualTo("e/50 recovered:true replayed:0");
        assertThat(verdict(subscribe("kept.a", "from:last"))).isEqualTo("e/50 recovered:true replayed:1");
        assertThat(verdict(subscribe("kept.b", "from:e/0"))).isEqualTo("e/25 recovered:true replayed:1");
    }

    @Test
    void aCursorThatIsAheadOfThisNodeHidesWhatItsClientHasGotElsewhere() {
        keeps(10, "kept.a");
        Client bob = subscribe("kept.a", "from:e/12");
        assertThat(verdict(bob)).isEqualTo("e/12 recovered:true replayed:0");
        keeps(11, "kept.a");
        keeps(12, "kept.a");
        keeps(13, "kept.a");
        settle();
        assertThat(bob.takeBodies()).containsExactly("13");
    }

    @Test
    void aCursorThatNoMessageCanHaveIsNone() {
        keeps(10, "kept.a");
        assertThat(verdict(subscribe("kept.a", "from:e/" + (10 + (1 << 20)))))
                .startsWith("e/" + (10 + (1 << 20)) + " recovered:true");
        assertThat(verdict(subscribe("kept.a", "from:e/" + (11 + (1 << 20)))))
                .isEqualTo("e/10 recovered:false replayed:1");
        assertThat(verdict(subscribe("kept.a", "from:e/" + (1L << 40)))).isEqualTo("e/10 recovered:false replayed:1");
        assertThat(verdict(subscribe("kept.a", "from:other/10"))).isEqualTo("e/10 recovered:false replayed:1");
    }

    @Test
    void aTopicThatIsNewHereBeginsAtTheLastMessageOfItsOrder() {
        keeps(10, "kept.a");
        Client bob = subscribe("kept.b", "from:next");
        assertThat(verdict(bob)).isEqualTo("e/10 recovered:true replayed:0");
        assertThat(verdict(subscribe("kept.b", "from:e/3"))).isEqualTo("e/10 recovered:true replayed:0");
        keeps(11, "kept.b");
        settle();
        assertThat(bob.takeBodies()).containsExactly("11");
    }

    @Test
    void aNodeThatHasJustStartedKnowsNothingOfWhatItsOrderHasLetGo() {
        node(BrokerOptions.builder());
        orders("e", 100);
        keeps(110, "kept.a");
        assertThat(verdict(subscribe("kept.a", "from:e/100"))).isEqualTo("e/110 recovered:true replayed:1");
        assertThat(verdict(subscribe("kept.a", "from:e/99"))).isEqualTo("e/110 recovered:false replayed:1");
        assertThat(verdict(subscribe("kept.b", "from:e/100"))).startsWith("e/110 recovered:true");
        assertThat(verdict(subscribe("kept.b", "from:e/99"))).startsWith("e/110 recovered:false");
    }

    @Test
    void whatTheOrderLosesLaterIsLostForTopicsThatAreThereAlready() {
        keeps(10, "kept.a");
        keeps(20, "kept.a");
        orders("e", 15);
        assertThat(verdict(subscribe("kept.a", "from:e/15"))).isEqualTo("e/20 recovered:true replayed:1");
        assertThat(verdict(subscribe("kept.a", "from:e/14"))).isEqualTo("e/20 recovered:false replayed:1");
    }

    @Test
    void ageCountsFromTheSend() {
        keeps(10, "kept.a", System.currentTimeMillis() - Duration.ofMinutes(11).toMillis());
        keeps(20, "kept.a", System.currentTimeMillis() - Duration.ofMinutes(9).toMillis());
        assertThat(verdict(subscribe("kept.a", "from:e/9"))).isEqualTo("e/20 recovered:false replayed:1");
        assertThat(verdict(subscribe("kept.a", "from:e/10"))).isEqualTo("e/20 recovered:true replayed:1");
    }

    @Test
    void aTopicThatWasForgottenSaysThatSomethingIsMissing() {
        keeps(10, "kept.a", System.currentTimeMillis() - Duration.ofMinutes(11).toMillis());
        keeps(20, "kept.b");
        connect();
        pass(Duration.ofSeconds(65));
        assertThat(broker.inspection().topic("/topic/kept.a")).isEmpty();
        assertThat(verdict(subscribe("kept.a", "from:e/9"))).isEqualTo("e/20 recovered:false replayed:0");
        assertThat(verdict(subscribe("kept.a", "from:e/10"))).isEqualTo("e/20 recovered:true replayed:0");
    }

    @Test
    void afterANewBeginningNothingIsKeptAndNumbersMayBeSmaller() {
        keeps(1000, "kept.a");
        keeps(1001, "kept-values.a", "k", "x");
        Client bob = subscribe("kept.a", "from:e/1000");
        bob.takeAll();
        orders("f", 0);
        settle();
        bob.gotError(CloseCode.RESTARTING, "what topics keep began anew");
        Client carol = subscribe("kept.a", "from:e/1000");
        assertThat(verdict(carol)).isEqualTo("f/0 recovered:false replayed:0");
        assertThat(subscribeBodies("kept-values.a", "")).isEmpty();
        keeps(1, "kept.a");
        settle();
        assertThat(carol.next("the message").headers()).contains("seq:1", "epoch:f");
        assertThat(verdict(subscribe("kept.a", "from:f/0"))).isEqualTo("f/1 recovered:true replayed:1");
    }

    @Test
    void whatASlowClientMissesIsCountedAndNotReckonedFromNumbers() {
        node(BrokerOptions.builder().outbox(o -> o.maxOutboxBytes(64 << 10)));
        orders("e", 0);
        String[] large = {"x", "x".repeat(1_000)};
        int count = 0;
        while (count < 500) {
            keeps(7 * ++count, "kept-long.a", large);
        }
        Client bob = connect();
        bob.stopsReading();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/kept-long.a\nfrom:first\noverflow:drop-oldest\n\n^@");
        while (count < 900) {
            keeps(7 * ++count, "kept-long.a", large);
        }
        settle();
        bob.reads();
        List<Received> all = bob.takeAll();
        long dropped = all.stream()
                .filter(each -> each.has("dropped"))
                .mapToLong(each -> Long.parseLong(each.header("dropped")))
                .sum();
        assertThat(dropped).isPositive();
        assertThat(all.size() + dropped).isEqualTo(900);
    }

    @Test
    void limitsAreLookedAtWhereAMessageIsSentAndAllNodesKeepIt() {
        keeps(1, "kept-values.a", "k", "x");
        keeps(2, "kept-values.a", "k", "y");
        Client alice = connect();
        alice.sends("SEND\ndestination:/topic/kept-values.a\nk:z\n\n^@");
        alice.gotError(CloseCode.OVERLOAD, "too many retained values", "max_retained_keys");
        assertThat(backplane.appends).isEmpty();
        keeps(3, "kept-values.a", "k", "z-from-elsewhere");
        assertThat(subscribeBodies("kept-values.a", "")).containsExactly("1", "2", "3");
    }

    @Test
    void roomIsTakenUntilAMessageIsKept() {
        keeps(1, "kept-values.a", "k", "x");
        Client alice = connect();
        alice.sends("SEND\ndestination:/topic/kept-values.a\nk:y\nreceipt:1\n\n^@");
        assertThat(backplane.appends).hasSize(1);
        Client bob = connect();
        bob.sends("SEND\ndestination:/topic/kept-values.a\nk:z\n\n^@");
        bob.gotError(CloseCode.OVERLOAD, "too many retained values", "max_retained_keys");
        backplane.refuses("topic unavailable");
        settle();
        alice.gotError(CloseCode.PROTOCOL_ERROR, "topic unavailable", "not reached");
        Client carol = connect();
        carol.sends("SEND\ndestination:/topic/kept-values.a\nk:z\nreceipt:1\n\n^@");
        carol.gotNothing();
        backplane.keeps();
        settle();
        carol.next("the RECEIPT");
    }

    @Test
    void aLastValueWithoutARuleIsRefused() {
        Client alice = connect();
        alice.sends("SEND\ndestination:/topic/other\nretain:set\n\n^@");
        alice.gotError(CloseCode.PROTOCOL_ERROR, "retain not available", "a rule in topics", "/topic/other");
        Client bob = connect();
        bob.sends(
                "BEGIN\ntransaction:t\n\n^@",
                "SEND\ndestination:/topic/other\nretain:set\ntransaction:t\n\n^@",
                "COMMIT\ntransaction:t\n\n^@");
        bob.gotError(CloseCode.PROTOCOL_ERROR, "retain not available", "a rule in topics", "/topic/other");
    }

    @Test
    void aDurableSubscriptionToTopicsWithoutAHistoryIsRefused() {
        for (String topic : List.of("/topic/other", "/topic/kept-values.a", "/topic/#")) {
            Client alice = open();
            alice.sends("CONNECT\naccept-version:1.2\nhost:h\nclient-id:c\n\n^@");
            alice.takeAll();
            alice.sends("SUBSCRIBE\nid:0\ndestination:" + topic + "\ndurable:true\n\n^@");
            alice.gotError(CloseCode.PROTOCOL_ERROR, "durable subscription not available", "queues.shared", topic);
        }
    }

    @Test
    void rulesThatKeepSomethingElseWaitForARestartAndPresenceDoesNot() {
        keeps(10, "kept.a");
        broker.topicRules(List.of(RULE.withPresence()));
        assertThat(subscribeBodies("kept-values.a", "retained:true")).hasSize(1);
        broker.topicRules(List.of(RULE.withPresence(), LONG, VALUES));
        assertThat(subscribeBodies("kept.a", "from:first")).containsExactly("10");
        keeps(20, "kept.a");
        assertThat(subscribeBodies("kept.a", "from:first")).containsExactly("10", "20");
    }
}
