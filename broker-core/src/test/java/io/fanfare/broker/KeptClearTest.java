package io.fanfare.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.frame.Headers;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.BrokerClock;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.SendProperties;
import io.fanfare.options.TopicRule;
import io.fanfare.testing.HandBackplane;
import io.fanfare.testing.Received;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Topics that several nodes keep, and that an operator clears: the clearing has a place in the order of their messages. */
class KeptClearTest extends BrokerTest {

    private static final TopicRule RULE = TopicRule.of("/topic/kept.#").history(3);
    private static final TopicRule VALUES = TopicRule.of("/topic/kept-values.#").retainByKey("k");

    private HandBackplane backplane;

    @BeforeEach
    void aNode() {
        backplane = new HandBackplane("n1", new ArrayList<>());
        brokerWith(BrokerOptions.builder()
                .topics(t -> t.rules(List.of(RULE, VALUES)))
                .backplane(backplane)
                .build());
        orders("e");
    }

    private void orders(String epoch) {
        backplane.local().order(RULE, epoch, 0);
        backplane.local().order(VALUES, epoch, 0);
    }

    @Override
    void forgetKeptTopics() {
        orders("none");
        pass(Duration.ofSeconds(65));
    }

    private void keeps(long number, String topic, String... headers) {
        Headers all = Headers.of("destination", "/topic/" + topic).with(Headers.of(headers));
        SendProperties properties = SendProperties.of(all, BrokerClock.SYSTEM);
        byte[] body = ("" + number).getBytes(UTF_8);
        Message message = new Message(all, body, System.currentTimeMillis(), properties, null);
        backplane.local().keep(Destination.topic(topic), number, message);
    }

    private Client subscribe(String topic, String headers) {
        Client client = connect();
        client.sends("SUBSCRIBE\nid:0\ndestination:/topic/" + topic + "\nreceipt:r\n" + headers + "\n\n^@");
        return client;
    }

    private List<String> subscribeBodies(String topic, String headers) {
        Client client = subscribe(topic, headers);
        client.next("the RECEIPT");
        return client.takeBodies();
    }

    /** What a RECEIPT says of where the subscription begins. */
    private static String verdict(Client client) {
        Received receipt = client.next("the RECEIPT");
        return receipt.find("epoch") + "/" + receipt.find("seq") + " recovered:" + receipt.find("recovered")
                + " replayed:" + receipt.find("replayed");
    }

    @Test
    void whatSeveralNodesKeepIsClearedWhereItIsKeptAndNotHere() {
        connect();
        keeps(10, "kept.a");
        assertThatThrownBy(() -> broker.operations().clearTopic("/topic/kept.a"))
                .isInstanceOf(ProtocolException.class);
        assertThat(subscribeBodies("kept.a", "from:first")).containsExactly("10");
    }

    private long clears(long number, String topic) {
        return backplane.local().clear(Destination.topic(topic), number);
    }

    @Test
    void aClearedTopicKeepsNothingAndNoCursorFromBeforeIsGood() {
        keeps(10, "kept.a");
        keeps(20, "kept.a");
        keeps(21, "kept.b");
        assertThat(clears(30, "kept.a")).isEqualTo(2);
        for (int before : new int[] {5, 10, 20, 29}) {
            assertThat(verdict(subscribe("kept.a", "from:e/" + before))).isEqualTo("e/30 recovered:false replayed:0");
        }
        assertThat(verdict(subscribe("kept.a", "from:e/30"))).isEqualTo("e/30 recovered:true replayed:0");
        assertThat(verdict(subscribe("kept.b", "from:e/20"))).isEqualTo("e/21 recovered:true replayed:1");
        keeps(31, "kept.a");
        assertThat(verdict(subscribe("kept.a", "from:e/29"))).isEqualTo("e/31 recovered:false replayed:1");
        assertThat(verdict(subscribe("kept.a", "from:e/30"))).isEqualTo("e/31 recovered:true replayed:1");
    }

    @Test
    void aClearedTopicThatIsForgottenSaysTheSame() {
        keeps(10, "kept.a");
        clears(30, "kept.a");
        connect();
        pass(Duration.ofSeconds(65));
        assertThat(broker.inspection().topic("/topic/kept.a")).isEmpty();
        assertThat(verdict(subscribe("kept.a", "from:e/29"))).isEqualTo("e/30 recovered:false replayed:0");
    }

    @Test
    void aNodeThatReadsAClearingOfATopicThatItDoesNotKnowSaysTheSame() {
        assertThat(clears(30, "kept.a")).isZero();
        assertThat(verdict(subscribe("kept.a", "from:e/29"))).isEqualTo("e/30 recovered:false replayed:0");
        assertThat(verdict(subscribe("kept.a", "from:e/30"))).isEqualTo("e/30 recovered:true replayed:0");
    }

    @Test
    void aClearingTakesTheValuesInFrontOfItAndIsDoneOnce() {
        keeps(10, "kept-values.a", "k", "x");
        keeps(11, "kept-values.a", "k", "y");
        Client bob = subscribe("kept-values.a", "");
        bob.takeAll();
        assertThat(clears(12, "kept-values.a")).isEqualTo(2);
        keeps(13, "kept-values.a", "k", "z");
        assertThat(clears(12, "kept-values.a")).isZero();
        assertThat(clears(13, "kept-values.a")).as("the message's own place").isZero();
        assertThat(subscribeBodies("kept-values.a", "")).containsExactly("13");
        settle();
        assertThat(bob.takeBodies()).as("subscribers are not told").containsExactly("13");
    }
}
