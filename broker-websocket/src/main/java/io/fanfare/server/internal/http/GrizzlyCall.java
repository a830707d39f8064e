package io.fanfare.server.internal.http;

import io.fanfare.frame.Limits;
import io.fanfare.server.http.HttpBodyException;
import io.fanfare.server.http.HttpCall;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.glassfish.grizzly.ReadHandler;
import org.glassfish.grizzly.http.io.NIOInputStream;
import org.glassfish.grizzly.http.server.Request;

/** A request of Grizzly's HTTP server. Its body is read as it comes, without a thread that waits for it. */
final class GrizzlyCall implements HttpCall {

    private static final int PART_BYTES = 16 << 10;

    private final Request request;
    private final BodyBudget budget;
    private final Executor executor;
    private final NIOInputStream input;

    /** Of the budget. */
    private long taken;

    GrizzlyCall(Request request, BodyBudget budget, Executor executor) {
        this.request = request;
        this.budget = budget;
        this.executor = executor;
        this.input = request.getNIOInputStream();
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
        return request.getRemoteAddr();
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
    public CompletionStage<byte[]> body(int maxBytes) {
        CompletableFuture<byte[]> done = new CompletableFuture<>();
        long announced = request.getContentLengthLong();
        if (announced > maxBytes) {
            done.completeExceptionally(tooLarge(announced, maxBytes));
        } else {
            input.notifyAvailable(new BodyReader(maxBytes, done));
        }
        return done;
    }

    private static HttpBodyException tooLarge(long bytes, int maxBytes) {
        return new HttpBodyException(
                413, Limits.exceeded("the body has %,d B or more", bytes, maxBytes, "max_body_bytes"));
    }

    /** Reads what is left of the body and throws it away, so that the client reads the answer before it sees the end. */
    void discardRest(Runnable then) {
        if (input.isFinished()) {
            then.run();
        } else {
            input.notifyAvailable(new Discard(then));
        }
    }

    /** The request has been answered. */
    synchronized void release() {
        budget.giveBack(taken);
        taken = 0;
    }

    private synchronized boolean take(int bytes) {
        boolean isTaken = budget.take(bytes);
        taken += isTaken ? bytes : 0;
        return isTaken;
    }

    private final class BodyReader implements ReadHandler {

        private final int maxBytes;
        private final CompletableFuture<byte[]> done;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        BodyReader(int maxBytes, CompletableFuture<byte[]> done) {
            this.maxBytes = maxBytes;
            this.done = done;
        }

        @Override
        public void onDataAvailable() throws IOException {
            if (read()) {
                input.notifyAvailable(this);
            }
        }

        @Override
        public void onAllDataRead() throws IOException {
            if (read()) {
                executor.execute(() -> done.complete(bytes.toByteArray()));
            }
        }

        /** Reads what there is; false when it was refused. */
        private boolean read() throws IOException {
            byte[] part = new byte[PART_BYTES];
            while (input.isReady()) {
                int count = input.read(part, 0, Math.min(part.length, input.available()));
                if (count <= 0) {
                    return true;
                }
                if (bytes.size() + count > maxBytes) {
                    return refuse(tooLarge((long) bytes.size() + count, maxBytes));
                }
                if (!take(count)) {
                    return refuse(new HttpBodyException(
                            503, "the bodies of other requests take all the memory there is for them; try again"));
                }
                bytes.write(part, 0, count);
            }
            return true;
        }

        private boolean refuse(HttpBodyException why) {
            executor.execute(() -> done.completeExceptionally(why));
            return false;
        }

        @Override
        public void onError(Throwable why) {
            refuse(new HttpBodyException(400, "the body is malformed"));
        }
    }

    private final class Discard implements ReadHandler {

        private final Runnable then;

        Discard(Runnable then) {
            this.then = then;
        }

        @Override
        public void onDataAvailable() throws IOException {
            skip();
            input.notifyAvailable(this);
        }

        @Override
        public void onAllDataRead() throws IOException {
            skip();
            then.run();
        }

        private void skip() throws IOException {
            while (input.isReady() && input.skip(input.available()) > 0) {
                // the connection's deadline ends a body that does not
            }
        }

        @Override
        public void onError(Throwable why) {
            then.run();
        }
    }
}
