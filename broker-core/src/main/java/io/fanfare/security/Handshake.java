package io.fanfare.security;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;

/**
 * Properties that a connection showed before its first frame.
 *
 * @param address the peer's IP address, without port
 * @param headers the fields {@code authorization} and {@code cookie} of the HTTP request, names in lower case; several of
 *     a name are joined by {@code ", "}, cookies by {@code "; "}; empty for plain TCP
 * @param certificates the peer's TLS certificates, its own first, verified; empty without
 */
public record Handshake(String address, Map<String, String> headers, List<X509Certificate> certificates) {

    public Handshake {
        headers = Map.copyOf(headers);
        certificates = List.copyOf(certificates);
    }

    /** Nothing but an address. */
    public static Handshake from(String address) {
        return new Handshake(address, Map.of(), List.of());
    }
}
