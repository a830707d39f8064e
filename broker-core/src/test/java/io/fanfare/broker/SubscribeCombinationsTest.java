package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.loop.Framing;
import io.fanfare.options.TopicRule;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every header of SUBSCRIBE with every kind of destination: it is honoured or refused, never ignored. */
class SubscribeCombinationsTest extends BrokerTest {

    private static final String PATTERN = "/topic/a.*";
    private static final List<String> ONE_TOPIC =
            List.of("/topic/a", "/user/topic/a", "/user/queue/a", "/temp-topic/a", "/stats/overview");
    private static final List<String> TOPICS = joined(ONE_TOPIC, List.of(PATTERN));
    private static final List<String> QUEUES = List.of("/queue/a", "/temp-queue/a", "/queue/DLQ.a");
    private static final List<String> PRESENCE = List.of("/presence/topic/room.a");
    private static final List<String> ALL = joined(joined(TOPICS, QUEUES), List.of("/topic/a,/queue/a"));
    private static final List<String> WITH_PRESENCE = joined(ALL, PRESENCE);
    private static final List<String> NONE = List.of();

    /** A queue keeps its messages in any case. */
    private static final List<String> DURABLE =
            List.of("/topic/a", PATTERN, "/user/topic/a", "/user/queue/a", "/queue/a", "/queue/DLQ.a");

    /** Where each header, or pair of headers, is honoured. */
    private static final Map<String, List<String>> HONOURED = Map.ofEntries(
            Map.entry("selector:x = 1", ALL),
            Map.entry("no-local:true", ALL),
            Map.entry("activemq.noLocal:true", ALL),
            Map.entry("ack:client", ALL),
            Map.entry("ack:client-individual", ALL),
            // they limit and delay what is acknowledged or given back, and there may be nothing of that kind
            Map.entry("prefetch-count:1", WITH_PRESENCE),
            Map.entry("activemq.prefetchSize:1", WITH_PRESENCE),
            Map.entry("redelivery-delay:1000", WITH_PRESENCE),
            Map.entry("exclusive:true", QUEUES),
            Map.entry("activemq.exclusive:true", QUEUES),
            Map.entry("x-single-active-consumer:true", QUEUES),
            Map.entry("x-priority:1", QUEUES),
            Map.entry("activemq.priority:1", QUEUES),
            Map.entry("exclusive:true\nx-priority:1", QUEUES),
            Map.entry("browser:true", QUEUES),
            Map.entry("browser:true\nselector:x = 1", QUEUES),
            Map.entry("browser:true\nno-local:true", QUEUES),
            Map.entry("browser:true\nack:client", NONE),
            Map.entry("browser:true\nexclusive:true", NONE),
            Map.entry("browser:true\nx-priority:1", NONE),
            Map.entry("browser:true\ndurable:true", NONE),
            Map.entry("browser:true\noverflow:drop-oldest", NONE),
            Map.entry("durable:true", DURABLE),
            Map.entry("persistent:true", DURABLE),
            Map.entry("activemq.subscriptionName:news", DURABLE),
            Map.entry("durable-subscription-name:news", DURABLE),
            Map.entry("durable:true\nack:client", DURABLE),
            Map.entry("durable:true\nredelivery-delay:1000", DURABLE),
            Map.entry("durable:true\nexclusive:true", List.of("/queue/a", "/queue/DLQ.a")),
            Map.entry("durable:true\noverflow:drop-oldest", NONE),
            Map.entry("durable:true\nmax-rate:1", NONE),
            Map.entry("durable:true\ndelta:merge-patch", NONE),
            Map.entry("durable:true\nretained:true", NONE),
            Map.entry("durable:true\nfrom:first", NONE),
            Map.entry("overflow:drop-oldest", TOPICS),
            Map.entry("activemq.maximumPendingMessageLimit:10", TOPICS),
            Map.entry("max-rate:1", TOPICS),
            Map.entry("conflate:x", TOPICS),
            Map.entry("delta:merge-patch", TOPICS),
            Map.entry("overflow:drop-oldest\nack:client", NONE),
            Map.entry("activemq.maximumPendingMessageLimit:10\nack:client", NONE),
            Map.entry("delta:merge-patch\nack:client", NONE),
            Map.entry("retained:true", TOPICS),
            Map.entry("retained:only", TOPICS),
            Map.entry("activemq.retroactive:true", TOPICS),
            Map.entry("retained:true\nack:client", NONE),
            Map.entry("from:first", TOPICS),
            Map.entry("from:next", TOPICS),
            Map.entry("from:time=1", TOPICS),
            Map.entry("from:epoch/1", ONE_TOPIC),
            Map.entry("x-stream-offset:first", TOPICS),
            Map.entry("x-stream-offset:offset=1", ONE_TOPIC),
            Map.entry("from:first\nack:client", NONE),
            Map.entry("presence:count", PRESENCE),
            Map.entry("presence:count\nmax-rate:1", NONE));

    private static List<String> joined(List<String> some, List<String> more) {
        return Stream.concat(some.stream(), more.stream()).toList();
    }

    @BeforeEach
    void presenceIsGathered() {
        brokerWith(BrokerOptions.builder()
                .topics(t -> t.rules(List.of(TopicRule.of("/topic/room.a").withPresence())))
                .build());
    }

    static Stream<Arguments> combinations() {
        return HONOURED.keySet().stream()
                .sorted()
                .flatMap(header -> WITH_PRESENCE.stream()
                        .map(destination -> Arguments.of(
                                header, destination, HONOURED.get(header).contains(destination))));
    }

    @ParameterizedTest(name = "{0} on {1}: honoured {2}")
    @MethodSource("combinations")
    @DisplayName("a header is honoured or refused")
    void aHeaderIsHonouredOrRefused(String header, String destination, boolean honoured) {
        // who is on this machine may read statistics
        var bob = openFrom("127.0.0.1", Framing.TCP, loop);
        bob.sends("CONNECT\naccept-version:1.2\nlogin:bob\nclient-id:c\n\n^@");
        bob.takeAll();
        bob.sends("SUBSCRIBE\nid:0\n" + header + "\ndestination:" + destination + "\nreceipt:r\n\n^@");
        if (!honoured) {
            var error = bob.gotError(CloseCode.PROTOCOL_ERROR, "invalid subscription");
            assertThat(error.header("receipt-id")).isEqualTo("r");
            assertThat(broker.topicCount() + broker.queueCount()).isZero();
            return;
        }
        // it may say where the subscription begins
        assertThat(bob.next("a RECEIPT").command()).isEqualTo("RECEIPT");
        bob.takeAll();
        bob.sends("UNSUBSCRIBE\nid:0\n" + header + "\nreceipt:r\n\n^@");
        bob.got("RECEIPT\nreceipt-id:r\n\n^@");
        assertThat(broker.durableSubscriptionCount()).isZero();
    }

    static Stream<Arguments> filtered() {
        return Stream.of("", "ack:client\n", "durable:true\n", "durable:true\nack:client\n")
                .flatMap(header -> Stream.of("/topic/a.b", "/topic/a.*", "/topic/a.*,/topic/*.b", "/queue/a.b")
                        .map(destination -> Arguments.of(header, destination)));
    }

    @ParameterizedTest(name = "{1} with {0}")
    @MethodSource("filtered")
    @DisplayName("selector and no-local count with every other option, and when the client has come back")
    void filtersCountEverywhere(String header, String destination) {
        String subscribe =
                "SUBSCRIBE\nid:0\nselector:x = 1\nno-local:true\n" + header + "destination:" + destination + "\n\n^@";
        String target = destination.startsWith("/queue") ? "/queue/a.b" : "/topic/a.b";
        boolean durable = header.contains("durable");
        for (int connection = 0; connection < 3; connection++) {
            var bob = Clients.connectWith(this, "login:bob\nclient-id:c", connection == 1 ? otherLoop : loop);
            bob.sends(subscribe + "SEND\nx:1\ndestination:" + target + "\n\nmine^@");
            connect()
                    .sends("SEND\nx:2\ndestination:" + target + "\n\nno^@SEND\nx:1\ndestination:" + target
                            + "\n\nyes^@");
            assertThat(Set.copyOf(bob.takeBodies())).containsExactly("yes");
            if (durable && target.startsWith("/topic") && connection == 2) {
                bob.sends("UNSUBSCRIBE\nid:0\ndurable:true\n\n^@");
            }
            bob.isLost();
            emptyQueue();
        }
    }

    /** What the filters left in a queue goes to another consumer. */
    private void emptyQueue() {
        var last = connect();
        last.sends("SUBSCRIBE\nid:0\ndestination:/queue/a.b\n\n^@");
        last.takeAll();
        last.isLost();
    }
}
