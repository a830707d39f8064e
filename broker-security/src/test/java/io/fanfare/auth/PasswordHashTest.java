package io.fanfare.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The hashes of a users file. */
class PasswordHashTest {

    /** "password", as the reference implementation of argon2 has it in its tests. */
    static final String ARGON2ID =
            "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";

    /** "pässword", by libxcrypt. */
    static final String BCRYPT = "$2b$04$abcdefghijklmnopqrstuum174eFeoTj0DHmtuueFaS3Wde4P7wHG";

    @Test
    void argon2idOfTheReferenceImplementationIsKnown() {
        assertThat(PasswordHash.parse(ARGON2ID).matches("password")).isTrue();
        assertThat(PasswordHash.parse(ARGON2ID).matches("Password")).isFalse();
        assertThat(PasswordHash.parse(ARGON2ID).matches("")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"$2a", "$2b", "$2y"})
    void bcryptOfOtherProgramsIsKnown(String version) {
        PasswordHash hash = PasswordHash.parse(version + BCRYPT.substring(3));
        assertThat(hash.matches("pässword")).isTrue();
        assertThat(hash.matches("password")).isFalse();
    }

    @Test
    void aNewHashIsArgon2idWithASaltOfItsOwn() {
        PasswordHash hash = PasswordHash.of("grün");
        assertThat(hash.encoded()).startsWith("$argon2id$v=19$m=");
        assertThat(PasswordHash.parse(hash.encoded()).matches("grün")).isTrue();
        assertThat(PasswordHash.parse(hash.encoded()).matches("grun")).isFalse();
        assertThat(PasswordHash.of("grün").encoded()).isNotEqualTo(hash.encoded());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "secret",
                "{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=",
                "$apr1$x$y",
                "$1$abc$def",
                "$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
                "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$",
                "$argon2id$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
                "$2x$04$abcdefghijklmnopqrstuum174eFeoTj0DHmtuueFaS3Wde4P7wHG",
                "$2b$04$abcdefghijklmnopqrstuum174eFeoTj0DHmtuueFaS3Wde4P7wH"
            })
    void whatIsNoHashIsRefusedAndNotRepeated(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PasswordHash.parse(text))
                .withMessageContaining("neither an argon2id nor a bcrypt hash");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "$argon2id$v=19$m=4194304,t=2,p=1$|m of a hash must be 8 to 262144, not 4194304",
                "$argon2id$v=19$m=262145,t=2,p=1$|m of a hash must be 8 to 262144, not 262145",
                "$argon2id$v=19$m=15,t=2,p=2$|m of a hash must be 16 to 262144, not 15",
                "$argon2id$v=19$m=256,t=33,p=1$|t of a hash must be 1 to 32, not 33",
                "$argon2id$v=19$m=256,t=0,p=1$|t of a hash must be 1 to 32, not 0",
                "$argon2id$v=19$m=256,t=2,p=17$|p of a hash must be 1 to 16, not 17"
            })
    void whatWouldCostTooMuchIsRefused(String start, String sentence) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PasswordHash.parse(start + "c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"))
                .withMessage(sentence);
    }

    @ParameterizedTest
    @ValueSource(strings = {"03", "17", "31", "99"})
    void bcryptBeyondReasonIsRefused(String cost) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PasswordHash.parse("$2b$" + cost + BCRYPT.substring(6)))
                .withMessage("the cost of a hash must be 4 to 16, not " + Integer.parseInt(cost));
    }

    @ParameterizedTest
    @ValueSource(strings = {"$argon2id$v=19$m=262144,t=32,p=16$", "$argon2id$v=16$m=128,t=1,p=16$"})
    void whatCostsAsMuchAsAllowedIsTaken(String start) {
        PasswordHash.parse(start + "c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4");
    }
}
