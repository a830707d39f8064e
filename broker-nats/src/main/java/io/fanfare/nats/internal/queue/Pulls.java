package io.fanfare.nats.internal.queue;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.fanfare.backplane.QueueSource;
import io.fanfare.backplane.QueueTaker;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.support.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests for messages of one queue, as many as this node's consumers can take. A request that is not needed any more is withdrawn
 * by letting go of the inbox that its answers go to; what was on its way there by then is given back. Owned by the worker, but
 * for the methods of {@link QueueSource}.
 *
 * <p>Servers up to 2.9 must not come upon requests that can't be answered any more, and no others, when a message is to be delivered
 * again: they would lose it for {@code ack_wait}, and deliver the newest one a second time as if it were the first. So requests
 * have no limit of bytes, one that expires is followed by another a little earlier, and a withdrawn one is {@linkplain Holding#clean
 * cleaned up} before anything is given back.
 */
final class Pulls implements QueueSource {

    private static final Logger LOG = LoggerFactory.getLogger(Pulls.class);

    /** Messages that are asked for at a time. */
    private static final int MAX_REQUESTED = 256;

    /** A request that its server has lost is made again after this time. */
    private static final Duration EXPIRES = Duration.ofSeconds(30);

    /** How long before that the next request is there. */
    private static final Duration OVERLAP = Duration.ofMillis(750);

    private static final Duration GRACE = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final Duration DRAIN = Duration.ofSeconds(2);
    private static final Duration DRAIN_BEGINS = Duration.ofNanos(300_000);
    private static final String UNANSWERED = "Nats-Pending-Messages";
    private static final String NEXT = "$JS.API.CONSUMER.MSG.NEXT.";

    private final SharedQueueStream queue;
    private final QueueTaker taker;
    private final Worker worker;
    private final Worker returns;
    private final Link link;
    private final Consumer<Pulls> onClosed;
    private final AtomicInteger wanted = new AtomicInteger();
    private final AtomicBoolean told = new AtomicBoolean();

    /** Where the answers come; null: nothing has been asked for. */
    private @Nullable Inbox inbox;

    private int lastPull;
    private boolean paused;

    /** Whether it goes on when the stream is there. */
    private boolean waits;

    private boolean closed;

    /** An address for the answers of some requests. */
    private record Inbox(Dispatcher dispatcher, String address, Map<Integer, Pull> pulls) {}

    /** One request. */
    private static final class Pull {
        private final long ends;
        private int left;

        /** Whether another one is there for the moment at which it ends. */
        private boolean isFollowed;

        /** Whether it is there for the end of another one, and asks for no message that the other does not. */
        private boolean isSpare;

        private Pull(int left, long ends) {
            this.left = left;
            this.ends = ends;
        }
    }

    Pulls(
            SharedQueueStream queue,
            QueueTaker taker,
            Worker worker,
            Worker returns,
            Link link,
            Consumer<Pulls> onClosed) {
        this.queue = queue;
        this.taker = taker;
        this.worker = worker;
        this.returns = returns;
        this.link = link;
        this.onClosed = onClosed;
    }

    /** The shared queue whose messages these pulls bring. */
    SharedQueueStream queue() {
        return queue;
    }

    @Override
    public void want(int messages) {
        wanted.set(messages);
        if (told.compareAndSet(false, true)) {
            worker.execute(this::follow);
        }
    }

    @Override
    public void close() {
        wanted.set(0);
        worker.execute(() -> {
            withdraw();
            closed = true;
            onClosed.accept(this);
        });
    }

    /** Makes the requests fit to what consumers can take. */
    private void follow() {
        told.set(false);
        int now = Math.min(wanted.get(), MAX_REQUESTED);
        if (closed) {
            return;
        }
        if (requested() > now || (now == 0 && inbox != null && !inbox.pulls().isEmpty())) {
            withdraw();
        }
        int requested = requested();
        // in large parts: with many consumers, one would come with each of their ACKs
        int missing = now - requested;
        if (missing > 0 && missing >= requested && !paused && !waits) {
            waits = !queue.whenConsumable(() -> {
                waits = false;
                follow();
            });
            if (!waits) {
                request(missing, false);
            }
        }
    }

    /** What has been asked for and has not come. */
    private int requested() {
        int requested = 0;
        if (inbox != null) {
            for (Pull pull : inbox.pulls().values()) {
                requested += pull.isSpare ? 0 : pull.left;
            }
        }
        return requested;
    }

    private void request(int messages, boolean isSpare) {
        try {
            Inbox to = inbox == null ? open(link.connection()) : inbox;
            inbox = to;
            lastPull++;
            Pull pull =
                    new Pull(messages, System.nanoTime() + EXPIRES.plus(GRACE).toNanos());
            pull.isSpare = isSpare;
            to.pulls().put(lastPull, pull);
            String request = "{\"batch\":" + messages + ",\"expires\":" + EXPIRES.toNanos() + "}";
            link.publish(
                    NEXT + queue.name().stream() + "." + Engine.CONSUMER,
                    to.address() + "." + lastPull,
                    request.getBytes(US_ASCII));
        } catch (IOException | IllegalStateException e) {
            LOG.debug("no messages of {} can be asked for", queue.address(), e);
            pause();
        }
    }

    private Inbox open(Connection connection) {
        String address = connection.createInbox();
        Map<Integer, Pull> pulls = new LinkedHashMap<>();
        Dispatcher dispatcher = connection.createDispatcher(message -> worker.execute(() -> came(pulls, message)));
        // as many as were asked for; a message that jnats dropped would come again only after ack_wait
        dispatcher.setPendingLimits(-1, -1);
        dispatcher.subscribe(address + ".*");
        return new Inbox(dispatcher, address, pulls);
    }

    private void came(Map<Integer, Pull> pulls, Message message) {
        if (message.isStatusMessage()) {
            end(pulls, message);
            return;
        }
        // it does not say which request it answers: the first one, most likely
        Iterator<Pull> first = pulls.values().iterator();
        if (first.hasNext() && --first.next().left == 0) {
            first.remove();
        }
        queue.holding().came(message, taker);
        if (told.compareAndSet(false, true)) {
            follow();
        }
    }

    /** The server will not answer a request any more. */
    private void end(Map<Integer, Pull> pulls, Message message) {
        Status why = message.getStatus();
        String subject = message.getSubject();
        Pull pull = pulls.remove(Integer.parseInt(subject.substring(subject.lastIndexOf('.') + 1)));
        move(pulls, (pull == null ? 0 : pull.left) - unanswered(message, pull));
        pulls.values().forEach(other -> other.isSpare = false);
        if (why.getCode() == Status.REQUEST_TIMEOUT_CODE) {
            follow();
            return;
        }
        LOG.debug("request for messages of {} ends: {}", queue.address(), why);
        boolean isGone =
                why.getCode() == Status.NO_RESPONDERS_CODE || why.getMessage().contains("Deleted");
        if (isGone) {
            queue.doubtConsumer();
        }
        pause();
    }

    /** Messages that an ended request has not brought. */
    private static int unanswered(Message status, @Nullable Pull pull) {
        String said = status.hasHeaders() ? status.getHeaders().getFirst(UNANSWERED) : null;
        return said != null ? Integer.parseInt(said) : pull == null ? 0 : pull.left;
    }

    /** So many messages that were taken for answers to this request were for others, or, below 0, the other way round. */
    private static void move(Map<Integer, Pull> pulls, int messages) {
        int rest = messages;
        for (Iterator<Pull> each = pulls.values().iterator(); rest != 0 && each.hasNext(); ) {
            Pull other = each.next();
            int part = Math.max(rest, -other.left);
            other.left += part;
            rest -= part;
            if (other.left == 0) {
                each.remove();
            }
        }
    }

    private void pause() {
        if (!paused) {
            paused = true;
            worker.later(PAUSE, () -> {
                paused = false;
                follow();
            });
        }
    }

    /** Requests that have had no answer for too long are made again. Called now and then. */
    void look() {
        Inbox now = inbox;
        if (now == null) {
            return;
        }
        long time = System.nanoTime();
        long soon = time + GRACE.plus(OVERLAP).toNanos();
        for (Pull pull : List.copyOf(now.pulls().values())) {
            if (!pull.isFollowed && !pull.isSpare && soon - pull.ends >= 0) {
                pull.isFollowed = true;
                request(1, true);
            }
        }
        if (now.pulls().values().removeIf(pull -> time - pull.ends >= 0)) {
            follow();
        }
    }

    /** The server may have forgotten all requests. */
    void renew() {
        withdraw();
        follow();
    }

    private void withdraw() {
        Inbox before = inbox;
        inbox = null;
        if (before != null) {
            returns.execute(() -> {
                Thread drain = new Thread(() -> drain(before.dispatcher()), "fanfare-queues-drain");
                drain.setDaemon(true);
                drain.start();
                // right behind it, and not only when the server has answered
                LockSupport.parkNanos(DRAIN_BEGINS.toNanos());
                CompletableFuture<Void> cleaned = queue.holding().cleanSoon();
                join(drain);
                cleaned.join();
            });
        }
    }

    private static void join(Thread drain) {
        try {
            drain.join(DRAIN.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets go of an inbox when everything that was on its way there has come. */
    private static void drain(Dispatcher dispatcher) {
        try {
            dispatcher.drain(DRAIN);
        } catch (IllegalStateException | NullPointerException e) {
            // jnats throws both when the connection has ended
            LOG.trace("the connection has ended", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
