package io.fanfare.auth;

import io.fanfare.security.AuthenticationException;
import io.fanfare.security.Credentials;
import io.fanfare.security.Principal;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * Authenticates clients by their TLS certificate, which the listener has verified: the user's name stands in it. The session
 * ends when the certificate expires. Any thread may call any method.
 */
public final class CertificateAuthenticator implements SelectiveAuthenticator {

    private final CertificateOptions options;

    public CertificateAuthenticator(CertificateOptions options) {
        this.options = options;
    }

    @Override
    public boolean recognizes(Credentials credentials) {
        return !credentials.handshake().certificates().isEmpty();
    }

    @Override
    public CompletionStage<Principal> authenticate(Credentials credentials) {
        try {
            return CompletableFuture.completedFuture(
                    principal(credentials.handshake().certificates()));
        } catch (AuthenticationException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private Principal principal(List<X509Certificate> certificates) {
        if (certificates.isEmpty()) {
            throw new AuthenticationException("no certificate");
        }
        X509Certificate own = certificates.get(0);
        String name = name(own);
        if (name == null || name.isBlank()) {
            throw new AuthenticationException("certificate without a name of the kind " + options.name());
        }
        return new Principal(name, Set.of(), Map.of(), own.getNotAfter().toInstant());
    }

    private @Nullable String name(X509Certificate certificate) {
        return switch (options.name()) {
            case COMMON_NAME -> commonName(certificate.getSubjectX500Principal());
            // RFC 5280 4.2.1.6: the tags of GeneralName
            case EMAIL -> alternativeName(certificate, 1);
            case DNS -> alternativeName(certificate, 2);
            case URI -> alternativeName(certificate, 6);
        };
    }

    private static @Nullable String commonName(X500Principal subject) {
        try {
            List<Rdn> parts = new LdapName(subject.getName(X500Principal.RFC2253)).getRdns();
            // the most specific name stands last
            for (int i = parts.size() - 1; i >= 0; i--) {
                if (parts.get(i).getType().equalsIgnoreCase("CN")
                        && parts.get(i).getValue() instanceof String name) {
                    return name;
                }
            }
            return null;
        } catch (InvalidNameException e) {
            throw new AuthenticationException("certificate with a malformed subject");
        }
    }

    private static @Nullable String alternativeName(X509Certificate certificate, int kind) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            for (List<?> name : names == null ? List.<List<?>>of() : names) {
                if (Integer.valueOf(kind).equals(name.get(0)) && name.get(1) instanceof String text) {
                    return text;
                }
            }
            return null;
        } catch (CertificateParsingException e) {
            throw new AuthenticationException("certificate with malformed alternative names");
        }
    }
}
