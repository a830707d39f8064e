package io.fanfare.auth;

/**
 * What {@link CertificateAuthenticator} takes from a certificate.
 *
 * @param name where the user's name stands
 */
public record CertificateOptions(Name name) {

    /** The common name of the subject. */
    public static final CertificateOptions DEFAULT = new CertificateOptions(Name.COMMON_NAME);

    /** Where a name stands; of several the first. */
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
