package io.fanfare.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import java.security.Key;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A key that checks signatures, with the algorithms it is allowed for. These follow from the key alone and never from a
 * token, so that a public key is never taken for a secret (RFC 8725 3.1).
 *
 * @param id the {@code kid} of tokens it signs; null: any
 */
record VerificationKey(@Nullable String id, Set<JWSAlgorithm> algorithms, Key key) {

    private static final int MIN_SECRET_BYTES = 32;
    private static final int MIN_RSA_BITS = 2048;

    /** Limit on the keys of a set; a set with more is a mistake. */
    private static final int MAX_KEYS = 100;

    /** Limit on the keys that one token has tried: each costs a signature's check. */
    private static final int MAX_TRIED = 8;

    private static final Set<JWSAlgorithm> RSA = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512);

    /**
     * Makes a key of a shared secret; its length decides on the algorithms.
     *
     * @throws IllegalArgumentException when it is too short
     */
    static VerificationKey secret(byte[] secret) {
        if (secret.length < MIN_SECRET_BYTES) {
            throw new IllegalArgumentException("a secret has at least " + MIN_SECRET_BYTES
                    + " bytes (RFC 7518 3.2), this one has " + secret.length);
        }
        // RFC 7518 3.2: a secret is at least as long as the hash
        Set<JWSAlgorithm> algorithms = secret.length >= 64
                ? Set.of(JWSAlgorithm.HS256, JWSAlgorithm.HS384, JWSAlgorithm.HS512)
                : secret.length >= 48 ? Set.of(JWSAlgorithm.HS256, JWSAlgorithm.HS384) : Set.of(JWSAlgorithm.HS256);
        return new VerificationKey(null, algorithms, new SecretKeySpec(secret, "HMAC"));
    }

    /**
     * Makes a key of a public key.
     *
     * @throws IllegalArgumentException when it is too weak, or neither RSA nor EC on P-256, P-384 or P-521
     */
    static VerificationKey of(PublicKey key) {
        return new VerificationKey(null, algorithms(key), key);
    }

    private static Set<JWSAlgorithm> algorithms(PublicKey key) {
        if (key instanceof RSAPublicKey rsa) {
            if (rsa.getModulus().bitLength() < MIN_RSA_BITS) {
                throw new IllegalArgumentException("an RSA key has at least " + MIN_RSA_BITS + " bits (RFC 7518 3.3)");
            }
            return RSA;
        }
        if (key instanceof ECPublicKey ec) {
            Curve curve = Curve.forECParameterSpec(ec.getParams());
            if (Curve.P_256.equals(curve)) {
                return Set.of(JWSAlgorithm.ES256);
            }
            if (Curve.P_384.equals(curve)) {
                return Set.of(JWSAlgorithm.ES384);
            }
            if (Curve.P_521.equals(curve)) {
                return Set.of(JWSAlgorithm.ES512);
            }
        }
        throw new IllegalArgumentException("keys are RSA, or EC on P-256, P-384 or P-521");
    }

    /**
     * Parses a JWK set; keys that are not for signatures are passed over.
     *
     * @throws IllegalArgumentException when it is no JWK set, has too many keys, or none for signatures
     */
    static List<VerificationKey> ofJwks(String json) {
        JWKSet set;
        try {
            set = JWKSet.parse(json);
        } catch (ParseException | RuntimeException e) {
            // the library throws a NullPointerException at the text "null"
            throw new IllegalArgumentException("not a JWK set", e);
        }
        if (set.size() > MAX_KEYS) {
            throw new IllegalArgumentException("more than " + MAX_KEYS + " keys");
        }
        List<VerificationKey> keys = new ArrayList<>();
        set.getKeys().forEach(jwk -> of(jwk).ifPresent(keys::add));
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("no public key for signatures in the JWK set");
        }
        return List.copyOf(keys);
    }

    private static Optional<VerificationKey> of(JWK jwk) {
        Set<KeyOperation> operations = jwk.getKeyOperations();
        boolean signs = (jwk.getKeyUse() == null || jwk.getKeyUse().equals(KeyUse.SIGNATURE))
                && (operations == null || operations.contains(KeyOperation.VERIFY));
        if (!signs) {
            return Optional.empty();
        }
        try {
            PublicKey key;
            if (jwk instanceof RSAKey rsa) {
                key = rsa.toPublicKey();
            } else if (jwk instanceof ECKey ec) {
                key = ec.toPublicKey();
            } else {
                // a symmetric key in a set that everybody can fetch is no secret
                return Optional.empty();
            }
            Set<JWSAlgorithm> algorithms = algorithms(key);
            if (jwk.getAlgorithm() != null) {
                JWSAlgorithm only = JWSAlgorithm.parse(jwk.getAlgorithm().getName());
                algorithms = algorithms.contains(only) ? Set.of(only) : Set.of();
            }
            return algorithms.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new VerificationKey(jwk.getKeyID(), algorithms, key));
        } catch (JOSEException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Finds the keys that may have signed a token, at most {@value #MAX_TRIED}. */
    static List<VerificationKey> fitting(List<VerificationKey> keys, JWSHeader header) {
        return keys.stream().filter(key -> key.fits(header)).limit(MAX_TRIED).toList();
    }

    /** Compares algorithm and {@code kid}; the {@code kid} is never used as a name of a file or the like. */
    private boolean fits(JWSHeader header) {
        return algorithms.contains(header.getAlgorithm())
                && (id == null || header.getKeyID() == null || id.equals(header.getKeyID()));
    }

    /** Tells whether this key has signed a token. */
    boolean signed(JWSObject token) {
        try {
            return token.verify(new DefaultJWSVerifierFactory().createJWSVerifier(token.getHeader(), key));
        } catch (JOSEException | RuntimeException e) {
            // any exception: the library has not found the signature right
            return false;
        }
    }
}
