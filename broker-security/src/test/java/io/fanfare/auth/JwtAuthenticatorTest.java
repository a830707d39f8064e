package io.fanfare.auth;

import static io.fanfare.auth.Attempt.letIn;
import static io.fanfare.auth.Attempt.passcode;
import static io.fanfare.auth.Attempt.refused;
import static io.fanfare.auth.TestKeys.signed;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens that nobody signed who may, and other tricks. */
class JwtAuthenticatorTest extends JwtFixture {

    @Test
    void anotherKeyIsAWrongSignature() throws Exception {
        JwtAuthenticator tokens = publicKey(TestKeys.pem(TestKeys.RSA.toPublicKey()));
        assertThat(refused(tokens, passcode(signed(JWSAlgorithm.RS256, TestKeys.OTHER_RSA, ALICE))))
                .isEqualTo("token with a wrong signature");
        byte[] other = SECRET.clone();
        other[0]++;
        assertThat(refused(secret(), passcode(signed(JWSAlgorithm.HS256, other, ALICE))))
                .isEqualTo("token with a wrong signature");
    }

    @Test
    void aChangedTokenIsAWrongSignature() {
        String[] parts = signed(JWSAlgorithm.HS256, SECRET, ALICE).split("\\.");
        String root = base64("{\"sub\":\"root\"," + SOON + "}");
        assertThat(refused(secret(), passcode(parts[0] + "." + root + "." + parts[2])))
                .isEqualTo("token with a wrong signature");
        assertThat(refused(secret(), passcode(parts[0] + "." + parts[1] + ".")))
                .isIn("token with a wrong signature", "malformed or unsigned token");
    }

    // ---- tricks -----------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"none", "None", "NONE", "nOnE", ""})
    void algNoneIsRefused(String algorithm) throws Exception {
        for (JwtAuthenticator tokens : List.of(secret(), jwks(TestKeys.RSA))) {
            String header = base64("{\"alg\":\"" + algorithm + "\",\"typ\":\"JWT\"}");
            for (String signature : List.of("", "AAAA")) {
                assertThat(refused(tokens, passcode(header + "." + base64(ALICE) + "." + signature)))
                        .satisfiesAnyOf(
                                why -> assertThat(why).isEqualTo("malformed or unsigned token"),
                                why -> assertThat(why).startsWith("no key for algorithm"));
            }
        }
    }

    @Test
    void aPublicKeyIsNoSecret() throws Exception {
        byte[] der = TestKeys.RSA.toPublicKey().getEncoded();
        String pem = TestKeys.pem(TestKeys.RSA.toPublicKey());
        for (JwtAuthenticator tokens : List.of(publicKey(pem), jwks(TestKeys.RSA))) {
            for (byte[] known : List.of(der, pem.getBytes(UTF_8), pem.strip().getBytes(UTF_8))) {
                assertThat(refused(tokens, passcode(signed(JWSAlgorithm.HS256, known, ALICE))))
                        .isEqualTo("no key for algorithm 'HS256'");
            }
        }
    }

    @Test
    void aSecretIsNoPublicKey() {
        assertThat(refused(secret(), passcode(signed(JWSAlgorithm.RS256, TestKeys.RSA, ALICE))))
                .isEqualTo("no key for algorithm 'RS256' and kid 'rsa-1'");
    }

    @Test
    void aSecretInAJwkSetIsNone() throws Exception {
        JwtAuthenticator tokens =
                jwks(new OctetSequenceKey.Builder(SECRET).keyID("shared").build(), TestKeys.RSA);
        assertThat(refused(tokens, passcode(signed(JWSAlgorithm.HS256, SECRET, ALICE))))
                .isEqualTo("no key for algorithm 'HS256'");
    }

    @Test
    void aKeyThatTheTokenBringsItselfIsNotLookedAt() throws Exception {
        JwtAuthenticator tokens = jwks(TestKeys.RSA);
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                .jwk(TestKeys.OTHER_RSA.toPublicJWK())
                .jwkURL(java.net.URI.create("http://127.0.0.1:1/jwks"))
                .build();
        assertThat(refused(tokens, passcode(signed(header, TestKeys.OTHER_RSA, ALICE))))
                .isEqualTo("token with a wrong signature");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../../../../dev/null", "/etc/passwd", "' OR 1=1 --", "a\nINFO fake", ""})
    void theKidIsComparedAndNothingElse(String kid) throws Exception {
        JwtAuthenticator tokens = jwks(TestKeys.RSA);
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(kid).build();
        assertThat(refused(tokens, passcode(signed(header, TestKeys.RSA, ALICE))))
                .startsWith("no key for algorithm 'RS256' and kid '")
                .doesNotContain("\n");
    }

    @Test
    void whatMustBeUnderstoodAndIsNotIsRefused() throws Exception {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.HS256)
                .criticalParams(Set.of("x"))
                .customParam("x", 1)
                .build();
        var token = new com.nimbusds.jose.JWSObject(header, new com.nimbusds.jose.Payload(ALICE));
        token.sign(new com.nimbusds.jose.crypto.MACSigner(SECRET));
        assertThat(refused(secret(), passcode(token.serialize()))).isEqualTo("token with a wrong signature");
    }

    @Test
    void aPayloadThatIsNotEncodedIsRefused() throws Exception {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.HS256)
                .base64URLEncodePayload(false)
                .criticalParams(Set.of("b64"))
                .build();
        var token = new com.nimbusds.jose.JWSObject(header, new com.nimbusds.jose.Payload(ALICE));
        token.sign(new com.nimbusds.jose.crypto.MACSigner(SECRET));
        String[] parts = token.serialize(true).split("\\.");
        assertThat(refused(secret(), passcode(parts[0] + "." + base64(ALICE) + "." + parts[2])))
                .isEqualTo("token whose payload is not encoded");
    }

    @Test
    void tokensForOtherPurposesAreRefused() throws Exception {
        JwtAuthenticator tokens = jwks(TestKeys.RSA);
        for (String type : List.of("JWT", "jwt", "at+jwt", "application/at+jwt")) {
            letIn(tokens, passcode(signed(header(type), TestKeys.RSA, ALICE)));
        }
        assertThat(refused(tokens, passcode(signed(header("logout+jwt"), TestKeys.RSA, ALICE))))
                .isEqualTo("token of another type 'logout+jwt'");
    }

    private static JWSHeader header(String type) {
        return new JWSHeader.Builder(JWSAlgorithm.RS256)
                .type(new JOSEObjectType(type))
                .build();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a.b.c",
                "..",
                "a..",
                "e30.e30.e30",
                "bnVsbA.e30.AAAA",
                "W10.e30.AAAA",
                "eyJhbGciOm51bGx9.e30.AAAA",
                "eyJhbGciOltdfQ.e30.AAAA",
                "eyJhbGciOiJIUzI1NiJ9.bm90IGpzb24.AAAA",
                "eyJhbGciOiJIUzI1NiIsImtpZCI6N30.e30.AAAA",
                "eyJhbGciOiJIUzI1NiIsImp3ayI6eyJrdHkiOiJvY3QifX0.e30.AAAA"
            })
    void whatIsNoTokenIsRefused(String text) {
        assertThat(refused(secret(), passcode(text)))
                .isIn("malformed or unsigned token", "token with a wrong signature", "no token");
    }

    @ParameterizedTest
    @ValueSource(strings = {"not json", "[]", "\"alice\"", "null", "{\"sub\":\"alice\"", ""})
    void aSignedPayloadThatIsNoJsonObjectIsRefused(String payload) {
        assertThat(refused(secret(), passcode(signed(JWSAlgorithm.HS256, SECRET, payload))))
                .matches("token that is no JSON object|token without exp|malformed or unsigned token");
    }

    @Test
    void aDeepHeaderIsRefused() {
        String deep = base64("{\"alg\":\"HS256\",\"a\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}");
        assertThat(refused(secret(), passcode(deep + ".e30.AAAA")))
                .isIn("malformed or unsigned token", "token with a wrong signature");
    }

    @Test
    void aDeepPayloadIsRefused() {
        String deep = "{\"a\":" + "[".repeat(3_000) + "]".repeat(3_000) + "," + SOON + "}";
        assertThat(refused(secret(), passcode(signed(JWSAlgorithm.HS256, SECRET, deep))))
                .startsWith("token ");
    }
}
