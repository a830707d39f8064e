package io.fanfare.broker;

import io.fanfare.testing.Received;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** Messages that are numbered from 0, more of them at once than an outbox holds. */
abstract class BurstBrokerTest extends BrokerTest {

    /** The most that may wait in an outbox. */
    static final int LIMIT = 100_000;

    static final int BODY = 1_000;

    /** A client of the other loop. */
    final Client subscriber(String... topics) {
        Client client = connectTo(otherLoop);
        for (String topic : topics) {
            client.sends("SUBSCRIBE\nid:" + topic + "\ndestination:" + topic + "\n\n^@");
        }
        return client;
    }

    static String body(int number) {
        String digits = Integer.toString(number);
        return digits + " ".repeat(BODY - digits.length());
    }

    static List<Integer> numbers(List<Received> messages) {
        return messages.stream()
                .map(message -> Integer.parseInt(message.text().strip()))
                .toList();
    }

    static List<Integer> upTo(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    /** Has a client read at a good pace, until it has got so many messages. */
    final void readsAll(Client client, int messages) {
        int size = BODY + 100;
        for (int bytes = 0; bytes < messages * size; bytes += 10 * size) {
            client.isOpen();
            client.hasRoom(10 * size);
            pass(Duration.ofMillis(100));
        }
        client.isOpen();
        client.reads();
    }
}
