package io.fanfare.testkit.internal.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transcripts, which end up in the reports of builds, show no passcode and no token. */
class SecretsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CONNECT\naccept-version:1.2\npasscode:SECRET\n\n\0",
                "CONNECT\nAuthorization:Bearer SECRET\n\n\0",
                "CONNECT\npasscode :SECRET\n\n\0",
                "SEND\ndestination:/broker/auth\n\nSECRET\0",
                "SEND\ndestination:/broker/auth\npasscode:SECRET\n\n\0",
                // no frame: the empty line is missing
                "CONNECT\nlogin:alice\npasscode:SECRET\n\0"
            })
    void framesAreShownWithoutThem(String frame) {
        assertThat(Piece.stomp(frame.getBytes(UTF_8)).shown())
                .startsWith(frame.startsWith("CONNECT\nlogin") ? "(no frame) CONNECT" : frame.substring(0, 4))
                .contains("***")
                .doesNotContain("SECRET");
    }

    @Test
    void handshakesAreShownWithoutTheirQuery() {
        HttpHead head = new HttpHead();
        byte[] octets = "GET /ws?access_token=SECRET HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(ISO_8859_1);
        head.add(octets, octets.length);
        assertThat(head.firstLine()).isEqualTo("GET /ws?*** HTTP/1.1");
    }
}
