package io.fanfare.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.fanfare.client.Live.Member;
import io.fanfare.frame.Command;
import io.fanfare.frame.Frame;
import io.fanfare.frame.Headers;
import io.fanfare.frame.JsonString;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemberReaderTest {

    private static Member read(String json, String... headers) {
        return MemberReader.read(new Frame(Command.MESSAGE, Headers.of(headers), json.getBytes(UTF_8)));
    }

    @Test
    void aMemberIsReadAsTheBrokerWritesIt() {
        assertThat(read("{\"user\":\"alice\",\"session\":\"6f1c\",\"since\":1795946912345}"))
                .isEqualTo(new Member("6f1c", "alice", Instant.ofEpochMilli(1_795_946_912_345L), null));
        assertThat(read("{\"user\":\"\",\"session\":\"6f1c\",\"since\":1}", "reason", "lost"))
                .isEqualTo(new Member("6f1c", "", Instant.ofEpochMilli(1), "lost"));
    }

    @Test
    void whatALaterBrokerAddsIsNoMistake() {
        assertThat(read(" { \"session\" : \"s\\/\\u00e9\" , \"idle\" : true , \"weight\":-1.5e3,\"nick\":null } "))
                .isEqualTo(new Member("s/é", "", Instant.EPOCH, null));
    }

    @Test
    void anyNameIsReadAsItWasWritten() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 1_000; i++) {
            String name = random.ints(random.nextInt(20), 0, 0x300)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            assertThat(read("{\"user\":" + JsonString.of(name) + ",\"session\":\"s\"}")
                            .user())
                    .as("seed %d", seed)
                    .isEqualTo(name);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"user\":\"alice\"}",
                "{\"session\":\"s\"",
                "{\"session\":\"s\"}}",
                "{\"session\":\"s",
                "{\"session\":\"\\",
                "{\"session\":\"\\x\"}",
                "{\"session\":\"\\u12\"}",
                "{\"session\":}",
                "{\"session\":{}}",
                "{\"session\":\"s\",}",
                "{\"session\":\"s\",\"since\":\"soon\"}",
                "{session:\"s\"}",
                "[]",
                "alice"
            })
    void anythingElseIsRefused(String json) {
        assertThatIllegalArgumentException().isThrownBy(() -> read(json));
    }
}
