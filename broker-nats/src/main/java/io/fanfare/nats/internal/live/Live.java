package io.fanfare.nats.internal.live;

import io.fanfare.backplane.LocalNode;
import io.fanfare.backplane.MessageRecord;
import io.fanfare.frame.CloseCode;
import io.fanfare.frame.HeaderBytes;
import io.fanfare.frame.Limits;
import io.fanfare.frame.Printable;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.BrokerClock;
import io.fanfare.message.Destination;
import io.fanfare.message.DestinationText;
import io.fanfare.message.Message;
import io.fanfare.message.Outcome;
import io.fanfare.nats.internal.connect.Connections;
import io.fanfare.nats.internal.connect.Flush;
import io.fanfare.nats.internal.connect.Part;
import io.fanfare.nats.internal.connect.Subjects;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Live messages on their way to all nodes, and those that the connection of one node alone gets. One thread delivers both, so that
 * a publisher's messages keep their order. Any thread may call.
 */
public final class Live implements Part {

    /** What jnats keeps of what comes faster than this node's clients take it. */
    private static final long MAX_PENDING_BYTES = 16 << 20;

    private static final long MAX_PENDING_MESSAGES = 16 << 10;

    /** After that time a node that has not answered counts as gone. */
    private static final Duration HAND_TIMEOUT = Duration.ofSeconds(2);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    /** More than a record has beside its headers and body: names have at most 255 B each. */
    private static final int RECORD_BYTES = 1 << 10;

    private final Subjects subjects;
    private final long life;
    private final ScheduledExecutorService timer;
    private final Outgoing outgoing;
    private volatile @Nullable Incoming incoming;
    private volatile @Nullable Losses losses;
    private volatile BrokerClock clock = BrokerClock.SYSTEM;

    /**
     * Takes messages and holds them, until there is a connection.
     *
     * @param life a random number of this start
     */
    public Live(Subjects subjects, long life, ScheduledExecutorService timer) {
        this.subjects = subjects;
        this.life = life;
        this.timer = timer;
        this.outgoing = new Outgoing(subjects, life);
    }

    /** Begins to take messages. */
    public void begin(LocalNode local) {
        clock = local.clock();
        losses = new Losses(local, timer);
        outgoing.begin();
    }

    @Override
    public void start(Connections connections, LocalNode local) throws IOException, InterruptedException {
        Losses told = losses;
        if (told == null) {
            throw new IllegalStateException("not begun");
        }
        Connection connection = connections.live();
        Incoming messages = new Incoming(local, life, told);
        Owners owners = new Owners(local, connection);
        Dispatcher dispatcher = connection.createDispatcher();
        dispatcher.setPendingLimits(MAX_PENDING_MESSAGES, MAX_PENDING_BYTES);
        dispatcher.subscribe(subjects.everyLive(), messages::receive);
        dispatcher.subscribe(subjects.owner(subjects.node()), owners::receive);
        dispatcher.subscribe(subjects.ask(), request -> outgoing.mark());
        Flush.of(connection);
        incoming = messages;
        outgoing.start(connection);
    }

    /** From now on a gap is one: all nodes of this moment have been heard of. */
    public void settled() {
        Incoming messages = incoming;
        if (messages != null) {
            messages.settled();
        }
    }

    /** The live connection has a server again, or has none. */
    public void connectionChanged() {
        outgoing.wake();
    }

    /** jnats has let go of messages, or this node has not listened while it had clients. */
    public void lost(String what) {
        Losses told = losses;
        if (told != null) {
            told.add(what);
        }
    }

    /** All that others send gets here now, and this node has had clients before that. */
    public void joinedLate() {
        Losses told = losses;
        if (told != null) {
            told.addEarly();
        }
    }

    /**
     * Makes sure that a message can be carried.
     *
     * @throws ProtocolException when it is too large
     */
    public void check(Destination destination, Message message) {
        long bytes = (long) RECORD_BYTES + HeaderBytes.size(message.headers()) + message.body().length;
        long most = outgoing.maxRecordBytes();
        if (bytes > most) {
            throw new ProtocolException(
                    "message too large",
                    Limits.exceeded(
                            "the message to " + Printable.of(DestinationText.of(destination))
                                    + " would have %,d B for other nodes",
                            bytes,
                            most,
                            "max_payload of the NATS servers"),
                    CloseCode.TOO_BIG);
        }
    }

    /** Sends a message to all other nodes. */
    public void forward(Destination destination, Message message) {
        outgoing.forward(MessageRecord.write(destination, message, clock));
    }

    /** Completed with whether all that this thread has forwarded is at the NATS server. */
    public CompletionStage<Boolean> forwarded() {
        return outgoing.flushed();
    }

    /** Hands a message to the node of a connection; where that has gone, or does not answer, it is dropped. */
    public CompletionStage<Outcome> hand(String node, Destination destination, Message message) {
        ByteBuffer record = MessageRecord.write(destination, message, clock);
        byte[] bytes = new byte[record.remaining()];
        record.get(bytes);
        CompletableFuture<io.nats.client.Message> answer = outgoing.request(subjects.owner(node), bytes);
        return answer.orTimeout(HAND_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS).handle((reply, failure) -> {
            if (failure != null) {
                return Outcome.dropped(List.of(message));
            }
            try {
                return Owners.outcome(reply);
            } catch (ProtocolException e) {
                throw new CompletionException(e);
            }
        });
    }

    /** Bytes of what waits to be published. */
    public long bytes() {
        return outgoing.bytes();
    }

    @Override
    public void close() {
        Incoming messages = incoming;
        if (messages != null) {
            messages.close();
        }
        outgoing.close(CLOSE_TIMEOUT);
    }
}
