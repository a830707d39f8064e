package io.fanfare.cli.bench;

import io.fanfare.cli.output.CommandException;
import io.fanfare.cli.output.ExitCode;
import io.fanfare.cli.output.Json;
import io.fanfare.frame.Command;
import io.fanfare.frame.Frame;
import io.fanfare.frame.Headers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import org.HdrHistogram.Histogram;

/**
 * Clients that all come at once to a topic that keeps messages: to its last values, or back to its history after their
 * network was down. All on the caller's thread.
 */
final class ReplayLoad implements AutoCloseable {

    /** What the clients come for. */
    enum Kind {
        /** The last value of each key. */
        SNAPSHOT,
        /** What they have missed. */
        RESUME
    }

    private static final Duration TIMEOUT = Duration.ofMinutes(3);
    private static final Duration TICK = Duration.ofMillis(10);
    private static final int SENT_AT_ONCE = 1_000;

    private final Workload workload;
    private final Kind kind;
    private final int messages;
    private final String topic;
    private final Connections publisher;
    private final Connections clients;
    private final byte[] body;

    /** @param messages keys of last values, or messages that are missed */
    ReplayLoad(Workload workload, Kind kind, int messages) {
        this.workload = workload;
        this.kind = kind;
        this.messages = messages;
        this.topic = String.format(
                Locale.ROOT,
                "%s.%06x",
                workload.destination(),
                ThreadLocalRandom.current().nextInt(1 << 24));
        this.publisher = new Connections(workload);
        this.clients = new Connections(workload);
        this.body = "x".repeat((int) workload.traffic().size()).getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Runs the load.
     *
     * @throws CommandException when a connection could not be made, or the topic keeps nothing
     */
    ReplayReport run() {
        publisher.open(selector -> new ReplayClient(workload, topic, selector));
        publisher.awaitReady();
        return kind == Kind.SNAPSHOT ? snapshot() : resume();
    }

    private ReplayReport snapshot() {
        publish(true);
        connect();
        long began = System.nanoTime();
        clients().forEach(client -> client.subscribe(Headers.of("retained", "true"), messages));
        awaitAll();
        ReplayReport report = report(began);
        // first: each removal would go to all of them
        clients.cut();
        publishRemovals();
        return report;
    }

    private ReplayReport resume() {
        connect();
        clients().forEach(client -> client.subscribe(Headers.EMPTY, Long.MAX_VALUE));
        await(() -> clients().stream().allMatch(client -> client.receipt() != null), clients);
        Headers joined = Objects.requireNonNull(clients().get(0).receipt());
        String epoch = joined.get("epoch");
        if (epoch == null) {
            throw new CommandException(
                    ExitCode.FAILED,
                    "the topic keeps no history",
                    "serve with topics: [{match: '" + workload.destination() + ".#', history: {messages: " + messages
                            + "}}]");
        }
        clients.cut();
        publish(false);
        long began = System.nanoTime();
        connect();
        Headers from = Headers.of("from", epoch + "/" + joined.get("seq"));
        clients().forEach(client -> client.subscribe(from, messages));
        awaitAll();
        return report(began);
    }

    private void connect() {
        for (int i = 0; i < workload.clients().subscribers(); i++) {
            clients.open(selector -> new ReplayClient(workload, topic, selector));
        }
        clients.awaitReady();
    }

    private List<ReplayClient> clients() {
        return clients.all().stream().map(ReplayClient.class::cast).toList();
    }

    private void awaitAll() {
        List<ReplayClient> all = clients();
        await(() -> all.stream().allMatch(client -> client.completedAt() > 0), clients);
    }

    private static void await(BooleanSupplier done, Connections connections) {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (!done.getAsBoolean()) {
            connections.failIfOneHas();
            if (System.nanoTime() - deadline > 0) {
                throw Connections.failure(ExitCode.TIMED_OUT, "not all came within " + TIMEOUT.toSeconds() + " s");
            }
            connections.select(TICK.toNanos());
        }
    }

    // ---- publishing -----------------------------------------------------------------------------------------------

    private void publish(boolean retained) {
        send(i -> {
            Headers headers = Headers.of("destination", topic);
            return new Frame(
                    Command.SEND,
                    retained ? headers.with(Headers.of("retain", "set", "retain-key", "k" + i)) : headers,
                    body);
        });
    }

    private void publishRemovals() {
        send(i -> Frame.of(Command.SEND, Headers.of("destination", topic, "retain", "remove", "retain-key", "k" + i)));
    }

    private void send(java.util.function.IntFunction<Frame> frame) {
        ReplayClient client = (ReplayClient) publisher.all().get(0);
        for (int i = 0; i < messages; i++) {
            boolean isLast = i == messages - 1 || i % SENT_AT_ONCE == SENT_AT_ONCE - 1;
            Frame next = frame.apply(i);
            client.send(
                    isLast
                            ? new Frame(
                                    next.command(),
                                    next.headers().with(Headers.of("receipt", "sent-" + i)),
                                    next.body())
                            : next);
            if (isLast) {
                client.forgetReceipt();
                client.flush();
                await(() -> client.receipt() != null, publisher);
            }
        }
    }

    private ReplayReport report(long began) {
        Histogram times = new Histogram(3);
        long bytes = 0;
        long received = 0;
        int recovered = 0;
        for (ReplayClient client : clients()) {
            times.recordValue(client.completedAt() - began);
            bytes += client.bytes();
            received += client.received();
            Headers receipt = client.receipt();
            recovered += receipt != null && receipt.has("recovered", "true") ? 1 : 0;
        }
        return new ReplayReport(workload, kind, messages, received, bytes, recovered, Report.Latency.of(times));
    }

    @Override
    public void close() {
        publisher.close();
        clients.close();
    }

    /**
     * The results of a run in which many clients come at once.
     *
     * @param messages that each client should get
     * @param received by all clients together
     * @param bytes of these, headers included
     * @param recovered clients that missed nothing; for a snapshot 0
     * @param complete from the beginning until a client had all, in nanoseconds
     */
    record ReplayReport(
            Workload workload,
            Kind kind,
            int messages,
            long received,
            long bytes,
            int recovered,
            Report.Latency complete) {

        /** A table for people. */
        String table() {
            StringBuilder out = new StringBuilder();
            int clients = workload.clients().subscribers();
            row(out, "clients", "%,d, which came at once", clients);
            row(out, kind == Kind.SNAPSHOT ? "last values" : "missed", "%,d messages each", messages);
            row(out, "received", "%,d messages, %,.1f MB", received, bytes / 1e6);
            if (kind == Kind.RESUME) {
                row(out, "recovered", "%,d of %,d clients", recovered, clients);
            }
            row(out, "complete p50", "%,.1f ms", complete.p50() / 1e6);
            row(out, "         p90", "%,.1f ms", complete.p90() / 1e6);
            row(out, "         p99", "%,.1f ms", complete.p99() / 1e6);
            row(out, "         max", "%,.1f ms", complete.max() / 1e6);
            return out.toString();
        }

        private static void row(StringBuilder out, String name, String format, Object... values) {
            out.append(String.format(Locale.ROOT, "%-15s", name))
                    .append(String.format(Locale.ROOT, format, values))
                    .append(System.lineSeparator());
        }

        /** The report as one JSON object on one line; times in microseconds. */
        String json() {
            return Json.text(json -> {
                json.writeStartObject();
                json.writeStringField("kind", kind.name().toLowerCase(Locale.ROOT));
                json.writeStringField("url", workload.url().toString());
                json.writeNumberField("subs", workload.clients().subscribers());
                json.writeNumberField("messages", messages);
                json.writeNumberField("size", workload.traffic().size());
                json.writeNumberField("received", received);
                json.writeNumberField("bytes", bytes);
                json.writeNumberField("recovered", recovered);
                json.writeObjectFieldStart("complete_us");
                json.writeNumberField("p50", complete.p50() / 1e3);
                json.writeNumberField("p90", complete.p90() / 1e3);
                json.writeNumberField("p99", complete.p99() / 1e3);
                json.writeNumberField("max", complete.max() / 1e3);
                json.writeEndObject();
                json.writeEndObject();
            });
        }
    }
}
