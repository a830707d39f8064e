package io.fanfare.cli.output;

import java.security.cert.CertPathBuilderException;
import javax.net.ssl.SSLException;

/** Says in words why TLS failed: of an untrusted certificate Java says the names of its classes. */
public final class TlsFailure {

    private TlsFailure() {}

    /**
     * The sentence for an error.
     *
     * @param address of the broker, for people
     */
    public static String sentence(Object address, SSLException why) {
        String reason = why.getMessage();
        for (Throwable each = why.getCause(); each != null; each = each.getCause()) {
            if (each instanceof CertPathBuilderException) {
                reason = "no authority that is trusted here has signed its certificate";
            }
        }
        return "TLS with " + address + " failed: " + reason;
    }
}
