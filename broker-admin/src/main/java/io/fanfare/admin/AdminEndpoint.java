package io.fanfare.admin;

import io.fanfare.admin.console.Console;
import io.fanfare.server.http.HttpAnswer;
import io.fanfare.server.http.HttpCall;
import io.fanfare.server.http.HttpEndpoint;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Answers of the admin listener: the console's files, which any browser may have, and the API.
 *
 * @param api answers all that is no file
 */
record AdminEndpoint(Console console, ApiEndpoint api) implements HttpEndpoint {

    @Override
    public CompletionStage<HttpAnswer> answer(HttpCall call) {
        return console.answer(call)
                .<CompletionStage<HttpAnswer>>map(CompletableFuture::completedFuture)
                .orElseGet(() -> api.answer(call));
    }

    @Override
    public void close() {
        api.close();
    }
}
