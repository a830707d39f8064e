package io.fanfare.nats.internal.queue;

import io.fanfare.frame.ProtocolException;
import io.fanfare.nats.internal.queue.Append.State;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Messages on their way into streams. All go by one {@link Line}. Where one server keeps a stream alone, a pipeline has many of them out at
 * a time: that server takes them in their order, and what it has is all up to some message. When a line ends, or is silent, the
 * stream is asked for each message that was out, and what it does not have is sent again, in order. Where several servers
 * keep a stream, one is out at a time: the first can be lost with a leader and the second not. Owned by the worker, but for {@link
 * #bytes}.
 */
final class Appends {

    /** Messages of a pipeline that are with a server which keeps the stream alone. */
    static final int WINDOW = 256;

    /** Messages that are with the engine at a time, of all pipelines. */
    private static final int MAX_OUT = 2048;

    private static final long MAX_OUT_BYTES = 16L << 20;

    /** Answers are waited for. */
    private static final Duration REMEMBERED = Duration.ofSeconds(60);

    /**
     * Times that something takes.
     *
     * @param silence without any answer about a queue, after which its messages are asked for
     * @param longest without an answer to one message, after which it is asked for
     * @param pause before another attempt
     */
    record Times(Duration silence, Duration longest, Duration pause) {

        static final Times USUAL = new Times(Duration.ofSeconds(2), Duration.ofSeconds(10), Duration.ofMillis(100));
    }

    private final Worker worker;
    private final Line.Opener lines;
    private final Times times;
    private final Refusals refusals;
    private final AtomicLong bytes = new AtomicLong();
    private final Map<AppendPipeline.Key, AppendPipeline> pipelines = new HashMap<>();

    /** Those that have something to send. */
    private final ArrayDeque<AppendPipeline> turns = new ArrayDeque<>();

    /** Null: there is none, or not yet. */
    private @Nullable Line line;

    private boolean opening;
    private boolean ended;
    private long last;
    private int out;
    private long outBytes;

    Appends(Worker worker, Line.Opener lines, Refusals refusals, Times times) {
        this.worker = worker;
        this.lines = lines;
        this.times = times;
        this.refusals = refusals;
    }

    /** Octets of messages that the engine has not confirmed. Any thread may ask. */
    long bytes() {
        return bytes.get();
    }

    /** A message comes; any thread may bring it. */
    void add(Append append, @Nullable Object sender) {
        bytes.addAndGet(append.record().length);
        worker.execute(() -> {
            append.number(++last);
            AppendPipeline pipeline =
                    pipelines.computeIfAbsent(new AppendPipeline.Key(append.queue(), sender), AppendPipeline::new);
            pipeline.add(append);
            goOn(pipeline);
        });
    }

    private void goOn(AppendPipeline pipeline) {
        takeTurn(pipeline);
        sendReady();
    }

    private void takeTurn(AppendPipeline pipeline) {
        if (pipeline.takesTurn()) {
            turns.add(pipeline);
        }
    }

    private void sendReady() {
        Line to = line;
        if (to == null) {
            open();
            return;
        }
        while (out < MAX_OUT && outBytes < MAX_OUT_BYTES && !turns.isEmpty()) {
            AppendPipeline pipeline = turns.remove();
            pipeline.hadTurn();
            if (pipeline.maySend(window(pipeline, to)) && isReady(pipeline)) {
                send(to, pipeline);
                takeTurn(pipeline);
            }
        }
    }

    private void open() {
        if (!opening && !ended && !pipelines.isEmpty()) {
            opening = true;
            lines.open(this::opened, this::lost);
        }
    }

    /** One, unless the line goes to the server that keeps the stream alone. */
    private static int window(AppendPipeline pipeline, Line to) {
        return pipeline.queue().isAloneAt(to.server()) ? WINDOW : 1;
    }

    /** Whether the stream is there; if not, the pipeline has its turn when it is, and none before. */
    private boolean isReady(AppendPipeline pipeline) {
        boolean isReady = pipeline.queue().whenReady(() -> {
            pipeline.hadTurn();
            goOn(pipeline);
        });
        if (!isReady) {
            pipeline.waitsForTurn();
        }
        return isReady;
    }

    private void send(Line to, AppendPipeline pipeline) {
        Append append = pipeline.next(System.nanoTime());
        int attempt = append.attempts();
        count(append);
        try {
            to.append(append, REMEMBERED, answer -> answered(pipeline, append, attempt, answer));
        } catch (IllegalArgumentException e) {
            // a server that takes smaller messages than the one before
            refuse(pipeline, append, new ProtocolException("message too large", String.valueOf(e.getMessage())));
        }
    }

    private void answered(AppendPipeline pipeline, Append append, int attempt, Answer answer) {
        boolean counts = append.state() == State.OUT && append.attempts() == attempt;
        pipeline.queue().answered(System.nanoTime());
        if (answer.kind() == Answer.Kind.THERE) {
            // whatever attempt it was
            isThere(pipeline, append, answer.duplicate());
        } else if (counts && answer.kind() == Answer.Kind.REFUSED) {
            refuse(pipeline, append, refusals.of(append, answer.why()));
        } else if (counts && answer.kind() == Answer.Kind.NOT_NOW) {
            pipeline.queue().doubt();
            isNotTaken(pipeline, append);
        }
        settle(pipeline);
    }

    private void isThere(AppendPipeline pipeline, Append append, boolean duplicate) {
        if (append.state() != State.OVER) {
            boolean isOvertaking = pipeline.isThere(append);
            over(pipeline, append);
            append.result().complete(append.outcome(duplicate));
            if (isOvertaking) {
                ask(pipeline);
            }
        }
    }

    private void isNotTaken(AppendPipeline pipeline, Append append) {
        uncount(append);
        if (pipeline.isNotTaken(append)) {
            ask(pipeline);
        }
    }

    private void refuse(AppendPipeline pipeline, Append append, ProtocolException why) {
        pipeline.over(append);
        over(pipeline, append);
        append.result().completeExceptionally(why);
    }

    private void over(AppendPipeline pipeline, Append append) {
        uncount(append);
        bytes.addAndGet(-append.record().length);
        if (pipeline.isEmpty()) {
            pipelines.remove(pipeline.key(), pipeline);
        }
    }

    private void count(Append append) {
        if (!append.isCounted(true)) {
            out++;
            outBytes += append.record().length;
        }
    }

    private void uncount(Append append) {
        if (append.isCounted(false)) {
            out--;
            outBytes -= append.record().length;
        }
    }

    /** Looks whether the pipeline can go on. */
    private void settle(AppendPipeline pipeline) {
        if (pipeline.goesBack()) {
            worker.later(times.pause(), () -> {
                pipeline.resume();
                goOn(pipeline);
            });
        } else {
            takeTurn(pipeline);
        }
        sendReady();
    }

    // ---- when nothing is known --------------------------------------------------------------------------------------

    private void opened(Line now) {
        opening = false;
        if (ended) {
            now.close();
            return;
        }
        line = now;
        List.copyOf(pipelines.values()).forEach(pipeline -> {
            // the server may be another one
            pipeline.queue().doubt();
            ask(pipeline);
        });
        sendReady();
    }

    private void lost(Line which) {
        if (which == line) {
            line = null;
            pipelines.values().forEach(this::isUnsure);
            open();
            which.close();
        }
    }

    private void isUnsure(AppendPipeline pipeline) {
        pipeline.isUnsure();
        pipeline.unsure().forEach(this::uncount);
    }

    /** Asks for what has been sent, behind it. */
    private void ask(AppendPipeline pipeline) {
        Line to = line;
        List<Append> unsure = pipeline.unsure();
        if (to == null || unsure.isEmpty() || !pipeline.queue().whenReady(() -> ask(pipeline))) {
            return;
        }
        if (pipeline.isAlone(unsure.get(0))) {
            // nothing is behind it: sent again, it is where it was
            isNotTaken(pipeline, unsure.get(0));
            settle(pipeline);
            return;
        }
        for (Append each : unsure) {
            each.become(State.OUT);
            count(each);
            int attempt = each.attempts();
            boolean isOvertaken = pipeline.isOvertaken(each);
            to.ask(each, times.silence(), answer -> told(pipeline, each, attempt, isOvertaken, answer));
        }
    }

    /** @param isOvertaken whether it was known before that the stream has one behind it */
    private void told(AppendPipeline pipeline, Append append, int attempt, boolean isOvertaken, Answer answer) {
        boolean counts = append.state() == State.OUT && append.attempts() == attempt;
        if (answer.kind() == Answer.Kind.THERE) {
            isThere(pipeline, append, false);
        } else if (counts && answer.kind() == Answer.Kind.REFUSED && isOvertaken) {
            refuse(pipeline, append, refusals.overtaken(append));
        } else if (counts && answer.kind() == Answer.Kind.REFUSED) {
            isNotTaken(pipeline, append);
        } else if (counts) {
            isUnsure(pipeline);
            pipeline.queue().doubt();
            worker.later(times.pause(), () -> ask(pipeline));
        }
        settle(pipeline);
    }

    /** Another server leads the stream of a queue: what went to the one before may have got no further. */
    void elected(SharedQueueStream queue) {
        for (AppendPipeline pipeline : List.copyOf(pipelines.values())) {
            if (pipeline.queue() == queue) {
                isUnsure(pipeline);
                ask(pipeline);
            }
        }
    }

    /** Asks for what the engine is silent about, and refuses what has waited too long. Called now and then. */
    void look() {
        long now = System.nanoTime();
        if (line != null) {
            line.look(now);
        }
        for (AppendPipeline pipeline : List.copyOf(pipelines.values())) {
            if (pipeline.isSilent(times, now)) {
                pipeline.queue().doubt();
                isUnsure(pipeline);
                ask(pipeline);
            }
            List<Append> late = pipeline.late(now);
            late.forEach(each -> refuse(pipeline, each, refusals.late(each)));
            if (!late.isEmpty()) {
                settle(pipeline);
            }
        }
    }

    boolean isEmpty() {
        return pipelines.isEmpty();
    }

    /** The queues that messages are on their way into. */
    Stream<SharedQueueStream> queues() {
        return pipelines.values().stream().map(AppendPipeline::queue);
    }

    /** Refuses all. */
    void end() {
        ended = true;
        for (AppendPipeline pipeline : List.copyOf(pipelines.values())) {
            pipeline.all().forEach(each -> refuse(pipeline, each, refusals.late(each)));
        }
        turns.clear();
        if (line != null) {
            line.close();
            line = null;
        }
    }
}
