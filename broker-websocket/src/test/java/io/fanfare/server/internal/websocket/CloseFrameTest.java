package io.fanfare.server.internal.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CloseFrameTest {

    private static int answerTo(int code, byte... reason) {
        ByteBuffer payload =
                ByteBuffer.allocate(2 + reason.length).putShort((short) code).put(reason);
        return CloseFrame.answerTo(payload.flip());
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1002, 1003, 1007, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999})
    void aCodeThatMayBeSentIsEchoed(int code) {
        assertThat(answerTo(code)).isEqualTo(code);
        assertThat(answerTo(code, "gone, see you \u2603".getBytes(UTF_8))).isEqualTo(code);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535})
    void oneThatMayNotIsAViolation(int code) {
        assertThat(answerTo(code)).isEqualTo(1002);
    }

    @Test
    void noCodeIsAnsweredAsANormalEndAndHalfAOneAsAViolation() {
        assertThat(CloseFrame.answerTo(ByteBuffer.allocate(0))).isEqualTo(1000);
        assertThat(CloseFrame.answerTo(ByteBuffer.wrap(new byte[] {3}))).isEqualTo(1002);
    }

    @Test
    void aReasonThatIsNoTextOrEndsInsideACharacterIsInvalidData() {
        assertThat(answerTo(1000, (byte) 0xFF)).isEqualTo(1007);
        assertThat(answerTo(1000, (byte) 'a', (byte) 0xE2, (byte) 0x98)).isEqualTo(1007);
    }

    @Test
    void aFrameHasTheCodeAndAReasonOfAtMost123Octets() {
        assertThat(CloseFrame.of(4408, "late")).isEqualTo(new byte[] {(byte) 0x88, 6, 0x11, 0x38, 'l', 'a', 't', 'e'});
        assertThat(CloseFrame.of(1000, "x".repeat(123))).hasSize(127);
        assertThatThrownBy(() -> CloseFrame.of(1000, "x".repeat(124))).hasMessageContaining("123 octets");
    }
}
