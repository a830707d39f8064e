package io.fanfare.endpoint;

import jakarta.websocket.CloseReason;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The container's half of one connection. What may block in a container, sending a Ping or a Close, is done by threads for
 * that: it waits for a client that does not read. Called by any thread.
 */
final class ContainerSession {

    private static final Logger LOG = LoggerFactory.getLogger(ContainerSession.class);

    /** What the container makes of a client that takes nothing: it has failed to send a Close before, or will. */
    private static final CloseReason CUT = new CloseReason(CloseReason.CloseCodes.TRY_AGAIN_LATER, "cut");

    private final Session session;
    private final RemoteEndpoint.Async remote;
    private final Executor blocking;
    private final AtomicBoolean pinging = new AtomicBoolean();

    /**
     * The container's session.
     *
     * @param sendTimeout after which the container gives a message up, if it knows such a thing
     * @param blocking where calls may block
     */
    ContainerSession(Session session, Duration sendTimeout, Executor blocking) {
        this.session = session;
        this.remote = session.getAsyncRemote();
        this.blocking = blocking;
        remote.setSendTimeout(sendTimeout.toMillis());
        // heart-beats find clients that have gone; 0, the default, makes Tyrus schedule a task for every message
        session.setMaxIdleTimeout(-1);
    }

    /**
     * Sends the message that is complete; the one before has been sent.
     *
     * @param sent called once, within the call or later and by any thread: with null, or why it was not sent
     */
    void send(OutgoingMessages messages, Consumer<@Nullable Throwable> sent) {
        try {
            if (messages.isText()) {
                remote.sendText(
                        messages.takeText(), result -> sent.accept(failure(result.isOK(), result.getException())));
            } else {
                remote.sendBinary(
                        messages.takeBinary(), result -> sent.accept(failure(result.isOK(), result.getException())));
            }
        } catch (RuntimeException e) {
            // the session is closed
            sent.accept(e);
        }
    }

    private static @Nullable Throwable failure(boolean isOk, @Nullable Throwable why) {
        return isOk ? null : why == null ? new IOException("not sent") : why;
    }

    /** Sends a Ping, unless the one before has not been sent yet. */
    void ping() {
        if (pinging.compareAndSet(false, true)) {
            blocking.execute(() -> {
                try {
                    remote.sendPing(ByteBuffer.allocate(0));
                } catch (IOException | RuntimeException e) {
                    LOG.debug("no Ping to session {}: {}", id(), e.toString());
                } finally {
                    pinging.set(false);
                }
            });
        }
    }

    /** Closes in the orderly way; the endpoint is told when it is over. */
    void close(CloseReason reason) {
        blocking.execute(() -> closeNow(reason));
    }

    /** Closes without waiting for the client, as far as a container can: none has a call for it, but an idle timeout. */
    void cut() {
        blocking.execute(() -> {
            try {
                session.setMaxIdleTimeout(1);
            } catch (RuntimeException e) {
                LOG.debug("session {} is closed: {}", id(), e.toString());
            }
            closeNow(CUT);
        });
    }

    private void closeNow(CloseReason reason) {
        try {
            session.close(reason);
        } catch (IOException | RuntimeException e) {
            LOG.debug("no orderly close of session {}: {}", id(), e.toString());
        }
    }

    String id() {
        return session.getId();
    }
}
