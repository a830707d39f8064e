package io.fanfare.server.http;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** One HTTP request. Any thread may ask. */
public interface HttpCall {

    /** The method, in capitals as it was sent. */
    String method();

    /** The path as it was sent, percent-encoded; {@code *} for a request without one. */
    String path();

    /** What stands behind the {@code ?}, percent-encoded; empty: nothing. */
    String query();

    /** A header's value, in the first line that has the name; names in any case. */
    Optional<String> header(String name);

    /** The IP address of the peer. */
    String address();

    /** Whether the request came over TLS. */
    boolean isSecure();

    /** Runs what takes time: threads of the port, which may block. */
    Executor executor();

    /**
     * Reads the body; to be asked once. Nothing of it is read before.
     *
     * @param maxBytes the most that it may have
     * @return the body, completed by a worker thread; an {@link HttpBodyException} when it is larger or does not come
     */
    CompletionStage<byte[]> body(int maxBytes);
}
