package io.fanfare.benchmarks;

import io.fanfare.junit.FanfareExtension;
import io.fanfare.junit.StompConnection;
import io.fanfare.testkit.TestConnection;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/**
 * Measures what a test class with the extension takes more than one without: the first in this JVM, and the later ones. {@code
 * ./benchmarks/run extension [ROUNDS]}.
 */
public final class ExtensionCost {

    private static final int ROUNDS = 100;
    private static final double NANOS_PER_MILLI = 1e6;

    private ExtensionCost() {}

    /** A class as short as can be. */
    static final class Without {
        @Test
        void nothing() {}
    }

    /** The same with a broker, a client and a message. */
    static final class With {
        @RegisterExtension
        static final FanfareExtension BROKER = FanfareExtension.builder().build();

        @Test
        void sends(@StompConnection TestConnection client) {
            client.send("/topic/a", "hi").awaitReceipt();
            BROKER.expect("/topic/a").body("hi");
        }
    }

    /** Prints both, in milliseconds. */
    public static void main(String[] args) {
        int rounds = args.length == 0 ? ROUNDS : Integer.parseInt(args[0]);
        Launcher launcher = LauncherFactory.create();
        // what JUnit itself takes the first time is no extension's
        run(launcher, Without.class);
        run(launcher, Without.class);
        System.out.printf("first class with the extension: %.1f ms more%n", difference(launcher));
        double[] all = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            all[i] = difference(launcher);
        }
        Arrays.sort(all);
        System.out.printf(
                "later ones: median %.1f ms more, p90 %.1f, least %.1f%n",
                all[rounds / 2], all[rounds * 9 / 10], all[0]);
    }

    private static double difference(Launcher launcher) {
        long without = run(launcher, Without.class);
        return (run(launcher, With.class) - without) / NANOS_PER_MILLI;
    }

    private static long run(Launcher launcher, Class<?> testClass) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(DiscoverySelectors.selectClass(testClass))
                .build();
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        long began = System.nanoTime();
        launcher.execute(request, summary);
        long nanos = System.nanoTime() - began;
        if (summary.getSummary().getTestsSucceededCount() != 1) {
            summary.getSummary()
                    .getFailures()
                    .forEach(failure -> failure.getException().printStackTrace());
            throw new IllegalStateException("not one test of " + testClass + " has passed");
        }
        return nanos;
    }
}
