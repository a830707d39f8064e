package io.fanfare.session;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Command;
import io.fanfare.frame.Frame;
import io.fanfare.frame.FrameDecoder;
import io.fanfare.frame.ProtocolException;
import io.fanfare.frame.StompVersion;
import io.fanfare.loop.Connection;
import io.fanfare.loop.Timer;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A client's bytes on their way in: they become frames, as fast as the client may send and as long as nothing is awaited for
 * it; what has begun has to end in time. Owned by its session's loop.
 */
public final class Inbound {

    private final Session session;
    private final Connection connection;
    private final BrokerOptions options;
    private final Authentication login;
    private final FrameDecoder decoder;
    private final Intake intake;
    private final Throttle throttle;

    /** Runs while a frame or message is incomplete. */
    private @Nullable Timer frameTimer;

    private long lastReceived;

    public Inbound(Session session, Connection connection, Intake intake, Authentication login, BrokerOptions options) {
        this.session = session;
        this.connection = connection;
        this.options = options;
        this.login = login;
        this.intake = intake;
        this.decoder = new FrameDecoder(options.limits()
                .frameLimits()
                .withMaxFrameBytes(
                        options.limits().maxFrameBytesBeforeConnected(), "max_frame_bytes_before_connected"));
        this.throttle = new Throttle(session, intake, options);
    }

    /** The client is in: it speaks this version now, and its frames may have their full size. */
    public void connected(StompVersion version) {
        decoder.version(version);
        decoder.limits(options.limits().frameLimits());
    }

    /** From now on the rates of the client's user count, too. */
    public void user(UserQuota user) {
        throttle.user(user);
    }

    /** Takes what one read brought. */
    public void receive(ByteBuffer bytes) {
        if (!session.isLive()) {
            return;
        }
        try {
            throttle.bytes(bytes.remaining());
        } catch (ProtocolException e) {
            session.refuse(e);
        }
        decode(bytes);
    }

    /** Handles the frames that bytes bring, as far as the client has not to wait with them. */
    public void decode(ByteBuffer bytes) {
        while (isReading()) {
            if (throttle.isWaiting()) {
                throttle.keep(bytes);
                return;
            }
            Frame frame;
            try {
                frame = decoder.decode(bytes);
                if (frame == null) {
                    expectRest();
                    throttle.controls(decoder.takeIdleBytes());
                    return;
                }
            } catch (ProtocolException e) {
                session.fail(e, e.receipt());
                return;
            }
            session.handle(frame);
        }
        if (login.isWaiting()) {
            login.keep(bytes);
        }
    }

    /**
     * Counts a frame that is about to be handled.
     *
     * @throws ProtocolException when such frames come too fast for too long
     */
    public void charge(Command command) {
        if (command == Command.SEND) {
            throttle.message();
        } else if (command == Command.SUBSCRIBE || command == Command.UNSUBSCRIBE) {
            throttle.subscribe();
        }
    }

    /**
     * Counts a Ping, or what else means nothing and costs work.
     *
     * @throws ProtocolException when it comes too often
     */
    public void control() {
        if (session.isLive()) {
            throttle.controls(1);
        }
    }

    private boolean isReading() {
        return session.isLive() && !login.isWaiting();
    }

    public void alive() {
        lastReceived = session.loop().nanoTime();
    }

    /** When something came last; that a client which is not read from is silent is our doing. */
    public long lastReceived() {
        return intake.isPaused() ? session.loop().nanoTime() : lastReceived;
    }

    /** Half a frame or message and then silence would hold its memory for ever: its rest must come in time. */
    public void expectRest() {
        if (frameTimer == null && isWaitingForRest()) {
            expectBytes(options.limits().frameTimeout());
        }
    }

    private boolean isWaitingForRest() {
        return isReading() && (decoder.isInsideFrame() || connection.isInsideMessage());
    }

    private void expectBytes(Duration in) {
        frameTimer = session.loop().schedule(in, this::reconsider);
    }

    private void reconsider() {
        frameTimer = null;
        if (!isWaitingForRest()) {
            return;
        }
        Duration timeout = options.limits().frameTimeout();
        Duration silence = Duration.ofNanos(session.loop().nanoTime() - lastReceived());
        if (silence.compareTo(timeout) < 0) {
            expectBytes(timeout.minus(silence));
            return;
        }
        session.refuse(new ProtocolException(
                "frame timeout",
                "a frame or message began and then nothing came for " + timeout.toMillis() + " ms (frame_timeout)",
                CloseCode.POLICY));
    }

    /** Nothing more is read. */
    public void end() {
        if (frameTimer != null) {
            frameTimer.cancel();
            frameTimer = null;
        }
        throttle.end();
    }
}
