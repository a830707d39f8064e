package io.fanfare.client;

import io.fanfare.frame.Command;
import io.fanfare.frame.Frame;
import io.fanfare.frame.Headers;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Sends a new token before the session of a connection expires. Safe for use by several threads. */
final class TokenRenewal {

    static final String DESTINATION = "/broker/auth";

    /** How long before the end a new token is sent, or after half of the time when there is less than twice as much. */
    private static final Duration NOTICE = Duration.ofSeconds(30);

    /** With less time left a token that could not be had is given up. */
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private final ClientConnection connection;
    private final ClientTimer timer;
    private final SessionEnd end;
    private final Supplier<String> token;
    private final Consumer<? super Throwable> onError;
    private @Nullable Future<?> alarm;
    private boolean isStopped;

    private TokenRenewal(
            ClientConnection connection,
            ClientTimer timer,
            SessionEnd end,
            Supplier<String> token,
            Consumer<? super Throwable> onError) {
        this.connection = connection;
        this.timer = timer;
        this.end = end;
        this.token = token;
        this.onError = onError;
    }

    /**
     * Begins to renew, until the connection ends.
     *
     * @return ends it before
     */
    static Runnable begin(
            ClientConnection connection,
            ClientTimer timer,
            SessionEnd end,
            Supplier<String> token,
            Consumer<? super Throwable> onError) {
        TokenRenewal renewal = new TokenRenewal(connection, timer, end, token, onError);
        renewal.await();
        connection.ended().thenRun(renewal::stop);
        return renewal::stop;
    }

    private synchronized void await() {
        Long expires = end.nanos();
        if (isStopped || expires == null) {
            return;
        }
        Duration left = Duration.ofNanos(expires - timer.nanoTime());
        if (left.compareTo(SHORTEST) > 0) {
            Duration half = left.dividedBy(2);
            alarm = timer.after(half.compareTo(NOTICE) > 0 ? left.minus(NOTICE) : half, () -> due(expires));
        }
    }

    private void due(Long expires) {
        if (!expires.equals(end.nanos())) {
            // another renewal of the same session was first
            await();
        } else if (!isStopped()) {
            renew();
        }
    }

    private void renew() {
        try {
            Headers headers = Headers.of("destination", DESTINATION, "passcode", token.get());
            connection.request(Command.SEND, headers, ClientConnection.NO_BODY).whenComplete(this::answered);
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    private void answered(@Nullable Frame receipt, @Nullable Throwable refusal) {
        if (receipt != null) {
            end.told(receipt.headers());
            await();
        } else if (refusal != null) {
            failed(refusal);
        }
    }

    private void failed(Throwable reason) {
        // what has ended the connection is not for the renewal to say
        if (!isStopped() && connection.isOpen()) {
            Callbacks.run(() -> onError.accept(reason), "onError");
            await();
        }
    }

    private synchronized boolean isStopped() {
        return isStopped;
    }

    private synchronized void stop() {
        isStopped = true;
        if (alarm != null) {
            alarm.cancel(false);
        }
    }
}
