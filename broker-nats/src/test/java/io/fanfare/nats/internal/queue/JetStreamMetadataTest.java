package io.fanfare.nats.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nats.client.impl.NatsMessage;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the engine says of messages and of appends, read without a parser of JSON. */
class JetStreamMetadataTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$JS.ACK.fanfare_a_queue_b.fanfare.3.17.21.1764460800123456789.5",
                "$JS.ACK._.account.fanfare_a_queue_b.fanfare.3.17.21.1764460800123456789.5",
                "$JS.ACK.domain.account.fanfare_a_queue_b.fanfare.3.17.21.1764460800123456789.5.random.more"
            })
    void anAddressForTheEndSaysWhatTheDeliveryIs(String replyTo) {
        assertThat(JetStreamMetadata.read(replyTo))
                .isEqualTo(new JetStreamMetadata(3, 17, Instant.parse("2025-11-30T00:00:00.123456789Z")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "_INBOX.a", "$JS.ACK.", "$JS.ACK.a.b.1.2.3", "$JS.ACK.a.b.x.2.3.4.5"})
    void anythingElseIsRefused(String replyTo) {
        assertThatThrownBy(() -> JetStreamMetadata.read(replyTo)).isInstanceOf(IllegalArgumentException.class);
    }

    private static Answer answer(String text) {
        return Answer.of(NatsMessage.builder().subject("a").data(text).build());
    }

    @Test
    void anAnswerToAnAppendSaysWhatHasBecomeOfIt() {
        assertThat(answer("{\"stream\":\"s\", \"seq\":7}")).isEqualTo(new Answer(Answer.Kind.THERE, false, ""));
        assertThat(answer("{\"stream\":\"s\", \"seq\":7,\"duplicate\": true}"))
                .isEqualTo(new Answer(Answer.Kind.THERE, true, ""));
        assertThat(answer("{\"stream\":\"s\", \"domain\":\"d\", \"seq\":7}").kind())
                .isEqualTo(Answer.Kind.THERE);
        assertThat(answer("{\"error\":{\"code\":503,\"err_code\":10077,\"description\":\"maximum messages exceeded\"},"
                                + "\"stream\":\"s\",\"seq\":0}")
                        .kind())
                .isEqualTo(Answer.Kind.REFUSED);
        assertThat(answer("{\"stream\":\"s\",\"seq\":0,\"error\":{\"code\":503,\"err_code\":10077,"
                                + "\"description\":\"maximum messages exceeded\"}}")
                        .kind())
                .isEqualTo(Answer.Kind.REFUSED);
    }
}
