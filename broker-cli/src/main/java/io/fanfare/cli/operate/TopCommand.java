package io.fanfare.cli.operate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fanfare.cli.options.DurationConverter;
import io.fanfare.cli.output.CommandException;
import io.fanfare.cli.output.Terminal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code fanfare top}: what a broker does, looked at each second. */
@Command(
        name = "top",
        description = {
            "Shows what a broker does, each second: rates, busiest topics, slowest connections, deepest queues.",
            "On a terminal 1, 2 and 3 change the order of the tables, and q ends it. Elsewhere it prints a line each second."
        })
public final class TopCommand extends ApiCommand {

    private static final String KEYS = "1 2 3 change the order   q ends";

    /** Columns and lines of a screen that is printed. */
    private static final int PRINTED_WIDTH = 160;

    private static final int PRINTED_HEIGHT = 40;

    @Option(names = "--once", description = "Prints one screen, and ends.")
    private boolean once;

    @Option(
            names = {"-n", "--count"},
            paramLabel = "COUNT",
            defaultValue = "0",
            description = "Number of looks after which it ends; 0: never (default: ${DEFAULT-VALUE}).")
    private long count;

    @Option(
            names = "--interval",
            paramLabel = "TIME",
            defaultValue = "1s",
            converter = DurationConverter.class,
            description = "Time between two looks, at least 100ms (default: ${DEFAULT-VALUE}).")
    private Duration interval = Duration.ofSeconds(1);

    private final Map<TopTable, Integer> orders = new EnumMap<>(TopTable.class);

    @Override
    void run(ApiClient client) throws InterruptedException {
        if (count < 0 || interval.toMillis() < 100) {
            throw new IllegalArgumentException("--count must be 0 or more, and --interval 100ms or more");
        }
        // before the terminal is taken over: a broker that does not answer is an error as with other commands
        TopSample first = TopSample.read(client, orders, null);
        TopScreen screen = new TopScreen(InstantSource.system(), ZoneId.systemDefault(), colours());
        if (once) {
            Thread.sleep(interval.toMillis());
            TopSample sample = TopSample.read(client, orders, first);
            print(json(sample), () -> text(screen, sample, client));
            return;
        }
        Optional<TopTerminal> terminal = isJson() || !Terminal.OUT.isTerminal() || !Terminal.IN.isTerminal()
                ? Optional.empty()
                : TopTerminal.open();
        if (terminal.isEmpty()) {
            printLines(client, screen, first);
            return;
        }
        try (TopTerminal opened = terminal.get()) {
            show(client, screen, first, opened);
        } catch (IOException e) {
            throw new UncheckedIOException("the terminal can't be used: " + e.getMessage(), e);
        }
    }

    private String text(TopScreen screen, TopSample sample, ApiClient client) {
        StringBuilder out = new StringBuilder();
        screen.lines(sample, PRINTED_WIDTH, PRINTED_HEIGHT, client.base(), "").stream()
                .filter(line -> !line.isEmpty())
                .forEach(line -> out.append(line).append(System.lineSeparator()));
        return out.toString();
    }

    /** A line for each look, until the reader of a pipe has gone. */
    private void printLines(ApiClient client, TopScreen screen, TopSample first) throws InterruptedException {
        TopSample sample = first;
        for (long looks = 1; ; looks++) {
            TopSample shown = sample;
            print(json(shown), () -> screen.line(shown) + System.lineSeparator());
            if (looks == count || out().checkError()) {
                return;
            }
            Thread.sleep(interval.toMillis());
            sample = TopSample.read(client, orders, sample);
        }
    }

    private static ObjectNode json(TopSample sample) {
        ObjectNode object = sample.overview().deepCopy();
        object.set("rates", sample.rates());
        for (TopTable table : TopTable.values()) {
            // "topics" and others are numbers already
            object.putArray("top_" + table.title())
                    .addAll(sample.rows(table).stream()
                            .limit(10)
                            .map(TopSample.Row::item)
                            .toList());
        }
        return object;
    }

    private void show(ApiClient client, TopScreen screen, TopSample first, TopTerminal terminal) throws IOException {
        TopSample sample = first;
        String note = KEYS;
        for (long looks = 1; ; looks++) {
            long next = System.nanoTime() + interval.toNanos();
            terminal.draw(screen.lines(sample, terminal.width(), terminal.height(), client.base(), note));
            if (looks == count || isEnded(terminal, next)) {
                return;
            }
            TopSample newer = read(client, sample);
            note = newer == null ? "the broker does not answer; these are its last numbers   q ends" : KEYS;
            sample = newer == null ? sample : newer;
        }
    }

    /** A broker that is started again comes back by itself. */
    private @Nullable TopSample read(ApiClient client, TopSample before) {
        try {
            return TopSample.read(client, orders, before);
        } catch (CommandException e) {
            return null;
        }
    }

    /** Waits for keys until a time, or until one changes something; whether one ends the command. */
    private boolean isEnded(TopTerminal terminal, long until) throws IOException {
        long left = until - System.nanoTime();
        while (left > 0) {
            int key = terminal.key(left / 1_000_000);
            if (key == 'q' || key == 'Q' || key == -1 || key == 3) {
                return true;
            }
            if (key != TopTerminal.NONE && change(key)) {
                return false;
            }
            left = until - System.nanoTime();
        }
        return false;
    }

    private boolean change(int key) {
        for (TopTable table : TopTable.values()) {
            if (table.letter() == key) {
                orders.merge(table, 1, Integer::sum);
                return true;
            }
        }
        return false;
    }
}
