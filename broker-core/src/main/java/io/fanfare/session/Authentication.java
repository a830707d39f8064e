package io.fanfare.session;

import io.fanfare.event.BrokerListeners;
import io.fanfare.event.Refused;
import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Command;
import io.fanfare.frame.Frame;
import io.fanfare.frame.Headers;
import io.fanfare.frame.Printable;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.Connection;
import io.fanfare.loop.Timer;
import io.fanfare.message.HeaderValues;
import io.fanfare.options.AuthOptions;
import io.fanfare.options.ConnectionLimits;
import io.fanfare.security.AuthenticationException;
import io.fanfare.security.AuthenticationUnavailableException;
import io.fanfare.security.Authenticator;
import io.fanfare.security.Credentials;
import io.fanfare.security.Principal;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the authenticator about a session's client: between the open connection and CONNECTED, and again when it comes with
 * new credentials. Until the answer is there the client waits, unread. Owned by the session's loop.
 */
final class Authentication {

    /** An authenticator's answer. */
    sealed interface Result {

        /** The client is this user. */
        record Accepted(Principal principal) implements Result {
            @Override
            public Principal orThrow() {
                return principal;
            }
        }

        /** The client is not accepted; the reason is what it is told. */
        record Refused(ProtocolException reason) implements Result {
            @Override
            public Principal orThrow() {
                throw reason;
            }
        }

        /**
         * The user.
         *
         * @throws ProtocolException when the client is not accepted
         */
        Principal orThrow();
    }

    private static final Logger LOG = LoggerFactory.getLogger(Authentication.class);

    private static final ProtocolException REFUSED = new ProtocolException(
            "authentication failed",
            "the broker does not accept these credentials; check login and passcode, or the token",
            CloseCode.POLICY);

    private static final ProtocolException UNAVAILABLE = new ProtocolException(
            "authentication unavailable",
            "the broker could not check these credentials; this is not your fault, try again later",
            CloseCode.OVERLOAD);

    private final Session session;
    private final Connection connection;
    private final Inbound inbound;
    private final AuthOptions options;
    private final ConnectionLimits limits;
    private final LongAdder refusedLogins;
    private final BrokerListeners listeners;
    private @Nullable Timer timer;

    /** Of CONNECT; null: it had none, or a longer one than an id may be, which is not kept with the connection. */
    private @Nullable String login;

    Authentication(Session session, Connection connection, Inbound inbound, SessionServices services) {
        this.session = session;
        this.connection = connection;
        this.inbound = inbound;
        this.options = services.options().auth();
        this.limits = services.options().limits();
        this.refusedLogins = services.refusedLogins();
        this.listeners = services.listeners();
    }

    /** The connection is open: CONNECT must come within the login timeout. */
    void begin() {
        assert session.loop().isCurrent();
        Duration timeout = options.loginTimeout();
        refuseAfter(
                timeout,
                new ProtocolException(
                        "login timeout",
                        "no CONNECT came within " + timeout.toMillis() + " ms (login_timeout)",
                        CloseCode.POLICY));
    }

    /** The client has done its part; that the authenticator is busy is not its fault, but waiting has an end, too. */
    private void awaitAnswer(Command to) {
        Duration timeout = options.authenticationTimeout();
        refuseAfter(
                timeout,
                new ProtocolException(
                        "authentication unavailable",
                        "the answer to " + to + " was not found within " + timeout.toMillis()
                                + " ms (authentication_timeout); try again later",
                        CloseCode.OVERLOAD));
    }

    private void refuseAfter(Duration timeout, ProtocolException why) {
        cancelTimer();
        timer = session.loop().schedule(timeout, () -> session.refuse(why));
    }

    /**
     * Asks about a client that sends CONNECT; it waits, unread, until the answer is there.
     *
     * @param then gets the answer, at once or later on the session's loop
     * @throws ProtocolException when the login is a name that nobody checks, and too long for one
     */
    void connect(Frame connect, Consumer<Result> then) {
        assert session.loop().isCurrent();
        Headers headers = connect.headers();
        Credentials credentials = new Credentials(
                headers.get("login"), headers.get("passcode"), authorization(headers), connection.handshake());
        login = kept(credentials.login());
        Principal known = connection.principal();
        if (known != null) {
            then.accept(new Result.Accepted(known));
            cancelTimer();
            return;
        }
        ask(connect, credentials, then);
    }

    private @Nullable String kept(@Nullable String name) {
        if (name == null) {
            return null;
        }
        if (options.authenticator() == Authenticator.ANONYMOUS && connection.principal() == null) {
            return HeaderValues.id("login", name, limits);
        }
        // others know their users' names; with a token that renews it, the client says such a login again
        return name.length() <= limits.maxIdBytes() ? name : null;
    }

    /**
     * Asks again, with the new token that a connected client's SEND has.
     *
     * @throws ProtocolException when it has none
     */
    void renew(Frame send, Consumer<Result> then) {
        assert session.loop().isCurrent();
        Headers headers = send.headers();
        String authorization = authorization(headers);
        String passcode = headers.get("passcode");
        if (passcode == null && authorization == null) {
            passcode = send.bodyAsString().strip();
            if (passcode.isEmpty()) {
                throw new ProtocolException(
                        "missing passcode",
                        "a SEND to " + ClientIdentity.DESTINATION
                                + " has the new token in passcode, in Authorization or as its body");
            }
        }
        String user = headers.has("login") ? headers.get("login") : login;
        Credentials credentials = new Credentials(user, passcode, authorization, connection.handshake());
        ask(send, credentials, then);
    }

    private static @Nullable String authorization(Headers headers) {
        return HeaderValues.first(headers, "Authorization", "authorization");
    }

    private void ask(Frame frame, Credentials credentials, Consumer<Result> then) {
        CompletableFuture<Principal> answer = answer(credentials);
        if (answer.isDone()) {
            then.accept(result(credentials.login(), answer));
            cancelTimer();
            return;
        }
        inbound.suspend(Inbound.Wait.LOGIN);
        awaitAnswer(frame.command());
        String login = credentials.login();
        answer.whenComplete((principal, failure) -> session.loop().execute(() -> answered(frame, login, answer, then)));
    }

    private CompletableFuture<Principal> answer(Credentials credentials) {
        try {
            return options.authenticator().authenticate(credentials).toCompletableFuture();
        } catch (RuntimeException e) {
            // as good as an answer that fails: a lambda throws what it knows at once
            return CompletableFuture.failedFuture(e);
        }
    }

    private void answered(
            Frame frame, @Nullable String login, CompletableFuture<Principal> answer, Consumer<Result> then) {
        if (!inbound.isWaiting(Inbound.Wait.LOGIN)) {
            // the client has gone meanwhile
            return;
        }
        try {
            then.accept(result(login, answer));
        } catch (RuntimeException e) {
            session.failed(frame, e);
        }
        end();
    }

    private Result result(@Nullable String login, CompletableFuture<Principal> answer) {
        try {
            return new Result.Accepted(Objects.requireNonNull(answer.join(), "the authenticator's answer is null"));
        } catch (CompletionException e) {
            return refused(login, Objects.requireNonNullElse(e.getCause(), e));
        } catch (CancellationException | NullPointerException e) {
            return refused(login, e);
        }
    }

    /** Logs one line for the operator, with the reason; the client learns only whether it is worth to try again. */
    private Result refused(@Nullable String login, Throwable why) {
        refusedLogins.increment();
        ProtocolException told = why instanceof AuthenticationException ? REFUSED : UNAVAILABLE;
        log(login, why);
        if (listeners.any()) {
            Refused refused = new Refused(
                    Refused.Kind.LOGIN,
                    told.summary(),
                    connection.peer(),
                    "",
                    login == null ? "" : login,
                    Objects.requireNonNullElse(why.getMessage(), ""));
            listeners.tell(listener -> listener.refused(refused));
        }
        return new Result.Refused(told);
    }

    private void log(@Nullable String login, Throwable why) {
        String name = login == null ? "none" : Printable.of(login);
        if (why instanceof AuthenticationException) {
            LOG.info("login refused peer={} login={} reason={}", connection.peer(), name, why.getMessage());
            return;
        }
        if (why instanceof AuthenticationUnavailableException) {
            LOG.warn("login failed peer={} login={} reason={}", connection.peer(), name, why.getMessage());
        } else {
            LOG.error("bug of the authenticator peer={} login={}", connection.peer(), name, why);
        }
    }

    /** Whether the client is the program's own, which may do anything. */
    boolean isTrusted() {
        return connection.isTrusted();
    }

    /** Whether the client, which has sent CONNECT, is on this machine, and the broker takes all clients without a login. */
    boolean isLocalWithoutLogins() {
        return options.authenticator() == Authenticator.ANONYMOUS
                && connection.principal() == null
                && isLoopback(connection.handshake().address());
    }

    private static boolean isLoopback(String address) {
        return address.startsWith("127.") || address.equals("0:0:0:0:0:0:0:1") || address.equals("::1");
    }

    /** Whether the log has a line about this already. */
    static boolean isLogged(ProtocolException why) {
        return why == REFUSED || why == UNAVAILABLE;
    }

    /** The client is connected, or has gone: an answer that is still pending is of no use. */
    void end() {
        assert session.loop().isCurrent();
        cancelTimer();
        inbound.resume(Inbound.Wait.LOGIN);
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
