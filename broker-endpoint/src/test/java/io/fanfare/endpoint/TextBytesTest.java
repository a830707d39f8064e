package io.fanfare.endpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.Test;

class TextBytesTest {

    @Test
    void textMayBeCutBetweenAnyTwoChars() {
        String text = "a\u00e9\u20ac\ud83d\ude00\ud83d\ude01z";
        for (int cut = 0; cut <= text.length(); cut++) {
            TextBytes bytes = new TextBytes();
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(bytes.encode(text.substring(0, cut)));
            all.writeBytes(bytes.encode(""));
            all.writeBytes(bytes.encode(text.substring(cut)));
            assertThat(all.toString(UTF_8)).as("cut at %d", cut).isEqualTo(text);
        }
    }
}
