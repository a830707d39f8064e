package io.fanfare.server.internal.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Locale;

/** Explains why a listener cannot bind to its port, and what the operator can do about it. */
public final class BindFailure {

    private BindFailure() {}

    /**
     * An exception whose message is a sentence.
     *
     * @param hostKey of the configuration
     * @param portKey of the configuration
     */
    public static IOException explain(String host, int port, String hostKey, String portKey, IOException why) {
        String address = IpLiteral.inUri(host) + ":" + port;
        String advice = advice(new InetSocketAddress(host, port), hostKey, portKey, String.valueOf(why.getMessage()));
        return new IOException("cannot listen on " + address + ": " + advice, why);
    }

    private static String advice(InetSocketAddress address, String hostKey, String portKey, String message) {
        if (address.isUnresolved()) {
            return "unknown host; set " + hostKey + " to an address of this machine";
        }
        String reason = message.toLowerCase(Locale.ROOT);
        if (reason.contains("in use")) {
            return message + "; stop the process that listens there, or set " + portKey
                    + " to another port (0: any free one)";
        }
        if (reason.contains("assign requested address")) {
            return message + "; set " + hostKey + " to an address of this machine (0.0.0.0: all of them)";
        }
        if (reason.contains("permission denied")) {
            return message + "; set " + portKey + " to 1024 or more, or permit the process to use lower ports";
        }
        return message;
    }
}
