package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.options.TopicRule;
import io.fanfare.testing.AllocationMeter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Ten thousand pages of a dashboard that come back at once, while values change without a pause. */
class ReconnectStormTest extends BrokerTest {

    private static final int PAGES = 10_000;
    private static final int TOPICS = 20;

    /** Less than one small object for each page. */
    private static final long FEW_BYTES = 150_000;

    /** The newest value of each topic, while a page has yet to get the kept ones. */
    private static final int BACKLOG_OF_A_PAGE = TOPICS * 200;

    private static final String SUBSCRIBE = "SUBSCRIBE\nid:0\ndestination:/topic/values.*\nmax-rate:1\n\n\0";

    private final AllocationMeter meter = new AllocationMeter();
    private BareClient publisher;
    private BareClient uninvolved;
    private List<BareClient> pages = List.of();
    private int value;

    /** Bytes for all topics, however many pages there are. */
    private long mayHold = TOPICS * 1_000;

    /** What the subscriptions themselves take. */
    private long subscriptionBytes;

    private List<BareClient> connected() {
        List<BareClient> all = new ArrayList<>();
        for (int i = 0; i < PAGES; i++) {
            all.add(new BareClient(broker, loop));
        }
        return all;
    }

    private int pageWrites() {
        return pages.stream().mapToInt(BareClient::writes).sum();
    }

    /**
     * Each value changes, and the uninvolved client sends something, which it has got back when the turn ends. What is kept
     * for the pages does not hang on how many there are, and each of them is written to once at most.
     *
     * @return how many pages were written to
     */
    private int change() {
        return change(Long.MAX_VALUE);
    }

    /** As {@link #change()}, in a turn that allocates so many bytes at most. */
    private int change(long mayAllocate) {
        StringBuilder sends = new StringBuilder();
        value++;
        for (int topic = 0; topic < TOPICS; topic++) {
            sends.append("SEND\ndestination:/topic/values." + topic + "\n\n" + value + "\0");
        }
        publisher.feeds(sends.toString());
        uninvolved.feeds("SEND\ndestination:/topic/echo\n\n" + value + "\0");
        int echoes = uninvolved.writes();
        int before = pageWrites();
        long allocated = meter.bytes();
        loop.takeTurn();
        allocated = meter.bytes() - allocated;
        assertThat(uninvolved.writes() - echoes).as("echoes of value %d", value).isOne();
        int written = pageWrites() - before;
        assertThat(written).as("writes with value %d", value).isLessThanOrEqualTo(PAGES);
        assertThat(allocated).as("bytes allocated for value %d", value).isLessThan(mayAllocate);
        assertThat(broker.memoryBytes() - subscriptionBytes)
                .as("bytes with value %d", value)
                .isLessThan(mayHold);
        return written;
    }

    private void pass(int millis) {
        loop.advance(Duration.ofMillis(millis));
        otherLoop.advance(Duration.ofMillis(millis));
    }

    @Test
    @DisplayName("each turn has an echo, one write to a page at most, and a memory that does not grow with the pages")
    void reconnectingPagesCostOneWriteEachAndNoMemory() {
        publisher = new BareClient(broker, loop);
        uninvolved = new BareClient(broker, loop);
        uninvolved.sends("SUBSCRIBE\nid:0\ndestination:/topic/echo\n\n\0");
        long withoutPages = broker.memoryBytes();
        for (int storm = 0; storm < 3; storm++) {
            List<BareClient> before = pages;
            pages = connected();
            before.forEach(BareClient::goes);
            pages.forEach(page -> page.feeds(SUBSCRIBE));
            subscriptionBytes = broker.memoryBytes();
            change();
            settle();
            for (int i = 0; i < 20; i++) {
                assertThat(change(FEW_BYTES))
                        .as("pages with values before it is time")
                        .isZero();
            }
            pass(1_100);
            assertThat(change()).as("pages with new values").isEqualTo(PAGES);
        }
        assertTheNewestComes();
        pages.forEach(BareClient::goes);
        settle();
        assertThat(broker.memoryBytes()).isEqualTo(withoutPages);
        List.of(publisher, uninvolved).forEach(BareClient::isLost);
    }

    @Test
    @DisplayName("kept values come to all pages over many turns, each with its echo, and the newest values behind them")
    void keptValuesComeBesideEachTurnsEcho() {
        brokerWith(BrokerOptions.builder()
                .topics(t -> t.rules(List.of(TopicRule.of("/topic/values.#").retainLast())))
                .build());
        mayHold = TOPICS * 3_000L;
        publisher = new BareClient(broker, loop);
        uninvolved = new BareClient(broker, loop);
        uninvolved.sends("SUBSCRIBE\nid:0\ndestination:/topic/echo\n\n\0");
        change();
        for (int storm = 0; storm < 2; storm++) {
            List<BareClient> before = pages;
            pages = connected();
            before.forEach(BareClient::goes);
            pages.forEach(page -> page.feeds(SUBSCRIBE));
            subscriptionBytes = broker.memoryBytes();
            int turns = 0;
            mayHold += (long) PAGES * BACKLOG_OF_A_PAGE;
            do {
                change();
                turns++;
            } while (loop.isAwake() || loop.isWaitedFor());
            assertThat(pages).as("pages with all values").allMatch(page -> page.received() > TOPICS);
            mayHold -= (long) PAGES * BACKLOG_OF_A_PAGE;
            assertThat(turns).as("turns for the values of all pages").isGreaterThan(10);
            pass(1_100);
            change();
            assertTheNewestComes();
        }
        pages.forEach(BareClient::goes);
        settle();
        List.of(publisher, uninvolved).forEach(BareClient::isLost);
    }

    private void assertTheNewestComes() {
        assertThat(change(FEW_BYTES)).as("pages with values before it is time").isZero();
        int before = pages.get(PAGES - 1).received();
        pass(1_100);
        loop.takeTurn();
        assertThat(pages.get(PAGES - 1).received() - before).as("newest values").isEqualTo(TOPICS);
        assertThat(pages.get(PAGES - 1).lastText()).isEqualTo(String.valueOf(value));
    }
}
