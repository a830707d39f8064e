package io.fanfare.auth;

import static io.fanfare.auth.Attempt.letIn;
import static io.fanfare.auth.Attempt.passcode;
import static io.fanfare.auth.Attempt.refused;
import static io.fanfare.auth.TestKeys.signed;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which keys check which tokens, and what is said of a file that holds none. */
class KeySourceTest extends JwtFixture {

    // ---- which keys, which tokens -----------------------------------------------------------------------------------

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
}
