package io.fanfare.cli.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import io.fanfare.auth.KeySource.SecretFile;
import io.fanfare.files.BoundedFile;
import io.fanfare.files.BoundedFile.Secrecy;
import io.fanfare.files.Pem;
import io.fanfare.files.UnreadableFileException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.util.Optional;

/**
 * A key that signs tokens, and the algorithm that follows from it: a secret signs with HS256, a private key with RS256 or
 * ES256.
 */
record SigningKey(JWSAlgorithm algorithm, JWSSigner signer) {

    private static final int MAX_BYTES = 64 << 10;

    /**
     * Reads a file with a private key in PEM ({@code PRIVATE KEY}, PKCS #8), or else a secret.
     *
     * @throws IllegalArgumentException when it can't be read, or the key can't sign; the message is a sentence
     */
    static SigningKey read(Path file) {
        String text;
        try {
            text = new String(new BoundedFile(file, MAX_BYTES, Secrecy.SECRET).read(), StandardCharsets.ISO_8859_1);
        } catch (UnreadableFileException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        try {
            Optional<PrivateKey> key = Pem.privateKey(text);
            return key.isEmpty() ? secret(file) : of(key.get(), file);
        } catch (GeneralSecurityException | JOSEException e) {
            throw new IllegalArgumentException(file + " holds no usable key: " + e.getMessage(), e);
        }
    }

    private static SigningKey secret(Path file) {
        try {
            return new SigningKey(JWSAlgorithm.HS256, new MACSigner(new SecretFile(file).read()));
        } catch (JOSEException e) {
            throw new IllegalArgumentException(
                    file + ": a secret has at least 32 bytes (RFC 7518 3.2); 'openssl rand -base64 48' makes one", e);
        }
    }

    private static SigningKey of(PrivateKey key, Path file) throws JOSEException {
        if (key instanceof RSAPrivateKey rsa) {
            return new SigningKey(JWSAlgorithm.RS256, new RSASSASigner(rsa));
        }
        ECDSASigner signer = new ECDSASigner((ECPrivateKey) key);
        if (!signer.supportedJWSAlgorithms().contains(JWSAlgorithm.ES256)) {
            throw new IllegalArgumentException(file + " is neither an RSA key nor one on P-256");
        }
        return new SigningKey(JWSAlgorithm.ES256, signer);
    }
}
