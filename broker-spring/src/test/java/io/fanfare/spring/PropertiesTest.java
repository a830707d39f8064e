package io.fanfare.spring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.options.TopicRule;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** The properties {@code fanfare.*}. */
class PropertiesTest {

    private static FanfareProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("fanfare", FanfareProperties.class);
    }

    @Test
    void withoutAnyTheBrokerHasItsDefaultsAndNoPort() {
        FanfareProperties none = bind(Map.of());
        assertThat(none.enabled()).isTrue();
        assertThat(none.server().enabled()).isFalse();
        assertThat(none.heartBeat().heartBeat()).hasToString("1000,10000");
        assertThat(none.topics()).isEmpty();
        assertThat(none.loopCount()).isBetween(1, 4);
    }

    @Test
    void topicsAreRules() {
        FanfareProperties two = bind(Map.of(
                "fanfare.topics[0].match", "/topic/log",
                "fanfare.topics[0].history", "10",
                "fanfare.topics[0].history-age", "1h",
                "fanfare.topics[1].match", "/topic/prices.#",
                "fanfare.topics[1].retain", "by-key",
                "fanfare.topics[1].retain-key", "symbol",
                "fanfare.topics[1].presence", "true"));
        assertThat(two.topics().stream().map(FanfareProperties.TopicProperties::rule))
                .containsExactly(
                        TopicRule.of("/topic/log").history(10, Duration.ofHours(1), TopicRule.DEFAULT_HISTORY_BYTES),
                        TopicRule.of("/topic/prices.#").retainByKey("symbol").withPresence());
    }

    @Test
    void editorsAreToldEveryProperty() throws IOException {
        String json;
        try (InputStream in = getClass().getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            json = new String(in.readAllBytes(), UTF_8);
        }
        List<String> told = Pattern.compile("\"name\": \"(fanfare\\.[^\"]+)\"")
                .matcher(json)
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(told)
                .containsExactlyInAnyOrderElementsOf(
                        names("fanfare", FanfareProperties.class).toList());
    }

    private static Stream<String> names(String prefix, Class<?> group) {
        return Arrays.stream(group.getRecordComponents()).flatMap(each -> names(prefix, each));
    }

    private static Stream<String> names(String prefix, RecordComponent each) {
        String name = prefix + "." + each.getName().replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT);
        return each.getType().isRecord() ? names(name, each.getType()) : Stream.of(name);
    }
}
