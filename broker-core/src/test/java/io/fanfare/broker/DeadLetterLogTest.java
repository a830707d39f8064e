package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.HandBackplane;
import io.fanfare.testing.HandClock;
import io.fanfare.testing.LogLines;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the log says of dead letters that cannot be had: a line a second, however many these are. */
class DeadLetterLogTest extends BrokerTest {

    private final HandClock clock = new HandClock();

    private static void rejects(Client client, String id) {
        client.sends("NACK\nid:" + client.next(id).header("ack") + "\nrequeue:false\n\n^@");
    }

    @Test
    @DisplayName("dead letters that are lost for want of room are a line a second, with their number")
    void whatIsLostIsOneLineASecond() {
        brokerWith(BrokerOptions.builder()
                .clock(clock)
                .queues(q -> q.maxQueueMessages(3))
                .build());
        Client alice = connect();
        for (int i = 0; i < 3; i++) {
            alice.sends("SEND\ndestination:/queue/DLQ.a\n\nfull^@SEND\ndestination:/queue/a\n\n" + i + "^@");
        }
        alice.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\nack:client-individual\n\n^@");
        try (LogLines lines = new LogLines("io.fanfare.queue.DeadLetters")) {
            rejects(alice, "0");
            rejects(alice, "1");
            assertThat(lines.all())
                    .singleElement()
                    .asString()
                    .startsWith("lost a dead letter of '/queue/a': ")
                    .contains("max_queue_messages")
                    .endsWith(" since-last-line=1");
            clock.pass(Duration.ofSeconds(1));
            rejects(alice, "2");
            assertThat(lines.all()).hasSize(2).last().asString().endsWith(" since-last-line=2");
        }
    }

    @Test
    @DisplayName("messages of a shared queue whose dead letters are not kept stay, and are a line a second")
    void whatStaysIsOneLineASecond() {
        HandBackplane here = new HandBackplane("n1", new ArrayList<>());
        brokerWith(BrokerOptions.builder().clock(clock).backplane(here).build());
        Client alice = connect();
        here.keepsAtOnce = true;
        alice.sends("SEND\ndestination:/queue/shared\n\nx^@".repeat(3));
        here.keepsAtOnce = false;
        alice.sends("SUBSCRIBE\nid:0\ndestination:/queue/shared\nack:client-individual\n\n^@");
        here.shared().handOut();
        settle();
        try (LogLines lines = new LogLines("io.fanfare.queue.Upstream")) {
            for (int i = 0; i < 2; i++) {
                rejects(alice, "x");
                here.refuses("queue unavailable");
            }
            assertThat(lines.all())
                    .singleElement()
                    .asString()
                    .startsWith("a message of '/queue/shared' stays there, as its dead letters cannot be had: ")
                    .contains("was not reached")
                    .endsWith(" since-last-line=1");
            clock.pass(Duration.ofSeconds(1));
            rejects(alice, "x");
            here.refuses("queue unavailable");
            assertThat(lines.all()).hasSize(2).last().asString().endsWith(" since-last-line=2");
        }
    }
}
