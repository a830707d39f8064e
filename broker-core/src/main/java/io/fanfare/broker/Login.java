package io.fanfare.broker;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Frame;
import io.fanfare.frame.ProtocolException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way of a session from its open connection to CONNECTED. Owned by the session's loop. */
final class Login {

    private static final Logger LOG = LoggerFactory.getLogger(Login.class);

    private final Session session;
    private final Connection connection;
    private final Intake intake;
    private final BrokerOptions options;
    private @Nullable Timer timer;

    /** What came behind CONNECT while the answer was awaited; null: nothing is awaited. */
    private @Nullable ByteArrayOutputStream early;

    Login(Session session, Connection connection, Intake intake, BrokerOptions options) {
        this.session = session;
        this.connection = connection;
        this.intake = intake;
        this.options = options;
    }

    /** The connection is open, and must be let in before long. */
    void begin() {
        Duration timeout = options.loginTimeout();
        timer = session.loop().schedule(timeout, () -> session.refuse(late(timeout)));
    }

    private ProtocolException late(Duration timeout) {
        String what = isWaiting() ? "the answer to CONNECT was not found" : "no CONNECT came";
        return new ProtocolException(
                "login timeout", what + " within " + timeout.toMillis() + " ms (login_timeout)", CloseCode.POLICY);
    }

    /** Whether the answer to CONNECT is awaited. */
    boolean isWaiting() {
        return early != null;
    }

    /**
     * Asks who the client is; the peer waits, unread, until that is known.
     *
     * @param admitted is told at once, or later on the session's loop
     * @throws ProtocolException when the client is not let in and that is known at once
     */
    void authenticate(Frame connect, Consumer<Principal> admitted) {
        Credentials credentials = Credentials.of(connect.headers(), connection.handshake());
        CompletableFuture<Principal> answer =
                options.authenticator().authenticate(credentials).toCompletableFuture();
        if (answer.isDone()) {
            admitted.accept(result(answer));
            return;
        }
        early = new ByteArrayOutputStream(0);
        intake.pause();
        answer.whenComplete((principal, failure) -> session.loop().execute(() -> answered(connect, answer, admitted)));
    }

    private void answered(Frame connect, CompletableFuture<Principal> answer, Consumer<Principal> admitted) {
        if (!isWaiting()) {
            return;
        }
        try {
            admitted.accept(result(answer));
            resume();
        } catch (RuntimeException e) {
            session.failed(connect, e);
        }
    }

    private Principal result(CompletableFuture<Principal> answer) {
        try {
            return answer.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof AuthenticationException refusal) {
                LOG.info("not let in {} reason={}", session, refusal.getMessage());
                throw new ProtocolException(
                        "authentication failed",
                        "the broker does not accept these credentials; check login and passcode, or the token",
                        CloseCode.POLICY);
            }
            LOG.error("authentication of {} broke", session, e.getCause());
            throw new ProtocolException(
                    "authentication unavailable",
                    "the broker could not find out who you are; this is not your fault, try again later",
                    CloseCode.OVERLOAD);
        }
    }

    /** Keeps what can't be handled before the answer is there. */
    void keep(ByteBuffer bytes) {
        ByteArrayOutputStream kept = Objects.requireNonNull(early);
        int limit = options.maxFrameBytesBeforeConnected();
        if (kept.size() + bytes.remaining() > limit) {
            session.refuse(new ProtocolException(
                    "frame too large",
                    String.format(
                            Locale.ROOT,
                            "more than %,d B came before CONNECTED was sent (max_frame_bytes_before_connected)",
                            limit),
                    CloseCode.TOO_BIG));
            return;
        }
        kept.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        bytes.position(bytes.limit());
    }

    private void resume() {
        ByteArrayOutputStream kept = Objects.requireNonNull(early);
        early = null;
        intake.resume();
        session.decode(ByteBuffer.wrap(kept.toByteArray()));
    }

    /** The client is in, or has gone. */
    void end() {
        if (timer != null) {
            timer.cancel();
        }
    }

    /** The client has gone; an answer that is still awaited is of no use. */
    void abandon() {
        end();
        if (isWaiting()) {
            early = null;
            intake.resume();
        }
    }
}
