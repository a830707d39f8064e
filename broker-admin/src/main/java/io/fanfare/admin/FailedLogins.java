package io.fanfare.admin;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A limit on failed logins of an address: {@link #BURST} at once, and one in each {@link #INTERVAL} after that. An IPv6
 * network of 64 bits, which is what a provider gives to one customer, counts as one address. Any thread may call any
 * method.
 */
final class FailedLogins {

    static final int BURST = 10;
    static final Duration INTERVAL = Duration.ofSeconds(6);

    /** Addresses that are remembered; for one more, the one whose last failure is the oldest is forgotten. */
    static final int MAX_ADDRESSES = 10_000;

    private static final int NETWORK_BYTES = 8;

    private final LongSupplier nanoTime;

    /** When each address has its whole burst again, in nanoseconds of the clock. Guarded by this. */
    private final Map<String, Long> recoveries = new LinkedHashMap<>();

    /**
     * Without failures.
     *
     * @param nanoTime nanoseconds of a monotonic clock
     */
    FailedLogins(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** A login of the address has failed. */
    synchronized void failed(String address) {
        String key = network(address);
        Duration missing = untilRecovery(recoveries.remove(key)).plus(INTERVAL);
        if (recoveries.size() >= MAX_ADDRESSES) {
            recoveries.remove(recoveries.keySet().iterator().next());
        }
        // last in the order of failures
        recoveries.put(key, nanoTime.getAsLong() + missing.toNanos());
    }

    /**
     * How long the address has to wait before its next login.
     *
     * @return zero or less: it need not wait
     */
    synchronized Duration delay(String address) {
        return untilRecovery(recoveries.get(network(address))).minus(INTERVAL.multipliedBy(BURST - 1));
    }

    private Duration untilRecovery(@Nullable Long recovery) {
        long nanos = recovery == null ? 0 : recovery - nanoTime.getAsLong();
        return Duration.ofNanos(Math.max(0, nanos));
    }

    private static String network(String address) {
        try {
            // no name is looked up: it is a literal
            InetAddress parsed = InetAddress.getByName(address);
            if (parsed instanceof Inet6Address) {
                byte[] network = parsed.getAddress();
                Arrays.fill(network, NETWORK_BYTES, network.length, (byte) 0);
                return InetAddress.getByAddress(network).getHostAddress();
            }
            return parsed.getHostAddress();
        } catch (UnknownHostException e) {
            return address;
        }
    }
}
