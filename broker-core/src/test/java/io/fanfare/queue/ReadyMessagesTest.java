package io.fanfare.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.loop.BrokerClock;
import io.fanfare.message.SendProperties;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A queue's messages that no consumer has, by place and by expiry. */
class ReadyMessagesTest {

    private static final long OVER = 0;
    private static final long LATER = SendProperties.AT_ONCE - 1;

    private final Steps steps = new Steps();
    private final List<QueueEntry> expired = new ArrayList<>();
    private final ReadyMessages ready = new ReadyMessages(BrokerClock.SYSTEM, steps, expired::add);
    private int sequence;

    private QueueEntry put(long expires) {
        QueueEntry entry = new QueueEntry(QueueFixture.message("" + ++sequence, expires), sequence);
        ready.put(entry);
        return entry;
    }

    @Test
    void onlyWhatIsAmongThemIsRemoved() {
        QueueEntry entry = put(LATER);
        assertThat(ready.isEmpty()).isFalse();
        assertThat(ready.remove(entry)).isTrue();
        assertThat(ready.remove(entry)).isFalse();
        assertThat(ready.isEmpty()).isTrue();
        assertThat(ready.mayExpire()).isFalse();
    }

    @Test
    void theFirstIsRemovedWithItsTimeToLive() {
        put(LATER);
        QueueEntry second = put(SendProperties.NEVER);
        ready.removeFirst();
        assertThat(ready.mayExpire()).isFalse();
        assertThat(ready.first()).isSameAs(second);
        ready.removeFirst();
        assertThat(ready.isEmpty()).isTrue();
    }

    @Test
    void nothingIsLeftWhenAllAreTaken() {
        QueueEntry first = put(LATER);
        QueueEntry second = put(SendProperties.NEVER);
        assertThat(ready.takeAll()).containsExactly(first, second);
        assertThat(ready.isEmpty()).isTrue();
        assertThat(ready.size()).isZero();
        assertThat(ready.mayExpire()).isFalse();
    }

    @Test
    void eachMessageThatIsLookedAtForItsExpiryIsAStep() {
        QueueEntry living = put(LATER);
        List<QueueEntry> over = List.of(put(OVER), put(OVER), put(OVER));
        assertThat(ready.removeExpired(2)).isEqualTo(2);
        assertThat(steps.all()).isEqualTo(2);
        assertThat(ready.removeExpired(10)).isEqualTo(1);
        assertThat(steps.all()).isEqualTo(4);
        assertThat(expired).isEqualTo(over);
        assertThat(ready.first()).isSameAs(living);
    }

    @Test
    void eachMessageThatIsShownIsAStep() {
        put(SendProperties.NEVER);
        List<QueueEntry> behind = List.of(put(SendProperties.NEVER), put(SendProperties.NEVER));
        put(SendProperties.NEVER);
        long first = ready.first().place();
        assertThat(ready.behind(first, 2)).isEqualTo(behind);
        assertThat(steps.all()).isEqualTo(2);
    }
}
