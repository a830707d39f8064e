package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.Received;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages that are acknowledged long after others that came later. */
class LateAcksTest extends BrokerTest {

    private static final int MESSAGES = 5_000;
    private static final int EACH_LATE = 700;

    private Client bob;
    private final List<Received> late = new ArrayList<>();

    @BeforeEach
    void allButAFewAreAcknowledged() {
        bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\nack:client-individual\nprefetch-count:6000\n\n^@");
        Client alice = connect();
        for (int i = 0; i < MESSAGES; i++) {
            alice.sends("SEND\ndestination:/queue/a\n\n" + i + "^@");
            if (i % 1_000 == 999) {
                bob.takeAll().forEach(this::acknowledgeUnlessLate);
            }
        }
    }

    private void acknowledgeUnlessLate(Received message) {
        if (Integer.parseInt(message.text()) % EACH_LATE == 0) {
            late.add(message);
        } else {
            acknowledge(message);
        }
    }

    private void acknowledge(Received message) {
        bob.sends("ACK\nid:" + message.header("ack") + "\nreceipt:r\n\n^@");
        bob.got("RECEIPT\nreceipt-id:r\n\n^@");
    }

    @Test
    void eachOfThemSettlesItsOwnMessage() {
        assertThat(late).hasSize(8);
        for (int i = late.size() - 1; i > 0; i -= 2) {
            acknowledge(late.remove(i));
        }
        bob.isLost();
        assertThat(bodiesThatComeAgain()).isEqualTo(bodies(late));
    }

    @Test
    void whatIsNotAcknowledgedComesAgainInItsOrder() {
        bob.isLost();
        assertThat(bodiesThatComeAgain()).isEqualTo(bodies(late));
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
