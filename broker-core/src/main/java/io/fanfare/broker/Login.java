package io.fanfare.broker;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Frame;
import io.fanfare.frame.Printable;
import io.fanfare.frame.ProtocolException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way of a session from its open connection to CONNECTED. Owned by the session's loop. */
final class Login {

    private static final Logger LOG = LoggerFactory.getLogger(Login.class);

    private static final ProtocolException REFUSED = new ProtocolException(
            "authentication failed",
            "the broker does not accept these credentials; check login and passcode, or the token",
            CloseCode.POLICY);

    private static final ProtocolException UNAVAILABLE = new ProtocolException(
            "authentication unavailable",
            "the broker could not find out who you are; this is not your fault, try again later",
            CloseCode.OVERLOAD);

    private final Session session;
    private final Connection connection;
    private final Broker broker;
    private @Nullable Timer timer;

    /** What came behind CONNECT while the answer was awaited; null: nothing is awaited. */
    private @Nullable ByteArrayOutputStream early;

    Login(Session session, Connection connection, Broker broker) {
        this.session = session;
        this.connection = connection;
        this.broker = broker;
    }

    /** The connection is open, and must be let in before long. */
    void begin() {
        Duration timeout = broker.options().loginTimeout();
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
     * Asks who the client is; the peer waits, unread, until that is known. Who is not let in is told so.
     *
     * @param admitted is told at once, or later on the session's loop
     */
    void authenticate(Frame connect, Consumer<Principal> admitted) {
        CompletableFuture<Principal> answer = ask(Credentials.of(connect.headers(), connection.handshake()));
        if (answer.isDone()) {
            settle(connect, answer, admitted);
            return;
        }
        early = new ByteArrayOutputStream(0);
        connection.suspendReading();
        answer.whenComplete((principal, failure) -> session.loop().execute(() -> answered(connect, answer, admitted)));
    }

    private CompletableFuture<Principal> ask(Credentials credentials) {
        try {
            return broker.options().authenticator().authenticate(credentials).toCompletableFuture();
        } catch (RuntimeException e) {
            // as good as an answer that fails: whoever writes a lambda throws
            return CompletableFuture.failedFuture(e);
        }
    }

    private void answered(Frame connect, CompletableFuture<Principal> answer, Consumer<Principal> admitted) {
        if (!isWaiting()) {
            return;
        }
        try {
            settle(connect, answer, admitted);
            if (isWaiting()) {
                resume();
            }
        } catch (RuntimeException e) {
            session.failed(connect, e);
        }
    }

    private void settle(Frame connect, CompletableFuture<Principal> answer, Consumer<Principal> admitted) {
        Principal principal;
        try {
            principal = Objects.requireNonNull(answer.join(), "the authenticator's answer is null");
        } catch (CompletionException e) {
            refuse(connect, Objects.requireNonNullElse(e.getCause(), e));
            return;
        } catch (CancellationException | NullPointerException e) {
            refuse(connect, e);
            return;
        }
        admitted.accept(principal);
    }

    /** One line for the operator, who may know why; the client learns only whether it is worth to try again. */
    private void refuse(Frame connect, Throwable why) {
        broker.loginFailed();
        if (why instanceof AuthenticationException) {
            LOG.info("not let in {} login={} reason={}", session, login(connect), why.getMessage());
            session.notLetIn(connect, REFUSED);
        } else if (why instanceof AuthenticationUnavailableException) {
            LOG.warn("not let in {} login={} reason={}", session, login(connect), why.getMessage());
            session.notLetIn(connect, UNAVAILABLE);
        } else {
            LOG.error("authentication of {} login={} broke", session, login(connect), why);
            session.notLetIn(connect, UNAVAILABLE);
        }
    }

    private static String login(Frame connect) {
        String login = connect.headers().get("login");
        return login == null ? "none" : Printable.of(login);
    }

    /** Keeps what can't be handled before the answer is there. */
    void keep(ByteBuffer bytes) {
        ByteArrayOutputStream kept = Objects.requireNonNull(early);
        int limit = broker.options().maxFrameBytesBeforeConnected();
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
        connection.resumeReading();
        session.receive(ByteBuffer.wrap(kept.toByteArray()));
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
            connection.resumeReading();
        }
    }
}
