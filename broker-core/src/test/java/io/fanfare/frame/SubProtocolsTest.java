package io.fanfare.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Sub-protocols that a WebSocket handshake offers: RFC 6455 4.2.2. */
class SubProtocolsTest {

    @Test
    void theHighestVersionIsPreferredWhateverTheClientsOrder() {
        assertThat(SubProtocols.choose(List.of("v10.stomp", "v11.stomp", "v12.stomp")))
                .contains("v12.stomp");
        assertThat(SubProtocols.choose(List.of("stomp", "v10.stomp"))).contains("v10.stomp");
        assertThat(SubProtocols.choose(List.of("mqtt", "stomp"))).contains("stomp");
    }

    @Test
    void theAnswerIsSpelledAsTheClientDid() {
        assertThat(SubProtocols.choose(List.of("V12.STOMP"))).contains("V12.STOMP");
    }

    @Test
    void thereMayBeNoneThatIsKnown() {
        assertThat(SubProtocols.choose(List.of("mqtt", "v12.stomp.x", "v13.stomp")))
                .isEmpty();
        assertThat(SubProtocols.choose(List.of())).isEmpty();
    }

    @Test
    void allLinesOfTheHeaderAreOneList() {
        assertThat(SubProtocols.split(List.of("v10.stomp, v11.stomp", " v12.stomp ,,", "")))
                .containsExactly("v10.stomp", "v11.stomp", "v12.stomp");
    }
}
