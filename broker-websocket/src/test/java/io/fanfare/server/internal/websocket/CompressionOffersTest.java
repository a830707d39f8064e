package io.fanfare.server.internal.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which offers of permessage-deflate are accepted, and with which answer (RFC 7692 7.1). */
class CompressionOffersTest {

    private static final String AGREED = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

    /**
     * How a parameter may be written.
     *
     * @param text behind the extension's name
     * @param isGood whether an offer with it can be accepted
     * @param windowBits of the answer; 0: it says nothing
     */
    private record Choice(String text, boolean isGood, int windowBits) {

        static Choice good(String text) {
            return new Choice(text, true, 0);
        }

        static Choice bad(String text) {
            return new Choice(text, false, 0);
        }

        static Choice window(int bits, int answered) {
            return new Choice("; server_max_window_bits=" + bits, answered > 0, answered);
        }
    }

    private static List<Choice> withoutValue(String name) {
        return List.of(
                Choice.good(""),
                Choice.good("; " + name),
                Choice.good(" ;\t" + name + " "),
                Choice.bad("; " + name + "=1"),
                Choice.bad("; " + name + "="),
                Choice.bad("; " + name + "; " + name));
    }

    private static final List<Choice> SERVER_WINDOW = List.of(
            Choice.good(""),
            Choice.bad("; server_max_window_bits"),
            Choice.bad("; server_max_window_bits=7"),
            Choice.window(8, 0),
            Choice.window(9, 0),
            Choice.window(11, 0),
            Choice.window(12, 12),
            Choice.window(13, 12),
            Choice.window(14, 12),
            Choice.window(15, 15),
            Choice.bad("; server_max_window_bits=16"),
            Choice.bad("; server_max_window_bits=015"),
            Choice.bad("; server_max_window_bits=1e1"),
            new Choice("; server_max_window_bits=\"15\"", true, 15),
            new Choice("; server_max_window_bits = 15", true, 15),
            Choice.bad("; server_max_window_bits=15; server_max_window_bits=15"));

    private static final List<Choice> CLIENT_WINDOW = List.of(
            Choice.good(""),
            Choice.good("; client_max_window_bits"),
            Choice.bad("; client_max_window_bits="),
            Choice.bad("; client_max_window_bits=7"),
            Choice.good("; client_max_window_bits=8"),
            Choice.good("; client_max_window_bits=\"9\""),
            Choice.good("; client_max_window_bits=15"),
            Choice.bad("; client_max_window_bits=16"),
            Choice.bad("; client_max_window_bits=-8"),
            Choice.bad("; client_max_window_bits; client_max_window_bits=15"));

    private static final List<Choice> UNKNOWN =
            List.of(Choice.good(""), Choice.bad("; x-other"), Choice.bad("; "), Choice.bad("; Client_Max_Window_Bits"));

    private static String answer(String... lines) {
        return CompressionOffers.accept(List.of(lines))
                .map(CompressionOffers.Agreement::answer)
                .orElse("");
    }

    @Test
    @DisplayName("item 26: every parameter is honoured, or the offer declined")
    void everyCombinationIsHonouredOrDeclined() {
        int combinations = 0;
        for (Choice server : withoutValue("server_no_context_takeover")) {
            for (Choice client : withoutValue("client_no_context_takeover")) {
                for (Choice window : SERVER_WINDOW) {
                    for (Choice clientWindow : CLIENT_WINDOW) {
                        for (Choice unknown : UNKNOWN) {
                            combinations++;
                            check(List.of(server, client, window, clientWindow, unknown), window.windowBits());
                            check(List.of(unknown, clientWindow, window, client, server), window.windowBits());
                        }
                    }
                }
            }
        }
        assertThat(combinations).isEqualTo(6 * 6 * 16 * 10 * 4);
    }

    private static void check(List<Choice> choices, int windowBits) {
        StringBuilder offer = new StringBuilder("permessage-deflate");
        choices.forEach(choice -> offer.append(choice.text()));
        String expected = "";
        if (choices.stream().allMatch(Choice::isGood)) {
            expected = windowBits == 0 ? AGREED : AGREED + "; server_max_window_bits=" + windowBits;
        }
        assertThat(answer(offer.toString())).as("%s", offer).isEqualTo(expected);
    }

    @Test
    void theFirstOfferThatCanBeAcceptedIs() {
        String bad = "permessage-deflate; server_max_window_bits=8";
        String small = "permessage-deflate; server_max_window_bits=12";
        assertThat(answer(bad + ", " + small + ", permessage-deflate"))
                .isEqualTo(AGREED + "; server_max_window_bits=12");
        assertThat(answer(bad + ",permessage-deflate," + small)).isEqualTo(AGREED);
        assertThat(answer("x-other; a=b", bad, small)).isEqualTo(AGREED + "; server_max_window_bits=12");
        assertThat(answer(bad, bad)).isEmpty();
    }

    @Test
    void theWindowOfWhatIsSentIsTheAgreedOne() {
        assertThat(Stream.of("", "; server_max_window_bits=15", "; server_max_window_bits=14")
                        .map(text -> CompressionOffers.accept(List.of("permessage-deflate" + text))
                                .orElseThrow()
                                .windowBits()))
                .containsExactly(15, 15, 12);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``",
                ",",
                ";",
                "x-webkit-deflate-frame",
                "permessage-deflate-x",
                "Permessage-Deflate",
                "x-other; a=\", permessage-deflate, \"",
                "x-other; a=\"\\\", permessage-deflate, \"",
                "x-other; a=\", permessage-deflate",
                "permessage-deflate; server_max_window_bits=\"1\\5\"",
                "=; permessage-deflate",
            })
    void whatIsNoOfferIsNotAnswered(String line) {
        assertThat(answer(line)).isEmpty();
    }

    @Test
    void anOfferBehindQuotedTextIsFound() {
        assertThat(answer("x-other; a=\"b, c; d\", permessage-deflate")).isEqualTo(AGREED);
    }
}
