package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.options.TopicRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The end of a wildcard's replay to many paced subscribers: each of them may have to do with each of its topics. */
class ReplayPacedStepsTest extends BrokerTest {

    private static final int PAGES = 300;
    private static final int TOPICS = 200;

    /** Eight steps for each topic and 256 pages, of at most a thousand in a turn. */
    private static final int LEAST_TURNS = TOPICS * (PAGES / 256 + 1) * 8 / 1_000;

    private static final String SUBSCRIBE = "SUBSCRIBE\nid:0\ndestination:/topic/v.#\nmax-rate:1\n\n^@";

    private Client publisher;
    private Client early;

    @BeforeEach
    void topicsWithValuesThatWaitForTheirTurn() {
        brokerWith(BrokerOptions.builder()
                .topics(t -> t.rules(List.of(TopicRule.of("/topic/v.#").retainLast())))
                .build());
        publisher = connect();
        early = connect();
        early.sends(SUBSCRIBE);
        publish("a");
        // the second one of a topic waits in its pacer
        publish("b");
        assertThat(early.takeBodies()).hasSize(TOPICS).allMatch("a"::equals);
    }

    private void publish(String body) {
        IntStream.range(0, TOPICS)
                .forEach(i -> publisher.feeds("SEND\ndestination:/topic/v.t" + i + "\n\n" + body + "^@"));
        settle();
    }

    @Test
    @DisplayName(
            "takes several turns, in which other messages come; each value comes once, also where one waited for its"
                    + " turn")
    void endInParts() {
        Client bystander = connect();
        bystander.sends("SUBSCRIBE\nid:1\ndestination:/topic/other\n\n^@");
        List<Client> pages = new ArrayList<>();
        for (int i = 0; i < PAGES; i++) {
            pages.add(connect());
        }
        pages.forEach(page -> page.feeds(SUBSCRIBE));
        Client last = pages.get(PAGES - 1);
        while (!last.takeAll().stream().anyMatch(each -> each.has("snapshot"))) {
            loop.takeTurn();
        }
        int turns = 0;
        for (; loop.isAwake(); turns++) {
            publisher.feeds("SEND\ndestination:/topic/other\n\n" + turns + "^@");
            loop.takeTurn();
            assertThat(bystander.takeBodies()).containsExactly(String.valueOf(turns));
            assertThat(turns).as("turns").isLessThan(10 * LEAST_TURNS);
        }
        assertThat(turns).isGreaterThanOrEqualTo(LEAST_TURNS);
        for (Client page : pages) {
            List<String> bodies = page.takeBodies();
            assertThat(bodies).hasSize(page == last ? 0 : TOPICS).allMatch("b"::equals);
        }
        pass(Duration.ofMillis(1_100));
        assertThat(early.takeBodies()).hasSize(TOPICS).allMatch("b"::equals);
        pages.forEach(Client::gotNothing);
        pass(Duration.ofSeconds(2));
        publish("c");
        for (Client page : pages) {
            assertThat(page.takeBodies()).hasSize(TOPICS).allMatch("c"::equals);
        }
        pass(Duration.ofSeconds(2));
    }
}
