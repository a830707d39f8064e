package io.fanfare.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What waits for ACK or NACK in one session, and how an ACK finds it. */
class LedgerTest extends QueueFixture {

    private final Ledger ledger = new Ledger();
    private final QueueConsumer consumer = consumer(5_000);

    /** Delivers so many messages. */
    private List<Unsettled> delivered(int count) {
        for (int i = 0; i < count; i++) {
            queue.offer(message("m"));
        }
        List<Unsettled> all = new ArrayList<>();
        for (QueueEntry entry : taken()) {
            Unsettled delivery = new Unsettled(consumer, entry, ledger.nextNumber());
            ledger.add(delivery);
            all.add(delivery);
        }
        assertThat(all).hasSize(count);
        return all;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16, 20, 1_024, 1_030, 3_000})
    void whatWaitsIsThereOnceAndInItsOrder(int count) {
        List<Unsettled> waiting = delivered(count);
        assertThat(ledger.all()).isEqualTo(waiting);
        for (int i = count - 1; i >= 0; i -= 3) {
            ledger.remove(waiting.remove(i));
        }
        assertThat(ledger.all()).isEqualTo(waiting);
        waiting.addAll(delivered(20));
        assertThat(ledger.all()).isEqualTo(waiting);
    }

    @Test
    void aDeliveryIsFoundByItsNumberHoweverManyCameBehindIt() {
        List<Unsettled> all = delivered(3_000);
        for (Unsettled each : all) {
            assertThat(ledger.find(each.number())).isSameAs(each);
        }
        assertThat(ledger.find(0)).isNull();
        assertThat(ledger.find(3_001)).isNull();
        for (int i : new int[] {0, 2_999}) {
            ledger.remove(all.get(i));
            assertThat(ledger.find(all.get(i).number())).as("settled").isNull();
        }
    }

    @Test
    void aMessageIsFoundByItsIdAlsoWhenItCameBehindTheFirstLook() {
        Unsettled first = delivered(1).get(0);
        assertThat(ledger.find(first.messageId(), null)).isSameAs(first);
        Unsettled second = delivered(1).get(0);
        assertThat(ledger.find(second.messageId(), "0")).isSameAs(second);
        assertThat(ledger.find(second.messageId(), "other")).isNull();

        second.claim(true);
        assertThat(ledger.find(second.messageId(), null))
                .as("a transaction has an ACK for it")
                .isNull();
        ledger.remove(first);
        assertThat(ledger.find(first.messageId(), null)).as("settled").isNull();
    }

    @Test
    void behindTheEndNothingWaits() {
        List<Unsettled> all = delivered(3_000);
        ledger.find(all.get(0).messageId(), null);
        ledger.clear();
        assertThat(ledger.all()).isEmpty();
        for (int i : new int[] {0, 2_999}) {
            assertThat(ledger.find(all.get(i).number())).isNull();
            assertThat(ledger.find(all.get(i).messageId(), null)).isNull();
        }
    }
}
