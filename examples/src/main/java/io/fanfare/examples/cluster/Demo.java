package io.fanfare.examples.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/**
 * Publishers and subscribers that count what they notice. Each line of standard input begins a chapter with that name; at its end, which
 * is the next line, its row is printed. Started by {@code examples/cluster/run --demo}.
 */
public final class Demo {

    private static final int PUBLISHERS = 3;
    private static final int SUBSCRIBERS = 6;
    private static final long UNDER_WAY_MILLIS = 1_000;
    private static final long LATEST_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final String ROW = "%-28s %9s %11s %11s %11s %11s %7s %11s%n";

    private final List<Publisher> publishers;
    private final List<Subscriber> subscribers;
    private final List<Pair> pairs;
    private int losses;
    private int gaps;

    private Demo(URI broker) {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread daemon = new Thread(task, "demo-timer");
            daemon.setDaemon(true);
            return daemon;
        });
        subscribers = IntStream.range(0, SUBSCRIBERS)
                .mapToObj(id -> new Subscriber(id, broker, PUBLISHERS))
                .toList();
        publishers = IntStream.range(0, PUBLISHERS)
                .mapToObj(id -> new Publisher(id, broker, timer))
                .toList();
        pairs = publishers.stream()
                .flatMap(publisher -> subscribers.stream().map(subscriber -> new Pair(publisher, subscriber)))
                .toList();
    }

    /** Takes the URL of the load balancer; returns when standard input ends. */
    public static void main(String... arguments) throws IOException, InterruptedException {
        Demo demo = new Demo(URI.create(arguments[0]));
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        System.out.printf("""
                %d publishers, %d subscribers, each sending or waiting for a message every %d ms; pauses are the longest, in ms.
                "others": between a publisher and a subscriber that both kept their connections. Resumes: gaps that the broker reported.
                Kept messages are late that have a RECEIPT and have not come a second behind the chapter; what never comes is counted at the end.

                """, PUBLISHERS, SUBSCRIBERS, Publisher.INTERVAL_MILLIS);
        System.out.printf(
                ROW, "", "connect.", "live pause", "live pause", "kept pause", "live lost", "resume", "kept late,");
        System.out.printf(ROW, "", "lost", "others", "any", "any", "others", "gaps", "twice");
        String chapter = in.readLine();
        demo.begins();
        while (chapter != null) {
            String next = in.readLine();
            demo.ends(chapter);
            chapter = next;
        }
        demo.finish();
    }

    /** Waits for what is late, and tells what never came. */
    private void finish() throws InterruptedException {
        List<BitSet> receipted = receipted();
        long deadline = System.nanoTime() + LATEST_NANOS;
        while (missing(receipted) > 0 && System.nanoTime() - deadline < 0) {
            Thread.sleep(Publisher.INTERVAL_MILLIS);
        }
        System.out.printf(
                "In the end %d kept messages with a RECEIPT have not come to a subscriber.%n", missing(receipted));
    }

    private List<BitSet> receipted() {
        return publishers.stream().map(Publisher::receipted).toList();
    }

    private int missing(List<BitSet> receipted) {
        return pairs.stream()
                .mapToInt(pair -> pair.missing(receipted.get(pair.publisherId())))
                .sum();
    }

    private void begins() throws InterruptedException {
        while (!pairs.stream().allMatch(Pair::isConnected)) {
            Thread.sleep(Publisher.INTERVAL_MILLIS);
        }
        pairs.forEach(Pair::begins);
        remember();
    }

    private void remember() {
        losses = losses();
        gaps = gaps();
    }

    private void ends(String name) throws InterruptedException {
        List<BitSet> receipted = receipted();
        // what was receipted last may still be under way to a subscriber
        Thread.sleep(UNDER_WAY_MILLIS);
        List<Pair.Chapter> all = pairs.stream()
                .map(pair -> pair.ends(receipted.get(pair.publisherId())))
                .toList();
        List<Pair.Chapter> others = all.stream().filter(Pair.Chapter::isWhole).toList();
        System.out.printf(
                ROW,
                name,
                losses() - losses,
                others.isEmpty() ? "-" : most(others, Pair.Chapter::livePauseMillis),
                most(all, Pair.Chapter::livePauseMillis),
                most(all, Pair.Chapter::keptPauseMillis),
                others.stream().mapToInt(Pair.Chapter::liveLost).sum(),
                gaps() - gaps,
                all.stream().mapToInt(Pair.Chapter::keptMissing).sum() + ", "
                        + all.stream().mapToInt(Pair.Chapter::keptTwice).sum());
        remember();
    }

    private static long most(List<Pair.Chapter> of, ToLongFunction<Pair.Chapter> value) {
        return of.stream().mapToLong(value).max().orElse(0);
    }

    private int losses() {
        return publishers.stream().mapToInt(Publisher::losses).sum()
                + subscribers.stream().mapToInt(Subscriber::losses).sum();
    }

    private int gaps() {
        return subscribers.stream().mapToInt(Subscriber::gaps).sum();
    }
}
