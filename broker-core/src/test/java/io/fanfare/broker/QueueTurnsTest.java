package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.Headers;
import io.fanfare.testing.Received;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What one client may have a loop do in one turn with a long queue. */
class QueueTurnsTest extends BrokerTest {

    private static final String BROWSE = "SUBSCRIBE\nid:b\ndestination:/queue/a\nbrowser:true\n";

    private void fill(int count, int size) {
        for (int i = 0; i < count; i++) {
            broker.publish("/queue/a", Headers.EMPTY, new byte[size]);
        }
    }

    /** What a client gets in each turn of its loop, until there is nothing left to do. */
    private List<List<Received>> turns(Client client) {
        List<List<Received>> turns = new ArrayList<>();
        while (loop.isAwake()) {
            loop.takeTurn();
            turns.add(client.takeAll());
            assertThat(turns).as("turns without an end").hasSizeLessThan(10_000);
        }
        return turns;
    }

    /** Frames of the turn that brought most. */
    private static long mostFrames(List<List<Received>> turns) {
        return turns.stream().mapToLong(List::size).max().orElse(0);
    }

    /** Bytes of the turn that brought most. */
    private static long mostBytes(List<List<Received>> turns) {
        return turns.stream()
                .mapToLong(turn ->
                        turn.stream().mapToLong(each -> each.body().length).sum())
                .max()
                .orElse(0);
    }

    private static List<Received> all(List<List<Received>> turns) {
        return turns.stream().flatMap(List::stream).toList();
    }

    @Test
    @DisplayName("a browse sends a part of a long queue in each turn, and its end comes last")
    void aBrowseSendsAPartInEachTurn() {
        fill(1_000, 10);
        var bob = connect();
        bob.feeds(BROWSE + "\n^@");
        var turns = turns(bob);
        assertThat(mostFrames(turns)).isLessThanOrEqualTo(101);
        assertThat(all(turns).size()).isEqualTo(1_001);
        assertThat(all(turns).get(1_000).find("browser")).isEqualTo("end");
    }

    @Test
    @DisplayName("a browse of large messages sends few of them in a turn")
    void aBrowseCountsBytes() {
        fill(10, 400_000);
        var bob = connect();
        bob.feeds(BROWSE + "\n^@");
        var turns = turns(bob);
        assertThat(mostBytes(turns)).isLessThan(1_500_000);
        assertThat(all(turns).size()).isEqualTo(11);
    }

    @Test
    @DisplayName("a browse whose selector wants nothing looks at a part of a long queue in each turn")
    void aBrowseLooksAtAPartInEachTurn() {
        fill(2_000, 10);
        var bob = connect();
        bob.feeds(BROWSE + "selector:x = 1\n\n^@");
        var turns = turns(bob);
        assertThat(turns.size()).isGreaterThan(20);
        assertThat(all(turns).size()).isEqualTo(1);
    }

    @Test
    @DisplayName("a browse goes on while the connection has other things to send")
    void aBrowseGoesOnBesideOtherMessages() {
        fill(500, 10);
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:t\ndestination:/topic/t\n\n^@");
        bob.feeds(BROWSE + "\n^@");
        int got = 0;
        for (int i = 0; i < 20; i++) {
            broker.publish("/topic/t", Headers.EMPTY, new byte[10]);
            loop.takeTurn();
            got += bob.takeAll().size();
        }
        assertThat(got).isEqualTo(521);
    }

    @Test
    @DisplayName("a large prefetch is filled in many turns")
    void aLargePrefetchIsFilledInManyTurns() {
        fill(5_000, 10);
        var bob = connect();
        bob.feeds("SUBSCRIBE\nid:0\ndestination:/queue/a\nack:client\nprefetch-count:65535\n\n^@");
        var turns = turns(bob);
        assertThat(mostFrames(turns)).isLessThanOrEqualTo(600);
        assertThat(all(turns).size()).isEqualTo(5_000);
    }

    @Test
    @DisplayName("a large prefetch of large messages is filled in many turns")
    void aLargePrefetchCountsBytes() {
        fill(20, 400_000);
        var bob = connect();
        bob.feeds("SUBSCRIBE\nid:0\ndestination:/queue/a\nack:client\nprefetch-count:65535\n\n^@");
        var turns = turns(bob);
        assertThat(mostBytes(turns)).isLessThan(3_000_000);
        assertThat(all(turns).size()).isEqualTo(20);
    }

    @Test
    @DisplayName("what waited for a full socket is sent in many turns")
    void whatWaitedForTheSocketIsSentInManyTurns() {
        brokerWith(
                BrokerOptions.builder().outbox(o -> o.maxOutboxBytes(400_000)).build());
        fill(5_000, 100);
        var bob = connect();
        bob.stopsReading();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\nack:client\nprefetch-count:65535\n\n^@");
        bob.connection().room(Long.MAX_VALUE);
        loop.run(bob.connection()::tellRoom);
        var turns = turns(bob);
        // the first is what the outbox held
        assertThat(turns.size()).isGreaterThan(10);
        assertThat(mostFrames(turns.subList(1, turns.size()))).isLessThanOrEqualTo(300);
        assertThat(all(turns).size()).isEqualTo(5_000);
    }

    @Test
    @DisplayName("a browser is gone with its UNSUBSCRIBE, also while the socket is full")
    void aBrowserIsGoneWithItsUnsubscribe() {
        var bob = connect();
        bob.stopsReading();
        for (int i = 0; i < 1_000; i++) {
            bob.sends(BROWSE.replace("/queue/a", "/queue/" + i) + "\n^@UNSUBSCRIBE\nid:b\nreceipt:r\n\n^@");
        }
        assertThat(broker.queueCount()).isZero();
        bob.reads();
        assertThat(bob.takeAll()).hasSize(1_000).allMatch(each -> each.command().equals("RECEIPT"));
    }
}
