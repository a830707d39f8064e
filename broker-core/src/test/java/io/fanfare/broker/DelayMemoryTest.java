package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that wait for their delay are counted, wherever they will go. */
class DelayMemoryTest extends BrokerTest {

    private static final int DAY = 86_400_000;

    private static String send(String destination, int delay, int bytes) {
        return "SEND\ndestination:" + destination + "\ndelay:" + delay + "\n\n" + "x".repeat(bytes) + "\0";
    }

    @ParameterizedTest
    @CsvSource({"/topic/a, 20000, 10", "/topic/a, 100, 100000", "/queue/a, 20000, 10", "/queue/a, 100, 100000"})
    void whatWaitsForItsDelayIsCounted(String destination, int messages, int bytes) {
        BareClient alice = new BareClient(broker, loop);
        alice.sends(send(destination, DAY, bytes));
        MemoryAccount.assertCounted(broker, () -> {
            for (int i = 0; i < messages; i++) {
                alice.sends(send(destination, DAY, bytes));
            }
        });
        broker.operations().clear();
        alice.isLost();
    }

    @Test
    void aMessageThatWaitsForItsDelayRaisesTheMemoryAlarm() {
        brokerWith(
                BrokerOptions.builder().memory(m -> m.maxMemoryBytes(100_000)).build());
        connect().sends(send("/topic/a", 1_000, 101_000).replace("\0", "^@"));
        Client alice = connect();
        alice.sends("SEND\ndestination:/topic/a\n\nhi^@");
        alice.gotError(CloseCode.OVERLOAD, "memory alarm", "100,000", "max_memory_bytes");
        pass(Duration.ofSeconds(2));
        assertThat(broker.memoryBytes()).as("it has been published").isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/topic/a", "/topic/a,/topic/b", "/queue/a,/topic/a"})
    void whatIsClearedIsCountedNoMore(String destination) {
        connect().sends(send(destination, DAY, 1_000).replace("\0", "^@"));
        assertThat(broker.memoryBytes()).isPositive();
        broker.operations().clear();
        assertThat(broker.memoryBytes()).isZero();
    }
}
