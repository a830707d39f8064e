package io.fanfare.server.internal.tls;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * A block of a PEM file (RFC 7468).
 *
 * @param label what stands behind BEGIN
 * @param der its contents
 */
record Pem(String label, byte[] der) {

    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";

    private static final int DER_SEQUENCE = 0x30;
    private static final int DER_OCTET_STRING = 0x04;
    private static final byte[] DER_ZERO = {0x02, 0x01, 0x00};

    /** The certificates of a file, in its order; at least one. */
    static List<X509Certificate> certificates(String text) throws GeneralSecurityException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<X509Certificate> certificates = new ArrayList<>();
        for (Pem block : blocks(text)) {
            if (block.label.endsWith("CERTIFICATE")) {
                certificates.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.der)));
            }
        }
        if (certificates.isEmpty()) {
            throw new CertificateException("there is no certificate in it"
                    + (isPem(text) ? "" : "; `openssl x509 -inform DER -in FILE -out NEW` makes PEM of DER"));
        }
        return certificates;
    }

    /** The first private key of a file, which must belong to the public one. */
    static PrivateKey privateKey(String text, PublicKey owner) throws GeneralSecurityException {
        for (Pem block : blocks(text)) {
            if (block.label.equals("ENCRYPTED PRIVATE KEY")) {
                throw encrypted();
            }
            if (block.label.equals("OPENSSH PRIVATE KEY")) {
                throw new GeneralSecurityException(
                        "the key is in OpenSSH's own form; `ssh-keygen -p -m PKCS8 -f FILE` changes it");
            }
            if (block.label.endsWith("PRIVATE KEY")) {
                return privateKey(block.label.equals("PRIVATE KEY") ? block.der : wrapped(block.der, owner), owner);
            }
        }
        throw new GeneralSecurityException("there is no private key in it"
                + (isPem(text)
                        ? ""
                        : "; `openssl pkey -inform DER -in FILE -out NEW` makes PEM of DER,"
                                + " `openssl pkcs12 -nocerts -noenc -in FILE -out NEW` of PKCS #12"));
    }

    private static PrivateKey privateKey(byte[] pkcs8, PublicKey owner) throws GeneralSecurityException {
        try {
            return KeyFactory.getInstance(owner.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (InvalidKeySpecException e) {
            throw new GeneralSecurityException(
                    "the key is broken, or no " + owner.getAlgorithm() + " key as the certificate's is", e);
        }
    }

    private static GeneralSecurityException encrypted() {
        return new GeneralSecurityException(
                "the key has a passphrase; `openssl pkey -in FILE -out NEW` stores it without");
    }

    private static boolean isPem(String text) {
        return text.contains(BEGIN);
    }

    private static List<Pem> blocks(String text) throws GeneralSecurityException {
        List<Pem> blocks = new ArrayList<>();
        for (int begin = text.indexOf(BEGIN); begin >= 0; begin = text.indexOf(BEGIN, begin + 1)) {
            int labelEnd = text.indexOf(DASHES, begin + BEGIN.length());
            int end = text.indexOf(END, begin);
            if (labelEnd < 0 || end < labelEnd) {
                throw new GeneralSecurityException("a PEM block does not end");
            }
            String body = text.substring(labelEnd + DASHES.length(), end);
            if (body.contains("ENCRYPTED")) {
                throw encrypted();
            }
            try {
                byte[] der = Base64.getMimeDecoder().decode(body);
                blocks.add(new Pem(text.substring(begin + BEGIN.length(), labelEnd), der));
            } catch (IllegalArgumentException e) {
                throw new GeneralSecurityException("a PEM block is not base64", e);
            }
        }
        return blocks;
    }

    /**
     * PKCS #8 (RFC 5208 5) round a bare RSA or EC key (RFC 8017 A.1.2, RFC 5915 3). The algorithm and its parameters stand
     * in the public key as they would in PKCS #8.
     */
    private static byte[] wrapped(byte[] key, PublicKey owner) {
        byte[] info = owner.getEncoded();
        int algorithm = contentsAt(info, 0);
        int algorithmEnd = contentsAt(info, algorithm) + lengthAt(info, algorithm);
        return der(
                DER_SEQUENCE,
                join(DER_ZERO, Arrays.copyOfRange(info, algorithm, algorithmEnd), der(DER_OCTET_STRING, key)));
    }

    /** Where the contents of the DER element at an index begin. */
    private static int contentsAt(byte[] bytes, int at) {
        int first = bytes[at + 1];
        return at + 2 + (first >= 0 ? 0 : first & 0x7F);
    }

    private static int lengthAt(byte[] bytes, int at) {
        int first = bytes[at + 1];
        if (first >= 0) {
            return first;
        }
        int length = 0;
        for (int i = at + 2; i < contentsAt(bytes, at); i++) {
            length = length << 8 | (bytes[i] & 0xFF);
        }
        return length;
    }

    private static byte[] der(int tag, byte[] contents) {
        int length = contents.length;
        // X.690 10.1: as short as it can be said
        byte[] head = length < 0x80
                ? new byte[] {(byte) tag, (byte) length}
                : length < 0x100
                        ? new byte[] {(byte) tag, (byte) 0x81, (byte) length}
                        : new byte[] {(byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length};
        return join(head, contents);
    }

    private static byte[] join(byte[]... parts) {
        byte[] all = {};
        for (byte[] part : parts) {
            int length = all.length;
            all = Arrays.copyOf(all, length + part.length);
            System.arraycopy(part, 0, all, length, part.length);
        }
        return all;
    }
}
