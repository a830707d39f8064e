package io.fanfare.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys in the forms that tools write them. */
class PemTest {

    private static KeyPair keys(String algorithm) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        if (algorithm.equals("RSA")) {
            // larger ones take seconds to find
            generator.initialize(2048);
        }
        return generator.generateKeyPair();
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC", "Ed25519"})
    void pkcs8IsRead(String algorithm) throws Exception {
        KeyPair pair = keys(algorithm);
        String text = pem("PRIVATE KEY", pair.getPrivate().getEncoded());

        assertThat(Pem.privateKey(text, pair.getPublic())).isEqualTo(pair.getPrivate());
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC"})
    void olderFormsAreRead(String algorithm) throws Exception {
        KeyPair pair = keys(algorithm);
        String text = "some words before" + "\n"
                + pem("EC PARAMETERS", new byte[] {1, 2, 3})
                + pem(algorithm + " PRIVATE KEY", bare(pair));

        assertThat(Pem.privateKey(text, pair.getPublic())).isEqualTo(pair.getPrivate());
    }

    /** Such a key ends PKCS #8, in an octet string. */
    private static byte[] bare(KeyPair pair) {
        byte[] pkcs8 = pair.getPrivate().getEncoded();
        for (int i = 20; i < pkcs8.length; i++) {
            // OCTET STRING, then the SEQUENCE in it
            if (pkcs8[i] == 0x04 && sequenceToTheEnd(pkcs8, i + 2)) {
                return Arrays.copyOfRange(pkcs8, i + 2, pkcs8.length);
            }
            if (pkcs8[i] == 0x04 && sequenceToTheEnd(pkcs8, i + 4)) {
                return Arrays.copyOfRange(pkcs8, i + 4, pkcs8.length);
            }
        }
        throw new AssertionError("no key inside");
    }

    private static boolean sequenceToTheEnd(byte[] der, int at) {
        int left = der.length - at;
        return der[at] == 0x30
                && (der[at + 1] == left - 2
                        || (der[at + 1] == (byte) 0x82
                                && ((der[at + 2] & 0xFF) << 8 | (der[at + 3] & 0xFF)) == left - 4));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----",
                "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END RSA PRIVATE KEY-----"
            })
    void passphrasesAreNamed(String text) throws Exception {
        PublicKey any = keys("EC").getPublic();

        assertThatThrownBy(() -> Pem.privateKey(text, any)).hasMessageContaining("passphrase");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hello",
                "-----BEGIN PRIVATE KEY",
                "-----BEGIN PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----\nAAAA",
                "-----BEGIN PRIVATE KEY\nAAAA\n-----END PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY\nAAAA\n-----\n-----END PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----\nAAAAA\n-----END PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----",
                "-----BEGIN EC PRIVATE KEY-----\n-----END EC PRIVATE KEY-----",
                "-----END PRIVATE KEY----------BEGIN PRIVATE KEY-----",
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"
            })
    void nonsenseIsSaidToBe(String text) throws Exception {
        PublicKey any = keys("EC").getPublic();

        assertThatThrownBy(() -> Pem.privateKey(text, any)).isInstanceOf(GeneralSecurityException.class);
        assertThatThrownBy(() -> Pem.certificates(text)).isInstanceOf(GeneralSecurityException.class);
    }

    @Test
    void keyOfAnotherKindIsSaidToBe() throws Exception {
        String rsa = pem("PRIVATE KEY", keys("RSA").getPrivate().getEncoded());
        PublicKey ec = keys("EC").getPublic();

        assertThatThrownBy(() -> Pem.privateKey(rsa, ec)).isInstanceOf(GeneralSecurityException.class);
    }

    // ---- public keys ------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC"})
    void publicKeysAreReadInTheirOrder(String algorithm) throws Exception {
        PublicKey first = keys(algorithm).getPublic();
        PublicKey second = keys(algorithm).getPublic();
        String text = "the old one\n" + pem("PUBLIC KEY", first.getEncoded()) + "the new one\n"
                + pem("PUBLIC KEY", second.getEncoded());

        assertThat(Pem.publicKeys(text)).containsExactly(first, second);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                           | no PEM block PUBLIC KEY or CERTIFICATE in it",
                "hello                                        | no PEM block PUBLIC KEY or CERTIFICATE in it",
                "-----BEGIN PUBLIC KEY-----AAAA               | a PEM block does not end",
                "-----BEGIN PUBLIC KEY-----A-----END          | a PEM block does not end",
                "-----BEGIN PUBLIC KEY-----A-----END ...      | a PEM block is not base64",
                "-----BEGIN PUBLIC KEY-----AAAA-----END ...   | a broken PEM block PUBLIC KEY",
                "-----BEGIN CERTIFICATE-----AAAA-----END ...  | a broken PEM block CERTIFICATE",
                "-----BEGIN RSA PUBLIC KEY-----AA-----END ... | RSA PUBLIC KEY is the old form;"
                        + " `openssl rsa -RSAPublicKey_in -pubout` makes the new one",
                "-----BEGIN PRIVATE KEY-----AAAA-----END ...  | PRIVATE KEY is no public key; it does not belong here",
                "-----BEGIN EC PRIVATE KEY-----Proc-Type: 4,ENCRYPTED AA-----END ... | EC PRIVATE KEY is no public key;"
                        + " it does not belong here",
            })
    void whatIsNoPublicKeyIsSaidToBe(String text, String sentence) {
        assertThatThrownBy(() -> Pem.publicKeys(text))
                .isInstanceOf(GeneralSecurityException.class)
                .hasMessage(sentence);
    }

    @Test
    void secretsAreNotTakenForLabels() {
        String text = "-----BEGIN PUBLIC KEY\nc2VjcmV0\n-----\n-----END PUBLIC KEY-----";

        assertThatThrownBy(() -> Pem.publicKeys(text)).hasMessage("a PEM block has no label");
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----" + "\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n" + "-----END " + label + "-----" + "\n";
    }
}
