package io.fanfare.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.client.Live.Gap;
import io.fanfare.client.Live.Reason;
import io.fanfare.frame.Frame;
import io.fanfare.frame.Headers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a follower of a topic is told: patches, headers and callbacks, against a real broker. */
@Timeout(300)
class LiveOptionsIT extends LiveScene {

    @Test
    void patchesAreAppliedToTheValueOfTheirKey() {
        String common = "x".repeat(100);
        publish("ACME", common + "|1");
        Live live = follow(PRICES, options().mergePatch(APPLY).build());
        publish("ACME", common + "|2");
        publish("EMCA", "other|1");
        publish("ACME", common + "|3");
        becomes(live, Map.of("ACME", common + "|3", "EMCA", "other|1"));
        assertThat(messages).extracting(Frame::bodyAsString).contains(common + "|2");
        // patched values don't look like patches
        assertThat(messages).noneMatch(message -> message.headers().has("delta"));

        away(live, () -> publish("ACME", common + "|4"));
        publish("ACME", common + "|5");
        becomes(live, Map.of("ACME", common + "|5", "EMCA", "other|1"));
        assertThat(gaps).isEmpty();
    }

    @Test
    void patchesAreUsed() {
        String common = "x".repeat(100);
        publish("ACME", common + "|1");
        List<String> patches = Collections.synchronizedList(new ArrayList<>());
        BinaryOperator<byte[]> noted = (before, patch) -> {
            patches.add(new String(patch, UTF_8));
            return APPLY.apply(before, patch);
        };
        Live live = follow(PRICES, options().mergePatch(noted).build());
        publish("ACME", common + "|2");
        becomes(live, Map.of("ACME", common + "|2"));
        assertThat(patches).containsExactly("2");
    }

    @Test
    void aPatchThatCannotBeAppliedIsAGapAndWholeValuesComeFromThenOn() {
        String common = "x".repeat(100);
        publish("ACME", common + "|1");
        BinaryOperator<byte[]> broken = (before, patch) -> {
            throw new IllegalArgumentException("no such patch");
        };
        Live live = follow(PRICES, options().mergePatch(broken).build());
        publish("ACME", common + "|2");
        becomes(live, Map.of("ACME", common + "|2"));
        publish("ACME", common + "|3");
        becomes(live, Map.of("ACME", common + "|3"));
        assertThat(gaps).containsExactly(new Gap(Reason.PATCH, 0));
    }

    @Test
    void aCallbackThatThrowsStopsNothing() {
        publish("ACME", "1");
        LiveOptions options = LiveOptions.builder()
                .key(message -> {
                    throw new IllegalStateException("no key");
                })
                .onChange(change -> {
                    throw new IllegalStateException("no change");
                })
                .onState(live -> {
                    throw new IllegalStateException("no state");
                })
                .build();
        Live live = follow(PRICES, options);
        // without a key of the caller's, the destination is one
        assertThat(state(live)).isEqualTo(Map.of(PRICES, "1"));
    }

    @Test
    void headersThatALiveSetsItselfAreRefused() {
        assertThatThrownBy(() -> LiveOptions.builder().header("from", "first"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the header from follows from the other options");
        Live live =
                follow(PRICES, options().header("selector", "symbol = 'ACME'").build());
        publish("EMCA", "1");
        publish("ACME", "1");
        becomes(live, Map.of("ACME", "1"));
    }

    @Test
    void aDestinationThatKeepsNothingIsAPlainSubscriptionAndThatIsSaid() {
        publish("/topic/plain", Headers.of("symbol", "ACME"), "too early");
        Live live = follow("/topic/plain", options().build());
        assertThat(gaps).containsExactly(new Gap(Reason.UNSUPPORTED, 0));
        publish("/topic/plain", Headers.of("symbol", "ACME"), "41");
        becomes(live, Map.of("ACME", "41"));
        assertThat(live.cursor()).isEmpty();

        away(live, () -> publish("/topic/plain", Headers.of("symbol", "ACME"), "missed"));
        assertThat(gaps).containsExactly(new Gap(Reason.UNSUPPORTED, 0), new Gap(Reason.UNSUPPORTED, 0));
        assertThat(state(live)).isEqualTo(Map.of("ACME", "41"));
    }
}
