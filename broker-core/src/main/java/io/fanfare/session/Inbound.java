package io.fanfare.session;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Command;
import io.fanfare.frame.Frame;
import io.fanfare.frame.FrameDecoder;
import io.fanfare.frame.Limits;
import io.fanfare.frame.ProtocolException;
import io.fanfare.frame.StompVersion;
import io.fanfare.loop.Connection;
import io.fanfare.loop.EventLoop;
import io.fanfare.loop.IdleTimer;
import io.fanfare.loop.Memory;
import io.fanfare.loop.Timer;
import io.fanfare.message.BrokerLoop;
import io.fanfare.message.Sender;
import io.fanfare.quota.Throttle;
import io.fanfare.quota.UserQuota;
import io.fanfare.statistics.Count;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Decodes a client's bytes into frames; stops while the client is throttled, its authentication is pending, or too much
 * memory is under way. Owned by its session's loop.
 */
final class Inbound implements Throttle.Delayed {

    /** Why the socket is not read from. */
    enum Wait {
        /** The authenticator's answer is pending: what has been read is kept. */
        LOGIN,
        /** The client sends faster than it may: what has been read is kept. */
        THROTTLE,
        /** Too many of its frames wait for other nodes before they are answered: what has been read is kept. */
        ANSWERS,
        /** What a wildcard's topics keep is looked through: what has been read is kept. */
        SUBSCRIBE,
        /** An ACK has settled a part of what it covers: what has been read is kept. */
        SETTLE,
        /** Messages of it wait until their subscribers have room: what has been read is kept, and comes behind them. */
        ORDER,
        /** Too much is under way to subscribers: what has been read is still handled. */
        MEMORY;

        private final int bit = 1 << ordinal();
    }

    /** More than a transport ever reads at once. */
    private static final int MAX_READ_BYTES = 1 << 20;

    /** How long a publisher waits before memory is looked at again. */
    private static final Duration MEMORY_WAIT = Duration.ofMillis(20);

    private final Session session;
    private final EventLoop loop;
    private final Connection connection;
    private final Memory memory;
    private final SessionServices.Options options;
    private final FrameDecoder decoder;
    private final Throttle throttle;
    private @Nullable IdleTimer frameTimer;

    /** The bits of the reasons to wait. */
    private int waits;

    /** What has been read and must not be handled yet. */
    private @Nullable ByteArrayOutputStream kept;

    /** Tasks behind what is kept. One read brings them, since none follows it: the parts of a Close, or the end of input. */
    private @Nullable ArrayDeque<Runnable> behindKept;

    /** Runs while memory is a reason to wait. */
    private @Nullable Timer memoryTimer;

    private long lastReceived;

    Inbound(Session session, BrokerLoop loop, Connection connection, Memory memory, SessionServices.Options options) {
        this.session = session;
        this.loop = loop.loop();
        this.connection = connection;
        this.memory = memory;
        this.options = options;
        this.decoder = new FrameDecoder(options.limits().frameLimitsBeforeConnected(), loop.frameParts());
        this.throttle = new Throttle(this.loop, options.rates(), this);
    }

    /** The client is connected: it speaks this version now, and its frames may have their full size. */
    void connected(StompVersion version) {
        decoder.version(version);
        decoder.limits(options.limits().frameLimits());
    }

    /** From now on the rates of the client's user count, too. */
    void user(UserQuota user) {
        throttle.user(user);
    }

    int maxFrameBytes() {
        return session.isConnected()
                ? options.limits().frameLimits().maxFrameBytes()
                : options.limits().maxFrameBytesBeforeConnected();
    }

    /** Counts bytes that came; the client waits, or its session ends, when they come too fast. */
    void charge(int bytes) {
        loop.count(Count.BYTES_RECEIVED, bytes);
        try {
            throttle.bytes(bytes);
        } catch (ProtocolException e) {
            session.refuse(e);
        }
    }

    /** The next frame of these bytes; null: the rest is used up or kept, or the session has ended. */
    @Nullable
    Frame next(ByteBuffer bytes) {
        if (!session.isLive()) {
            return null;
        }
        if (mustKeep()) {
            keep(bytes);
            return null;
        }
        try {
            Frame frame = decoder.decode(bytes);
            if (frame == null) {
                if (decoder.isInsideFrame()) {
                    awaitRest();
                }
                throttle.controls(decoder.takeIdleBytes());
            } else {
                loop.counts().received(frame.command());
            }
            return frame;
        } catch (ProtocolException e) {
            session.fail(e, e.receipt());
            return null;
        }
    }

    /**
     * Counts a frame that is about to be handled.
     *
     * @throws ProtocolException when such frames come too fast for too long
     */
    void count(Command command) {
        if (command == Command.SEND) {
            throttle.message();
        } else if (command == Command.SUBSCRIBE || command == Command.UNSUBSCRIBE) {
            throttle.subscribe();
        }
    }

    /**
     * Counts a control frame.
     *
     * @throws ProtocolException when they come too often
     */
    void countControlFrame() {
        if (session.isLive()) {
            throttle.controls(1);
        }
    }

    // ---- waiting --------------------------------------------------------------------------------------------------

    private boolean mustKeep() {
        return (waits & ~Wait.MEMORY.bit) != 0;
    }

    boolean isWaiting(Wait reason) {
        return (waits & reason.bit) != 0;
    }

    @Override
    public void suspend() {
        suspend(Wait.THROTTLE);
    }

    @Override
    public void resume() {
        resume(Wait.THROTTLE);
    }

    @Override
    public void refuse(ProtocolException why) {
        session.refuse(why);
    }

    /** Has the client wait, unread, until this reason and all others are gone. */
    void suspend(Wait reason) {
        assert loop.isCurrent();
        if (waits == 0) {
            connection.suspendReading();
        }
        waits |= reason.bit;
    }

    /** One reason to wait is gone; what was kept is handled when it was the last to keep it for. */
    void resume(Wait reason) {
        assert loop.isCurrent();
        if (!isWaiting(reason)) {
            return;
        }
        waits &= ~reason.bit;
        if (waits == 0) {
            // that it was silent was our doing
            received();
            connection.resumeReading();
        }
        ByteArrayOutputStream rest = kept;
        if (rest != null && !mustKeep()) {
            kept = null;
            session.handle(ByteBuffer.wrap(rest.toByteArray()));
        }
        if (behindKept != null) {
            // in a turn of its own: a session that ends here says its last word first
            loop.execute(this::runBehindKept);
        }
    }

    /** Runs a task once what came before it has been handled: now, unless something is kept. */
    void whenCaughtUp(Runnable task) {
        ArrayDeque<Runnable> tasks = behindKept;
        if (tasks == null && !mustKeep()) {
            task.run();
            return;
        }
        if (tasks == null) {
            tasks = new ArrayDeque<>();
            behindKept = tasks;
        }
        tasks.add(task);
    }

    private void runBehindKept() {
        ArrayDeque<Runnable> tasks = behindKept;
        while (tasks != null && !tasks.isEmpty() && !mustKeep()) {
            tasks.remove().run();
        }
        behindKept = tasks == null || tasks.isEmpty() ? null : tasks;
    }

    private void keep(ByteBuffer bytes) {
        if (!bytes.hasRemaining()) {
            return;
        }
        ByteArrayOutputStream all = kept == null ? new ByteArrayOutputStream(bytes.remaining()) : kept;
        // a connected client is free to send on; what is kept of it is what one read brought, and one message inflated
        // to
        boolean beforeConnected = isWaiting(Wait.LOGIN) && !session.isConnected();
        int limit =
                beforeConnected ? options.limits().maxFrameBytesBeforeConnected() : MAX_READ_BYTES + maxFrameBytes();
        if (all.size() + bytes.remaining() > limit) {
            session.refuse(tooLarge(beforeConnected, (long) all.size() + bytes.remaining(), limit));
            return;
        }
        kept = all;
        all.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        bytes.position(bytes.limit());
    }

    private static ProtocolException tooLarge(boolean beforeConnected, long bytes, int limit) {
        String detail = beforeConnected
                ? Limits.exceeded(
                        "%,d B came before CONNECTED was sent", bytes, limit, "max_frame_bytes_before_connected")
                : Limits.exceeded("%,d B came before the answer to /broker/auth", bytes, limit);
        return new ProtocolException("frame too large", detail, CloseCode.TOO_BIG);
    }

    /** Has a publisher wait while a lot is under way to subscribers, or its messages come faster than one of them reads. */
    void slowDown(Sender sender) {
        if (sender.isHeldBack() && !isWaiting(Wait.ORDER)) {
            suspend(Wait.ORDER);
            sender.whenNoneWaits(() -> loop.execute(() -> resume(Wait.ORDER)));
        }
        if (memoryTimer == null && mustSlowDown(sender)) {
            suspend(Wait.MEMORY);
            awaitMemory(sender);
        }
    }

    private boolean mustSlowDown(Sender sender) {
        return !memory.hasRoom() || sender.mustWait();
    }

    private void awaitMemory(Sender sender) {
        memoryTimer = loop.schedule(MEMORY_WAIT, () -> {
            memoryTimer = null;
            if (mustSlowDown(sender)) {
                awaitMemory(sender);
            } else {
                resume(Wait.MEMORY);
            }
        });
    }

    // ---- silence --------------------------------------------------------------------------------------------------

    void received() {
        lastReceived = loop.nanoTime();
    }

    /** When something came last; a client that is not read from is silent because of us. */
    long lastReceived() {
        return waits != 0 ? loop.nanoTime() : lastReceived;
    }

    /** Half a frame or message and then silence would hold its memory for ever: its rest must come in time. */
    void awaitRest() {
        if (isInsideFrame()) {
            frameTimer = frameTimer == null ? new IdleTimer(loop, this::lastReceived, this::restIsLate) : frameTimer;
            frameTimer.start(options.limits().frameTimeout());
        }
    }

    private boolean isInsideFrame() {
        return session.isLive() && (decoder.isInsideFrame() || connection.isInsideMessage());
    }

    private @Nullable Duration restIsLate(Duration silence) {
        if (isInsideFrame()) {
            session.refuse(new ProtocolException(
                    "frame timeout",
                    "a frame or message began and then nothing came for "
                            + options.limits().frameTimeout().toMillis() + " ms (frame_timeout)",
                    CloseCode.POLICY));
        }
        return null;
    }

    /** Nothing more is read. */
    void end() {
        assert loop.isCurrent();
        IdleTimer.stop(frameTimer);
        throttle.end();
        kept = null;
        if (memoryTimer != null) {
            memoryTimer.cancel();
            memoryTimer = null;
        }
        for (Wait reason : Wait.values()) {
            resume(reason);
        }
    }
}
