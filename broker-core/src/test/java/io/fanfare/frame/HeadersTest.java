package io.fanfare.frame;

import static io.fanfare.frame.Decoding.decoder;
import static io.fanfare.frame.Decoding.one;
import static io.fanfare.testing.Transcript.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.testing.Transcript;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeadersTest {

    @Test
    @Tag("item-46")
    void theFirstOfARepeatedHeaderCounts() {
        Headers headers = Headers.of("a", "1", "b", "2", "a", "3");

        assertThat(headers.get("a")).isEqualTo("1");
        assertThat(headers.find("a")).contains("1");
        assertThat(headers.size()).isEqualTo(3);
        assertThat(headers.name(2)).isEqualTo("a");
        assertThat(headers.value(2)).isEqualTo("3");
    }

    @Test
    void aHeaderThatIsNotThereIsNull() {
        Headers headers = Headers.of("ab", "1");

        assertThat(headers.get("a")).isNull();
        assertThat(headers.get("abc")).isNull();
        assertThat(headers.get("AB")).isNull();
        assertThat(headers.get("")).isNull();
        assertThat(headers.find("a")).isEmpty();
        assertThat(headers.has("a")).isFalse();
        assertThat(Headers.EMPTY.get("a")).isNull();
    }

    @Test
    void anEmptyValueIsAValue() {
        Headers headers = Headers.of("a", "");

        assertThat(headers.get("a")).isEmpty();
        assertThat(headers.has("a")).isTrue();
    }

    @Test
    @Tag("item-48")
    void namesOutsideAsciiAreFoundToo() {
        Headers headers = Headers.of("größe", "1", "名前", "2", "😀", "3", "gr", "4", "\u0080", "5");

        assertThat(headers.get("größe")).isEqualTo("1");
        assertThat(headers.get("名前")).isEqualTo("2");
        assertThat(headers.get("😀")).isEqualTo("3");
        assertThat(headers.get("\u0080")).isEqualTo("5");
        assertThat(headers.get("grö")).isNull();
        assertThat(headers.has("前名")).isFalse();
    }

    @Test
    void aValueIsComparedByItsCharacters() {
        Headers headers = Headers.of("a", "1", "a", "2", "empty", "", "city", "Köln");

        assertThat(headers.has("a", "1")).isTrue();
        assertThat(headers.has("a", "2")).isFalse();
        assertThat(headers.has("a", "12")).isFalse();
        assertThat(headers.has("a", "")).isFalse();
        assertThat(headers.has("b", "1")).isFalse();
        assertThat(headers.has("empty", "")).isTrue();
        assertThat(headers.has("city", "Köln")).isTrue();
        assertThat(headers.has("city", "Kölm")).isFalse();
        assertThat(headers.has("city", "K\u00c3\u00b6ln")).isFalse();
        assertThat(headers.has("city", "Koeln")).isFalse();
    }

    @Test
    void ofTakesNamesAndValuesInTurn() {
        assertThat(Headers.of()).isEqualTo(Headers.EMPTY);
        assertThatThrownBy(() -> Headers.of("a")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Headers.of("", "x")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aBuilderAddsAtTheEnd() {
        Headers headers = Headers.builder()
                .add("a", "1")
                .add("n", 42)
                .addIfPresent("b", null)
                .addIfPresent("c", "")
                .build();

        assertThat(headers).isEqualTo(Headers.of("a", "1", "n", "42", "c", ""));
    }

    @Test
    void whatABuilderHasBuiltStaysAsItIs() {
        Headers.Builder builder = Headers.builder().add("a", "1");
        Headers first = builder.build();

        Headers second = builder.add("b:", "2").build();

        assertThat(first).isEqualTo(Headers.of("a", "1"));
        assertThat(first.isPlain()).isTrue();
        assertThat(second).isEqualTo(Headers.of("a", "1", "b:", "2"));
    }

    @Test
    void aBuilderHoldsMoreThanItBeganWith() {
        Headers.Builder builder = Headers.builder();
        for (int i = 0; i < 100; i++) {
            builder.add("name" + i, "v".repeat(i));
        }
        Headers headers = builder.build();

        for (int i = 0; i < 100; i++) {
            assertThat(headers.get("name" + i)).isEqualTo("v".repeat(i));
        }
    }

    @Test
    void withoutLeavesOutEveryHeaderOfAName() {
        Headers headers = Headers.of("a", "1", "receipt", "r", "b", "x:y", "receipt", "s", "größe", "5");

        assertThat(headers.without(HeaderNames.of("receipt", "transaction")))
                .isEqualTo(Headers.of("a", "1", "b", "x:y", "größe", "5"));
        assertThat(headers.without(HeaderNames.of("größe", "a")))
                .isEqualTo(Headers.of("receipt", "r", "b", "x:y", "receipt", "s"));
        assertThat(headers.without(HeaderNames.of("a", "b", "receipt", "größe")))
                .isEqualTo(Headers.EMPTY);
    }

    @Test
    void withoutGivesTheSameObjectWhenNothingIsLeftOut() {
        Headers headers = Headers.of("a", "1", "receipts", "2");

        assertThat(headers.without(HeaderNames.of("receipt", "A"))).isSameAs(headers);
        assertThat(headers.without(HeaderNames.of())).isSameAs(headers);
        assertThat(Headers.EMPTY.without(HeaderNames.of("a"))).isSameAs(Headers.EMPTY);
    }

    @Test
    void withPutsTheOthersBehind() {
        Headers headers = Headers.of("a", "1", "é", ":").with(Headers.of("a", "2", "b\n", "\\"));

        assertThat(headers).isEqualTo(Headers.of("a", "1", "é", ":", "a", "2", "b\n", "\\"));
        assertThat(headers.isPlain()).isFalse();
        assertThat(Headers.of("a", "1").with(Headers.of("b", "2")).isPlain()).isTrue();
        assertThat(Headers.of("a", ":").with(Headers.of("b", "2")).isPlain()).isFalse();
        assertThat(Headers.of("a", "1").with(Headers.of("b", ":")).isPlain()).isFalse();
    }

    @Test
    void headersAreEqualWhenNamesAndValuesAre() {
        Headers read =
                one(decoder(StompVersion.V1_2), "SEND\na:b\nx:y\\cz\n\n^@").headers();

        assertThat(read)
                .isEqualTo(Headers.of("a", "b", "x", "y:z"))
                .hasSameHashCodeAs(Headers.of("a", "b", "x", "y:z"));
        assertThat(read.hashCode()).isNotEqualTo(Headers.of("a", "b", "x", "y").hashCode());
        assertThat(Headers.of("a", "b:c")).isNotEqualTo(Headers.of("a:b", "c"));
        assertThat(Headers.of("a", "b")).isNotEqualTo(Headers.of("a", "b", "a", "b"));
        assertThat(Headers.of("a", "b")).hasToString("{a=b}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\", "\n", "\r", ":", "\0", "a:", "é\n"})
    @Tag("item-55")
    void whatNeedsAnEscapeIsNotPlain(String text) {
        assertThat(Headers.of("x" + text, "y").isPlain()).isFalse();
        assertThat(Headers.of("x", text).isPlain()).isFalse();
        assertThat(Headers.of("x", "é值😀 /a.b").isPlain()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    @Tag("item-55")
    void plainHeadersAreWrittenAsTheSlowPathWouldWriteThem(StompVersion receiver) {
        int plain = 0;
        for (StompVersion sender : StompVersion.values()) {
            for (long seed = 0; seed < 1_000; seed++) {
                Frame frame = new RandomFrames(seed, sender).next();
                for (Headers headers : waysToTheSameHeaders(frame, sender)) {
                    plain += headers.isPlain() ? 1 : 0;
                    assertThat(headers).isEqualTo(frame.headers());
                    assertThat(encoded(headers, receiver))
                            .as("seed %d, STOMP %s to %s", seed, sender, receiver)
                            .isEqualTo(encoded(slow(headers), receiver));
                }
            }
        }
        assertThat(plain).isGreaterThan(300);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x:y:z", "x::", "x:a\rb"})
    @Tag("item-45")
    @Tag("item-55")
    void whatASenderLeftUnescapedIsEscapedForTheReceiver(String line) {
        for (StompVersion sender : StompVersion.values()) {
            Headers read = one(decoder(sender), "SEND\n" + line + "\n\n^@").headers();

            assertThat(encoded(read, StompVersion.V1_2))
                    .isEqualTo("MESSAGE\nx:"
                            + line.substring(2).replace(":", "\\c").replace("\r", "\\r") + "\n\n^@");
        }
    }

    private static List<Headers> waysToTheSameHeaders(Frame frame, StompVersion version) {
        Headers read =
                one(decoder(version), FrameEncoder.encode(frame, version)).headers();
        Headers withMore = Headers.of("receipt", "\n").with(read).with(Headers.of("receipt", "r"));
        Headers less = withMore.without(HeaderNames.of("receipt"));
        return List.of(frame.headers(), read, less);
    }

    private static Headers slow(Headers headers) {
        int[] marks = new int[3 * headers.size()];
        for (int i = 0; i < headers.size(); i++) {
            marks[3 * i] = headers.nameStart(i);
            marks[3 * i + 1] = headers.nameEnd(i);
            marks[3 * i + 2] = headers.valueEnd(i);
        }
        return new Headers(headers.lines(), marks, false);
    }

    private static String encoded(Headers headers, StompVersion receiver) {
        return Transcript.text(FrameEncoder.encode(Frame.of(Command.MESSAGE, headers), receiver));
    }

    @Test
    void namesAreAskedByTheirBytes() {
        HeaderNames names = HeaderNames.of("receipt", "größe");
        byte[] text = bytes("xreceiptgröße");

        assertThat(names.contains(text, 1, 8)).isTrue();
        assertThat(names.contains(text, 0, 8)).isFalse();
        assertThat(names.contains(text, 1, 7)).isFalse();
        assertThat(names.contains(text, 8, text.length)).isTrue();
        assertThat(names.contains(Arrays.copyOf(text, 100), 0, 100)).isFalse();
    }

    @Test
    void headersAreAskedForAnyOfSeveralNames() {
        Headers headers = Headers.of("a", "receipt", "größe", "2");

        assertThat(headers.hasAny(HeaderNames.of("receipt", "größe"))).isTrue();
        assertThat(headers.hasAny(HeaderNames.of("a"))).isTrue();
        assertThat(headers.hasAny(HeaderNames.of("receipt", "gr"))).isFalse();
        assertThat(headers.hasAny(HeaderNames.of())).isFalse();
        assertThat(Headers.EMPTY.hasAny(HeaderNames.of("a"))).isFalse();
    }

    @Test
    void namesOfOneBitAreToldApart() {
        Headers headers = Headers.of("destination", "/topic/a");
        HeaderNames others = HeaderNames.of("recovered");
        assertThat(others.mayHaveOneOf(HeaderNames.bit('d', "destination".length())))
                .as("the two share a bit")
                .isTrue();

        assertThat(headers.hasAny(others)).isFalse();
        assertThat(headers.without(others)).isSameAs(headers);
    }

    @Test
    void replaceGivesEachHeaderOfANameTheNewValue() {
        assertThat(Headers.of("a", "1", "b", "2", "a", "3").replace("a", "x:y"))
                .isEqualTo(Headers.of("a", "x:y", "b", "2", "a", "x:y"));
        assertThat(Headers.of("a", "1").replace("b", "2")).isEqualTo(Headers.of("a", "1"));
    }

    @Test
    void theirMemoryIsTheirTextAndThreeNumbersForEach() {
        assertThat(Headers.EMPTY.bytes()).isZero();
        assertThat(Headers.of("a", "1", "é", "").bytes()).isEqualTo("a:1\né:\n".getBytes(UTF_8).length + 2 * 3 * 4);
    }

    @Test
    void aHeaderIsSoughtByItsWholeName() {
        Headers headers = Headers.of("aé", "1", "ab", "2", "é", "3");

        assertThat(headers.indexOf("ab")).isEqualTo(1);
        assertThat(headers.indexOf("é")).isEqualTo(2);
        assertThat(headers.get("éa")).isNull();
        assertThat(headers.get("\u00c3\u00a9")).isNull();
        assertThat(headers.has("é", "3")).isTrue();
    }
}
