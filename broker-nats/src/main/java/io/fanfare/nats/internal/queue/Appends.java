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
 * Messages on their way into streams. All go by one {@link Line}. Where one server keeps a stream alone, a lane has many of them out at
 * a time: that server takes them in their order, and what it has is all up to some message. When a line ends, or is silent, the
 * stream is asked for each message that was out, and what it does not have is sent again, in order. Where several servers
 * keep a stream, one is out at a time: the first can be lost with a leader and the second not. Owned by the worker, but for {@link
 * #bytes}.
 */
final class Appends {

    /** Messages of a lane that are with a server which keeps the stream alone. */
    static final int WINDOW = 256;

    /** Messages that are with the engine at a time, of all lanes. */
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
    private final Map<Lane.Key, Lane> lanes = new HashMap<>();

    /** Those that have something to send. */
    private final ArrayDeque<Lane> turns = new ArrayDeque<>();

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
            Lane lane = lanes.computeIfAbsent(new Lane.Key(append.queue(), sender), Lane::new);
            lane.add(append);
            goOn(lane);
        });
    }

    private void goOn(Lane lane) {
        takeTurn(lane);
        sendReady();
    }

    private void takeTurn(Lane lane) {
        if (lane.takesTurn()) {
            turns.add(lane);
        }
    }

    private void sendReady() {
        Line to = line;
        if (to == null) {
            open();
            return;
        }
        while (out < MAX_OUT && outBytes < MAX_OUT_BYTES && !turns.isEmpty()) {
            Lane lane = turns.remove();
            lane.hadTurn();
            if (lane.maySend(window(lane, to)) && isReady(lane)) {
                send(to, lane);
                takeTurn(lane);
            }
        }
    }

    private void open() {
        if (!opening && !ended && !lanes.isEmpty()) {
            opening = true;
            lines.open(this::opened, this::lost);
        }
    }

    /** One, unless the line goes to the server that keeps the stream alone. */
    private static int window(Lane lane, Line to) {
        return lane.queue().isAloneAt(to.server()) ? WINDOW : 1;
    }

    /** Whether the stream is there; if not, the lane has its turn when it is, and none before. */
    private boolean isReady(Lane lane) {
        boolean isReady = lane.queue().whenReady(() -> {
            lane.hadTurn();
            goOn(lane);
        });
        if (!isReady) {
            lane.waitsForTurn();
        }
        return isReady;
    }

    private void send(Line to, Lane lane) {
        Append append = lane.next(System.nanoTime());
        int attempt = append.attempts();
        count(append);
        try {
            to.append(append, REMEMBERED, answer -> answered(lane, append, attempt, answer));
        } catch (IllegalArgumentException e) {
            // a server that takes smaller messages than the one before
            refuse(lane, append, new ProtocolException("message too large", String.valueOf(e.getMessage())));
        }
    }

    private void answered(Lane lane, Append append, int attempt, Answer answer) {
        boolean counts = append.state() == State.OUT && append.attempts() == attempt;
        lane.queue().answered(System.nanoTime());
        if (answer.kind() == Answer.Kind.THERE) {
            // whatever attempt it was
            isThere(lane, append, answer.duplicate());
        } else if (counts && answer.kind() == Answer.Kind.REFUSED) {
            refuse(lane, append, refusals.of(append, answer.why()));
        } else if (counts && answer.kind() == Answer.Kind.NOT_NOW) {
            lane.queue().doubt();
            isNotTaken(lane, append);
        }
        settle(lane);
    }

    private void isThere(Lane lane, Append append, boolean duplicate) {
        if (append.state() != State.OVER) {
            boolean isOvertaking = lane.isThere(append);
            over(lane, append);
            append.result().complete(append.outcome(duplicate));
            if (isOvertaking) {
                ask(lane);
            }
        }
    }

    private void isNotTaken(Lane lane, Append append) {
        uncount(append);
        if (lane.isNotTaken(append)) {
            ask(lane);
        }
    }

    private void refuse(Lane lane, Append append, ProtocolException why) {
        lane.over(append);
        over(lane, append);
        append.result().completeExceptionally(why);
    }

    private void over(Lane lane, Append append) {
        uncount(append);
        bytes.addAndGet(-append.record().length);
        if (lane.isEmpty()) {
            lanes.remove(lane.key(), lane);
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

    /** Looks whether the lane can go on. */
    private void settle(Lane lane) {
        if (lane.goesBack()) {
            worker.later(times.pause(), () -> {
                lane.resume();
                goOn(lane);
            });
        } else {
            takeTurn(lane);
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
        List.copyOf(lanes.values()).forEach(lane -> {
            // the server may be another one
            lane.queue().doubt();
            ask(lane);
        });
        sendReady();
    }

    private void lost(Line which) {
        if (which == line) {
            line = null;
            lanes.values().forEach(this::isUnsure);
            open();
            which.close();
        }
    }

    private void isUnsure(Lane lane) {
        lane.isUnsure();
        lane.unsure().forEach(this::uncount);
    }

    /** Asks for what has been sent, behind it. */
    private void ask(Lane lane) {
        Line to = line;
        List<Append> unsure = lane.unsure();
        if (to == null || unsure.isEmpty() || !lane.queue().whenReady(() -> ask(lane))) {
            return;
        }
        if (lane.isAlone(unsure.get(0))) {
            // nothing is behind it: sent again, it is where it was
            isNotTaken(lane, unsure.get(0));
            settle(lane);
            return;
        }
        for (Append each : unsure) {
            each.become(State.OUT);
            count(each);
            int attempt = each.attempts();
            boolean isOvertaken = lane.isOvertaken(each);
            to.ask(each, times.silence(), answer -> told(lane, each, attempt, isOvertaken, answer));
        }
    }

    /** @param isOvertaken whether it was known before that the stream has one behind it */
    private void told(Lane lane, Append append, int attempt, boolean isOvertaken, Answer answer) {
        boolean counts = append.state() == State.OUT && append.attempts() == attempt;
        if (answer.kind() == Answer.Kind.THERE) {
            isThere(lane, append, false);
        } else if (counts && answer.kind() == Answer.Kind.REFUSED && isOvertaken) {
            refuse(lane, append, refusals.overtaken(append));
        } else if (counts && answer.kind() == Answer.Kind.REFUSED) {
            isNotTaken(lane, append);
        } else if (counts) {
            isUnsure(lane);
            lane.queue().doubt();
            worker.later(times.pause(), () -> ask(lane));
        }
        settle(lane);
    }

    /** Asks for what the engine is silent about, and refuses what has waited too long. Called now and then. */
    void look() {
        long now = System.nanoTime();
        if (line != null) {
            line.look(now);
        }
        for (Lane lane : List.copyOf(lanes.values())) {
            if (lane.isSilent(times, now)) {
                lane.queue().doubt();
                isUnsure(lane);
                ask(lane);
            }
            List<Append> late = lane.late(now);
            late.forEach(each -> refuse(lane, each, refusals.late(each)));
            if (!late.isEmpty()) {
                settle(lane);
            }
        }
    }

    boolean isEmpty() {
        return lanes.isEmpty();
    }

    /** The queues that messages are on their way into. */
    Stream<SharedQueueStream> queues() {
        return lanes.values().stream().map(Lane::queue);
    }

    /** Refuses all. */
    void end() {
        ended = true;
        for (Lane lane : List.copyOf(lanes.values())) {
            lane.all().forEach(each -> refuse(lane, each, refusals.late(each)));
        }
        turns.clear();
        if (line != null) {
            line.close();
            line = null;
        }
    }
}
