package io.fanfare.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.stream.Stream;

/**
 * Ports for servers that can't choose their own, or that come back to one. They are below those that the system gives to
 * connections and to port 0, and each process has some of its own: nobody takes one between the look at it and its use.
 */
public final class FreePorts {

    private static final int FIRST = 10_000;
    private static final int OF_A_PROCESS = 64;
    private static final int PROCESSES = 340;

    private static final int MINE = FIRST + (int) (ProcessHandle.current().pid() % PROCESSES) * OF_A_PROCESS;

    private static int taken;

    private FreePorts() {}

    /** Ports of this host, no two of them the same. */
    public static List<Integer> next(int count) {
        return Stream.generate(FreePorts::next).limit(count).toList();
    }

    /** A port on which nothing listens. */
    public static synchronized int next() {
        for (int i = 0; i < OF_A_PROCESS; i++) {
            int port = MINE + taken++ % OF_A_PROCESS;
            if (isFree(port)) {
                return port;
            }
        }
        throw new AssertionError("no port is free from " + MINE + " on");
    }

    private static boolean isFree(int port) {
        try {
            new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
