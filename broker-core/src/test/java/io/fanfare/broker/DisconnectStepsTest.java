package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.AllocationMeter;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A client that leaves does not pay for the queues of others, however many there are. */
class DisconnectStepsTest extends BrokerTest {

    private static final int TRIES = 10;

    private void queues(int from, int to) {
        Client alice = connect();
        for (int i = from; i < to; i++) {
            alice.feeds("SEND\ndestination:/queue/q" + i + "\n\nx^@");
        }
        settle();
    }

    /** The least that the end of a connection allocates, of several: what is walked through is not free. */
    private long bytesOfADisconnect() {
        AllocationMeter meter = new AllocationMeter();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < TRIES; i++) {
            Client bob = connect();
            bob.sends("SUBSCRIBE\nid:0\ndestination:/temp-queue/in\n\n^@"
                    + "SUBSCRIBE\nid:1\ndestination:/queue/q0\nack:client\n\n^@");
            bob.takeAll();
            long before = meter.bytes();
            bob.isLost();
            least = Math.min(least, meter.bytes() - before);
        }
        return least;
    }

    @Test
    @DisplayName("a disconnect costs the same beside ten queues and beside five thousand")
    void aDisconnectCostsTheSameHoweverManyQueuesThereAre() {
        queues(0, 10);
        long few = bytesOfADisconnect();
        queues(10, 5_000);
        assertThat(bytesOfADisconnect()).as("bytes, with 10 queues %,d", few).isLessThan(few + 2_000);
        assertThat(broker.queueCount()).isEqualTo(5_000);
    }
}
