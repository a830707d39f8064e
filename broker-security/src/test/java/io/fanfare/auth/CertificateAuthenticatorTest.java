package io.fanfare.auth;

import static io.fanfare.auth.Attempt.letIn;
import static io.fanfare.auth.Attempt.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.security.Credentials;
import io.fanfare.security.Handshake;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Who somebody is by a TLS certificate. */
class CertificateAuthenticatorTest {

    @ParameterizedTest
    @CsvSource({
        "COMMON_NAME,alice",
        "DNS,alice.example.com",
        "EMAIL,alice@example.com",
        "URI,spiffe://example.com/alice"
    })
    void theNameIsWhatTheCertificateSays(CertificateOptions.Name where, String name) {
        var alice = letIn(new CertificateAuthenticator(new CertificateOptions(where)), with("client.pem"));
        assertThat(alice.name()).isEqualTo(name);
        assertThat(alice.roles()).isEmpty();
    }

    @Test
    void aNameMayHaveWhatSeparatesNames() {
        assertThat(letIn(new CertificateAuthenticator(CertificateOptions.DEFAULT), with("comma.pem"))
                        .name())
                .isEqualTo("Doe, Jane/100%");
    }

    @Test
    void whatItAllowsEndsWithTheCertificate() {
        X509Certificate certificate = certificate("client.pem");
        assertThat(letIn(new CertificateAuthenticator(CertificateOptions.DEFAULT), with("client.pem"))
                        .expires())
                .isEqualTo(certificate.getNotAfter().toInstant());
    }

    @Test
    void thePeersOwnCertificateCountsAndNotItsIssuers() {
        Handshake handshake =
                new Handshake("192.0.2.1", Map.of(), List.of(certificate("client.pem"), certificate("nameless.pem")));
        assertThat(letIn(
                                new CertificateAuthenticator(CertificateOptions.DEFAULT),
                                new Credentials("root", "x", null, handshake))
                        .name())
                .isEqualTo("alice");
    }

    @ParameterizedTest
    @EnumSource
    void aCertificateWithoutSuchANameIsRefused(CertificateOptions.Name where) {
        assertThat(refused(new CertificateAuthenticator(new CertificateOptions(where)), with("nameless.pem")))
                .isEqualTo("certificate without a name of the kind " + where);
    }

    @Test
    void whoHasNoCertificateIsRefused() {
        var certificates = new CertificateAuthenticator(CertificateOptions.DEFAULT);
        Credentials without = Attempt.login("alice", "secret");
        assertThat(certificates.recognizes(without)).isFalse();
        assertThat(certificates.recognizes(with("client.pem"))).isTrue();
        assertThat(refused(certificates, without)).isEqualTo("no certificate");
    }

    static Credentials with(String resource) {
        return new Credentials(null, null, null, new Handshake("192.0.2.1", Map.of(), List.of(certificate(resource))));
    }

    private static X509Certificate certificate(String resource) {
        try (InputStream in = CertificateAuthenticatorTest.class.getResourceAsStream("/" + resource)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
