package io.fanfare.server.internal.http;

import io.fanfare.server.internal.net.IpLiteral;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Finds the client behind the proxies that a request came by, from {@code X-Forwarded-For}. */
final class ForwardedFor {

    private ForwardedFor() {}

    /**
     * The last address that is not a trusted proxy's. Each proxy appends the address that connected to it, so that what
     * stands before an untrusted address may be forged.
     *
     * @param peer the address that the connection came from
     * @param lines values of the header
     * @param trusted addresses of trusted proxies
     */
    static InetAddress client(InetAddress peer, Iterable<String> lines, Predicate<InetAddress> trusted) {
        List<String> hops = new ArrayList<>();
        lines.forEach(line -> hops.addAll(List.of(line.split(","))));
        InetAddress client = peer;
        for (int i = hops.size() - 1; i >= 0 && trusted.test(client); i--) {
            try {
                client = IpLiteral.parse(withoutPort(hops.get(i).strip()));
            } catch (IllegalArgumentException e) {
                // the proxy does not tell it: its own address is the best that is known
                break;
            }
        }
        return client;
    }

    /** Some proxies append the port: {@code 192.0.2.1:4711}, {@code [2001:db8::1]:4711}. */
    private static String withoutPort(String hop) {
        if (hop.startsWith("[")) {
            int end = hop.indexOf(']');
            return end < 0 ? hop : hop.substring(1, end);
        }
        int colon = hop.indexOf(':');
        return colon >= 0 && colon == hop.lastIndexOf(':') ? hop.substring(0, colon) : hop;
    }
}
