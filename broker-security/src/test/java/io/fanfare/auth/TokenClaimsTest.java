package io.fanfare.auth;

import static io.fanfare.auth.Attempt.letIn;
import static io.fanfare.auth.Attempt.passcode;
import static io.fanfare.auth.Attempt.refused;
import static io.fanfare.auth.TestKeys.signed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.nimbusds.jose.JWSAlgorithm;
import io.fanfare.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a token that is signed as it should be has to say, and whom it makes of its owner. */
class TokenClaimsTest extends JwtFixture {

    // ---- time -------------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"exp\":1800000001|in",
                "\"exp\":1800000000|in",
                "\"exp\":1799999971|in",
                "\"exp\":1799999970.5|in",
                "\"exp\":1799999970|token expired 30 s ago",
                "\"exp\":1e9|token expired 800000000 s ago",
                "\"exp\":1000000000.5|token expired 799999999 s ago",
                "\"exp\":1.8000006e9|in",
                "\"exp\":0|token expired 1800000000 s ago",
                "\"exp\":-1|token whose exp is no time",
                "\"exp\":1e300|token whose exp is no time",
                "\"exp\":18446744073709551615|token whose exp is no time",
                "\"exp\":9223372036854775807|token whose exp is no time",
                "\"exp\":\"x\"|token whose exp is no time",
                "\"exp\":\"1800000600\"|token whose exp is no time",
                "\"exp\":null|token whose exp is no time",
                "\"exp\":true|token whose exp is no time",
                "\"exp\":[1800000600]|token whose exp is no time",
                "\"exp\":{}|token whose exp is no time",
                "\"iat\":1800000000|token without exp",
                "\"EXP\":1800000600|token without exp",
                "\"exp\":1800000600,\"nbf\":1800000000|in",
                "\"exp\":1800000600,\"nbf\":1800000030|in",
                "\"exp\":1800000600,\"nbf\":1800000031|token not valid for another 31 s",
                "\"exp\":1800000600,\"nbf\":\"x\"|token whose nbf is no time",
                "\"exp\":1800000600,\"nbf\":null|token whose nbf is no time"
            })
    @DisplayName("exp and nbf are times, whatever is tried (CVE-2026-67242)")
    void expAndNbfAreTimes(String claims, String outcome) {
        String token = signed(JWSAlgorithm.HS256, SECRET, "{\"sub\":\"alice\"," + claims + "}");
        if (outcome.equals("in")) {
            letIn(secret(), passcode(token));
        } else {
            assertThat(refused(secret(), passcode(token))).isEqualTo(outcome);
        }
    }

    @Test
    void twoOfAClaimAreRefused() {
        String twice = "{\"sub\":\"alice\",\"exp\":1800000600,\"exp\":1e9}";
        assertThat(refused(secret(), passcode(signed(JWSAlgorithm.HS256, SECRET, twice))))
                .isIn("token that is no JSON object", "token expired 800000000 s ago");
    }

    @Test
    void whatATokenAllowsEndsWithIt() {
        assertThat(letIn(secret(), passcode(signed(JWSAlgorithm.HS256, SECRET, ALICE)))
                        .expires())
                .isEqualTo(NOW.plusSeconds(600));
    }

    @Test
    void whoComesLateByTheDifferenceOfTheClocksMayStayAsLong() {
        String late = "{\"sub\":\"alice\",\"exp\":1799999990}";
        assertThat(letIn(secret(), passcode(signed(JWSAlgorithm.HS256, SECRET, late)))
                        .expires())
                .isEqualTo(NOW.plusSeconds(20));
    }

    @Test
    void theDifferenceOfTheClocksIsAnOption() {
        String late = signed(JWSAlgorithm.HS256, SECRET, "{\"sub\":\"alice\",\"exp\":1799999999}");
        assertThat(refused(open(options().withClockSkew(Duration.ZERO)), passcode(late)))
                .isEqualTo("token expired 1 s ago");
        assertThatIllegalArgumentException().isThrownBy(() -> options().withClockSkew(Duration.ofSeconds(-1)));
    }

    @Test
    void tokensWithoutAnEndAreLetInWhereThatIsWanted() {
        JwtAuthenticator tokens = open(options().withoutExpiry());
        Principal alice = letIn(tokens, passcode(signed(JWSAlgorithm.HS256, SECRET, "{\"sub\":\"alice\"}")));
        assertThat(alice.expires()).isNull();
        // one that has an end ends all the same
        String expired = signed(JWSAlgorithm.HS256, SECRET, "{\"sub\":\"alice\",\"exp\":1e9}");
        assertThat(refused(tokens, passcode(expired))).startsWith("token expired");
    }

    // ---- claims -----------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"iss\":\"https://id.example\"|in",
                "\"iss\":\"https://id.example/\"|token of another issuer",
                "\"iss\":[\"https://id.example\"]|token of another issuer",
                "\"iss\":null|token of another issuer",
                "\"x\":1|token of another issuer"
            })
    void theIssuerMustBeTheOneThatIsWanted(String claim, String outcome) {
        outcome(options().withIssuer("https://id.example"), claim, outcome);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"aud\":\"fanfare\"|in",
                "\"aud\":[\"other\",\"fanfare\"]|in",
                "\"aud\":[\"other\"]|token for another audience",
                "\"aud\":\"other fanfare\"|token for another audience",
                "\"aud\":{\"fanfare\":1}|token for another audience",
                "\"aud\":[[\"fanfare\"]]|token for another audience",
                "\"aud\":[]|token for another audience",
                "\"x\":1|token for another audience"
            })
    void theAudienceMustHoldTheOneThatIsWanted(String claim, String outcome) {
        outcome(options().withAudience("fanfare"), claim, outcome);
    }

    private void outcome(JwtOptions options, String claim, String outcome) {
        String token = signed(JWSAlgorithm.HS256, SECRET, "{\"sub\":\"alice\"," + SOON + "," + claim + "}");
        if (outcome.equals("in")) {
            letIn(open(options), passcode(token));
        } else {
            assertThat(refused(open(options), passcode(token))).isEqualTo(outcome);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\"x\":1", "\"sub\":\"\"", "\"sub\":\" \"", "\"sub\":1", "\"sub\":null", "\"sub\":[\"alice\"]"})
    void aTokenWithoutANameIsRefused(String claim) {
        String token = signed(JWSAlgorithm.HS256, SECRET, "{" + SOON + "," + claim + "}");
        assertThat(refused(secret(), passcode(token))).isEqualTo("token without a name in its claim sub");
    }

    @Test
    void theNameMayBeAnotherClaim() {
        String token =
                signed(JWSAlgorithm.HS256, SECRET, "{\"sub\":\"4711\",\"preferred_username\":\"alice\"," + SOON + "}");
        assertThat(letIn(open(options().withNameClaim("preferred_username")), passcode(token))
                        .name())
                .isEqualTo("alice");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "roles|\"roles\":[\"admin\",\"trader\",7,null,\"\"]",
                "scope|\"scope\":\"admin trader\"",
                "groups|\"groups\":\"admin, trader\"",
                "realm_access.roles|\"realm_access\":{\"roles\":[\"trader\",\"admin\"]}",
                "https://example.com/roles|\"https://example.com/roles\":[\"trader\",\"admin\",\"admin\"]"
            })
    void rolesAreAListOrAString(String claim, String json) {
        String token = signed(JWSAlgorithm.HS256, SECRET, "{\"sub\":\"alice\"," + SOON + "," + json + "}");
        assertThat(letIn(open(options().withRolesClaim(claim)), passcode(token)).roles())
                .containsExactlyInAnyOrder("admin", "trader");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"x\":1", "\"roles\":null", "\"roles\":1", "\"roles\":{\"admin\":true}", "\"roles\":\"\""})
    void whatIsNoListOfRolesIsNone(String json) {
        String token = signed(JWSAlgorithm.HS256, SECRET, "{\"sub\":\"alice\"," + SOON + "," + json + "}");
        assertThat(letIn(secret(), passcode(token)).roles()).isEmpty();
    }

    @Test
    void simpleClaimsAreKept() {
        String token = signed(
                JWSAlgorithm.HS256,
                SECRET,
                "{\"sub\":\"alice\"," + SOON
                        + ",\"tenant\":\"acme\",\"level\":3,\"beta\":true,\"desks\":[\"a\",1,null,{}],\"n\":null,\"o\":{}}");
        assertThat(letIn(secret(), passcode(token)).claims())
                .isEqualTo(Map.of(
                        "sub",
                        "alice",
                        "exp",
                        1_800_000_600L,
                        "tenant",
                        "acme",
                        "level",
                        3L,
                        "beta",
                        true,
                        "desks",
                        List.of("a", 1L)));
    }
}
