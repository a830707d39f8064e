package io.fanfare.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A program, or a command within the test's process, that runs or has ended: the lines that it prints, and its exit code. */
public abstract class RunningCommand implements AutoCloseable {

    private final Queue<String> out = new ConcurrentLinkedQueue<>();
    private final Queue<String> err = new ConcurrentLinkedQueue<>();

    public abstract boolean isAlive();

    /** The exit code, once the command has ended and all that it printed is there. */
    public abstract int exitCode();

    /** Waits for the end, with exit code 0. */
    public final void succeeds() {
        assertThat(exitCode()).as("%s", this).isZero();
    }

    /** Ends the command, if it has not ended. */
    @Override
    public abstract void close();

    /** Takes a line of standard output. */
    protected final void prints(String line) {
        out.add(line);
    }

    /** Takes a line of standard error. */
    protected final void complains(String line) {
        err.add(line);
    }

    /** The lines of standard output so far. */
    public final List<String> out() {
        return List.copyOf(out);
    }

    /** The lines of standard error so far. */
    public final List<String> err() {
        return List.copyOf(err);
    }

    /** The first line of standard output that matches, once it comes. */
    public final Matcher printed(String regex) {
        return line(out, regex);
    }

    /** The first line of standard error that matches, once it comes. */
    public final Matcher complained(String regex) {
        return line(err, regex);
    }

    private Matcher line(Queue<String> lines, String regex) {
        Pattern pattern = Pattern.compile(regex);
        Await.until(regex, () -> !isAlive() || lines.stream().anyMatch(pattern.asMatchPredicate()));
        if (!isAlive()) {
            exitCode();
        }
        Matcher matcher = pattern.matcher(lines.stream()
                .filter(pattern.asMatchPredicate())
                .findFirst()
                .orElseThrow(() -> new AssertionError("not printed: " + regex + "; " + this)));
        assertThat(matcher.matches()).isTrue();
        return matcher;
    }

    @Override
    public final String toString() {
        return "out=" + out + " err=" + err;
    }
}
