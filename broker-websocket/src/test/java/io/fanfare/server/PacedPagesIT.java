package io.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.Await;
import io.fanfare.testing.Received;
import io.fanfare.testing.StompSocket;
import io.fanfare.testing.Transport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Pages of a dashboard that all reconnect at once, again and again, while values change without a pause. */
class PacedPagesIT {

    private static final int PAGES = Integer.getInteger("fanfare.pages", 20);
    private static final int ROUNDS = 3;
    private static final int TOPICS = 10;

    @RegisterExtension
    static final TestServer SERVER = new TestServer();

    private final AtomicBoolean running = new AtomicBoolean(true);

    private static String topic(int number) {
        return "/topic/values." + number;
    }

    @Test
    void allEndWithTheNewestValueOfEachTopicAndAnUninvolvedClientKeepsItsOrder() throws InterruptedException {
        StompSocket publisher = SERVER.connect(Transport.TCP);
        StompSocket uninvolved = SERVER.connect(Transport.WEBSOCKET).subscribes("id:0\ndestination:/topic/echo");
        Thread changes = new Thread(() -> publishUntilTheEnd(publisher));
        changes.start();
        List<StompSocket> pages = List.of();
        int echoes = 0;
        for (int round = 0; round < ROUNDS; round++) {
            pages.forEach(StompSocket::close);
            pages = open();
            for (StompSocket page : pages) {
                assertThat(page.next().command()).isEqualTo("MESSAGE");
                String echo = String.valueOf(echoes++);
                uninvolved.sends("SEND\ndestination:/topic/echo\n\n" + echo + "^@");
                uninvolved.gotMessage(echo);
            }
        }
        running.set(false);
        changes.join(Await.DEADLINE.toMillis());
        assertThat(changes.isAlive()).isFalse();

        for (StompSocket page : pages) {
            assertThat(lastValues(page).values()).containsOnly(Long.MAX_VALUE).hasSize(TOPICS);
        }
    }

    private static List<StompSocket> open() {
        List<StompSocket> pages = new ArrayList<>();
        for (int i = 0; i < PAGES; i++) {
            pages.add(SERVER.connect(i % 2 == 0 ? Transport.WEBSOCKET : Transport.TCP));
        }
        pages.forEach(page -> page.sends("SUBSCRIBE\nid:0\ndestination:/topic/values.*\nmax-rate:20\n\n^@"));
        return pages;
    }

    private void publishUntilTheEnd(StompSocket publisher) {
        long value = 0;
        while (running.get()) {
            for (int i = 1; i < TOPICS; i++) {
                publisher.sends("SEND\ndestination:" + topic(i) + "\n\n" + value + "^@");
            }
            // its RECEIPT is waited for: what is under way stays little
            publisher.publishes(topic(0), String.valueOf(value++));
        }
        for (int i = 0; i < TOPICS; i++) {
            publisher.publishes(topic(i), String.valueOf(Long.MAX_VALUE));
        }
    }

    /** The values that a page shows in the end; on the way there, no topic's value ever goes back. */
    private static Map<String, Long> lastValues(StompSocket page) {
        Map<String, Long> shown = new HashMap<>();
        while (shown.values().stream().filter(value -> value == Long.MAX_VALUE).count() < TOPICS) {
            Received message = page.next();
            long value = Long.parseLong(message.text());
            Long before = shown.put(message.header("destination"), value);
            assertThat(before == null || before < value)
                    .as("%s behind %s in %s", value, before, message)
                    .isTrue();
        }
        return shown;
    }
}
