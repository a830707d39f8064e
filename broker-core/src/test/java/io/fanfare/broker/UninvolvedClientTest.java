package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.Headers;
import io.fanfare.loop.LongJobs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What a client notices of the heavy work of others on its loop: its own message comes back in the turn behind its SEND,
 * and that work is done in many turns.
 */
class UninvolvedClientTest extends BrokerTest {

    /** Nearly as much as a queue may hold. */
    private static final int LONG = 99_000;

    private static final int MOST_TURNS = 50_000;

    private Client uninvolved;
    private int echoes;

    /** Echoes that have been looked at. */
    private int looked;

    @BeforeEach
    void subscribeToTheEcho() {
        echoesOf(BrokerOptions.builder().rates(r -> r.maxSubscribeRate(0)).build());
    }

    private void echoesOf(BrokerOptions options) {
        brokerWith(options);
        uninvolved = connect();
        uninvolved.sends("SUBSCRIBE\nid:0\ndestination:/topic/echo\n\n^@");
    }

    /** It sends, and has its message at the end of the next turn. */
    private void echo() {
        uninvolved.feeds("SEND\ndestination:/topic/echo\n\n" + echoes++ + "^@");
        int before = uninvolved.connection().writes().size();
        loop.takeTurn();
        assertThat(uninvolved.connection().writes().size() - before)
                .as("writes with echo %d", echoes)
                .isOne();
    }

    /** Echoes come while there is other work; the number of turns that it took. */
    private int turnsWithEchoes() {
        int earlier = echoes - looked;
        int turns = 0;
        while (loop.isWaitedFor()) {
            echo();
            assertThat(++turns).as("turns").isLessThan(MOST_TURNS);
        }
        assertThat(uninvolved.takeAll().size()).as("messages").isEqualTo(turns + earlier);
        looked = echoes;
        return turns;
    }

    private void fillQueue() {
        Headers other = Headers.of("kind", "other");
        for (int i = 0; i < LONG; i++) {
            broker.publish("/queue/long", other, new byte[0]);
        }
    }

    private void fillQueues(int queues, int messages) {
        for (int i = 0; i < queues * messages; i++) {
            broker.publish("/queue/long." + i % queues, Headers.of("kind", "other"), new byte[0]);
        }
    }

    private List<Client> clients(int count) {
        List<Client> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(connect());
        }
        return all;
    }

    @Test
    @DisplayName("consumers whose selectors match nothing of a long queue look at it a part a turn")
    void besideSelectorsOnALongQueue() {
        int consumers = 10;
        fillQueue();
        var all = clients(consumers);
        settle();
        for (Client each : all) {
            each.feeds("SUBSCRIBE\nid:0\ndestination:/queue/long\nselector:kind = 'wanted by " + each + "'\n\n^@");
        }
        // each asks about each message; one operation asks some 256 times
        assertThat(turnsWithEchoes()).isGreaterThan(consumers * LONG / 600);

        // a message that one of them wants is not held up by what others left behind
        all.get(0).feeds("UNSUBSCRIBE\nid:0\n\n^@");
        broker.publish("/queue/long", Headers.of("kind", "wanted by " + all.get(1)), new byte[0]);
        assertThat(turnsWithEchoes()).isLessThan(5);
        assertThat(all.get(1).takeAll()).hasSize(1);
    }

    @Test
    @DisplayName("browsers whose selectors match nothing of a long queue look at it a part a turn")
    void besideBrowsersOfALongQueue() {
        fillQueue();
        var all = clients(3);
        settle();
        for (Client each : all) {
            each.feeds("SUBSCRIBE\nid:0\ndestination:/queue/long\nbrowser:true\nselector:kind = 'wanted'\n\n^@");
        }
        assertThat(turnsWithEchoes()).isGreaterThan(LONG / 200);
        for (Client each : all) {
            assertThat(each.next("its end").header("browser")).isEqualTo("end");
            each.gotNothing();
        }
    }

    @Test
    @DisplayName("consumers whose selectors match nothing of many queues share what a turn has time for")
    void besideSelectorsOnManyQueues() {
        int queues = 40;
        int messages = 2_000;
        fillQueues(queues, messages);
        var all = clients(queues);
        settle();
        for (int i = 0; i < queues; i++) {
            all.get(i).feeds("SUBSCRIBE\nid:0\ndestination:/queue/long." + i + "\nselector:kind = 'wanted'\n\n^@");
        }
        // the first part is the SUBSCRIBE's own
        assertThat(turnsWithEchoes()).isGreaterThan(queues * (messages - 260) / (LongJobs.STEPS_PER_TURN + 100));
    }

    @Test
    @DisplayName("browsers of many clients share what a turn has time for")
    void besideManyBrowsers() {
        int queues = 40;
        int messages = 2_000;
        fillQueues(queues, messages);
        var all = clients(queues);
        settle();
        for (int i = 0; i < queues; i++) {
            all.get(i)
                    .feeds("SUBSCRIBE\nid:0\ndestination:/queue/long." + i
                            + "\nbrowser:true\nselector:kind = 'wanted'\n\n^@");
        }
        assertThat(turnsWithEchoes()).isGreaterThan(queues * messages / LongJobs.STEPS_PER_TURN);
        all.forEach(each -> assertThat(each.next("its end").header("browser")).isEqualTo("end"));
    }

    @Test
    @DisplayName(
            "SUBSCRIBE and UNSUBSCRIBE of /topic/# among 20,000 topics, again and again, look at few of them a turn")
    void besideAStormOfWildcards() {
        int topics = 20_000;
        for (int i = 0; i < topics / 1_000; i++) {
            BareClient named = new BareClient(broker, loop);
            StringBuilder frames = new StringBuilder();
            for (int j = 0; j < 1_000; j++) {
                frames.append("SUBSCRIBE\nid:" + j + "\ndestination:/topic/t." + i + "." + j + "\n\n\0");
            }
            named.sends(frames.toString());
        }
        var attackers = clients(4);
        settle();
        int turns = 0;
        for (int round = 0; round < 50; round++) {
            for (Client each : attackers) {
                each.feeds("SUBSCRIBE\nid:0\ndestination:/topic/#\n\n^@UNSUBSCRIBE\nid:0\n\n^@".repeat(10));
            }
            // what it sends is for them too, if they are there
            echo();
            turns++;
        }
        turns += turnsWithEchoes();
        assertThat(turns).isBetween(topics / LongJobs.STEPS_PER_TURN, 50 + 5 * topics / LongJobs.STEPS_PER_TURN);
        loop.run(() -> broker.openSessions().forEach(each -> each.abort()));
        settle();
    }

    @Test
    @DisplayName(
            "a flood with a reader that takes nothing keeps neither the others waiting nor more than an outbox may hold")
    void besideAFloodWithAStalledReader() {
        int limit = 1 << 20;
        int messages = 500;
        String body = "x".repeat(10_000);
        echoesOf(BrokerOptions.builder().outbox(o -> o.maxOutboxBytes(limit)).build());
        BareClient stalled = new BareClient(broker, loop);
        BareClient reader = new BareClient(broker, loop);
        for (BareClient each : List.of(stalled, reader)) {
            each.sends("SUBSCRIBE\nid:0\ndestination:/topic/flood\n\n\0");
        }
        stalled.stopsReading();
        BareClient publisher = new BareClient(broker, loop);
        int turns = 0;
        int sent = 0;
        // CONNECTED comes before the messages
        while (reader.received() < 1 + messages) {
            if (sent < messages && !publisher.isSuspended()) {
                publisher.feeds(("SEND\ndestination:/topic/flood\n\n" + body + "\0").repeat(10));
                sent += 10;
            }
            echo();
            assertThat(broker.bytesUnderWay()).isLessThan(limit + limit / 4);
            loop.advance(Duration.ofMillis(50));
            otherLoop.advance(Duration.ofMillis(50));
            assertThat(++turns).isLessThan(1_000);
        }
        assertThat(stalled.isOver()).isTrue();
        List.of(stalled, reader, publisher).forEach(BareClient::isLost);
    }
}
