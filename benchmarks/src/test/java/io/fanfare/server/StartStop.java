package io.fanfare.server;

import java.util.Arrays;

/**
 * Measures what starting and stopping an embedded server takes: the first time in this JVM, and then again and again. {@code
 * ./benchmarks/run start [ROUNDS]}; the first round of several JVMs is what a test run sees.
 */
public final class StartStop {

    private static final int ROUNDS = 1_000;
    private static final double NANOS_PER_MILLI = 1e6;

    private StartStop() {}

    /** Prints the first round, and of the second half of the others the median, in milliseconds. */
    public static void main(String[] args) {
        int rounds = args.length == 0 ? ROUNDS : Integer.parseInt(args[0]);
        long[] first = round();
        System.out.printf("first start %.1f ms, first close %.1f ms%n", millis(first[0]), millis(first[1]));
        long[] starts = new long[rounds];
        long[] closes = new long[rounds];
        long[] both = new long[rounds];
        for (int i = 0; i < rounds; i++) {
            long[] times = round();
            starts[i] = times[0];
            closes[i] = times[1];
            both[i] = times[0] + times[1];
        }
        print("start", starts);
        print("close", closes);
        print("both", both);
    }

    /** Nanoseconds of a start and of the close after it. */
    private static long[] round() {
        long began = System.nanoTime();
        FanfareServer server = FanfareServer.builder().port(0).start();
        long started = System.nanoTime();
        server.close();
        return new long[] {started - began, System.nanoTime() - started};
    }

    /** The first half warms up. */
    private static void print(String what, long[] nanos) {
        if (nanos.length < 2) {
            return;
        }
        long[] warm = Arrays.copyOfRange(nanos, nanos.length / 2, nanos.length);
        Arrays.sort(warm);
        System.out.printf(
                "%s: median %.2f ms, p90 %.2f ms, least %.2f ms%n",
                what, millis(warm[warm.length / 2]), millis(warm[warm.length * 9 / 10]), millis(warm[0]));
    }

    private static double millis(long nanos) {
        return nanos / NANOS_PER_MILLI;
    }
}
