package io.fanfare.files;

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
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads keys and certificates in PEM (RFC 7468). Text between the blocks is passed over. Messages of exceptions are sentences
 * for operators; where another tool wrote a form that is not read here, they name the command that converts it.
 */
public final class Pem {

    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";

    /** RFC 7468 3: one line of printable characters. */
    private static final Pattern LABEL = Pattern.compile("[ -~]{0,64}");

    private static final int DER_SEQUENCE = 0x30;
    private static final int DER_OCTET_STRING = 0x04;
    private static final byte[] DER_ZERO = {0x02, 0x01, 0x00};

    /**
     * A block of a file.
     *
     * @param label what stands behind BEGIN
     * @param body what stands between BEGIN and END
     */
    private record Block(String label, String body) {

        byte[] der() throws GeneralSecurityException {
            // RFC 1421 4.6.1.1: the header Proc-Type of the older forms
            if (body.contains("ENCRYPTED")) {
                throw encrypted();
            }
            try {
                return Base64.getMimeDecoder().decode(body);
            } catch (IllegalArgumentException e) {
                throw new GeneralSecurityException("a PEM block is not base64", e);
            }
        }
    }

    private Pem() {}

    /**
     * Reads the certificates of a file, in its order; blocks of other kinds are passed over.
     *
     * @return at least one
     * @throws GeneralSecurityException when there is none, or a block is broken
     */
    public static List<X509Certificate> certificates(String text) throws GeneralSecurityException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<X509Certificate> certificates = new ArrayList<>();
        for (Block block : decodableBlocks(text)) {
            if (block.label.endsWith("CERTIFICATE")) {
                certificates.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.der())));
            }
        }
        if (certificates.isEmpty()) {
            throw new CertificateException("there is no certificate in it"
                    + (isPem(text) ? "" : "; `openssl x509 -inform DER -in FILE -out NEW` makes PEM of DER"));
        }
        return certificates;
    }

    /**
     * Reads the public keys of a file, {@code PUBLIC KEY} and those of {@code CERTIFICATE}; RSA and EC.
     *
     * @return at least one
     * @throws GeneralSecurityException when there is none, or a block of another kind, or a broken one
     */
    public static List<PublicKey> publicKeys(String text) throws GeneralSecurityException {
        List<PublicKey> keys = new ArrayList<>();
        for (Block block : blocks(text)) {
            keys.add(publicKey(block));
        }
        if (keys.isEmpty()) {
            throw new GeneralSecurityException("no PEM block PUBLIC KEY or CERTIFICATE in it");
        }
        return keys;
    }

    private static PublicKey publicKey(Block block) throws GeneralSecurityException {
        return switch (block.label) {
            case "PUBLIC KEY", "CERTIFICATE" -> {
                byte[] der = block.der();
                try {
                    yield block.label.equals("CERTIFICATE") ? certified(der) : publicKey(der);
                } catch (GeneralSecurityException e) {
                    throw new GeneralSecurityException("a broken PEM block " + block.label, e);
                }
            }
            case "RSA PUBLIC KEY" ->
                throw new GeneralSecurityException(
                        "RSA PUBLIC KEY is the old form; `openssl rsa -RSAPublicKey_in -pubout` makes the new one");
            default -> throw new GeneralSecurityException(block.label + " is no public key; it does not belong here");
        };
    }

    private static PublicKey certified(byte[] der) throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(der))
                .getPublicKey();
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

    /**
     * Reads the first private key of a file: PKCS #8, or the older forms of OpenSSL ({@code RSA PRIVATE KEY}, {@code EC
     * PRIVATE KEY}).
     *
     * @param owner the public key that it belongs to; its kind is the private key's
     * @throws GeneralSecurityException when there is none, it has a passphrase, or is of another kind
     */
    public static PrivateKey privateKey(String text, PublicKey owner) throws GeneralSecurityException {
        for (Block block : decodableBlocks(text)) {
            if (block.label.equals("ENCRYPTED PRIVATE KEY")) {
                throw encrypted();
            }
            if (block.label.equals("OPENSSH PRIVATE KEY")) {
                throw new GeneralSecurityException(
                        "the key is in OpenSSH's own form; `ssh-keygen -p -m PKCS8 -f FILE` changes it");
            }
            if (block.label.endsWith("PRIVATE KEY")) {
                byte[] der = block.der();
                return privateKey(block.label.equals("PRIVATE KEY") ? der : wrapped(der, owner), owner);
            }
        }
        throw new GeneralSecurityException("there is no private key in it"
                + (isPem(text)
                        ? ""
                        : "; `openssl pkey -inform DER -in FILE -out NEW` makes PEM of DER,"
                                + " `openssl pkcs12 -nocerts -noenc -in FILE -out NEW` of PKCS #12"));
    }

    /**
     * Reads the one private key of a file in PKCS #8, {@code PRIVATE KEY}, which says itself of which kind it is: RSA or EC.
     *
     * @return empty when the file has no PEM block
     * @throws GeneralSecurityException when the first block is of another kind or form, or broken
     */
    public static Optional<PrivateKey> privateKey(String text) throws GeneralSecurityException {
        List<Block> blocks = decodableBlocks(text);
        if (blocks.isEmpty()) {
            return Optional.empty();
        }
        Block block = blocks.get(0);
        if (!block.label.equals("PRIVATE KEY")) {
            throw new GeneralSecurityException(
                    "it holds a " + block.label + ", and no PRIVATE KEY, which 'openssl pkcs8 -topk8 -nocrypt' writes");
        }
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(block.der());
        try {
            return Optional.of(KeyFactory.getInstance("RSA").generatePrivate(spec));
        } catch (InvalidKeySpecException notRsa) {
            return Optional.of(KeyFactory.getInstance("EC").generatePrivate(spec));
        }
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

    /** Blocks that can all be decoded: half a file is refused, though the half that is asked for be there. */
    private static List<Block> decodableBlocks(String text) throws GeneralSecurityException {
        List<Block> blocks = blocks(text);
        for (Block block : blocks) {
            block.der();
        }
        return blocks;
    }

    private static List<Block> blocks(String text) throws GeneralSecurityException {
        List<Block> blocks = new ArrayList<>();
        for (int begin = text.indexOf(BEGIN); begin >= 0; begin = text.indexOf(BEGIN, begin + 1)) {
            int labelEnd = text.indexOf(DASHES, begin + BEGIN.length());
            int end = text.indexOf(END, begin);
            if (labelEnd < 0 || end < labelEnd + DASHES.length()) {
                throw new GeneralSecurityException("a PEM block does not end");
            }
            String label = text.substring(begin + BEGIN.length(), labelEnd);
            if (!LABEL.matcher(label).matches()) {
                // perhaps the dashes behind the label are missing, and this is what was to be kept secret
                throw new GeneralSecurityException("a PEM block has no label");
            }
            blocks.add(new Block(label, text.substring(labelEnd + DASHES.length(), end)));
        }
        return blocks;
    }

    /**
     * Puts PKCS #8 (RFC 5208 5) round a bare RSA or EC key (RFC 8017 A.1.2, RFC 5915 3). The algorithm and its parameters
     * stand in the public key as they would in PKCS #8.
     */
    private static byte[] wrapped(byte[] key, PublicKey owner) {
        byte[] info = owner.getEncoded();
        int algorithm = contentsAt(info, 0);
        int algorithmEnd = contentsAt(info, algorithm) + lengthAt(info, algorithm);
        return der(
                DER_SEQUENCE,
                join(DER_ZERO, Arrays.copyOfRange(info, algorithm, algorithmEnd), der(DER_OCTET_STRING, key)));
    }

    /** Index at which the contents of the DER element at an index begin. */
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
