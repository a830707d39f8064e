package io.fanfare.nats.internal.kept;

import io.fanfare.backplane.LocalNode;
import io.fanfare.backplane.MessageRecord;
import io.fanfare.message.Message;
import io.fanfare.message.Outcome;
import io.fanfare.message.Sender;
import io.fanfare.nats.internal.connect.StreamLife;
import io.nats.client.Connection;
import io.nats.client.api.StreamInfo;
import io.nats.client.api.StreamState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the stream of a rule and publishes each message on this node, at its place. Called as {@link StreamReader} is.
 */
final class Reader implements StreamReader.Sink {

    private static final Logger LOG = LoggerFactory.getLogger("io.fanfare.nats");

    /** While clients have more under way than they may, the stream waits in NATS. */
    private static final long ROOM_WAIT_NANOS = Duration.ofMillis(2).toNanos();

    /** Messages between two lines of the log while a node starts. */
    private static final long PROGRESS = 50_000;

    /** Losses are told together: each time is a look at all topics of the rule. */
    private static final Duration LOSS_INTERVAL = Duration.ofSeconds(1);

    private final KeptStream stream;
    private final LocalNode local;
    private final Origins origins;
    private final KeptAppends appends;

    private final StreamReader reader;

    /** The life of the order, as clients see it. */
    private volatile String epoch = "";

    /** Messages up to here were gone before they could be read, some of them, and clients have not been told; 0: none. */
    private long lostUpTo;

    /** Up to which message clients have been told of losses. */
    private long toldLostUpTo;

    private long toldLost = System.nanoTime() - LOSS_INTERVAL.toNanos();

    Reader(KeptStream stream, LocalNode local, Origins origins, KeptAppends appends) {
        this.stream = stream;
        this.local = local;
        this.origins = origins;
        this.appends = appends;
        this.reader = new StreamReader(stream, this);
    }

    KeptStream stream() {
        return stream;
    }

    /** The life of the order, as clients see it. */
    String epoch() {
        return epoch;
    }

    /** The reader of its stream, which begins when that is opened. */
    StreamReader reader() {
        return reader;
    }

    @Override
    public long begins(StreamInfo info, String change) {
        StreamState state = info.getStreamState();
        if (!change.isEmpty()) {
            LOG.warn(
                    "kept topics={} stream={} {}: what this node has kept of these topics goes, and is read anew",
                    stream.rule().match(),
                    stream.name(),
                    change);
        }
        String life = StreamLife.of(info);
        // numbers that were lost will mean other messages
        boolean isCut = epoch.equals(life) || epoch.startsWith(life + "-");
        epoch = isCut ? life + "-" + Long.toString(local.clock().millis(), Character.MAX_RADIX) : life;
        long before = Math.max(0, state.getFirstSequence() - 1);
        local.order(stream.rule(), epoch, before);
        local.order(stream.rule(), epoch, StreamSettings.lostUpTo(info));
        toldLostUpTo = 0;
        appends.begins(stream.name(), before, state.getLastSequence());
        return before;
    }

    @Override
    public void take(StreamReader.Entry entry) {
        while (!local.hasRoom() && !reader.isClosed()) {
            LockSupport.parkNanos(ROOM_WAIT_NANOS);
        }
        long sequence = entry.sequence();
        boolean isStart = !reader.isCaughtUp();
        if (!isStart && sequence > reader.last() + 1) {
            lostUpTo = sequence - 1;
        }
        if (lostUpTo > 0 && (entry.pending() == 0 || System.nanoTime() - toldLost > LOSS_INTERVAL.toNanos())) {
            tellGap();
        }
        Outcome outcome = entry.isRepeat() ? Outcome.NOTHING : publish(entry);
        String id = entry.id();
        if (id != null) {
            appends.published(id, outcome);
        }
        appends.read(stream.name(), sequence);
        if (isStart && (entry.pending() == 0 || sequence % PROGRESS == 0)) {
            LOG.info(
                    "kept topics={} stream={} read={} left={}",
                    stream.rule().match(),
                    stream.name(),
                    sequence,
                    entry.pending());
        }
    }

    private Outcome publish(StreamReader.Entry entry) {
        long sequence = entry.sequence();
        try {
            MessageRecord record =
                    MessageRecord.read(ByteBuffer.wrap(entry.message().getData()), local.clock());
            if (KeptStream.isClearing(entry.message().getSubject())) {
                long cleared = local.clear(record.destination(), sequence);
                return new Outcome(0, 0, 0, (int) Math.min(cleared, Integer.MAX_VALUE));
            }
            Sender sender = entry.id() == null ? null : origins.comesBack(entry.id());
            Message message =
                    sender == null ? record.message() : record.message().from(sender.echo());
            return local.keep(record.destination(), sequence, message);
        } catch (RuntimeException e) {
            // of another version, or of another program: the others go on
            LOG.error("kept stream={} message={} can't be used", stream.name(), sequence, e);
            return Outcome.NOTHING;
        }
    }

    /** Messages went from the stream before this node had read them: its clients must not believe that nothing is missing. */
    private void tellGap() {
        long upTo = lostUpTo;
        lostUpTo = 0;
        LOG.warn(
                "kept topics={} stream={} messages up to {} were gone before this node had read them",
                stream.rule().match(),
                stream.name(),
                upTo);
        tellLoss(upTo, "messages of topics were gone before this node had read them");
    }

    private void tellLoss(long upTo, String why) {
        toldLost = System.nanoTime();
        toldLostUpTo = upTo;
        local.order(stream.rule(), epoch, upTo);
        local.lost(why);
    }

    /**
     * What this node has sent and not got back its clients have not got, and others may have: no gap in the numbers needs
     * to say so.
     */
    @Override
    public void confirmed(boolean isAll) {
        long upTo = appends.refuseMissing(stream.name());
        if (upTo > Math.max(lostUpTo, toldLostUpTo)) {
            LOG.warn(
                    "kept topics={} stream={} message {} was confirmed and is not in its place: it was deleted, or copies of the stream differ",
                    stream.rule().match(),
                    stream.name(),
                    upTo);
            tellLoss(upTo, "messages of topics have not come to this node");
        }
    }

    /** What the stream has let go of while it was read for the first time can't be given by topics that have not got it. */
    void settle(Connection connection) throws IOException {
        long upTo = StreamSettings.lostUpTo(stream.open(connection.jetStreamManagement()));
        if (upTo > 0) {
            local.order(stream.rule(), epoch, Math.min(upTo, reader.last()));
        }
    }
}
