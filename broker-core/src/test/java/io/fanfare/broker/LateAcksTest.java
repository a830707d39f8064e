package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.Received;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that are acknowledged long after others that came later. */
class LateAcksTest extends BrokerTest {

    private static final int MESSAGES = 4_000;
    private static final int EACH_LATE = 500;

    private Client bob;
    private final List<Received> late = new ArrayList<>();

    @BeforeEach
    void allButAFewAreAcknowledged() {
        bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\nack:client-individual\nprefetch-count:6000\n\n^@");
        Client alice = connect();
        for (int i = 0; i < MESSAGES; i += 1_000) {
            alice.sends(IntStream.range(i, i + 1_000)
                    .mapToObj(number -> "SEND\ndestination:/queue/a\n\n" + number + "^@")
                    .collect(Collectors.joining()));
            bob.sends(bob.takeAll().stream()
                    .filter(message -> !isLate(message))
                    .map(LateAcksTest::ack)
                    .collect(Collectors.joining()));
        }
    }

    private boolean isLate(Received message) {
        boolean isLate = Integer.parseInt(message.text()) % EACH_LATE == 0;
        if (isLate) {
            late.add(message);
        }
        return isLate;
    }

    private static String ack(Received message) {
        return "ACK\nid:" + message.header("ack") + "\n\n^@";
    }

    @Test
    void eachOfThemSettlesItsOwnMessage() {
        assertThat(late).hasSize(8);
        for (int i = late.size() - 1; i > 0; i -= 2) {
            bob.sends(ack(late.remove(i)));
        }
        bob.gotNothing();
        bob.isLost();
        assertThat(bodiesThatComeAgain()).isEqualTo(bodies(late));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "DISCONNECT\n\n^@", "ACK\nid:none\n\n^@"})
    void whatIsNotAcknowledgedComesAgainInItsOrderAndOnce(String end) {
        bob.sends(end);
        bob.isLost();
        Client carol = connect();
        carol.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\n\n^@");
        assertThat(bodies(carol.takeAll())).isEqualTo(bodies(late));
        carol.isLost();
        assertThat(broker.queueCount()).as("its count of messages is right").isZero();
    }

    private List<String> bodiesThatComeAgain() {
        Client carol = connect();
        carol.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\n\n^@");
        return bodies(carol.takeAll());
    }

    private static List<String> bodies(List<Received> messages) {
        return messages.stream().map(Received::text).toList();
    }
}
