package io.fanfare.server.internal.websocket;

import io.fanfare.server.internal.net.IpLiteral;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Who is behind the proxies that a request came by, as {@code X-Forwarded-For} has it. */
final class ForwardedFor {

    private ForwardedFor() {}

    /**
     * The last address that no proxy of ours has. Each proxy adds the one it was called from, so that what stands before
     * the first that we don't know is only somebody's word.
     *
     * @param peer whom the connection came from
     * @param lines of the header
     * @param trusted proxies whose word counts
     */
    static InetAddress client(InetAddress peer, Iterable<String> lines, Predicate<InetAddress> trusted) {
        List<String> hops = new ArrayList<>();
        lines.forEach(line -> hops.addAll(List.of(line.split(","))));
        InetAddress client = peer;
        for (int i = hops.size() - 1; i >= 0 && trusted.test(client); i--) {
            try {
                client = IpLiteral.parse(withoutPort(hops.get(i).strip()));
            } catch (IllegalArgumentException e) {
                // the proxy does not say; it is the best we know
                break;
            }
        }
        return client;
    }

    /** Some add the port: {@code 192.0.2.1:4711}, {@code [2001:db8::1]:4711}. */
    private static String withoutPort(String hop) {
        if (hop.startsWith("[")) {
            int end = hop.indexOf(']');
            return end < 0 ? hop : hop.substring(1, end);
        }
        int colon = hop.indexOf(':');
        return colon >= 0 && colon == hop.lastIndexOf(':') ? hop.substring(0, colon) : hop;
    }
}
