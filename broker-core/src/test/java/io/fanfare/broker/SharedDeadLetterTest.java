package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.statistics.DeathReason;
import org.junit.jupiter.api.Test;

/** Dead letters of queues that several nodes share: they are kept before a message ends. */
class SharedDeadLetterTest extends SharedQueueBrokerTest {

    @Test
    void whatIsRejectedIsInTheDeadLettersBeforeItEndsHere() {
        consumes(alice, "client-individual", "");
        publish("a");
        nack(alice, alice.next("a"), "requeue:false\nreceipt:r\n");
        assertThat(queues.ends).isEmpty();
        alice.gotNothing();
        here.keeps();
        settle();
        alice.got("RECEIPT\nreceipt-id:r\n\n^@");
        assertThat(queues.ends).containsExactly("1 discarded");
        assertThat(deadLettered(DeathReason.REJECTED)).isEqualTo(1);
        alice.sends("SUBSCRIBE\nid:dead\ndestination:/queue/DLQ.shared\n\n^@");
        handOut();
        assertThat(alice.next("the dead letter").headers())
                .contains(
                        "destination:/queue/DLQ.shared",
                        "x-death-reason:rejected",
                        "x-original-destination:/queue/shared",
                        "x-delivery-count:1");
    }

    private long deadLettered(DeathReason why) {
        return broker.statistics(0).messages().deadLettered().get(why);
    }

    @Test
    void whatTheDeadLettersCannotTakeStaysAndItsNackIsAnError() {
        consumes(alice, "client-individual", "");
        publish("a");
        nack(alice, alice.next("a"), "requeue:false\nreceipt:r\n");
        here.refuses("queue full");
        assertThat(queues.ends).containsExactly("1 given back for 10000");
        assertThat(queues.left("shared")).containsExactly(1);
        assertThat(deadLettered(DeathReason.REJECTED)).isZero();
        settle();
        alice.gotError(CloseCode.PROTOCOL_ERROR, "queue full", "was not reached");
    }

    @Test
    void whatWasDeliveredTooOftenIsADeadLetterAtItsNackOrWhenItComesAgain() {
        consumes(alice, "client-individual", "redelivery-delay:0\nprefetch-count:1\n");
        publish("a");
        for (int i = 1; i < 4; i++) {
            nack(alice, alice.next("a"), "");
            handOut();
        }
        assertThat(here.appends).isEmpty();
        nack(alice, alice.next("a"), "");
        here.keeps();
        assertThat(queues.ends).last().isEqualTo("1 discarded");
        alice.sends("UNSUBSCRIBE\nid:0\n\n^@");
        alice.sends("SUBSCRIBE\nid:1\nprefetch-count:1\nack:client\ndestination:" + SHARED + "\n\n^@");
        publish("b");
        for (int i = 1; i < 4; i++) {
            nack(alice, alice.next("b"), "redelivery-delay:0\n");
            handOut();
        }
        // as when its node is killed: it comes a fifth time
        alice.next("b");
        queues.handLate("shared");
        here.keeps();
        assertThat(queues.ends).last().isEqualTo("3 discarded");
        assertThat(queues.left("DLQ.shared")).containsExactly(2, 4);
        assertThat(deadLettered(DeathReason.MAX_DELIVERIES)).isEqualTo(2);
        alice.gotNothing();
        alice.sends("UNSUBSCRIBE\nid:1\n\n^@SUBSCRIBE\nid:dead\ndestination:/queue/DLQ.shared\n\n^@");
        handOut();
        assertThat(alice.takeAll())
                .extracting(message -> message.header("x-delivery-count"))
                .containsExactly("4", "4");
    }

    @Test
    void deadLettersThatAreRejectedEnd() {
        alice.sends("SEND\ndestination:/queue/DLQ.shared\n\na^@");
        here.keeps();
        alice.sends("SUBSCRIBE\nid:0\nack:client\ndestination:/queue/DLQ.shared\n\n^@");
        handOut();
        queues.holdsEnds = true;
        nack(alice, alice.next("a"), "requeue:false\nreceipt:r\n");
        assertThat(queues.ends).containsExactly("1 discarded");
        assertThat(here.appends).isEmpty();
        alice.gotNothing();
        queues.unconfirmed.remove().complete(null);
        settle();
        alice.got("RECEIPT\nreceipt-id:r\n\n^@");
    }
}
