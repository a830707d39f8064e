package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.statistics.BrokerStatistics;
import io.fanfare.statistics.DeathReason;
import io.fanfare.statistics.Drop;
import io.fanfare.testing.HandClock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a broker counts of messages that were lost, had expired or became dead letters. */
class LossStatisticsTest extends BrokerTest {

    private static final String SEND = "SEND\ndestination:/topic/a\n\nhi^@";
    private static final String CONSUME = "SUBSCRIBE\nid:0\ndestination:/queue/a\nack:client-individual\n\n^@";

    private BrokerStatistics.Messages messages() {
        return broker.statistics(0).messages();
    }

    private long dropped(Drop why) {
        return messages().dropped().get(why);
    }

    @ParameterizedTest
    @CsvSource({"/topic/a, '', NO_SUBSCRIBER", "/queue/a, ttl:0, NO_CONSUMER", "/temp-queue//gone/a, '', NO_CONSUMER"})
    void whatNobodyWaitsForIsDropped(String destination, String header, Drop why) {
        connect().sends("SEND\ndestination:" + destination + "\n" + header + (header.isEmpty() ? "" : "\n") + "\nhi^@");
        assertThat(dropped(why)).isEqualTo(1);
        assertThat(messages().published()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"drop-oldest, OVERFLOW", "drop-newest, OVERFLOW", "'conflate\nconflate:key', CONFLATED"})
    void whatABacklogLeavesOutIsDropped(String overflow, Drop why) {
        brokerWith(BrokerOptions.builder().outbox(o -> o.maxOutboxBytes(10_000)).build());
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\noverflow:" + overflow + "\ndestination:/topic/a\n\n^@");
        bob.stopsReading();
        var alice = connect();
        for (int i = 0; i < 50; i++) {
            alice.sends("SEND\ndestination:/topic/a\nkey:k\n\n" + "x".repeat(800) + "^@");
        }
        bob.reads();
        int got = bob.takeAll().size();
        assertThat(got).isBetween(2, 14);
        assertThat(dropped(why)).isEqualTo(50 - got);
        assertThat(messages().dropped().values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(50 - got);
        assertThat(messages().delivered()).isEqualTo(got);
    }

    @Test
    void whatAPacerReplacesIsConflated() {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\nmax-rate:1\nconflate:*\ndestination:/topic/a\n\n^@");
        connect().sends(SEND.repeat(5));
        pass(Duration.ofSeconds(2));
        assertThat(bob.takeAll()).hasSize(2);
        assertThat(dropped(Drop.CONFLATED)).isEqualTo(3);
    }

    @Test
    void aDurableSubscriptionThatIsFullDropsItsOldest() {
        brokerWith(BrokerOptions.builder().queues(q -> q.maxQueueMessages(3)).build());
        var bob = Clients.connectWith(this, "client-id:b");
        bob.sends("SUBSCRIBE\nid:0\ndurable:true\ndestination:/topic/a\n\n^@DISCONNECT\n\n^@");
        connect().sends(SEND.repeat(5));
        assertThat(dropped(Drop.QUEUE_FULL)).isEqualTo(2);
        assertThat(broker.statistics(0).destinations().ready()).isEqualTo(3);
        var again = Clients.connectWith(this, "client-id:b");
        again.sends("UNSUBSCRIBE\nid:0\ndurable:true\n\n^@");
    }

    @Test
    void whatIsExpiredOnArrivalIsNotPublished() {
        connect().sends("SEND\ndestination:/queue/a,/topic/a\nexpires:1\n\nold^@");
        assertThat(messages().expired()).isEqualTo(2);
        assertThat(messages().published()).isZero();
    }

    @Test
    void whatExpiresInAQueueIsCountedWhenItIsFound() {
        HandClock clock = new HandClock();
        brokerWith(BrokerOptions.builder().clock(clock).build());
        connect().sends("SEND\ndestination:/queue/a\nttl:1\n\nold^@");
        assertThat(messages().expired()).isZero();
        clock.pass(Duration.ofMillis(2));
        connect().sends(CONSUME);
        assertThat(messages().expired()).isEqualTo(1);
        assertThat(messages().delivered()).isZero();
    }

    @Test
    void deadLettersAreCountedByReason() {
        brokerWith(BrokerOptions.builder().queues(q -> q.maxDeliveries(1)).build());
        connect().sends("SEND\ndestination:/queue/a\n\none^@SEND\ndestination:/queue/a\n\ntwo^@");
        var bob = connect();
        bob.sends(CONSUME);
        var two = bob.takeAll();
        bob.sends("NACK\nid:" + two.get(0).header("ack") + "\nrequeue:false\n\n^@");
        bob.sends("NACK\nid:" + two.get(1).header("ack") + "\n\n^@");
        assertThat(messages().deadLettered())
                .isEqualTo(Map.of(DeathReason.REJECTED, 1L, DeathReason.MAX_DELIVERIES, 1L));
        assertThat(messages().published())
                .as("dead letters are not new messages")
                .isEqualTo(2);
    }

    @Test
    void whatIsRejectedAmongDeadLettersIsDropped() {
        connect().sends("SEND\ndestination:/queue/DLQ.a\n\nhi^@");
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/queue/DLQ.a\nack:client-individual\n\n^@");
        bob.sends("NACK\nid:" + bob.takeAll().get(0).header("ack") + "\nrequeue:false\n\n^@");
        assertThat(dropped(Drop.REJECTED)).isEqualTo(1);
    }

    @Test
    void aDeadLetterForWhichThereIsNoRoomIsDropped() {
        brokerWith(BrokerOptions.builder().queues(q -> q.maxQueueMessages(1)).build());
        connect().sends("SEND\ndestination:/queue/DLQ.a\n\nfull^@SEND\ndestination:/queue/a\n\nhi^@");
        var bob = connect();
        bob.sends(CONSUME);
        bob.sends("NACK\nid:" + bob.takeAll().get(0).header("ack") + "\nrequeue:false\n\n^@");
        assertThat(dropped(Drop.DEAD_LETTERS_FULL)).isEqualTo(1);
        assertThat(messages().deadLettered().get(DeathReason.REJECTED)).isZero();
    }
}
