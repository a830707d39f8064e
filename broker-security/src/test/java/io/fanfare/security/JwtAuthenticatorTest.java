package io.fanfare.security;

import static io.fanfare.security.Attempt.letIn;
import static io.fanfare.security.Attempt.passcode;
import static io.fanfare.security.Attempt.refused;
import static io.fanfare.security.TestKeys.signed;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import io.fanfare.broker.Principal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tokens let somebody in, and whom. */
class JwtAuthenticatorTest {

    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
    private static final String SOON = "\"exp\":1800000600";
    private static final String ALICE = "{\"sub\":\"alice\"," + SOON + "}";
    private static final byte[] SECRET =
            "a secret of 64 bytes, as long as the longest hash that uses it..".getBytes(UTF_8);

    @TempDir
    Path folder;

    private final List<JwtAuthenticator> opened = new ArrayList<>();
    private Path secret;

    @BeforeEach
    void writeSecret() throws IOException {
        secret = write("secret", SECRET);
    }

    @AfterEach
    void close() {
        opened.forEach(JwtAuthenticator::close);
    }

    // ---- algorithms and keys --------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"HS256", "HS384", "HS512"})
    void aSecretChecksTokens(String algorithm) {
        assertThat(letIn(secret(), passcode(signed(JWSAlgorithm.parse(algorithm), SECRET, ALICE)))
                        .name())
                .isEqualTo("alice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"})
    void anRsaKeyChecksTokens(String algorithm) throws Exception {
        JwtAuthenticator tokens = publicKey(TestKeys.pem(TestKeys.RSA.toPublicKey()));
        assertThat(letIn(tokens, passcode(signed(JWSAlgorithm.parse(algorithm), TestKeys.RSA, ALICE)))
                        .name())
                .isEqualTo("alice");
    }

    @ParameterizedTest
    @CsvSource({"ES256,p256", "ES384,p384", "ES512,p521"})
    void anEllipticCurveChecksTokens(String algorithm, String curve) throws Exception {
        ECKey key = List.of(TestKeys.P256, TestKeys.P384, TestKeys.P521).stream()
                .filter(each -> each.getKeyID().equals(curve))
                .findFirst()
                .orElseThrow();
        JwtAuthenticator tokens = publicKey(TestKeys.pem(key.toPublicKey()));
        assertThat(letIn(tokens, passcode(signed(JWSAlgorithm.parse(algorithm), key, ALICE)))
                        .name())
                .isEqualTo("alice");
    }

    @Test
    void severalPublicKeysMayStandInOneFile() throws Exception {
        JwtAuthenticator tokens = publicKey("the old one\n" + TestKeys.pem(TestKeys.RSA.toPublicKey()) + "the new one\n"
                + TestKeys.pem(TestKeys.P256.toPublicKey()));
        letIn(tokens, passcode(signed(JWSAlgorithm.RS256, TestKeys.RSA, ALICE)));
        letIn(tokens, passcode(signed(JWSAlgorithm.ES256, TestKeys.P256, ALICE)));
    }

    @Test
    void aCertificateIsAPublicKeyToo() throws Exception {
        JwtAuthenticator tokens = publicKey(
                new String(getClass().getResourceAsStream("/client.pem").readAllBytes(), UTF_8));
        assertThat(refused(tokens, passcode(signed(JWSAlgorithm.ES256, TestKeys.P256, ALICE))))
                .isEqualTo("token with a wrong signature");
    }

    @Test
    void aJwkSetChecksTokensByTheirKid() throws Exception {
        JwtAuthenticator tokens = jwks(TestKeys.RSA, TestKeys.OTHER_RSA, TestKeys.P256);
        letIn(tokens, passcode(signed(JWSAlgorithm.RS256, TestKeys.OTHER_RSA, ALICE)));
        letIn(tokens, passcode(signed(JWSAlgorithm.ES256, TestKeys.P256, ALICE)));
        // without a kid all keys for the algorithm are tried
        letIn(tokens, passcode(signed(new JWSHeader(JWSAlgorithm.PS256), TestKeys.OTHER_RSA, ALICE)));
        // the kid of another key
        JWSHeader other =
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("rsa-1").build();
        assertThat(refused(tokens, passcode(signed(other, TestKeys.OTHER_RSA, ALICE))))
                .isEqualTo("token with a wrong signature");
    }

    @Test
    void aKeyOfAJwkSetIsForItsAlgorithmAndUse() throws Exception {
        JwtAuthenticator tokens = jwks(
                new RSAKey.Builder(TestKeys.RSA).algorithm(JWSAlgorithm.PS256).build(),
                new ECKey.Builder(TestKeys.P256).keyUse(KeyUse.ENCRYPTION).build());
        letIn(tokens, passcode(signed(JWSAlgorithm.PS256, TestKeys.RSA, ALICE)));
        assertThat(refused(tokens, passcode(signed(JWSAlgorithm.RS256, TestKeys.RSA, ALICE))))
                .isEqualTo("no key for algorithm 'RS256' and kid 'rsa-1'");
        assertThat(refused(tokens, passcode(signed(JWSAlgorithm.ES256, TestKeys.P256, ALICE))))
                .isEqualTo("no key for algorithm 'ES256' and kid 'p256'");
    }

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

    // ---- files ------------------------------------------------------------------------------------------------------

    @Test
    void theLineEndBehindASecretIsNoPartOfIt() throws IOException {
        secret = write("secret", (new String(SECRET, UTF_8) + "\r\n").getBytes(UTF_8));
        letIn(secret(), passcode(signed(JWSAlgorithm.HS256, SECRET, ALICE)));
    }

    @Test
    void aSecretOfRandomBytesIsTakenAsItIs() throws IOException {
        byte[] bytes = SECRET.clone();
        bytes[0] = (byte) 0xFF;
        bytes[bytes.length - 1] = '\n';
        secret = write("secret", bytes);
        letIn(secret(), passcode(signed(JWSAlgorithm.HS256, bytes, ALICE)));
    }

    @Test
    void aSecretIsAtLeastAsLongAsTheHash() throws IOException {
        secret = write("secret", "x".repeat(31).getBytes(UTF_8));
        assertThatIllegalArgumentException()
                .isThrownBy(this::secret)
                .withMessage(secret + ": a secret has at least 32 bytes (RFC 7518 3.2), this one has 31");
        byte[] short32 = "x".repeat(32).getBytes(UTF_8);
        secret = write("secret", short32);
        letIn(secret(), passcode(signed(JWSAlgorithm.HS256, short32, ALICE)));
        byte[] long64 = "x".repeat(64).getBytes(UTF_8);
        assertThat(refused(secret(), passcode(signed(JWSAlgorithm.HS512, long64, ALICE))))
                .isEqualTo("no key for algorithm 'HS512'");
    }

    @Test
    @DisplayName("case 87: a secret that everybody may read is refused")
    void aSecretThatEverybodyMayReadIsRefused() throws IOException {
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatIllegalArgumentException()
                .isThrownBy(this::secret)
                .withMessageStartingWith(secret + ": every user of this machine has access to it");
    }

    @Test
    void aPublicKeyThatIsNoneIsRefusedWithASentence() throws Exception {
        KeyPairGenerator weak = KeyPairGenerator.getInstance("RSA");
        weak.initialize(1024);
        KeyPairGenerator other = KeyPairGenerator.getInstance("Ed25519");
        refusedKey("", "no PEM block PUBLIC KEY or CERTIFICATE in it");
        refusedKey(TestKeys.pem("PUBLIC KEY", new byte[] {1, 2, 3}), "a broken PEM block PUBLIC KEY");
        refusedKey(TestKeys.pem("CERTIFICATE", new byte[] {1, 2, 3}), "a broken PEM block CERTIFICATE");
        refusedKey(
                TestKeys.pem("PRIVATE KEY", TestKeys.RSA.toPrivateKey().getEncoded()),
                "PRIVATE KEY is no public key; it does not belong here");
        refusedKey(
                TestKeys.pem("RSA PUBLIC KEY", new byte[] {1, 2, 3}),
                "RSA PUBLIC KEY is the old form; `openssl rsa -RSAPublicKey_in -pubout` makes the new one");
        refusedKey(
                TestKeys.pem(weak.generateKeyPair().getPublic()), "an RSA key has at least 2048 bits (RFC 7518 3.3)");
        refusedKey(TestKeys.pem(other.generateKeyPair().getPublic()), "a broken PEM block PUBLIC KEY");
    }

    private void refusedKey(String pem, String sentence) throws IOException {
        Path file = write("key.pem", pem.getBytes(UTF_8));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> open(JwtOptions.of(new KeySource.PublicKeyFile(file))))
                .withMessage(file + ": " + sentence);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html>",
                "{}",
                "{\"keys\":[]}",
                "{\"keys\":{}}",
                "[]",
                "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"}]}"
            })
    void aJwkSetThatIsNoneIsRefused(String json) throws IOException {
        Path file = write("jwks.json", json.getBytes(UTF_8));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> open(JwtOptions.of(new KeySource.JwksFile(file))))
                .withMessageStartingWith(file + ": no");
    }

    // ---- the authenticators under test ----------------------------------------------------------------------------

    private JwtOptions options() {
        return JwtOptions.of(new KeySource.SecretFile(secret));
    }

    private JwtAuthenticator secret() {
        return open(options());
    }

    private JwtAuthenticator publicKey(String pem) throws IOException {
        return open(JwtOptions.of(new KeySource.PublicKeyFile(write("key.pem", pem.getBytes(UTF_8)))));
    }

    private JwtAuthenticator jwks(JWK... keys) throws IOException {
        // a set with private parts is somebody's mistake, and still a set
        String json = new JWKSet(List.of(keys)).toString(false);
        return open(JwtOptions.of(new KeySource.JwksFile(write("jwks.json", json.getBytes(UTF_8)))));
    }

    private JwtAuthenticator open(JwtOptions options) {
        JwtAuthenticator tokens =
                new JwtAuthenticator(options, Clock.fixed(NOW, ZoneOffset.UTC), Keys.open(options.keys()));
        opened.add(tokens);
        return tokens;
    }

    private Path write(String name, byte[] content) throws IOException {
        Path file = folder.resolve(name);
        Files.deleteIfExists(file);
        Files.write(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
    }
}
