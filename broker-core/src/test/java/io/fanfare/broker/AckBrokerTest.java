package io.fanfare.broker;

import io.fanfare.testing.Received;
import java.util.List;
import java.util.stream.IntStream;

/** Consumers of one queue that acknowledge what they get, and a last one that gets the rest. */
abstract class AckBrokerTest extends BrokerTest {

    final Client consumer(String version, String mode) {
        var bob = connect(version);
        bob.sends("SUBSCRIBE\nid:0\nack:" + mode + "\ndestination:/queue/a\n\n^@");
        return bob;
    }

    final void publish(int count) {
        var alice = connectTo(otherLoop);
        IntStream.rangeClosed(1, count).forEach(i -> alice.sends("SEND\ndestination:/queue/a\n\n" + i + "^@"));
    }

    /** How this version names one delivery. */
    static String naming(String version, Received message) {
        return switch (version) {
            case "1.0" -> "message-id:" + message.header("message-id") + "\n";
            case "1.1" ->
                "message-id:" + message.header("message-id") + "\nsubscription:" + message.header("subscription")
                        + "\n";
            default -> "id:" + message.header("ack") + "\n";
        };
    }

    /** What a queue still has, once its consumers have gone. */
    final List<String> leftIn(String queue) {
        var last = connect();
        last.sends("SUBSCRIBE\nid:last\ndestination:" + queue + "\n\n^@");
        return last.takeBodies();
    }
}
