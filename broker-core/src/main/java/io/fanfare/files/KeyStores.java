package io.fanfare.files;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/** Makes key stores in memory, as TLS wants them, of keys and certificates that {@link Pem} has read. */
public final class KeyStores {

    private KeyStores() {}

    /**
     * A store with the own key.
     *
     * @param chain the own certificate, and behind it the ones that lead to an authority
     * @param key the private key of the first; the store has it under the empty password
     */
    public static KeyStore of(List<X509Certificate> chain, PrivateKey key)
            throws GeneralSecurityException, IOException {
        KeyStore store = empty();
        store.setKeyEntry("own", key, new char[0], chain.toArray(X509Certificate[]::new));
        return store;
    }

    /** A store with certificates to be trusted. */
    public static KeyStore of(List<X509Certificate> authorities) throws GeneralSecurityException, IOException {
        KeyStore store = empty();
        for (X509Certificate each : authorities) {
            store.setCertificateEntry("ca-" + store.size(), each);
        }
        return store;
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
