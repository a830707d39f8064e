package io.fanfare.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports the state of this process to systemd (sd_notify(3)), if systemd has started it as a service with {@code
 * Type=notify}. The program systemd-notify sends the reports: Java has no datagram sockets of the family AF_UNIX.
 */
final class ServiceManager {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceManager.class);

    /** systemd-notify waits until systemd has read its message; a report must not hold the broker for longer. */
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final boolean listens;

    private ServiceManager(boolean listens) {
        this.listens = listens;
    }

    /** The service manager that has left its socket's path in the environment, or else one that ignores all reports. */
    static ServiceManager of(Map<String, String> environment) {
        return new ServiceManager(!environment.getOrDefault("NOTIFY_SOCKET", "").isEmpty());
    }

    /**
     * Reports that clients can connect.
     *
     * @param status what {@code systemctl status} prints; one line
     */
    void ready(String status) {
        report("READY=1", "STATUS=" + status);
    }

    /** Reports that a shutdown has begun. */
    void stopping() {
        report("STOPPING=1", "STATUS=closing connections");
    }

    private void report(String... assignments) {
        if (!listens) {
            return;
        }
        List<String> command = new ArrayList<>(List.of("systemd-notify"));
        command.addAll(List.of(assignments));
        try {
            Process process = new ProcessBuilder(command).inheritIO().start();
            if (!process.waitFor(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                LOG.warn("systemd has not read {} within {} s", assignments[0], TIMEOUT.toSeconds());
            } else if (process.exitValue() != 0) {
                LOG.warn("systemd-notify {} ended with {}", assignments[0], process.exitValue());
            }
        } catch (IOException e) {
            LOG.warn("cannot report {} to systemd: {}", assignments[0], e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
