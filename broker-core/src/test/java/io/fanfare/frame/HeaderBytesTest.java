package io.fanfare.frame;

import static io.fanfare.testing.Transcript.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HeaderBytesTest {

    private static final Headers HEADERS = Headers.of("kind", "a", "größe", "", "kind", "b:c");

    static Stream<Headers> headers() {
        return Stream.of(
                Headers.EMPTY,
                Headers.of("a", ""),
                Headers.of("a", "\n"),
                Headers.of("a", "b\n\\c", "d", "e"),
                Headers.of("d\n", "e"),
                Headers.of(":", "\\"),
                HEADERS);
    }

    @ParameterizedTest
    @MethodSource("headers")
    void whatIsWrittenIsReadAsItWas(Headers headers) {
        byte[] bytes = written(headers);
        for (int more : new int[] {0, 5}) {
            ByteBuffer in = ByteBuffer.wrap(Arrays.copyOf(bytes, bytes.length + more));
            Headers read = HeaderBytes.read(in);

            assertThat(read).isEqualTo(headers);
            assertThat(in.remaining()).isEqualTo(more);
            assertThat(encoded(read)).isEqualTo(encoded(headers));
        }
    }

    /** Whether something is to be escaped is known of what was read, too. */
    private static String encoded(Headers headers) {
        return text(FrameEncoder.encode(Frame.of(Command.SEND, headers), StompVersion.V1_2));
    }

    @Test
    void itsEndMayNotBeMissing() {
        byte[] bytes = written(HEADERS);
        for (int length = 0; length < bytes.length; length++) {
            ByteBuffer in = ByteBuffer.wrap(bytes, 0, length);
            assertThatThrownBy(() -> HeaderBytes.read(in))
                    .as("%d octets", length)
                    .isInstanceOfAny(IllegalArgumentException.class, BufferUnderflowException.class);
        }
    }

    static Stream<Arguments> others() {
        return Stream.of(
                arguments("a negative number of headers", "", new int[] {-1}),
                arguments("more headers than there is room for", "", new int[] {3, 1, 2, 0}),
                arguments("negative octets", "", new int[] {0, -1}),
                arguments("more octets than there are", "", new int[] {0, 1}),
                arguments("no name", ":bc\n", new int[] {1, 0, 3, 4}),
                arguments("a name of less than nothing", "a:b\n", new int[] {1, -1, 4, 4}),
                arguments("a value of less than nothing", "a:b\n", new int[] {1, 1, 0, 4}),
                arguments("no value", "a:", new int[] {1, 1, 0, 2}),
                arguments("a value that ends where the octets do", "a:b\n", new int[] {1, 1, 3, 4}),
                arguments("a value that ends far behind", "a:b\n", new int[] {1, 1, Integer.MAX_VALUE, 4}),
                arguments("no colon", "a=b\n", new int[] {1, 1, 2, 4}),
                arguments("a second one that is none", "a:b\nc=d\n", new int[] {2, 1, 2, 1, 2, 8}),
                arguments("octets that are of no header", "a:b\nc:d\n", new int[] {1, 1, 2, 8}));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("others")
    void somethingElseIsRefused(String what, String lines, int[] numbers) {
        ByteBuffer in = ByteBuffer.allocate(4 * numbers.length + lines.length());
        Arrays.stream(numbers).forEach(in::putInt);
        in.put(lines.getBytes(UTF_8)).flip();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> HeaderBytes.read(in))
                .withMessage("these are no headers");
    }

    private static byte[] written(Headers headers) {
        ByteBuffer out = ByteBuffer.allocate(HeaderBytes.size(headers));
        HeaderBytes.write(headers, out);
        assertThat(out.hasRemaining()).isFalse();
        return out.array();
    }
}
