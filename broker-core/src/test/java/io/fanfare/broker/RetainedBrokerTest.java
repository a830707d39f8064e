package io.fanfare.broker;

import io.fanfare.options.TopicRule;
import java.util.List;

/** A broker, its clients, and topics that keep last values. */
abstract class RetainedBrokerTest extends BrokerTest {

    void topics(TopicRule... rules) {
        brokerWith(BrokerOptions.builder().topics(t -> t.rules(List.of(rules))).build());
    }

    static String set(String topic, String key, String body) {
        return "SEND\ndestination:" + topic + "\nretain:set\nretain-key:" + key + "\n\n" + body + "^@";
    }

    Client subscribe(String destination, String headers) {
        Client bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:" + destination + "\n" + headers + "receipt:r\n\n^@");
        return bob;
    }
}
