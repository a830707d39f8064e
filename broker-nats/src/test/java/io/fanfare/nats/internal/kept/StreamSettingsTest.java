package io.fanfare.nats.internal.kept;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.nats.options.NatsOptions;
import io.fanfare.options.TopicRule;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.StreamConfiguration;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StreamSettingsTest {

    private static final NatsOptions OPTIONS =
            NatsOptions.builder("nats://127.0.0.1").name("prod").build();
    private static final TopicRule HISTORY = TopicRule.of("/topic/a.#").history(100);

    private static StreamConfiguration of(TopicRule rule) {
        return StreamSettings.of(OPTIONS, rule);
    }

    @Test
    void aStreamKeepsOneMessageMoreThanAHistoryAndNeverFewerThanSixteen() {
        assertThat(of(HISTORY).getMaxMsgsPerSubject()).isEqualTo(101);
        assertThat(of(HISTORY.history(15)).getMaxMsgsPerSubject()).isEqualTo(16);
        assertThat(of(HISTORY.history(14)).getMaxMsgsPerSubject()).isEqualTo(16);
        assertThat(of(TopicRule.of("/topic/a").retainLast()).getMaxMsgsPerSubject())
                .isEqualTo(16);
    }

    @Test
    void anAgeIsAStreamsOnlyWhereNoLastValuesAreKept() {
        Duration hour = Duration.ofHours(1);
        assertThat(of(HISTORY.history(100, hour, 1 << 20)).getMaxAge()).isEqualTo(hour);
        assertThat(of(HISTORY.history(100, hour, 1 << 20).retainLast()).getMaxAge())
                .isZero();
        assertThat(of(HISTORY.history(100, Duration.ofSeconds(1), 1 << 20)).getMaxAge())
                .as("NATS wants it no shorter than it knows the ids of messages")
                .hasMinutes(2);
    }

    @Test
    void valuesAreNeverLetGoOfForOthersAndAHistorysMessagesAre() {
        assertThat(of(HISTORY).getDiscardPolicy()).isEqualTo(DiscardPolicy.Old);
        assertThat(of(HISTORY.retainLast()).getDiscardPolicy()).isEqualTo(DiscardPolicy.New);
    }

    @Test
    void namesTellRulesApartAndAreOnesThatNatsTakes() {
        String name = StreamSettings.name(OPTIONS, HISTORY);
        assertThat(name).startsWith("fanfare-prod-kept_topic_a_").matches("[A-Za-z0-9_-]+");
        assertThat(StreamSettings.name(OPTIONS, TopicRule.of("/topic/a.*"))).isNotEqualTo(name);
        assertThat(StreamSettings.name(OPTIONS, TopicRule.of("/topic/" + "a.".repeat(7) + "b".repeat(200))))
                .hasSizeLessThan(100);
    }

    @Test
    void aSubjectHasATokenForTheTopicAndOneForTheKey() {
        KeptStream stream = new KeptStream(OPTIONS, HISTORY);
        String plain = stream.subject("/topic/a.b", null);
        assertThat(plain).matches("fanfare\\.prod\\.kept\\.[0-9a-f]{16}\\./topic/a=2eb\\.-");
        assertThat(stream.subject("/topic/a.b", "")).endsWith("./topic/a=2eb.k");
        assertThat(stream.subject("/topic/a.b", "-")).endsWith(".k-");
        assertThat(stream.subject("/topic/a.b", "x > *.ü")).endsWith(".kx=20=3e=20=2a=2e=c3=bc");
    }

    @Test
    void aLongTokenIsCutAndStaysUnlikeOthers() {
        String longest = "k".repeat(400);
        assertThat(SubjectTokens.token(longest)).isEqualTo(longest);
        assertThat(SubjectTokens.token(longest + "1")).hasSize(418).isNotEqualTo(SubjectTokens.token(longest + "2"));
    }
}
