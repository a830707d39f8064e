package io.fanfare.server.internal.http;

import io.fanfare.frame.Limits;
import io.fanfare.server.http.HttpBodyException;
import io.fanfare.server.http.HttpCall;
import java.io.ByteArrayOutputStream;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.http.HttpRequestPacket;
import org.jspecify.annotations.Nullable;

/**
 * A request on the clients' port. Its body arrives on the connection's loop, which reads nothing more of it until {@link
 * #body} is asked for.
 */
final class FilterCall implements HttpCall {

    /** What the connection does for its request; called by any thread. */
    interface Transport {

        /** Reads on. */
        void resumeReading();

        /** Whether so many bytes more may be kept. */
        boolean take(int bytes);
    }

    private final HttpRequestPacket request;
    private final String address;
    private final Executor executor;
    private final Transport transport;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean isLast;
    private int maxBytes = -1;
    private @Nullable CompletableFuture<byte[]> wanted;

    FilterCall(HttpRequestPacket request, String address, Executor executor, Transport transport) {
        this.request = request;
        this.address = address;
        this.executor = executor;
        this.transport = transport;
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
    public synchronized CompletionStage<byte[]> body(int most) {
        CompletableFuture<byte[]> done = new CompletableFuture<>();
        wanted = done;
        maxBytes = most;
        if (request.getContentLength() > most) {
            fail(tooLarge(request.getContentLength()));
        } else if (!check()) {
            transport.resumeReading();
        }
        return done;
    }

    /** A part of the body has come; on the loop. */
    synchronized void arrived(Buffer part, boolean last) {
        isLast |= last;
        int count = part.remaining();
        if (!transport.take(count)) {
            fail(new HttpBodyException(
                    503, "the bodies of other requests take all the memory there is for them; try again"));
            return;
        }
        byte[] copy = new byte[count];
        part.get(copy);
        bytes.writeBytes(copy);
        check();
    }

    /** Whether nothing more is to be read. */
    private boolean check() {
        CompletableFuture<byte[]> done = wanted;
        if (done == null) {
            return isLast;
        }
        if (bytes.size() > maxBytes) {
            fail(tooLarge(bytes.size()));
            return true;
        }
        if (isLast) {
            byte[] all = bytes.toByteArray();
            executor.execute(() -> done.complete(all));
        }
        return isLast;
    }

    private HttpBodyException tooLarge(long size) {
        return new HttpBodyException(
                413, Limits.exceeded("the body has %,d B or more", size, maxBytes, "max_body_bytes"));
    }

    private void fail(HttpBodyException why) {
        CompletableFuture<byte[]> done = wanted;
        if (done != null) {
            executor.execute(() -> done.completeExceptionally(why));
        }
    }
}
