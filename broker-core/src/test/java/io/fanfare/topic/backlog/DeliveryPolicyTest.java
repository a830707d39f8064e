package io.fanfare.topic.backlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.frame.Headers;
import io.fanfare.frame.ProtocolException;
import io.fanfare.message.Message;
import io.fanfare.topic.backlog.DeliveryPolicy.Overflow;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a SUBSCRIBE says of messages that it may go without. */
class DeliveryPolicyTest {

    private static final String LIMIT = "activemq.maximumPendingMessageLimit";
    private static final int ALL = Integer.MAX_VALUE;

    /** Of headers as {@code NAME:VALUE;NAME:VALUE}. */
    private static DeliveryPolicy of(String headers) {
        return DeliveryPolicy.of(Headers.of(Stream.of(headers.split(";"))
                .flatMap(each -> Stream.of(each.split(":", 2)))
                .toArray(String[]::new)));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "overflow:drop-oldest, DROP_OLDEST, 0, , false",
        "overflow:drop-newest, DROP_NEWEST, 0, , false",
        "overflow:conflate, CONFLATE, 0, *, false",
        "overflow:conflate;conflate:k, CONFLATE, 0, k, false",
        "conflate:k, CONFLATE, 0, k, false",
        "conflate:*, CONFLATE, 0, *, false",
        "conflate:k;overflow:drop-oldest, DROP_OLDEST, 0, k, false",
        "conflate:k;overflow:disconnect, DISCONNECT, 0, k, false",
        "max-rate:1, CONFLATE, 1, *, false",
        "max-rate:1000000, CONFLATE, 1000000, *, false",
        "max-rate:5;conflate:k, CONFLATE, 5, k, false",
        "max-rate:5;overflow:drop-newest, DROP_NEWEST, 5, *, false",
        "delta:merge-patch, DISCONNECT, 0, , true",
    })
    void whatItAsksFor(String headers, Overflow overflow, int maxRate, String conflate, boolean delta) {
        assertThat(of(headers)).isEqualTo(new DeliveryPolicy(overflow, ALL, maxRate, conflate, delta));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "7, DROP_OLDEST, 7",
        "1, DROP_OLDEST, 1",
        "0, DROP_OLDEST, 1",
        "2147483646, DROP_OLDEST, 2147483646",
    })
    void soManyMayWait(String limit, Overflow overflow, int maxPending) {
        assertThat(of(LIMIT + ":" + limit)).isEqualTo(new DeliveryPolicy(overflow, maxPending, 0, null, false));
        assertThat(of(LIMIT + ":" + limit + ";overflow:drop-newest"))
                .isEqualTo(new DeliveryPolicy(Overflow.DROP_NEWEST, maxPending, 0, null, false));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "id:0",
                "overflow:disconnect",
                "activemq.maximumPendingMessageLimit:-1",
                "activemq.maximumPendingMessageLimit:2147483647",
                "activemq.maximumPendingMessageLimit:99999999999"
            })
    void withNothingThatItMayGoWithout(String headers) {
        assertThat(of(headers)).isSameAs(DeliveryPolicy.NONE);
        assertThat(of(headers).mayDrop()).isFalse();
        assertThat(of(headers).isPaced()).isFalse();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "max-rate:0, invalid max-rate, 'from 1 to 1000000, not ''0'''",
        "max-rate:1000001, invalid max-rate, 'from 1 to 1000000, not ''1000001'''",
        "max-rate:fast, invalid max-rate, fast",
        "overflow:drop, invalid overflow, 'drop-oldest, drop-newest or conflate, not ''drop'''",
        "conflate:, invalid conflate, conflate names a header",
        "delta:json, invalid delta, 'merge-patch, not ''json'''",
    })
    void whatMakesNoSenseIsRefused(String headers, String message, String detail) {
        assertThatThrownBy(() -> of(headers)).isInstanceOfSatisfying(ProtocolException.class, e -> {
            assertThat(e.summary()).isEqualTo(message);
            assertThat(e.detail()).contains(detail);
        });
    }

    @Test
    void aRateAndAnOverflowSayWhatMayBeLeftOut() {
        assertThat(of("overflow:drop-newest").mayDrop()).isTrue();
        assertThat(of("overflow:drop-newest").isPaced()).isFalse();
        assertThat(of("max-rate:1").isPaced()).isTrue();
    }

    @Test
    void messagesAreConflatedByTheirHeader() {
        Message x = BacklogFixture.message(1, "k", "x");
        Message without = BacklogFixture.message(2);
        assertThat(of("conflate:k").keyOf(x)).isEqualTo("x");
        assertThat(of("conflate:k").keyOf(without)).isEmpty();
        assertThat(of("conflate:*").keyOf(x)).isEqualTo(of("conflate:*").keyOf(without));
        assertThat(of("id:0").keyOf(x)).isEmpty();
    }
}
