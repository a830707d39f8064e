package io.fanfare.server.http;

import java.util.concurrent.CompletionStage;

/** Answers the HTTP requests of a port. */
@FunctionalInterface
public interface HttpEndpoint {

    /**
     * Answers a request whose {@code Host} and {@code Origin} have been checked. Called by a worker thread, several at
     * once; what it throws, or the stage fails with, is answered with 500.
     *
     * @return the answer, completed by any thread
     */
    CompletionStage<HttpAnswer> answer(HttpCall call);

    /** The port is closed, and no request follows; called once. */
    default void close() {}
}
