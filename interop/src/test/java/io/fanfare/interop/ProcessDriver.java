package io.fanfare.interop;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/** A driver that is a process: orders go to its standard input, events come from its standard output. */
final class ProcessDriver extends Driver {

    private final Process process;
    private final PrintWriter orders;

    private ProcessDriver(Process process) {
        this.process = process;
        this.orders = new PrintWriter(process.outputWriter(UTF_8));
    }

    static ProcessDriver start(Path directory, List<String> command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT);
            Process process = Launch.inTurn(builder::start);
            ProcessDriver driver = new ProcessDriver(process);
            Thread reader = new Thread(driver::read, "driver-" + process.pid());
            reader.setDaemon(true);
            reader.start();
            return driver;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        try (BufferedReader events = process.inputReader(UTF_8)) {
            for (String line = events.readLine(); line != null; line = events.readLine()) {
                heard(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    synchronized void tell(String order) {
        orders.println(order);
        orders.flush();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
