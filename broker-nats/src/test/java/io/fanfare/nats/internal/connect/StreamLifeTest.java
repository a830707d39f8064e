package io.fanfare.nats.internal.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import io.nats.client.impl.NatsMessage;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StreamLifeTest {

    private static StreamInfo stream(String description, String created) {
        String json =
                "{\"config\":{\"name\":\"s\",\"description\":\"" + description + "\"},\"created\":\"" + created + "\"}";
        return new StreamInfo(NatsMessage.builder()
                .subject("reply")
                .data(json.getBytes(StandardCharsets.UTF_8))
                .build());
    }

    private static String life(String description, int second) {
        return StreamLife.of(stream(description, "2026-11-30T00:00:0" + second + "Z"));
    }

    private static String text(String description) {
        return StreamLife.text(
                StreamConfiguration.builder().name("s").description(description).build());
    }

    @Test
    void aStreamIsTheSameAtAllServersWhateverTheySayOfWhenItWasMade() {
        String description = StreamLife.describe("/queue/a");
        assertThat(life(description, 1)).isEqualTo(life(description, 2));
        assertThat(life(description + ", whole behind 7", 1)).isEqualTo(life(description, 1));
        assertThat(life(StreamLife.describe("/queue/a"), 1)).isNotEqualTo(life(description, 1));
    }

    @Test
    void ofAStreamOfAnEarlierVersionTheTimeCounts() {
        assertThat(life("/queue/a", 1)).isEqualTo(life("/queue/a", 1)).isNotEqualTo(life("/queue/a", 2));
        assertThat(StreamLife.isNamed(StreamConfiguration.builder()
                        .name("s")
                        .description("/queue/a")
                        .build()))
                .isFalse();
    }

    @Test
    void whatADescriptionSaysIsThereWithoutIt() {
        assertThat(text(StreamLife.describe("/queue/a"))).isEqualTo("/queue/a");
        assertThat(text("/queue/a")).isEqualTo("/queue/a");
        assertThat(text(StreamLife.describe("/queue/a, life b"))).isEqualTo("/queue/a, life b");
    }
}
