package io.fanfare.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import java.math.BigInteger;
import java.security.Key;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.util.List;
import java.util.Set;

/**
 * Whatever a server or a file gives as a key set is public keys that are strong enough, or a sentence that says that it is
 * none; and no such key has signed what another one has.
 */
class KeySetFuzzTest {

    private static final Set<String> SENTENCES =
            Set.of("not a JWK set", "more than 100 keys", "no public key for signatures in the JWK set");

    private static final List<JWSAlgorithm> OF_SECRETS =
            List.of(JWSAlgorithm.HS256, JWSAlgorithm.HS384, JWSAlgorithm.HS512);

    private static final List<JWSObject> OF_OTHERS = List.of(
            parsed(TestKeys.signed(new JWSHeader(JWSAlgorithm.RS256), TestKeys.RSA, "{}")),
            parsed(TestKeys.signed(new JWSHeader(JWSAlgorithm.PS256), TestKeys.RSA, "{}")),
            parsed(TestKeys.signed(new JWSHeader(JWSAlgorithm.ES256), TestKeys.P256, "{}")),
            parsed(TestKeys.signed(new JWSHeader(JWSAlgorithm.ES512), TestKeys.P521, "{}")));

    private static JWSObject parsed(String token) {
        try {
            return JWSObject.parse(token);
        } catch (ParseException e) {
            throw new AssertionError(e);
        }
    }

    @FuzzTest(maxDuration = "10m")
    void isASetOfStrongPublicKeysOrNone(byte[] input) {
        List<VerificationKey> keys;
        try {
            keys = VerificationKey.ofJwks(new String(input, UTF_8));
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).isIn(SENTENCES);
            return;
        }
        assertThat(keys).isNotEmpty().hasSizeLessThanOrEqualTo(100);
        for (VerificationKey each : keys) {
            assertThat(each.algorithms()).isNotEmpty().doesNotContainAnyElementsOf(OF_SECRETS);
            assertThat(isStrong(each.key())).as("%s", each.key()).isTrue();
            assertThat(OF_OTHERS).noneMatch(each::signed);
        }
        for (JWSAlgorithm algorithm : OF_SECRETS) {
            assertThat(VerificationKey.fitting(keys, new JWSHeader(algorithm))).isEmpty();
        }
        for (JWSObject token : OF_OTHERS) {
            assertThat(VerificationKey.fitting(keys, token.getHeader())).hasSizeLessThanOrEqualTo(8);
        }
    }

    private static boolean isStrong(Key key) {
        if (key instanceof RSAPublicKey rsa) {
            // what is raised to 1 signs itself
            return rsa.getModulus().bitLength() >= 2048
                    && rsa.getPublicExponent().compareTo(BigInteger.ONE) > 0;
        }
        return key instanceof ECPublicKey ec && ec.getParams().getOrder().bitLength() >= 256;
    }
}
