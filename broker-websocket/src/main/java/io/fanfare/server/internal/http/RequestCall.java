package io.fanfare.server.internal.http;

import io.fanfare.frame.Limits;
import io.fanfare.server.http.HttpBodyException;
import io.fanfare.server.http.HttpCall;
import java.io.ByteArrayOutputStream;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.glassfish.grizzly.http.HttpRequestPacket;
import org.jspecify.annotations.Nullable;

/**
 * A request on one of a server's ports. Its body is kept as it arrives, within a limit and the budget of all bodies of the
 * port; no more of it is read than has come with the head, until {@link #body} is asked for.
 */
final class RequestCall implements HttpCall {

    /** Where the body comes from. */
    @FunctionalInterface
    interface Source {

        /** Begins to give what comes to {@link RequestCall#arrived}; called by any thread. */
        void readInto(RequestCall call);
    }

    private final HttpRequestPacket request;
    private final String address;
    private final BodyBudget budget;
    private final Executor executor;
    private final Source source;

    // guarded by this

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean isComplete;
    private int maxBytes = -1;

    /** Of the budget; -1 once the request has been answered. */
    private long taken;

    private @Nullable CompletableFuture<byte[]> wanted;

    /** Why the body can't be had; null: it can. */
    private @Nullable HttpBodyException refusal;

    RequestCall(HttpRequestPacket request, String address, BodyBudget budget, Executor executor, Source source) {
        this.request = request;
        this.address = address;
        this.budget = budget;
        this.executor = executor;
        this.source = source;
    }

    @Override
    public String method() {
        return request.getMethod().getMethodString();
    }

    @Override
    public String path() {
        return request.getRequestURI();
    }

    @Override
    public String query() {
        String query = request.getQueryString();
        return query == null ? "" : query;
    }

    @Override
    public Optional<String> header(String name) {
        return Optional.ofNullable(request.getHeader(name));
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public boolean isSecure() {
        return request.isSecure();
    }

    @Override
    public Executor executor() {
        return executor;
    }

    @Override
    public CompletionStage<byte[]> body(int most) {
        CompletableFuture<byte[]> done = new CompletableFuture<>();
        synchronized (this) {
            wanted = done;
            maxBytes = most;
            if (request.getContentLength() > most) {
                refusal = tooLarge(request.getContentLength());
            }
            if (isSettled()) {
                return done;
            }
        }
        // not under the lock: it may give something at once
        source.readInto(this);
        return done;
    }

    /**
     * A part of the body has come.
     *
     * @return whether more is wanted
     */
    synchronized boolean arrived(byte[] part, int count, boolean last) {
        if (refusal != null) {
            return false;
        }
        isComplete |= last;
        if (!take(count)) {
            refusal = new HttpBodyException(
                    503, "the bodies of other requests take all the memory there is for them; try again");
        } else {
            bytes.write(part, 0, count);
        }
        return !isSettled();
    }

    /** The body ends before its end, or is malformed. */
    synchronized void broken() {
        refusal = new HttpBodyException(400, "the body is malformed");
        isSettled();
    }

    private boolean take(int count) {
        boolean isTaken = taken >= 0 && budget.take(count);
        taken += isTaken ? count : 0;
        return isTaken;
    }

    /** Whether what is wanted is known, which completes it. */
    private boolean isSettled() {
        CompletableFuture<byte[]> done = wanted;
        if (done == null) {
            return false;
        }
        if (refusal == null && bytes.size() > maxBytes) {
            refusal = tooLarge(bytes.size());
        }
        HttpBodyException why = refusal;
        if (why != null) {
            executor.execute(() -> done.completeExceptionally(why));
            return true;
        }
        if (isComplete) {
            byte[] all = bytes.toByteArray();
            executor.execute(() -> done.complete(all));
        }
        return isComplete;
    }

    private HttpBodyException tooLarge(long size) {
        return new HttpBodyException(
                413, Limits.exceeded("the body has %,d B or more", size, maxBytes, "max_body_bytes"));
    }

    /** The request has been answered: what its body took is free. */
    synchronized void release() {
        if (taken >= 0) {
            budget.giveBack(taken);
            taken = -1;
        }
    }
}
