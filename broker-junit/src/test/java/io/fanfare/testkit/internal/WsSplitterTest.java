package io.fanfare.testkit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WsSplitterTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 127, 65_535, 65_536})
    void payloadOfAnyLengthIsFound(int length) {
        byte[] payload = new byte[length];
        Arrays.fill(payload, (byte) 7);
        for (boolean masked : new boolean[] {true, false}) {
            WsFrame sent = WsFrame.of(WsFrame.BINARY, payload, masked);
            ByteArrayOutputStream twice = new ByteArrayOutputStream();
            twice.writeBytes(sent.octets());
            twice.writeBytes(sent.octets());
            byte[] octets = twice.toByteArray();
            WsSplitter splitter = new WsSplitter();
            List<WsFrame> frames = new ArrayList<>();
            int cut = octets.length / 3;
            splitter.feed(octets, 0, cut, frames::add);
            splitter.feed(octets, cut, octets.length - cut, frames::add);
            assertThat(frames).hasSize(2);
            assertThat(frames.get(1).payload()).isEqualTo(payload);
            assertThat(frames.get(1).octets()).isEqualTo(sent.octets());
            assertThat(splitter.pending()).isZero();
        }
    }

    @Test
    void closeHasItsCodeAndReason() {
        WsFrame close = WsFrame.close(4999, "go away", true);
        assertThat(close.closeCode()).isEqualTo(4999);
        assertThat(close.closeReason()).isEqualTo("go away");
        assertThat(WsFrame.of(WsFrame.CLOSE, new byte[0], false).closeCode()).isEqualTo(1005);
    }
}
