package io.fanfare.server.internal.http;

import java.io.IOException;
import org.glassfish.grizzly.ReadHandler;
import org.glassfish.grizzly.http.io.NIOInputStream;
import org.glassfish.grizzly.http.server.Request;

/** The body of a request of Grizzly's HTTP server, read as it comes, without a thread that waits for it. */
final class GrizzlyBody implements RequestCall.Source {

    private static final int PART_BYTES = 16 << 10;

    private final NIOInputStream input;
    private final AdminExchange exchange;

    GrizzlyBody(Request request, AdminExchange exchange) {
        this.input = request.getNIOInputStream();
        this.exchange = exchange;
    }

    @Override
    public void readInto(RequestCall call) {
        exchange.awaitBody();
        input.notifyAvailable(new Reader(call));
    }

    /** Reads what is left of the body and throws it away, so that the client reads the answer before it sees the end. */
    void discardRest(Runnable then) {
        if (input.isFinished()) {
            then.run();
        } else {
            input.notifyAvailable(new Discard(then));
        }
    }

    private final class Reader implements ReadHandler {

        private final RequestCall call;

        Reader(RequestCall call) {
            this.call = call;
        }

        @Override
        public void onDataAvailable() throws IOException {
            if (read(false)) {
                input.notifyAvailable(this);
            }
        }

        @Override
        public void onAllDataRead() throws IOException {
            read(true);
        }

        /** Reads what there is; whether more is wanted. */
        private boolean read(boolean isAll) throws IOException {
            byte[] part = new byte[PART_BYTES];
            while (input.isReady()) {
                int count = input.read(part, 0, Math.min(part.length, input.available()));
                if (count <= 0) {
                    break;
                }
                if (!isMoreWanted(part, count, false)) {
                    return false;
                }
            }
            return isMoreWanted(part, 0, isAll);
        }

        private boolean isMoreWanted(byte[] part, int count, boolean isAll) {
            boolean isMore = call.arrived(part, count, isAll);
            if (!isMore) {
                exchange.hasBody();
            }
            return isMore;
        }

        @Override
        public void onError(Throwable why) {
            exchange.hasBody();
            call.broken();
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
                // the client's time ends a body that does not
            }
        }

        @Override
        public void onError(Throwable why) {
            then.run();
        }
    }
}
