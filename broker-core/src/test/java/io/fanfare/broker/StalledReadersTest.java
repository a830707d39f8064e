package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.AllocationMeter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What 100 subscribers that take nothing cost a publisher at full speed and the 100 others of its topic: turns of their loop,
 * writes, and time in which the publisher is not read from.
 */
class StalledReadersTest extends BrokerTest {

    private static final int CLIENTS = 100;
    private static final int MESSAGES = 100;

    /** SENDs that come with one read. */
    private static final int BURST = 10;

    private static final int LIMIT = 50_000;
    private static final Duration ROUND = Duration.ofMillis(1);

    private final AllocationMeter meter = new AllocationMeter();
    private final List<BareClient> stalled = new ArrayList<>();
    private final List<BareClient> others = new ArrayList<>();
    private BareClient publisher;
    private int sent;

    /** Rounds in which the publisher was not read from. */
    private int held;

    @AfterEach
    void end() {
        List.of(stalled, others, List.of(publisher)).forEach(all -> all.forEach(BareClient::goes));
        settle();
    }

    private void subscribe(int toStall, String header) {
        brokerWith(BrokerOptions.builder().outbox(o -> o.maxOutboxBytes(LIMIT)).build());
        publisher = new BareClient(broker, otherLoop);
        for (int i = 0; i < toStall; i++) {
            stalled.add(subscriber(header));
        }
        for (int i = 0; i < CLIENTS; i++) {
            others.add(subscriber(""));
        }
        stalled.forEach(BareClient::stopsReading);
    }

    private BareClient subscriber(String header) {
        BareClient client = new BareClient(broker, loop);
        client.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n" + header + "\n\0");
        return client;
    }

    /** The publisher sends, if it is read from, and each loop takes a turn. */
    private void round() {
        if (publisher.isSuspended()) {
            held++;
        } else {
            publisher.feeds("SEND\ndestination:/topic/a\n\n"
                    .concat("x".repeat(500))
                    .concat("\0")
                    .repeat(BURST));
            sent += BURST;
        }
        otherLoop.takeTurn();
        loop.takeTurn();
        loop.advance(ROUND);
        otherLoop.advance(ROUND);
    }

    /** Long enough for each of those that have stalled to be found out: all are by the time a publisher goes on. */
    private void findOut() {
        for (int i = 0, read = 0; read < 2 * LIMIT / (500 * BURST); i++) {
            assertThat(i).as("rounds").isLessThan(5_000);
            int before = held;
            round();
            read = held == before ? read + 1 : 0;
        }
    }

    private static int writes(List<BareClient> all) {
        return all.stream().mapToInt(BareClient::writes).sum();
    }

    private void allHaveAll() {
        // CONNECTED comes before them
        assertThat(others).allMatch(each -> !each.isOver() && each.received() == 1 + sent);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "overflow:disconnect\n",
                "overflow:drop-oldest\n",
                "overflow:drop-newest\n",
                "overflow:conflate\n",
                "conflate:*\n",
                "ack:client\n",
                "selector:x IS NULL\n"
            })
    void theOthersKeepTheirRate(String header) {
        subscribe(CLIENTS, header);
        findOut();
        assertThat(held).as("milliseconds").isLessThan(1_100);
        allHaveAll();

        int heldBefore = held;
        int toStalled = writes(stalled);
        int toOthers = writes(others);
        int rounds = MESSAGES / BURST;
        IntStream.range(0, rounds).forEach(each -> round());
        allHaveAll();
        assertThat(held).as("held").isEqualTo(heldBefore);
        assertThat(writes(others) - toOthers).as("writes to the others").isEqualTo(CLIENTS * rounds);
        assertThat(writes(stalled) - toStalled).as("writes to the stalled").isZero();
    }

    /** What handing one message to the subscribers allocates, in bytes. */
    private long allocatedForAMessage(int toStall, String header) {
        brokerWith(
                BrokerOptions.builder().outbox(o -> o.maxOutboxBytes(64 << 20)).build());
        publisher = new BareClient(broker, otherLoop);
        stalled.clear();
        for (int i = 0; i < toStall; i++) {
            stalled.add(subscriber(header));
        }
        stalled.forEach(BareClient::stopsReading);
        round();
        long before = meter.bytes();
        IntStream.range(0, 100).forEach(each -> round());
        return (meter.bytes() - before) / (100 * BURST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"overflow:drop-oldest\n", "overflow:drop-newest\n"})
    void whatWaitsForThemIsAPlaceInAQueueForEach(String header) {
        long alone = allocatedForAMessage(0, header);
        end();
        assertThat(allocatedForAMessage(CLIENTS, header) - alone).as("bytes").isLessThan(CLIENTS * 64);
    }

    @Test
    void whatWaitedForOneThatHasGoneIsLetGoOfInParts() {
        brokerWith(
                BrokerOptions.builder().outbox(o -> o.maxOutboxBytes(64 << 20)).build());
        publisher = new BareClient(broker, otherLoop);
        stalled.add(subscriber("overflow:drop-oldest\n"));
        stalled.forEach(BareClient::stopsReading);
        IntStream.range(0, 500).forEach(each -> round());
        long waiting = broker.memoryBytes();
        assertThat(waiting).isGreaterThan(500 * BURST * 500);
        stalled.get(0).goes();
        loop.takeTurn();
        assertThat(broker.sessionCount()).isEqualTo(1);
        assertThat(broker.memoryBytes()).isGreaterThan(waiting / 2);
        settle();
        assertThat(broker.memoryBytes()).isLessThan(waiting / 100);
    }
}
