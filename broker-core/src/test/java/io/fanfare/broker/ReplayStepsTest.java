package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.loop.LongJobs;
import io.fanfare.options.TopicRule;
import io.fanfare.testing.Received;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** However many pages open at once, a turn writes what a topic keeps to a bounded number of them. */
class ReplayStepsTest extends BrokerTest {

    private static final int PAGES = 200;
    private static final int VALUES = 500;
    private static final String BODY = "x".repeat(300);

    /** Steps of a turn's long jobs, and the write with which each of four shares of them may go beyond its end. */
    private static final int MOST_STEPS = LongJobs.STEPS_PER_TURN + 4 * 12;

    /** A part of 32 KiB, and the message that fills it. */
    private static final int MOST_BYTES_OF_PART = (32 << 10) + 1_000;

    private final List<Client> pages = new ArrayList<>();
    private Client publisher;

    @BeforeEach
    void manyValues() {
        brokerWith(BrokerOptions.builder()
                .topics(t -> t.rules(List.of(TopicRule.of("/topic/v").retainByKey("key"))))
                .build());
        publisher = connect();
        IntStream.range(0, VALUES).forEach(i -> publisher.feeds(value(i)));
        settle();
        for (int i = 0; i < PAGES; i++) {
            pages.add(connect());
        }
    }

    private static String value(int key) {
        return "SEND\ndestination:/topic/v\nkey:" + key + "\n\n" + BODY + key + "^@";
    }

    private void allOpen() {
        pages.forEach(page -> page.feeds("SUBSCRIBE\nid:0\ndestination:/topic/v\n\n^@"));
    }

    private int writes() {
        return pages.stream()
                .mapToInt(page -> page.connection().writes().size())
                .sum();
    }

    /** What all writes so far took: four steps each, and one for each 4 KiB. */
    private int steps() {
        return pages.stream()
                .flatMap(page -> page.connection().writes().stream())
                .mapToInt(bytes -> 4 + bytes / (4 << 10))
                .sum();
    }

    private static List<String> bodies(List<Received> all) {
        return all.stream().map(Received::text).toList();
    }

    @Test
    @DisplayName(
            "a turn writes parts of 32 KiB to as many of them as its steps allow, and few parts come to all values")
    void writesOfATurn() {
        allOpen();
        int before = writes();
        int most = 0;
        while (loop.isAwake()) {
            int now = steps();
            loop.takeTurn();
            most = Math.max(most, steps() - now);
        }
        assertThat(most).as("steps of a turn").isBetween(LongJobs.STEPS_PER_TURN / 2, MOST_STEPS);
        // some 220 KB in parts of 32 KiB
        assertThat((writes() - before) / PAGES).as("writes to each").isBetween(6, 10);
        for (Client page : pages) {
            assertThat(page.connection().writes()).allMatch(bytes -> bytes <= MOST_BYTES_OF_PART);
            List<Received> all = page.takeAll();
            assertThat(bodies(all))
                    .containsExactlyElementsOf(
                            IntStream.range(0, VALUES).mapToObj(i -> BODY + i).toList());
            assertThat(all.get(VALUES - 1).header("snapshot")).isEqualTo("end");
        }
    }

    @Test
    @DisplayName("a message to another client comes in the next turn, whatever is left to be written to them")
    void othersComeBetween() {
        Client bystander = connect();
        bystander.sends("SUBSCRIBE\nid:1\ndestination:/topic/other\n\n^@");
        allOpen();
        for (int i = 0; i < 5; i++) {
            loop.takeTurn();
            publisher.feeds("SEND\ndestination:/topic/other\n\n" + i + "^@");
            loop.takeTurn();
            assertThat(bystander.takeBodies()).containsExactly(String.valueOf(i));
            assertThat(loop.isAwake()).as("there is more to write").isTrue();
        }
    }

    @Test
    @DisplayName("what changes between two of them that get the same part comes behind, once for each")
    void changesBetweenMembers() {
        allOpen();
        loop.takeTurn();
        loop.takeTurn();
        publisher.feeds(value(0));
        publisher.feeds(value(VALUES));
        settle();
        for (Client page : pages) {
            List<String> bodies = bodies(page.takeAll());
            assertThat(bodies).endsWith(BODY + 0, BODY + VALUES);
            assertThat(bodies.stream().skip(1).distinct()).hasSize(bodies.size() - 1);
        }
    }

    @Test
    @DisplayName("some that close, or do not read, in the middle of a part change nothing for the others")
    void someLeaveBetweenMembers() {
        List<Client> stalled = pages.subList(0, 40);
        List<Client> gone = pages.subList(40, 80);
        allOpen();
        loop.takeTurn();
        stalled.forEach(Client::stopsReading);
        gone.forEach(each -> each.loop().run(each.connection()::abort));
        pages.subList(80, 120).forEach(each -> each.feeds("UNSUBSCRIBE\nid:0\n\n^@"));
        settle();
        List<String> whole = IntStream.range(0, VALUES).mapToObj(i -> BODY + i).toList();
        for (Client page : pages.subList(120, PAGES)) {
            assertThat(page.takeBodies()).isEqualTo(whole);
        }
        for (Client page : pages.subList(80, 120)) {
            List<String> some = page.takeBodies();
            assertThat(some).hasSizeLessThan(VALUES).isEqualTo(whole.subList(0, some.size()));
        }
        stalled.forEach(Client::reads);
        for (Client page : stalled) {
            assertThat(page.takeBodies()).isEqualTo(whole);
        }
    }

    @Test
    @DisplayName("a part that some have not got yet is held once, and counted")
    void memoryOfAPart() {
        allOpen();
        long most = 0;
        while (loop.isAwake()) {
            loop.takeTurn();
            most = Math.max(most, broker.bytesUnderWay());
        }
        assertThat(most).isBetween(32_000L, 2L * MOST_BYTES_OF_PART);
        assertThat(broker.bytesUnderWay()).isZero();
    }
}
