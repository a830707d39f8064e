package io.fanfare.spring;

import io.fanfare.broker.Broker;
import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Command;
import io.fanfare.frame.Frame;
import io.fanfare.frame.FrameDecoder;
import io.fanfare.frame.FrameEncoder;
import io.fanfare.frame.FrameLimits;
import io.fanfare.frame.Limits;
import io.fanfare.frame.ProtocolException;
import io.fanfare.frame.StompVersion;
import io.fanfare.loop.Connection;
import io.fanfare.loop.Framing;
import io.fanfare.security.Principal;
import io.fanfare.session.Session;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.MessageChannel;

/**
 * A client of Spring's WebSocket endpoint as the broker sees it: its frames come as messages of Spring's inbound channel, and
 * leave as messages of the outbound one. Owned by its loop, but for what says otherwise.
 */
final class SpringConnection implements Connection {

    /** Bytes of frames that may wait for the loop, or for the session to be read from again. */
    static final int MAX_WAITING_BYTES = 1 << 20;

    /** The broker's own frames are within its limits; their headers are a few more than a client's. */
    private static final FrameLimits UNLIMITED = new FrameLimits(1 << 30, 32, 1 << 30, 1 << 20);

    /** Characters of Spring's session id that logs show: with SockJS, all of it would let its reader in. */
    private static final int SHOWN_ID = 8;

    /**
     * What the application knows of a client.
     *
     * @param sessionId Spring's
     * @param user as the application has authenticated it; null: it has not
     * @param version of STOMP, the highest that client and broker have in common
     */
    record Client(
            String sessionId, java.security.@Nullable Principal user, Principal principal, StompVersion version) {}

    private final SpringLoop loop;
    private final Client client;
    private final UserDestinations users;
    private final Runnable onEnd;
    private final OutboundBuffer buffer;
    private final FrameDecoder decoder = new FrameDecoder(UNLIMITED);

    /** Bytes of what {@link #waiting} and the loop's mailbox hold for this client. */
    private final AtomicLong waitingBytes = new AtomicLong();

    /** What must not be handled yet. */
    private final Queue<Runnable> waiting = new ArrayDeque<>();

    private @Nullable Session session;
    private boolean suspended;

    /** Whether the client knows that the session ends: it has said so, or was told. */
    private boolean endIsKnown;

    /** What an ERROR says when the session ends without one of its own. */
    private String closeReason = "";

    private boolean ended;

    /** The broker's id of the session; null before CONNECTED. Read by any thread. */
    private volatile @Nullable String brokerSession;

    /**
     * A connection that is not open; any thread may create it.
     *
     * @param onEnd called on the loop when it is over
     */
    SpringConnection(SpringLoop loop, MessageChannel outbound, Client client, UserDestinations users, Runnable onEnd) {
        this.loop = loop;
        this.client = client;
        this.users = users;
        this.onEnd = onEnd;
        this.buffer = new OutboundBuffer(outbound, () -> loop.execute(this::hasRoom));
        decoder.version(client.version());
    }

    // ---- from Spring: any thread ------------------------------------------------------------------------------------

    /** Begins the session, ahead of everything that is received. */
    void open(Broker broker) {
        loop.execute(() -> session = broker.open(loop, this));
    }

    /** Takes a frame of the client. */
    void receive(Frame frame) {
        byte[] bytes = FrameEncoder.encode(frame, client.version());
        long before = waitingBytes.getAndAdd(bytes.length);
        if (before > 0 && before + bytes.length > MAX_WAITING_BYTES) {
            // each in its turn: what came before is obeyed, if there is time for it
            loop.execute(() -> refuse(before + bytes.length));
            return;
        }
        loop.execute(() -> inTurn(() -> {
            waitingBytes.addAndGet(-bytes.length);
            endIsKnown |= frame.command() == Command.DISCONNECT;
            session().received();
            session().receive(ByteBuffer.wrap(bytes));
        }));
    }

    /** The client has sent something that is not for the broker. */
    void isAlive() {
        loop.execute(() -> session().received());
    }

    /** The WebSocket has closed. */
    void lost() {
        loop.execute(() -> inTurn(this::isLost));
    }

    /** The application ends. */
    void cut() {
        loop.execute(this::isLost);
    }

    /** The broker's id of the session; null before CONNECTED. */
    @Nullable
    String brokerSession() {
        return brokerSession;
    }

    // ---- on the loop ------------------------------------------------------------------------------------------------

    private Session session() {
        return Objects.requireNonNull(session);
    }

    private void refuse(long bytes) {
        session()
                .refuse(new ProtocolException(
                        "too fast",
                        Limits.exceeded("%,d B of frames wait to be handled", bytes, MAX_WAITING_BYTES),
                        CloseCode.OVERLOAD));
    }

    /** Runs a task behind what waits, now if nothing does. */
    private void inTurn(Runnable task) {
        if (suspended || !waiting.isEmpty()) {
            waiting.add(task);
        } else {
            task.run();
        }
    }

    private void isLost() {
        buffer.drop();
        end();
    }

    private void hasRoom() {
        if (!ended) {
            session().writable();
        }
    }

    private void end() {
        if (!ended) {
            ended = true;
            onEnd.run();
            session().closed();
            waiting.clear();
        }
    }

    // ---- from the session -------------------------------------------------------------------------------------------

    @Override
    public Framing framing() {
        return Framing.TCP_WITHOUT_LF;
    }

    @Override
    public Principal principal() {
        return client.principal();
    }

    @Override
    public int write(ByteBuffer bytes) {
        if (!buffer.hasRoom()) {
            return 0;
        }
        int taken = bytes.remaining();
        ByteBuffer copy = loop.copyOf(bytes);
        // between frames the broker writes no line feed but a heart-beat
        if (!decoder.isInsideFrame() && copy.get(0) == '\n') {
            buffer.send(1, stamp -> StompMessages.heartBeat(client.sessionId(), client.user(), stamp));
        }
        Frame frame = decoder.decode(copy);
        while (frame != null) {
            send(frame);
            frame = decoder.decode(copy);
        }
        return taken;
    }

    private void send(Frame frame) {
        if (frame.command() == Command.CONNECTED) {
            brokerSession = frame.headers().get("session");
        }
        endIsKnown |= frame.command() == Command.ERROR;
        buffer.send(
                frame.body().length + frame.headers().bytes(),
                stamp -> StompMessages.message(frame, users, client.sessionId(), client.user(), stamp));
    }

    @Override
    public void awaitWritable() {
        buffer.awaitRoom();
    }

    @Override
    public void suspendReading() {
        suspended = true;
    }

    @Override
    public void resumeReading() {
        suspended = false;
        loop.execute(this::goOn);
    }

    private void goOn() {
        while (!suspended && !waiting.isEmpty()) {
            waiting.remove().run();
        }
    }

    @Override
    public void close(CloseCode code, String reason) {
        closeReason = reason.isEmpty() ? "closed by the broker" : reason;
        if (session().isFlushed()) {
            flushed();
        }
    }

    @Override
    public void flushed() {
        loop.execute(() -> {
            if (!ended && !endIsKnown) {
                // an ERROR is all that makes Spring close a WebSocket
                sendError(closeReason);
            }
            end();
        });
    }

    @Override
    public void abort() {
        buffer.drop();
        sendError("too slow");
        loop.execute(this::end);
    }

    private void sendError(String text) {
        buffer.send(text.length(), stamp -> StompMessages.error(text, client.sessionId(), client.user(), stamp));
    }

    @Override
    public String peer() {
        String id = client.sessionId();
        return "spring-" + id.substring(0, Math.min(SHOWN_ID, id.length()));
    }
}
