package io.fanfare.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.Headers;
import io.fanfare.message.Outcome;
import io.fanfare.security.Principal;
import io.fanfare.testing.HeapMeter;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The memory that remembered ids take: counted, and bounded for all users together. */
class DedupMemoryTest {

    private static final int MANY = 20_000;

    private static final byte[] BODY = "hi".getBytes(UTF_8);

    private static boolean isRepeat(Broker broker, String user, String id) {
        return broker.operations()
                .publish(Principal.of(user), "/topic/a", Headers.of("dedup-id", id), BODY)
                .duplicate();
    }

    @ParameterizedTest
    @DisplayName("ids are counted as what they take, many of one user and one each of many")
    @CsvSource({"1", "20000"})
    void idsAreCountedAsWhatTheyTake(int users) {
        Broker broker = new Broker(BrokerOptions.builder()
                .dedup(d -> d.maxDedupIds(MANY).maxDedupBytes(1L << 30))
                .build());
        isRepeat(broker, "warm", "up");
        long before = HeapMeter.usedBytes();
        long countedBefore = broker.memoryBytes();
        for (int i = 0; i < MANY; i++) {
            isRepeat(broker, "user-" + i % users, UUID.randomUUID().toString());
        }
        long heap = HeapMeter.usedBytes() - before;
        assertThat(broker.memoryBytes() - countedBefore)
                .as("bytes counted, of %,d in the heap", heap)
                .isBetween(heap / 2, 2 * heap);
    }

    @Test
    void aUserThatSendsTooManyForgetsItsOwn() {
        Broker broker = new Broker(
                BrokerOptions.builder().dedup(d -> d.maxDedupBytes(100_000)).build());
        isRepeat(broker, "bob", "1");
        for (int i = 0; i < MANY; i++) {
            isRepeat(broker, "alice", "" + i);
            assertThat(broker.memoryBytes()).isLessThanOrEqualTo(100_000);
        }
        assertThat(broker.memoryBytes()).isGreaterThan(99_000);
        assertThat(isRepeat(broker, "bob", "1")).as("another user's").isTrue();
        assertThat(isRepeat(broker, "alice", "" + (MANY - 1))).as("the newest").isTrue();
        assertThat(isRepeat(broker, "alice", "0")).as("the oldest").isFalse();
    }

    @Test
    void tooManyUsersHaveTheOneForgottenThatCameLongestAgo() {
        Broker broker = new Broker(
                BrokerOptions.builder().dedup(d -> d.maxDedupBytes(100_000)).build());
        for (int i = 0; i < MANY; i++) {
            isRepeat(broker, "user-" + i, "1");
            assertThat(broker.memoryBytes()).isLessThanOrEqualTo(100_000);
        }
        assertThat(broker.memoryBytes()).isGreaterThan(99_000);
        assertThat(isRepeat(broker, "user-" + (MANY - 1), "1")).as("the last").isTrue();
        assertThat(isRepeat(broker, "user-0", "1")).as("the first").isFalse();
    }

    @Test
    void theBoundHoldsAtItAndOnePastIt() {
        Broker measured = new Broker();
        isRepeat(measured, "alice", "1");
        long one = measured.memoryBytes();
        isRepeat(measured, "alice", "2");
        long two = measured.memoryBytes();

        Broker exact = new Broker(
                BrokerOptions.builder().dedup(d -> d.maxDedupBytes(two)).build());
        isRepeat(exact, "alice", "1");
        isRepeat(exact, "alice", "2");
        assertThat(isRepeat(exact, "alice", "1")).isTrue();

        Broker less = new Broker(
                BrokerOptions.builder().dedup(d -> d.maxDedupBytes(two - 1)).build());
        isRepeat(less, "alice", "1");
        isRepeat(less, "alice", "2");
        assertThat(less.memoryBytes()).isEqualTo(one);
        assertThat(isRepeat(less, "alice", "2")).isTrue();
        assertThat(isRepeat(less, "alice", "1")).isFalse();
    }

    @Test
    void theProgramAroundTheBrokerHasIdsOfItsOwn() {
        Broker broker = new Broker();
        Headers headers = Headers.of("dedup-id", "1");
        assertThat(broker.publish("/topic/a", headers, BODY)).isEqualTo(new Outcome(0, 0, 0, 1));
        assertThat(broker.publish("/topic/a", headers, BODY)).isEqualTo(Outcome.DUPLICATE);
        assertThat(isRepeat(broker, "", "1")).as("an anonymous request").isFalse();
        assertThat(isRepeat(broker, "", "1")).as("another one").isTrue();
        assertThat(broker.operations()
                        .publishAsOperator("/topic/a,/topic/b", headers, BODY)
                        .duplicate())
                .isFalse();
        assertThat(broker.operations()
                        .publishAsOperator("/topic/a", headers, BODY)
                        .messageId())
                .as("of a repeat")
                .isNull();
    }
}
