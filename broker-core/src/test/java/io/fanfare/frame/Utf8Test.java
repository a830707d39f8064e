package io.fanfare.frame;

import static io.fanfare.testing.Transcript.octets;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** UTF-8 as RFC 3629 defines it. */
@Tag("item-18")
@Tag("item-48")
class Utf8Test {

    static final List<byte[]> VALID = List.of(
            octets(),
            octets(0x00),
            octets(0x7F),
            octets(0xC2, 0x80),
            octets(0xDF, 0xBF),
            octets(0xE0, 0xA0, 0x80),
            octets(0xEC, 0xBF, 0xBF),
            octets(0xED, 0x9F, 0xBF),
            octets(0xEE, 0x80, 0x80),
            octets(0xEF, 0xBF, 0xBF),
            octets(0xF0, 0x90, 0x80, 0x80),
            octets(0xF3, 0xBF, 0xBF, 0xBF),
            octets(0xF4, 0x8F, 0xBF, 0xBF),
            "é€😀 and more than eight ASCII letters é".getBytes(UTF_8),
            "eight ASCII letters first, then 値".getBytes(UTF_8));

    static final List<byte[]> INVALID = List.of(
            octets(0x80), // a continuation alone
            octets(0xBF),
            octets(0xC0, 0x80), // overlong NUL
            octets(0xC1, 0xBF),
            octets(0xE0, 0x80, 0x80),
            octets(0xE0, 0x9F, 0xBF),
            octets(0xF0, 0x80, 0x80, 0x80),
            octets(0xF0, 0x8F, 0xBF, 0xBF),
            octets(0xED, 0xA0, 0x80), // surrogates
            octets(0xED, 0xBF, 0xBF),
            octets(0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80),
            octets(0xF4, 0x90, 0x80, 0x80), // above U+10FFFF
            octets(0xF5, 0x80, 0x80, 0x80),
            octets(0xF8, 0x88, 0x80, 0x80, 0x80),
            octets(0xFE),
            octets(0xFF),
            octets(0xC3, 0x28), // a letter where a continuation is due
            octets(0xE2, 0x28, 0xA1),
            octets(0xE2, 0x82, 0x28),
            octets(0xF0, 0x90, 0x80, 0x28),
            octets(0xC3, 0xC3, 0xA9),
            octets('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 0xFF),
            octets('a', 'b', 'c', 'd', 0xFF, 'f', 'g', 'h'));

    static final List<byte[]> TRUNCATED = List.of(
            octets(0xC3),
            octets(0xE2),
            octets(0xE2, 0x82),
            octets(0xF0),
            octets(0xF0, 0x9F),
            octets(0xF0, 0x9F, 0x98),
            octets('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 0xC3));

    @ParameterizedTest
    @FieldSource("VALID")
    void validTextIsValidWhereverItIsCut(byte[] text) {
        assertThat(Utf8.isValid(text)).isTrue();
        assertThat(inPieces(text)).containsOnly(true);
    }

    @ParameterizedTest
    @FieldSource("INVALID")
    void invalidTextIsInvalidWhereverItIsCut(byte[] text) {
        assertThat(Utf8.isValid(text)).isFalse();
        assertThat(inPieces(text)).containsOnly(false);
    }

    @ParameterizedTest
    @FieldSource("TRUNCATED")
    void textThatEndsInsideACharacterIsIncomplete(byte[] text) {
        Utf8 check = new Utf8();

        assertThat(check.accept(text, 0, text.length)).isTrue();
        assertThat(check.isComplete()).isFalse();
        assertThat(Utf8.isValid(text)).isFalse();
        assertThat(inPieces(text)).containsOnly(false);
    }

    @Test
    void anOctetOutsideAsciiIsFoundWhereverItStandsInALongText() {
        for (int length = 1; length <= 100; length++) {
            for (int at = 0; at < length; at++) {
                byte[] text = "a".repeat(length).getBytes(UTF_8);
                text[at] = (byte) 0x80;
                assertThat(Utf8.isValid(text)).as("%d of %d", at, length).isFalse();
                assertThat(Utf8.isValid(text, at + 1, length))
                        .as("behind %d of %d", at, length)
                        .isTrue();
                assertThat(Utf8.isValid(text, 0, at))
                        .as("before %d of %d", at, length)
                        .isTrue();
            }
        }
    }

    @Test
    void nothingIsCompleteText() {
        assertThat(new Utf8().isComplete()).isTrue();
    }

    @Test
    void aBadByteIsRefusedAtOnceNotAtTheEnd() {
        Utf8 check = new Utf8();

        assertThat(check.accept(octets(0xED), 0, 1)).isTrue();
        assertThat(check.accept(octets(0xA0), 0, 1)).isFalse();
    }

    @Test
    void onlyTheGivenRangeIsLookedAt() {
        assertThat(Utf8.isValid(octets(0xFF, 'a', 0xC3, 0xA9, 0xFF), 1, 4)).isTrue();
        assertThat(Utf8.isValid(octets(0xFF, 'a', 0xC3, 0xA9, 0xFF), 1, 3)).isFalse();
        assertThat(Utf8.isValid(octets(0xFF, 'a'), 1, 1)).isTrue();
    }

    @Test
    void theJdkAgreesOnRandomBytes() {
        int valid = 0;
        for (long seed = 0; seed < 20_000; seed++) {
            byte[] text = randomText(seed);
            boolean expected = jdkSaysValid(text);
            valid += expected ? 1 : 0;
            assertThat(Utf8.isValid(text)).as("seed %d", seed).isEqualTo(expected);
            int cut = new Random(seed).nextInt(text.length + 1);
            assertThat(inTwo(text, cut)).as("seed %d, cut at %d", seed, cut).isEqualTo(expected);
        }
        assertThat(valid).as("texts of both kinds").isBetween(5_000, 15_000);
    }

    @Test
    void theJdkAgreesOnEveryLeadAndTheBoundariesBehindIt() {
        int[] boundaries = {0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xED, 0xF4, 0xFF};
        for (int lead = 0; lead < 256; lead++) {
            for (int second : boundaries) {
                for (int third : boundaries) {
                    byte[] four = octets(lead, second, third, 0x80);
                    byte[] three = octets(lead, second, third);
                    assertThat(List.of(Utf8.isValid(four), Utf8.isValid(three)))
                            .as(Arrays.toString(four))
                            .isEqualTo(List.of(jdkSaysValid(four), jdkSaysValid(three)));
                }
            }
        }
    }

    private static List<Boolean> inPieces(byte[] text) {
        Utf8 check = new Utf8();
        boolean ok = true;
        for (int i = 0; i < text.length && ok; i++) {
            ok = check.accept(text, i, i + 1);
        }
        boolean singly = ok && check.isComplete();
        Boolean[] verdicts = new Boolean[text.length + 2];
        for (int at = 0; at <= text.length; at++) {
            verdicts[at] = inTwo(text, at);
        }
        verdicts[text.length + 1] = singly;
        return List.of(verdicts);
    }

    private static boolean inTwo(byte[] text, int cut) {
        Utf8 check = new Utf8();
        return check.accept(text, 0, cut) && check.accept(text, cut, text.length) && check.isComplete();
    }

    /** Characters of all lengths, in half of the texts with one byte changed. */
    private static byte[] randomText(long seed) {
        Random random = new Random(seed);
        int[] bits = {7, 7, 11, 16, 21};
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            int character = random.nextInt(1 << bits[random.nextInt(bits.length)]);
            boolean exists = character <= Character.MAX_CODE_POINT && (character < 0xD800 || character > 0xDFFF);
            text.appendCodePoint(exists ? character : 'x');
        }
        byte[] bytes = text.toString().getBytes(UTF_8);
        if (bytes.length > 0 && random.nextBoolean()) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    private static boolean jdkSaysValid(byte[] text) {
        try {
            UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
