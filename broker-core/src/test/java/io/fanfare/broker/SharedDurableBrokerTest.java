package io.fanfare.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.backplane.DurableKey;
import io.fanfare.frame.Headers;
import io.fanfare.loop.BrokerClock;
import io.fanfare.loop.LongJobs;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.SendProperties;
import io.fanfare.options.TopicRule;
import io.fanfare.status.DurableSubscriptionStatus;
import io.fanfare.status.Selection;
import io.fanfare.testing.HandBackplane;
import io.fanfare.testing.HandDurables;
import io.fanfare.testing.HandLoop;
import io.fanfare.testing.Received;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;

/** Two nodes, topics that both of them keep, and durable subscriptions to these. */
abstract class SharedDurableBrokerTest extends BrokerTest {

    /** More messages than one turn reads. */
    static final int HISTORY = LongJobs.STEPS_PER_TURN + 500;

    static final TopicRule RULE = TopicRule.of("/topic/kept.#").history(HISTORY);
    static final TopicRule OTHER = TopicRule.of("/topic/kept-other.#").history(HISTORY);
    static final TopicRule VALUES = TopicRule.of("/topic/kept-values.#").retainByKey("k");
    static final DurableKey KEY = new DurableKey("", "bob", "news");
    static final String SUBSCRIBE = subscribe("/topic/kept.a");

    private final List<HandBackplane> nodes = new ArrayList<>();
    HandBackplane here = new HandBackplane("n1", nodes);
    HandDurables durables = here.durables();
    Broker other = broker;

    @BeforeEach
    void twoNodes() {
        nodes(BrokerOptions.builder());
    }

    /** Both nodes with these options, and without messages that topics keep. */
    final void nodes(BrokerOptions.Builder options) {
        nodesThatHaveReadNothing(options);
        orders("e");
    }

    /** Both nodes, which do not know yet what topics keep. */
    final void nodesThatHaveReadNothing(BrokerOptions.Builder options) {
        nodes.clear();
        here = new HandBackplane("n1", nodes);
        HandBackplane there = new HandBackplane("n2", nodes);
        durables = here.durables();
        options.topics(t -> t.rules(List.of(RULE, OTHER, VALUES)));
        brokerWith(options.backplane(there).build());
        other = broker;
        brokerWith(options.backplane(here).build());
    }

    /** What topics keep begins anew, at both nodes. */
    final void orders(String epoch) {
        for (HandBackplane each : nodes) {
            for (TopicRule rule : List.of(RULE, OTHER, VALUES)) {
                each.local().order(rule, epoch, 0);
            }
        }
    }

    @Override
    void forgetKeptTopics() {
        orders("none");
        pass(Duration.ofSeconds(65));
    }

    /** Both nodes get a message of this number. */
    final void keeps(long number, String topic, String... headers) {
        nodes.forEach(each -> keep(each, number, topic, headers));
        settle();
    }

    /** The other node gets a message of this number, and this one has yet to get it. */
    final void keepsThere(long number, String topic) {
        keep(nodes.get(1), number, topic);
        settle();
    }

    /** This node gets a message of this number, which the other one has got. */
    final void keepsHere(long number, String topic) {
        keep(here, number, topic);
        settle();
    }

    /** Both nodes get messages of these numbers. */
    final void keepsAll(int from, int to, String topic) {
        IntStream.rangeClosed(from, to).forEach(number -> nodes.forEach(each -> keep(each, number, topic)));
        settle();
    }

    private static void keep(HandBackplane node, long number, String topic, String... headers) {
        Headers all = Headers.of("destination", "/topic/" + topic).with(Headers.of(headers));
        SendProperties properties = SendProperties.of(all, BrokerClock.SYSTEM);
        byte[] body = ("" + number).getBytes(UTF_8);
        Message message = new Message(all, body, System.currentTimeMillis(), properties, null);
        node.local().keep(Destination.topic(topic), number, message);
    }

    static String subscribe(String destinations) {
        return "SUBSCRIBE\nid:news\ndestination:" + destinations + "\ndurable:true\nreceipt:r\n";
    }

    final Client bob() {
        return Clients.connectWith(this, "client-id:bob");
    }

    final Client bobSubscribes() {
        return bobSubscribes("");
    }

    /** A client that subscribes, with these headers more. */
    final Client bobSubscribes(String headers) {
        Client client = bob();
        client.sends(SUBSCRIBE + headers + "\n^@");
        return client;
    }

    /** A client of the other node. */
    final Client bobThere(HandLoop itsLoop) {
        Broker first = broker;
        broker = other;
        Client client = Clients.connectWith(this, "client-id:bob", itsLoop);
        broker = first;
        return client;
    }

    /** What a RECEIPT says of what waits. */
    static String verdict(Client client) {
        Received receipt = client.next("the RECEIPT");
        assertThat(receipt.find("receipt-id")).isEqualTo("r");
        return "recovered:" + receipt.find("recovered") + " replayed:" + receipt.find("replayed");
    }

    /** What operators see. */
    final List<DurableSubscriptionStatus> shown() {
        return broker.inspection()
                .durableSubscriptions(
                        new Selection<>(each -> true, Comparator.comparing(DurableSubscriptionStatus::name), 0, 10))
                .items();
    }
}
