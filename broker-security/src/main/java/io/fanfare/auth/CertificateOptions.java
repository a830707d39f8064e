package io.fanfare.auth;

/**
 * Options of {@link CertificateAuthenticator}.
 *
 * @param name the field of the certificate that holds the user's name
 */
public record CertificateOptions(Name name) {

    /** The user's name is the common name of the subject. */
    public static final CertificateOptions DEFAULT = new CertificateOptions(Name.COMMON_NAME);

    /** Fields of a certificate that hold names; of several values the first counts. */
    public enum Name {
        /** {@code CN} of the subject. */
        COMMON_NAME,
        /** {@code DNS} of the subject's alternative names. */
        DNS,
        /** {@code email} of the subject's alternative names. */
        EMAIL,
        /** {@code URI} of the subject's alternative names. */
        URI
    }
}
