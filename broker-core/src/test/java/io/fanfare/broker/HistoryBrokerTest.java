package io.fanfare.broker;

import io.fanfare.options.TopicRule;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;

/** A broker, and a topic that keeps its last ten messages unless a test says otherwise. */
abstract class HistoryBrokerTest extends BrokerTest {

    Client alice;

    @BeforeEach
    void topicsKeepTenMessages() {
        topics(TopicRule.of("/topic/h.#").history(10));
    }

    void topics(TopicRule... rules) {
        brokerWith(BrokerOptions.builder().topics(t -> t.rules(List.of(rules))).build());
        alice = connect();
    }

    void publish(int from, int to) {
        for (int i = from; i <= to; i++) {
            alice.sends("SEND\ndestination:/topic/h.a\n\n" + i + "^@");
        }
    }

    Client subscribe(String headers) {
        Client bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/h.a\nreceipt:r\n" + headers + "\n\n^@");
        return bob;
    }

    static String[] numbers(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(Integer::toString).toArray(String[]::new);
    }

    static List<String> bodies(Client client) {
        client.next("a RECEIPT");
        return client.takeBodies();
    }
}
