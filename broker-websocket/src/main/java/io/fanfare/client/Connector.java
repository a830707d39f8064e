package io.fanfare.client;

import io.fanfare.client.StompException.Reason;
import io.fanfare.frame.Frame;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.channels.UnresolvedAddressException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** Opens a connection; a failure becomes a {@link StompException} with a sentence for people. */
final class Connector {

    private Connector() {}

    static StompClient connect(ConnectSettings options, ClientTimer timer) {
        ClientConnection connection = new ClientConnection(options, timer);
        open(options, connection);
        try {
            Frame connected = connection.connected().get(options.timeout().toNanos(), TimeUnit.NANOSECONDS);
            return new StompClient(connection, connected, timer);
        } catch (TimeoutException e) {
            throw abort(connection, timedOut(options));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw abort(connection, new StompException("interrupted while connecting to " + options.uri(), e));
        } catch (ExecutionException e) {
            throw failure(options, e.getCause() instanceof StompException known ? known : e);
        }
    }

    private static void open(ConnectSettings options, ClientConnection connection) {
        List<String> protocols = options.subprotocols();
        String[] others = protocols.subList(1, protocols.size()).toArray(String[]::new);
        CompletableFuture<WebSocket> opening = SharedThreads.get()
                .http(options.tls())
                .newWebSocketBuilder()
                .connectTimeout(options.timeout())
                .subprotocols(protocols.get(0), others)
                .buildAsync(options.uri(), connection);
        opening.whenComplete((opened, failure) -> {
            if (failure != null) {
                connection.connected().completeExceptionally(failure);
            }
        });
    }

    private static StompException abort(ClientConnection connection, StompException reason) {
        // the caller gets the reason as an exception, and not in the log as well
        connection.abort(null);
        return reason;
    }

    private static StompException failure(ConnectSettings options, Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null && !isSpecific(cause)) {
            cause = cause.getCause();
        }
        URI uri = options.uri();
        if (cause instanceof StompException known) {
            return known.preventing("no STOMP connection to " + uri);
        } else if (cause instanceof WebSocketHandshakeException refused) {
            int status = refused.getResponse().statusCode();
            // RFC 9110 15.5.2, 15.5.4: credentials are missing, or these or this Origin are not welcome
            Reason reason = status == 401 || status == 403 ? Reason.REFUSED : Reason.UNREACHABLE;
            String plain = status == 400 && uri.getScheme().equals("ws") ? "; a port with TLS wants wss://" : "";
            return new StompException(
                    reason, uri + " answered HTTP " + status + " to the WebSocket handshake" + plain, cause);
        } else if (cause instanceof HttpTimeoutException) {
            return timedOut(options);
        } else if (cause instanceof UnresolvedAddressException) {
            return new StompException(Reason.UNREACHABLE, "no such host: " + uri.getHost(), cause);
        } else if (cause instanceof ConnectException) {
            return new StompException(Reason.UNREACHABLE, "nothing listens at " + uri + " (connection refused)", cause);
        } else if (cause instanceof SSLException untrusted) {
            return StompException.untrusted(uri, untrusted);
        }
        return new StompException(Reason.UNREACHABLE, "no connection to " + uri + ": " + cause, cause);
    }

    /** Whether this exception says more than the one that caused it. */
    private static boolean isSpecific(Throwable thrown) {
        return thrown instanceof StompException
                || thrown instanceof WebSocketHandshakeException
                || thrown instanceof HttpTimeoutException
                || thrown instanceof SSLException
                || (thrown instanceof ConnectException && !(rootOf(thrown) instanceof UnresolvedAddressException));
    }

    private static Throwable rootOf(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    private static StompException timedOut(ConnectSettings options) {
        String sentence = "no answer from " + options.uri() + " within "
                + options.timeout().toMillis() + " ms";
        return new StompException(Reason.TIMED_OUT, sentence, null);
    }
}
