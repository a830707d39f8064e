package io.fanfare.testkit.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StompSplitterTest {

    private static final String STREAM =
            "\nCONNECT\r\nhost:h\r\n\r\n^@\n\nSEND\ncontent-length:3\n\na^@b^@SEND\n\nrest^@";

    private static List<String> split(int atOnce) {
        byte[] octets = STREAM.replace("^@", "\0").getBytes(UTF_8);
        StompSplitter splitter = new StompSplitter();
        List<String> pieces = new ArrayList<>();
        for (int i = 0; i < octets.length; i += atOnce) {
            splitter.feed(
                    octets,
                    i,
                    Math.min(atOnce, octets.length - i),
                    each -> pieces.add(new String(each, UTF_8).replace("\0", "^@")));
        }
        assertThat(splitter.pending()).isZero();
        return pieces;
    }

    @Test
    void framesAndHeartBeatsAreFoundHoweverTheOctetsAreCut() {
        for (int atOnce = 1; atOnce <= STREAM.length(); atOnce++) {
            assertThat(split(atOnce))
                    .as("%s octets at once", atOnce)
                    .containsExactly(
                            "\n",
                            "CONNECT\r\nhost:h\r\n\r\n^@",
                            "\n",
                            "\n",
                            "SEND\ncontent-length:3\n\na^@b^@",
                            "SEND\n\nrest^@");
        }
    }

    @Test
    void frameThatIsWrongEndsAtItsNul() {
        StompSplitter splitter = new StompSplitter();
        List<byte[]> pieces = new ArrayList<>();
        byte[] octets = "NONSENSE\0SEND\n\n\0".getBytes(UTF_8);
        splitter.feed(octets, 0, octets.length, pieces::add);
        assertThat(pieces).hasSize(2);
    }
}
