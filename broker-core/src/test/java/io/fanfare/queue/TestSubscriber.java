package io.fanfare.queue;

import io.fanfare.compression.Compression;
import io.fanfare.frame.StompVersion;
import io.fanfare.loop.EventLoop;
import io.fanfare.loop.Framing;
import io.fanfare.loop.Outbox;
import io.fanfare.message.Encoding;
import io.fanfare.message.MessageFilter;
import io.fanfare.options.OutboxOptions;
import io.fanfare.queue.QueueSubscriber.ConsumerOptions;
import io.fanfare.testing.BareOutput;
import io.fanfare.testing.FakeConnection;
import java.util.ArrayDeque;

/** A subscriber whose consumers hand over what they get, so that it needs no deliveries. */
public final class TestSubscriber implements QueueSubscriber {

    /** A client that has nothing to say while its ACK is done. */
    static final Unsettled.FlowControl HEARD = new Unsettled.FlowControl() {
        @Override
        public void suspend() {}

        @Override
        public void resume() {}
    };

    /** The most that may wait in its outbox. */
    static final int OUTBOX_BYTES = 4 << 20;

    private final FakeConnection connection;
    private final Outbox outbox;
    private final ConsumerOptions options;
    private final AckMode ackMode;
    private final ArrayDeque<Unsettled> unsettled;
    private boolean active = true;

    public TestSubscriber(EventLoop loop, int prefetch) {
        this(loop, new ConsumerOptions(prefetch, false, 0));
    }

    TestSubscriber(EventLoop loop, ConsumerOptions options) {
        this(loop, options, AckMode.CLIENT_INDIVIDUAL, new ArrayDeque<>());
    }

    TestSubscriber(EventLoop loop, ConsumerOptions options, AckMode ackMode, ArrayDeque<Unsettled> unsettled) {
        this.options = options;
        this.ackMode = ackMode;
        this.unsettled = unsettled;
        this.connection = new FakeConnection(Framing.TCP, loop, "test");
        OutboxOptions outboxOptions =
                OutboxOptions.builder().maxOutboxBytes(OUTBOX_BYTES).build();
        this.outbox = new Outbox(loop, connection, outboxOptions, new BareOutput());
    }

    FakeConnection connection() {
        return connection;
    }

    /** The subscription ends. */
    void end() {
        active = false;
    }

    @Override
    public Outbox outbox() {
        return outbox;
    }

    @Override
    public Encoding encoding() {
        return new Encoding(StompVersion.V1_2, Framing.TCP, Compression.NONE, "0");
    }

    @Override
    public MessageFilter filter() {
        return MessageFilter.ALL;
    }

    @Override
    public boolean isActive() {
        return active;
    }

    @Override
    public AckMode ackMode() {
        return ackMode;
    }

    @Override
    public ConsumerOptions consumerOptions() {
        return options;
    }

    @Override
    public Deliveries deliveries() {
        throw new AssertionError("takes its messages from the mailbox");
    }

    @Override
    public ArrayDeque<Unsettled> unsettled() {
        return unsettled;
    }
}
