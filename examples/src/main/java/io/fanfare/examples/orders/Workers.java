package io.fanfare.examples.orders;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.client.StompClient;
import io.fanfare.frame.Headers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The workers' processes: starts them, kills them, and publishes which of them run. */
final class Workers implements AutoCloseable {

    /** What {@link Process#exitValue} is after SIGKILL: 128 and the signal's number. */
    private static final int KILLED = 128 + 9;

    private final URI broker;
    private final StompClient client;

    // guarded by this
    private final Map<String, Process> processes = new HashMap<>();
    private final Map<String, Duration> works = new HashMap<>();

    Workers(URI broker, StompClient client) {
        this.broker = broker;
        this.client = client;
    }

    /**
     * Starts a worker, unless it runs.
     *
     * @param name letters and digits
     * @param work how long an order takes
     */
    synchronized void start(String name, Duration work) {
        Process before = processes.get(name);
        if (before != null && before.isAlive()) {
            return;
        }
        Process process = launch(name, work);
        processes.put(name, process);
        works.put(name, work);
        publish(name, process.pid(), "running");
        process.onExit().thenAccept(this::ended);
    }

    /** Starts a worker that has ended; does nothing where there never was one of this name. */
    synchronized void startAgain(String name) {
        Duration work = works.get(name);
        if (work != null) {
            start(name, work);
        }
    }

    private synchronized void ended(Process process) {
        processes.forEach((name, known) -> {
            // not when the whole example ends
            if (known == process && client.isOpen()) {
                publish(name, process.pid(), process.exitValue() == KILLED ? "killed" : "ended");
            }
        });
    }

    private Process launch(String name, Duration work) {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // small and quick to start
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Worker.class.getName(),
                broker.toString(),
                name,
                String.valueOf(work.toMillis()));
        try {
            return new ProcessBuilder(command).inheritIO().start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start a worker: " + e.getMessage(), e);
        }
    }

    /** Kills a worker as {@code kill -9} does: it gets no chance to say anything. */
    synchronized void kill(String name) {
        Process process = processes.get(name);
        if (process != null) {
            process.destroyForcibly();
        }
    }

    private void publish(String name, long pid, String state) {
        String json = "{\"worker\":\"" + name + "\",\"pid\":" + pid + ",\"state\":\"" + state + "\"}";
        client.sendNow(
                Destinations.PROCESSES,
                Headers.of(Destinations.WORKER, name, "content-type", "application/json"),
                json.getBytes(UTF_8));
    }

    /** Ends all workers. */
    @Override
    public synchronized void close() {
        processes.values().forEach(Process::destroyForcibly);
    }
}
