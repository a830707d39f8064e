package io.fanfare.auth;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Public keys in PEM (RFC 7468). */
final class Pem {

    private static final Pattern BLOCK = Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----([^-]*)-----END \\1-----");

    private Pem() {}

    /**
     * All keys of a file.
     *
     * @throws IllegalArgumentException when there is none, or something else; the message is a sentence
     */
    static List<PublicKey> publicKeys(byte[] content) {
        List<PublicKey> keys = new ArrayList<>();
        Matcher block = BLOCK.matcher(new String(content, StandardCharsets.ISO_8859_1));
        while (block.find()) {
            keys.add(publicKey(block.group(1), block.group(2)));
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("no PEM block PUBLIC KEY or CERTIFICATE in it");
        }
        return keys;
    }

    private static PublicKey publicKey(String label, String base64) {
        try {
            byte[] der = Base64.getMimeDecoder().decode(base64);
            return switch (label) {
                case "PUBLIC KEY" -> publicKey(der);
                case "CERTIFICATE" ->
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(der))
                            .getPublicKey();
                case "RSA PUBLIC KEY" ->
                    throw new IllegalArgumentException(
                            "RSA PUBLIC KEY is the old form; `openssl rsa -RSAPublicKey_in -pubout` makes the new one");
                default -> throw new IllegalArgumentException(label + " is no public key; it does not belong here");
            };
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("a broken PEM block " + label, e);
        }
    }

    /** The kind of key stands in the DER itself, where only the factories of each kind look. */
    private static PublicKey publicKey(byte[] der) throws GeneralSecurityException {
        X509EncodedKeySpec spec = new X509EncodedKeySpec(der);
        try {
            return KeyFactory.getInstance("RSA").generatePublic(spec);
        } catch (InvalidKeySpecException e) {
            return KeyFactory.getInstance("EC").generatePublic(spec);
        }
    }
}
