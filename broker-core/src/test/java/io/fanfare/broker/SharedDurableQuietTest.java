package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a durable subscription of several nodes tells of topics that are quiet. */
class SharedDurableQuietTest extends SharedDurableBrokerTest {

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTopicThatIsQuietWhileOthersOfItsRuleAreNotHasLostNothing(boolean isConnected) {
        Client bob = bobSubscribes();
        keepsAll(1, HISTORY + 1, "kept.b");
        if (isConnected) {
            pass(Duration.ofSeconds(29));
            assertThat(durables.saves).isEmpty();
            pass(Duration.ofSeconds(2));
            assertThat(durables.saves).containsExactly(HISTORY + 1 + " open []");
            pass(Duration.ofMinutes(1));
            assertThat(durables.saves).as("nothing new").hasSize(1);
        } else {
            pass(Duration.ofSeconds(5).plusMillis(20));
            bob.isLost();
            assertThat(durables.leaves).containsExactly(HISTORY + 1 + " open [] maybe 0");
        }
    }
}
