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
import io.fanfare.files.UnreadableFileException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A key that signs tokens, and the algorithm that follows from it: a secret signs with HS256, a private key with RS256 or
 * ES256.
 */
record SigningKey(JWSAlgorithm algorithm, JWSSigner signer) {

    private static final int MAX_BYTES = 64 << 10;

    private static final Pattern PEM = Pattern.compile("-----BEGIN ([^-]+)-----([^-]+)-----END \\1-----");

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
        Matcher pem = PEM.matcher(text);
        if (!pem.find()) {
            return secret(file);
        }
        if (!pem.group(1).equals("PRIVATE KEY")) {
            throw new IllegalArgumentException(file + " holds a " + pem.group(1)
                    + "; a token is signed with a PRIVATE KEY, which 'openssl pkcs8 -topk8 -nocrypt' writes");
        }
        try {
            return privateKey(Base64.getMimeDecoder().decode(pem.group(2)))
                    .orElseThrow(() -> new IllegalArgumentException(file + " is neither an RSA key nor one on P-256"));
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

    private static Optional<SigningKey> privateKey(byte[] pkcs8) throws GeneralSecurityException, JOSEException {
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(pkcs8);
        try {
            RSAPrivateKey rsa = (RSAPrivateKey) KeyFactory.getInstance("RSA").generatePrivate(spec);
            return Optional.of(new SigningKey(JWSAlgorithm.RS256, new RSASSASigner(rsa)));
        } catch (InvalidKeySpecException notRsa) {
            ECPrivateKey ec = (ECPrivateKey) KeyFactory.getInstance("EC").generatePrivate(spec);
            ECDSASigner signer = new ECDSASigner(ec);
            return signer.supportedJWSAlgorithms().contains(JWSAlgorithm.ES256)
                    ? Optional.of(new SigningKey(JWSAlgorithm.ES256, signer))
                    : Optional.empty();
        }
    }
}
