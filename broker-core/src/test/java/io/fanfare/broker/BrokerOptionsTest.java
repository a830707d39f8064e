package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.fanfare.frame.FrameLimits;
import io.fanfare.frame.HeartBeat;
import io.fanfare.options.ConnectionLimits;
import io.fanfare.options.RateLimits;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BrokerOptionsTest {

    private static final Duration NEGATIVE = Duration.ofMillis(-1);

    static Stream<Arguments> badValues() {
        return Stream.of(
                        badSizes(),
                        badLimits(),
                        badDestinations(),
                        badRates(),
                        badQueues(),
                        badTopics(),
                        badWindowsAndMemory(),
                        badTimes())
                .flatMap(group -> group);
    }

    private static Stream<Arguments> badSizes() {
        return Stream.of(
                atLeast1("max_frame_bytes", b -> b.limits(l -> l.frameLimits(new FrameLimits(0, 1, 1, 1)))),
                atLeast1("max_command_bytes", b -> b.limits(l -> l.frameLimits(new FrameLimits(1, 0, 1, 1)))),
                atLeast1("max_header_line_bytes", b -> b.limits(l -> l.frameLimits(new FrameLimits(1, 1, 0, 1)))),
                atLeast1("max_headers", b -> b.limits(l -> l.frameLimits(new FrameLimits(1, 1, 1, 0)))));
    }

    private static Stream<Arguments> badLimits() {
        return Stream.of(
                atLeast1("max_frame_bytes_before_connected", b -> b.limits(l -> l.maxFrameBytesBeforeConnected(0))),
                longer("frame_timeout", b -> b.limits(l -> l.frameTimeout(Duration.ZERO))),
                atLeast1("max_subscriptions", b -> b.limits(l -> l.maxSubscriptions(0))),
                atLeast1("max_transactions", b -> b.limits(l -> l.maxTransactions(0))),
                atLeast1("max_transaction_frames", b -> b.limits(l -> l.maxTransactionFrames(0))),
                atLeast1("max_id_bytes", b -> b.limits(l -> l.maxIdBytes(0))),
                atLeast1("max_destinations_per_connection", b -> b.limits(l -> l.maxDestinationsPerConnection(0))),
                atLeast0("max_connections_per_user", b -> b.limits(l -> l.maxConnectionsPerUser(-1))));
    }

    private static Stream<Arguments> badDestinations() {
        return Stream.of(
                atLeast1("max_destination_bytes", b -> b.destinations(d -> d.maxDestinationBytes(0))),
                atLeast1("max_destination_words", b -> b.destinations(d -> d.maxDestinationWords(0))),
                atLeast1("max_destinations", b -> b.destinations(d -> d.maxDestinations(0))));
    }

    private static Stream<Arguments> badRates() {
        return Stream.of(
                atLeast0("max_message_rate", b -> b.rates(r -> r.maxMessageRate(-1))),
                atLeast0("max_byte_rate", b -> b.rates(r -> r.maxByteRate(-1))),
                atLeast0("max_user_message_rate", b -> b.rates(r -> r.maxUserMessageRate(-1))),
                atLeast0("max_user_byte_rate", b -> b.rates(r -> r.maxUserByteRate(-1))),
                atLeast0("max_subscribe_rate", b -> b.rates(r -> r.maxSubscribeRate(-1))),
                atLeast0("max_control_rate", b -> b.rates(r -> r.maxControlRate(-1))),
                notNegative("rate_burst", b -> b.rates(r -> r.rateBurst(NEGATIVE))),
                notNegative("max_rate_delay", b -> b.rates(r -> r.maxRateDelay(NEGATIVE))));
    }

    private static Stream<Arguments> badQueues() {
        return Stream.of(
                atLeast1("prefetch", b -> b.queues(q -> q.prefetch(0))),
                atLeast1("max_queue_messages", b -> b.queues(q -> q.maxQueueMessages(0))),
                atLeast1("max_queue_bytes", b -> b.queues(q -> q.maxQueueBytes(0))),
                atLeast1("max_deliveries", b -> b.queues(q -> q.maxDeliveries(0))),
                atLeast0("max_delayed", b -> b.queues(q -> q.maxDelayed(-1))),
                longer("durable_expiry", b -> b.queues(q -> q.durableExpiry(Duration.ZERO))),
                notNegative("redelivery_delay", b -> b.queues(q -> q.redeliveryDelay(NEGATIVE))),
                notNegative("max_redelivery_delay", b -> b.queues(q -> q.maxRedeliveryDelay(NEGATIVE))));
    }

    private static Stream<Arguments> badTopics() {
        return Stream.of(
                atLeast0("max_retained_keys", b -> b.topics(t -> t.maxRetainedKeys(-1))),
                atLeast1("max_retained_bytes", b -> b.topics(t -> t.maxRetainedBytes(0))),
                atLeast1("max_retained_key_bytes", b -> b.topics(t -> t.maxRetainedKeyBytes(0))),
                atLeast1("max_history_bytes", b -> b.topics(t -> t.maxHistoryBytes(0))),
                notNegative("presence_grace", b -> b.topics(t -> t.presenceGrace(NEGATIVE))),
                atLeast1("max_presence_members", b -> b.topics(t -> t.maxPresenceMembers(0))));
    }

    private static Stream<Arguments> badWindowsAndMemory() {
        return Stream.of(
                longer("dedup_window", b -> b.dedup(d -> d.dedupWindow(Duration.ZERO))),
                atLeast1("max_dedup_ids", b -> b.dedup(d -> d.maxDedupIds(0))),
                atLeast1("max_dedup_bytes", b -> b.dedup(d -> d.maxDedupBytes(0))),
                atLeast1("max_memory_bytes", b -> b.memory(m -> m.maxMemoryBytes(0))),
                atLeast1("high_memory_bytes", b -> b.memory(m -> m.highMemoryBytes(0))),
                atLeast1("max_outbox_bytes", b -> b.outbox(o -> o.maxOutboxBytes(0))));
    }

    private static Stream<Arguments> badTimes() {
        return Stream.of(
                longer("write_timeout", b -> b.outbox(o -> o.writeTimeout(Duration.ZERO))),
                notNegative(
                        "heart_beat.send", b -> b.heartBeat(h -> h.heartBeat(new HeartBeat(NEGATIVE, Duration.ZERO)))),
                notNegative(
                        "heart_beat.receive",
                        b -> b.heartBeat(h -> h.heartBeat(new HeartBeat(Duration.ZERO, NEGATIVE)))),
                notNegative("ping_interval", b -> b.heartBeat(h -> h.pingInterval(NEGATIVE))),
                longer("login_timeout", b -> b.auth(a -> a.loginTimeout(Duration.ZERO))),
                longer("authentication_timeout", b -> b.auth(a -> a.authenticationTimeout(Duration.ZERO))),
                notNegative("expiry_warning", b -> b.auth(a -> a.expiryWarning(NEGATIVE))));
    }

    private static Arguments atLeast1(String key, Consumer<BrokerOptions.Builder> set) {
        return arguments(set, key + " must be 1 or more, not 0");
    }

    private static Arguments atLeast0(String key, Consumer<BrokerOptions.Builder> set) {
        return arguments(set, key + " must be 0 or more, not -1");
    }

    private static Arguments longer(String key, Consumer<BrokerOptions.Builder> set) {
        return arguments(set, key + " must be longer than 0, not PT0S");
    }

    private static Arguments notNegative(String key, Consumer<BrokerOptions.Builder> set) {
        return arguments(set, key + " must be 0 or longer, not PT-0.001S");
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("badValues")
    void badValueIsRefusedWithItsKey(Consumer<BrokerOptions.Builder> set, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> built(set)).withMessage(message);
    }

    private static BrokerOptions built(Consumer<BrokerOptions.Builder> set) {
        BrokerOptions.Builder builder = BrokerOptions.builder();
        set.accept(builder);
        return builder.build();
    }

    @Test
    void valuesAtTheirLimitsAreTaken() {
        BrokerOptions options = BrokerOptions.builder()
                .limits(l -> l.frameLimits(new FrameLimits(1, 1, 1, 1))
                        .maxFrameBytesBeforeConnected(1)
                        .maxConnectionsPerUser(0))
                .rates(r -> r.maxMessageRate(0).rateBurst(Duration.ZERO).maxRateDelay(Duration.ZERO))
                .heartBeat(h -> h.heartBeat(HeartBeat.NONE).pingInterval(Duration.ZERO))
                .queues(q -> q.maxDelayed(0).durableExpiry(Duration.ofNanos(1)))
                .build();

        assertThat(options.limits().frameLimits().maxHeaders()).isEqualTo(1);
        assertThat(options.rates().maxRateDelay()).isZero();
        assertThat(options.heartBeat().heartBeat()).isEqualTo(HeartBeat.NONE);
        assertThat(options.queues().maxDelayed()).isZero();
    }

    @Test
    void theMessageNamesTheOptionThatALimitIsSetWith() {
        FrameLimits limits = FrameLimits.DEFAULT;
        assertThatIllegalArgumentException()
                .isThrownBy(() -> limits.withMaxFrameBytes(0, "max_frame_bytes_before_connected"))
                .withMessage("max_frame_bytes_before_connected must be 1 or more, not 0");
    }

    @Test
    void groupsKeepWhatWasSetBefore() {
        BrokerOptions options = BrokerOptions.builder()
                .limits(l -> l.maxSubscriptions(7))
                .limits(l -> l.maxTransactions(3))
                .build();

        assertThat(options.limits().maxSubscriptions()).isEqualTo(7);
        assertThat(options.limits().maxTransactions()).isEqualTo(3);
    }

    @Test
    void defaultsAreThoseOfTheGroups() {
        BrokerOptions options = BrokerOptions.builder().build();

        assertThat(options.limits()).isEqualTo(ConnectionLimits.DEFAULT);
        assertThat(options.rates()).isEqualTo(RateLimits.DEFAULT);
        assertThat(options).isEqualTo(BrokerOptions.DEFAULT);
    }
}
