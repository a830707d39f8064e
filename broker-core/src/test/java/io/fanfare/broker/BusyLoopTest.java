package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A loop that always has something to do, and what others on it get. */
class BusyLoopTest extends BrokerTest {

    private static final Duration HEART_BEAT = Duration.ofSeconds(10);
    private static final Duration TURN = Duration.ofMillis(100);

    @Test
    @DisplayName("case 69: heart-beats come in time on a loop that is never done")
    void heartBeatsComeInTimeOnALoopThatIsNeverDone() {
        var idle = open();
        idle.sends("CONNECT\naccept-version:1.2\nheart-beat:0," + HEART_BEAT.toMillis() + "\n\n^@");
        idle.got("CONNECTED\nversion:1.2\nheart-beat:1000,10000\n\n^@");
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        var alice = connect();
        String load = "SEND\ndestination:/topic/a\n\nhi^@".repeat(100);
        int beats = 0;
        long last = loop.now();
        for (int i = 0; i < 1_000; i++) {
            int before = idle.connection().taken().length;
            alice.feeds(load);
            loop.advance(TURN);
            // there is always more to read before the loop has settled
            loop.takeTurn();
            if (idle.connection().taken().length > before) {
                beats++;
                last = loop.now();
            }
            assertThat(loop.now() - last).isLessThanOrEqualTo(HEART_BEAT.toNanos());
        }

        assertThat(beats).isBetween(10, 13);
        settle();
        assertThat(bob.takeBodies()).hasSize(100_000);
    }

    /** Where {@code *} may stand has a limit, so a name visits few of a trie's nodes, each once, however many subscriptions there are. */
    @Test
    @DisplayName("case 53, advisory 21: thousands of subscriptions by patterns that match in every way match once each")
    void patternsThatMatchInEveryWayMatchOnceEach() {
        int words = 5;
        int subscriptions = 128 << words;
        List<Client> users = List.of();
        for (int i = 0; i < subscriptions; i++) {
            if (i % 4_000 == 0) {
                // a thousand subscriptions each, in the arrangements that one user may have
                users = Stream.of("a", "b", "c", "d")
                        .map(user -> Clients.connectWith(this, "login:" + user, loop))
                        .toList();
            }
            users.get(i % 4).sends("SUBSCRIBE\nid:" + i + "\ndestination:/topic/" + pattern(i, words) + "b\n\n^@");
        }
        var alice = connect();
        for (int i = 0; i < 1_000; i++) {
            alice.feeds("SEND\ndestination:/topic/" + "a.".repeat(words) + "c" + i + "\n\n^@");
        }
        settle();
        users.forEach(Client::gotNothing);
        alice.sends("SEND\ndestination:/topic/" + "a.".repeat(words) + "b\nreceipt:r\n\n^@");
        alice.got("RECEIPT\nreceipt-id:r\nmatched:" + subscriptions + "\ndelivered:" + subscriptions + "\n\n^@");
    }

    private static String pattern(int bits, int words) {
        StringBuilder pattern = new StringBuilder();
        for (int i = 0; i < words; i++) {
            pattern.append((bits >> i & 1) == 0 ? "a." : "*.");
        }
        return pattern.toString();
    }
}
