package io.fanfare.session;

import io.fanfare.broker.Broker;
import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Command;
import io.fanfare.frame.Frame;
import io.fanfare.frame.Printable;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.Connection;
import io.fanfare.loop.Timer;
import io.fanfare.security.AuthenticationException;
import io.fanfare.security.AuthenticationUnavailableException;
import io.fanfare.security.Credentials;
import io.fanfare.security.Principal;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out who a session's client is: on the way from the open connection to CONNECTED, and again when it comes with new
 * credentials. Owned by the session's loop.
 */
public final class Authentication {

    private static final Logger LOG = LoggerFactory.getLogger(Authentication.class);

    /** More than a transport ever reads at once. */
    private static final int MAX_READ_BYTES = 1 << 20;

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
    private final Intake intake;
    private final Broker broker;
    private @Nullable Timer timer;

    /** What the client came with, but for its secrets. */
    private @Nullable Credentials shown;

    /** The frame for which the authenticator is asked; null: nothing is awaited. */
    private @Nullable Frame asking;

    /** What came behind that frame while the answer is awaited. */
    private @Nullable ByteArrayOutputStream early;

    public Authentication(Session session, Connection connection, Intake intake, Broker broker) {
        this.session = session;
        this.connection = connection;
        this.intake = intake;
        this.broker = broker;
    }

    /** The connection is open, and must say before long who it is. */
    public void begin() {
        Duration timeout = broker.options().auth().loginTimeout();
        expectWithin(
                timeout,
                new ProtocolException(
                        "login timeout",
                        "no CONNECT came within " + timeout.toMillis() + " ms (login_timeout)",
                        CloseCode.POLICY));
    }

    /** The client has done its part: that others are asked about as well is not its fault, but waiting has an end, too. */
    private void expectAnswer(Command to) {
        Duration timeout = broker.options().auth().authenticationTimeout();
        expectWithin(
                timeout,
                new ProtocolException(
                        "authentication unavailable",
                        "the answer to " + to + " was not found within " + timeout.toMillis()
                                + " ms (authentication_timeout); try again later",
                        CloseCode.OVERLOAD));
    }

    private void expectWithin(Duration timeout, ProtocolException otherwise) {
        cancelTimer();
        timer = session.loop().schedule(timeout, () -> session.refuse(otherwise));
    }

    /** Whether an answer is awaited, and the client not read from. */
    public boolean isWaiting() {
        return asking != null;
    }

    /**
     * Asks who the client is; the peer waits, unread, until that is known.
     *
     * @param then gets the answer, at once or later on the session's loop; the answer throws a
     *     {@link ProtocolException} when the client is not let in
     */
    public void connect(Frame connect, Consumer<Supplier<Principal>> then) {
        Credentials credentials = Credentials.of(connect.headers(), connection.handshake());
        shown = credentials.withoutSecrets();
        ask(connect, credentials, then);
    }

    /** Asks again, with what a connected client's SEND says. */
    public void renew(Frame send, Consumer<Supplier<Principal>> then) {
        ask(send, Objects.requireNonNull(shown).renewed(send), then);
    }

    private void ask(Frame frame, Credentials credentials, Consumer<Supplier<Principal>> then) {
        CompletableFuture<Principal> answer = answer(credentials);
        if (answer.isDone()) {
            then.accept(() -> result(credentials.login(), answer));
            end();
            return;
        }
        asking = frame;
        intake.pause();
        expectAnswer(frame.command());
        String login = credentials.login();
        answer.whenComplete((principal, failure) ->
                session.loop().execute(() -> answered(frame, () -> result(login, answer), then)));
    }

    private CompletableFuture<Principal> answer(Credentials credentials) {
        try {
            return broker.options()
                    .auth()
                    .authenticator()
                    .authenticate(credentials)
                    .toCompletableFuture();
        } catch (RuntimeException e) {
            // as good as an answer that fails: whoever writes a lambda throws
            return CompletableFuture.failedFuture(e);
        }
    }

    private void answered(Frame frame, Supplier<Principal> answer, Consumer<Supplier<Principal>> then) {
        if (!isWaiting()) {
            return;
        }
        try {
            then.accept(answer);
        } catch (RuntimeException e) {
            session.failed(frame, e);
        }
        if (isWaiting()) {
            goOn();
        }
    }

    private Principal result(@Nullable String login, CompletableFuture<Principal> answer) {
        try {
            return Objects.requireNonNull(answer.join(), "the authenticator's answer is null");
        } catch (CompletionException e) {
            throw refusal(login, Objects.requireNonNullElse(e.getCause(), e));
        } catch (CancellationException | NullPointerException e) {
            throw refusal(login, e);
        }
    }

    /** One line for the operator, who may know why; the client learns only whether it is worth to try again. */
    private ProtocolException refusal(@Nullable String login, Throwable why) {
        broker.loginFailed();
        String name = login == null ? "none" : Printable.of(login);
        if (why instanceof AuthenticationException) {
            LOG.info("not let in {} login={} reason={}", session, name, why.getMessage());
            return REFUSED;
        }
        if (why instanceof AuthenticationUnavailableException) {
            LOG.warn("not let in {} login={} reason={}", session, name, why.getMessage());
        } else {
            LOG.error("authentication of {} login={} broke", session, name, why);
        }
        return UNAVAILABLE;
    }

    /** Whether the log has a line about this already. */
    public static boolean isLogged(ProtocolException why) {
        return why == REFUSED || why == UNAVAILABLE;
    }

    /** Keeps what can't be handled before the answer is there. */
    public void keep(ByteBuffer bytes) {
        ByteArrayOutputStream kept = early == null ? new ByteArrayOutputStream(bytes.remaining()) : early;
        // a connected client is free to send on; what is kept of it is what one read of the socket brought
        int limit = session.isConnected()
                ? MAX_READ_BYTES
                : broker.options().limits().maxFrameBytesBeforeConnected();
        if (kept.size() + bytes.remaining() > limit) {
            String before = session.isConnected()
                    ? "the answer to " + ClientIdentity.DESTINATION
                    : "CONNECTED was sent (max_frame_bytes_before_connected)";
            session.refuse(new ProtocolException(
                    "frame too large",
                    String.format(Locale.ROOT, "more than %,d B came before %s", limit, before),
                    CloseCode.TOO_BIG));
            return;
        }
        early = kept;
        kept.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        bytes.position(bytes.limit());
    }

    private void goOn() {
        ByteBuffer kept = ByteBuffer.wrap(early == null ? new byte[0] : early.toByteArray());
        end();
        session.decode(kept);
    }

    /** The client is in, or has gone: an answer that is still awaited is of no use. */
    public void end() {
        cancelTimer();
        if (isWaiting()) {
            asking = null;
            early = null;
            intake.resume();
        }
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
