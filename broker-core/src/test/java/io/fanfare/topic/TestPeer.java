package io.fanfare.topic;

import io.fanfare.loop.EventLoop;
import io.fanfare.loop.Framing;
import io.fanfare.loop.Memory;
import io.fanfare.loop.Outbox;
import io.fanfare.message.BrokerLoop;
import io.fanfare.options.OutboxOptions;
import io.fanfare.testing.FakeConnection;
import io.fanfare.testing.HandLoop;
import io.fanfare.testing.Received;
import io.fanfare.testing.Wire;
import java.util.ArrayList;
import java.util.List;

/** A connection with subscriptions to topics, without a session: a test fills its socket and reads from it. */
final class TestPeer implements EventLoop.Output {

    private final HandLoop loop;
    private final BrokerLoop brokerLoop;
    private final FakeConnection connection;
    private final Outbox outbox;
    private final BackloggedSubscriptions backlogs;
    private final List<String> tooSlow = new ArrayList<>();
    private int looked;

    TestPeer(HandLoop loop, BrokerLoop brokerLoop, Memory memory, long maxOutboxBytes) {
        this.loop = loop;
        this.brokerLoop = brokerLoop;
        this.connection = new FakeConnection(Framing.TCP, loop, "test");
        OutboxOptions options =
                OutboxOptions.builder().maxOutboxBytes(maxOutboxBytes).build();
        this.outbox = new Outbox(loop, connection, options, this);
        this.backlogs = new BackloggedSubscriptions(outbox, brokerLoop.messages(), memory, tooSlow::add);
    }

    BrokerLoop brokerLoop() {
        return brokerLoop;
    }

    FakeConnection connection() {
        return connection;
    }

    Outbox outbox() {
        return outbox;
    }

    BackloggedSubscriptions backlogs() {
        return backlogs;
    }

    /** What the connection was found too slow for. */
    List<String> tooSlow() {
        return tooSlow;
    }

    /** The socket takes so many bytes more, and says so; the turn has yet to come. */
    void hasRoom(long bytes) {
        connection.room(bytes);
        if (connection.awaitsRoom() && bytes > 0) {
            loop.run(outbox::unblock);
        }
    }

    /** Messages that have come since the last look. */
    List<Received> take() {
        List<Received> all = Wire.read(connection.taken(), Framing.TCP);
        List<Received> fresh = List.copyOf(all.subList(looked, all.size()));
        looked = all.size();
        return fresh;
    }

    /** Their bodies. */
    List<String> bodies() {
        return take().stream().map(Received::text).toList();
    }

    @Override
    public void flush() {
        if (outbox.flush() == Outbox.Flushed.EMPTY) {
            backlogs.drained();
        }
    }

    @Override
    public void stalled(long waitingBytes) {}

    @Override
    public void reclaim(long waitingBytes) {}

    @Override
    public void abort() {
        throw new AssertionError("a flush has failed");
    }
}
