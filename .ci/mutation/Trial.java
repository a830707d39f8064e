import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * A test of JUnit's that can be run again and again.
 *
 * @param nanos processor time that it takes
 */
record Trial(String id, long nanos) {

    enum Verdict {
        PASSED,
        FAILED,
        ENDLESS
    }

    static final Launcher LAUNCHER = LauncherFactory.create(LauncherConfig.builder()
            .enableTestExecutionListenerAutoRegistration(false)
            .enableLauncherSessionListenerAutoRegistration(false)
            .build());

    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    /** How many times the processor time of a test is too much, on top of {@link #PARDON}. */
    private static final int TIMES = 5;

    private static final Duration PARDON = Duration.ofSeconds(2);

    /** For a test that waits and takes no processor time: longer than any test waits for what it expects. */
    private static final Duration STUCK = Duration.ofMinutes(3);

    /** Processor time of this JVM: one test runs at a time. */
    static long processorNanos() {
        return SYSTEM.getProcessCpuTime();
    }

    Verdict run() throws InterruptedException {
        return run(TIMES * nanos + PARDON.toNanos());
    }

    /** Runs it until it has taken so much processor time; then it goes on in a thread that nobody can end. */
    Verdict run(long maxNanos) throws InterruptedException {
        var verdict = new AtomicReference<>(Verdict.FAILED);
        Thread thread = new Thread(() -> execute(verdict), "test");
        thread.setDaemon(true);
        long before = processorNanos();
        long began = System.nanoTime();
        thread.start();
        do {
            thread.join(20);
            if (!thread.isAlive()) {
                return verdict.get();
            }
        } while (processorNanos() - before < maxNanos && System.nanoTime() - began < STUCK.toNanos());
        return Verdict.ENDLESS;
    }

    private void execute(AtomicReference<Verdict> verdict) {
        var result = new TestExecutionListener() {
            private int ran;
            private boolean isBad;

            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                ran += test.isTest() ? 1 : 0;
                isBad |= result.getStatus() != TestExecutionResult.Status.SUCCESSFUL;
            }
        };
        LAUNCHER.execute(
                LauncherDiscoveryRequestBuilder.request()
                        .selectors(DiscoverySelectors.selectUniqueId(id))
                        .build(),
                result);
        if (result.ran > 0 && !result.isBad) {
            verdict.set(Verdict.PASSED);
        }
    }
}
