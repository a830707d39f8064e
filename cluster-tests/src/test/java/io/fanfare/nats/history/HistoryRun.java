package io.fanfare.nats.history;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Clients of all kinds at three nodes, one fault after the other, and then the look at all that they have seen. */
final class HistoryRun {

    private static final String LIVE = "/topic/live";

    /** A durable subscription of one client, and one that two clients take over from each other. */
    private static final List<String> SUBSCRIPTIONS = List.of("durable-alone", "durable-contested");

    private static final long FAULT_EVERY_MILLIS = 3_000;

    private static final Duration QUIET = Duration.ofSeconds(8);
    private static final int MOST_SILENT = 8;

    private final History history = new History();
    private final List<Worker> publishers = new ArrayList<>();
    private final List<Worker> readers = new ArrayList<>();
    private final List<QueueWorker> workers = new ArrayList<>();
    private final List<DurableReader> durables = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    /** Whether a NATS server may fail before another one has caught up. */
    private final boolean hasSeveral;

    private HistoryRun(boolean hasSeveral) {
        this.hasSeveral = hasSeveral;
    }

    /**
     * Messages that a server of version 2.9 may give to a consumer a second time as if that were the first: it steps back by one
     * message, as decision 0049 says. Newer servers are allowed none.
     */
    private static final int STEPS_BACK_OF_OLD_SERVERS = 2;

    /**
     * Runs, and ends with quiet in which everything arrives.
     *
     * @param directory for the NATS servers
     * @param time with faults
     * @param machines for the NATS servers; null: all are here
     * @param hasSeveral whether NATS servers fail while others have not caught up yet
     * @return what was promised and did not hold, in sentences, with what happened before
     */
    static List<String> violations(
            Path directory, long seed, Duration time, @Nullable Machines machines, boolean hasSeveral)
            throws InterruptedException {
        HistoryRun run = new HistoryRun(hasSeveral);
        Path saved = Path.of("target", "history", String.valueOf(seed));
        try (Cluster cluster = new Cluster(directory, machines)) {
            List<Violation> violations;
            try {
                run.go(cluster, new Random(seed), time, Fault.with(machines));
                violations = run.violations(cluster.hasOldServers());
            } catch (RuntimeException | Error e) {
                new Report(run.history).save(saved, cluster.logs());
                throw e;
            }
            Report report = new Report(run.history);
            if (!violations.isEmpty()) {
                report.save(saved, cluster.logs());
            }
            return violations.stream().map(report::explain).toList();
        }
    }

    private void go(Cluster cluster, Random random, Duration time, List<Fault> faults) throws InterruptedException {
        List<URI> nodes = cluster.uris();
        for (int i = 0; i < 2; i++) {
            publishers.add(new Publisher(history, nodes, LIVE, random.nextLong()));
            publishers.add(new Publisher(history, nodes, NodeProcess.KEPT, random.nextLong()));
            publishers.add(new Publisher(history, nodes, NodeProcess.QUEUE, random.nextLong()));
            readers.add(new TopicReader(history, nodes, LIVE, false, random.nextLong()));
            readers.add(new TopicReader(history, nodes, NodeProcess.KEPT, true, random.nextLong()));
        }
        for (int i = 0; i < 3; i++) {
            workers.add(new QueueWorker(history, nodes, NodeProcess.QUEUE, random.nextLong()));
        }
        for (String subscription : List.of(SUBSCRIPTIONS.get(0), SUBSCRIPTIONS.get(1), SUBSCRIPTIONS.get(1))) {
            durables.add(new DurableReader(history, nodes, NodeProcess.KEPT, subscription, random.nextLong()));
        }
        publishers.forEach(this::start);
        readers.forEach(this::start);
        workers.forEach(this::start);
        durables.forEach(this::start);
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            long next = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(FAULT_EVERY_MILLIS);
            Fault fault = next(cluster, random, faults);
            System.out.println("history: " + fault);
            cluster.suffers(fault, random, history);
            TimeUnit.NANOSECONDS.sleep(Math.max(0, next - System.nanoTime()));
        }
        publishers.forEach(Worker::stop);
        join(0, publishers.size());
        workers.forEach(QueueWorker::drains);
        durables.forEach(DurableReader::drains);
        durables.get(durables.size() - 1).stop();
        quiet();
        readers.forEach(Worker::stop);
        workers.forEach(Worker::stop);
        durables.forEach(Worker::stop);
        join(publishers.size(), threads.size());
        Stream.of(publishers, readers, workers, durables)
                .flatMap(List::stream)
                .flatMap(worker -> worker.errors().stream())
                .distinct()
                .forEach(error -> System.out.println("history: a client was told: " + error));
    }

    private Fault next(Cluster cluster, Random random, List<Fault> faults) {
        Fault fault = faults.get(random.nextInt(faults.size()));
        if (hasSeveral || !fault.isOfServers() || cluster.bearsLossOfServer()) {
            return fault;
        }
        List<Fault> others = faults.stream().filter(each -> !each.isOfServers()).toList();
        return others.get(random.nextInt(others.size()));
    }

    private void start(Worker worker) {
        Thread thread = new Thread(worker, "history-" + threads.size());
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private void join(int from, int to) throws InterruptedException {
        for (Thread each : threads.subList(from, to)) {
            each.join(TimeUnit.MINUTES.toMillis(2));
            if (each.isAlive()) {
                throw new IllegalStateException("a client hangs: " + List.of(each.getStackTrace()));
            }
        }
    }

    /**
     * Nothing new has come for longer than a message of a node that was killed waits for another one. On a starved machine a queue may
     * stand still for longer than that: while jobs are left, nothing has come for a minute.
     */
    private void quiet() throws InterruptedException {
        int silent = 0;
        while (silent == 0 || (silent < MOST_SILENT && areJobsLeft())) {
            silent = history.awaitArrival(QUIET) ? 0 : silent + 1;
        }
    }

    private boolean areJobsLeft() {
        Set<String> left = messages(Event.Kind.SENT);
        left.removeAll(messages(Event.Kind.ACK));
        return !left.isEmpty();
    }

    private Set<String> messages(Event.Kind kind) {
        return history.events().stream()
                .filter(event -> event.kind() == kind && event.destination().equals(NodeProcess.QUEUE))
                .map(Event::message)
                .collect(Collectors.toSet());
    }

    private List<Violation> violations(boolean areServersOld) {
        List<Violation> all = new ArrayList<>();
        all.addAll(of(NodeProcess.QUEUE, QueueCheck::isAbout, QueueCheck::violations));
        all.addAll(of(LIVE, TopicCheck::isAbout, TopicCheck::violations));
        all.addAll(of(NodeProcess.KEPT, TopicCheck::isAbout, TopicCheck::violations));
        all.addAll(of(NodeProcess.KEPT, TopicCheck::isAbout, KeptCheck::violations));
        for (String each : SUBSCRIPTIONS) {
            all.addAll(of(
                    each,
                    (event, subscription) -> DurableCheck.isAbout(event, subscription, NodeProcess.KEPT),
                    events -> DurableCheck.violations(events, each)));
        }
        List<Violation> stepsBack = all.stream().filter(QueueCheck::isStepBack).toList();
        if (areServersOld && stepsBack.size() <= STEPS_BACK_OF_OLD_SERVERS) {
            stepsBack.forEach(each -> System.out.println("history: of an old NATS server: " + each));
            all.removeAll(stepsBack);
        }
        return all;
    }

    private List<Violation> of(
            String destination, BiPredicate<Event, String> isAbout, Function<List<Event>, List<Violation>> check) {
        List<Event> about = history.events().stream()
                .filter(event -> isAbout.test(event, destination))
                .toList();
        System.out.println("history: " + destination + " " + counts(about));
        return check.apply(about);
    }

    private static String counts(List<Event> events) {
        StringBuilder out = new StringBuilder();
        for (Event.Kind kind : Event.Kind.values()) {
            out.append(kind).append('=');
            out.append(events.stream().filter(event -> event.kind() == kind).count());
            out.append(' ');
        }
        return out.toString();
    }
}
