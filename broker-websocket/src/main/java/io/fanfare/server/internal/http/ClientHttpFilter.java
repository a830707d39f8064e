package io.fanfare.server.internal.http;

import io.fanfare.server.http.HttpAnswer;
import io.fanfare.server.http.HttpEndpoint;
import io.fanfare.server.internal.net.AcceptedSocket;
import io.fanfare.server.internal.net.ClientTime;
import io.fanfare.server.internal.net.SelectorLoop;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.Grizzly;
import org.glassfish.grizzly.IOEvent;
import org.glassfish.grizzly.attributes.Attribute;
import org.glassfish.grizzly.filterchain.BaseFilter;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.filterchain.NextAction;
import org.glassfish.grizzly.http.HttpContent;
import org.glassfish.grizzly.http.HttpRequestPacket;
import org.glassfish.grizzly.http.HttpResponsePacket;
import org.glassfish.grizzly.http.Method;
import org.glassfish.grizzly.http.Protocol;
import org.glassfish.grizzly.memory.Buffers;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers requests for one path of the clients' port through an endpoint, one for each connection; all others go on to
 * the handshake. The handshake's timeout is that of the request, and again that of reading the answer; its connection
 * counts as pending until it ends.
 */
public final class ClientHttpFilter extends BaseFilter {

    private static final Logger LOG = LoggerFactory.getLogger(ClientHttpFilter.class);

    private static final Attribute<Exchange> EXCHANGE =
            Grizzly.DEFAULT_ATTRIBUTE_BUILDER.createAttribute(ClientHttpFilter.class.getName() + ".exchange");

    /** What the bodies of all requests of a moment may take: a sixteenth of the heap, and not more than this. */
    private static final long MAX_BODIES_BYTES =
            Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 16);

    private final String path;
    private final RequestAdmission admission;
    private final HttpEndpoint endpoint;
    private final Executor executor;
    private final BodyBudget bodies = new BodyBudget(MAX_BODIES_BYTES);

    /**
     * A filter of one listener.
     *
     * @param executor threads that may block
     */
    public ClientHttpFilter(String path, RequestAdmission admission, HttpEndpoint endpoint, Executor executor) {
        this.path = path;
        this.admission = admission;
        this.endpoint = endpoint;
        this.executor = executor;
    }

    @Override
    public NextAction handleRead(FilterChainContext context) throws IOException {
        HttpContent content = context.getMessage();
        HttpRequestPacket request = (HttpRequestPacket) content.getHttpHeader();
        TCPNIOConnection connection = (TCPNIOConnection) context.getConnection();
        Exchange exchange = EXCHANGE.get(connection);
        if (exchange == null) {
            if (!request.getRequestURI().equals(path)) {
                return context.getInvokeAction();
            }
            exchange = new Exchange(connection, admission.loops().of(connection), request);
            EXCHANGE.set(connection, exchange);
            exchange.begin(content);
        } else {
            exchange.arrived(content);
        }
        return context.getStopAction();
    }

    @Override
    public NextAction handleClose(FilterChainContext context) {
        Exchange exchange = EXCHANGE.remove(context.getConnection());
        if (exchange != null) {
            exchange.call.release();
        }
        return context.getInvokeAction();
    }

    /** One request and its answer. */
    private final class Exchange implements RequestCall.Source {

        private final TCPNIOConnection connection;
        private final SelectorLoop loop;
        private final HttpRequestPacket request;
        private final RequestCall call;
        private final ClientTime time;

        // of the loop

        private boolean answered;
        private boolean complete;

        Exchange(TCPNIOConnection connection, SelectorLoop loop, HttpRequestPacket request) {
            this.connection = connection;
            this.loop = loop;
            this.request = request;
            String address = AcceptedSocket.of(connection).client().getHostAddress();
            this.call = new RequestCall(request, address, bodies, executor, this);
            this.time = admission.time(connection);
        }

        void begin(HttpContent first) throws IOException {
            // a stranger's body stays where it is
            connection.disableIOEvent(IOEvent.READ);
            time.pause();
            arrived(first);
            if (!admission.allowsPage(request)) {
                answer(HttpAnswer.text(403, "pages of this origin may not send requests here"));
                return;
            }
            executor.execute(() -> {
                CompletionStage<HttpAnswer> answer;
                try {
                    answer = endpoint.answer(call);
                } catch (RuntimeException e) {
                    answer = CompletableFuture.failedFuture(e);
                }
                answer.whenComplete((found, why) -> loop.execute(() -> answer(found == null ? failure(why) : found)));
            });
        }

        private HttpAnswer failure(Throwable why) {
            LOG.error("bug while answering {} {}", request.getMethod(), path, why);
            return HttpAnswer.text(500, "internal error");
        }

        void arrived(HttpContent content) {
            // what follows the request is another one, which is not answered
            if (!complete) {
                complete = content.isLast();
                if (!answered) {
                    Buffer part = content.getContent();
                    byte[] copy = new byte[part.remaining()];
                    part.get(copy);
                    if (!call.arrived(copy, copy.length, complete)) {
                        time.pause();
                    }
                }
            }
            closeIfDone();
        }

        /** What comes of the body now is thrown away: a client that is cut while it sends may not see the answer. */
        private void answer(HttpAnswer answer) {
            if (answered || !connection.isOpen()) {
                return;
            }
            answered = true;
            time.restart();
            call.release();
            HttpResponsePacket packet = request.getResponse();
            packet.setProtocol(Protocol.HTTP_1_1);
            packet.setStatus(answer.status());
            packet.setReasonPhrase(HttpAnswer.reason(answer.status()));
            packet.setHeader("Cache-Control", "no-store");
            packet.setHeader("X-Content-Type-Options", "nosniff");
            answer.headers().forEach(packet::setHeader);
            packet.setHeader("Connection", "close");
            packet.setContentLength(answer.body().length);
            byte[] body = request.getMethod() == Method.HEAD ? new byte[0] : answer.body();
            try {
                connection.write(HttpContent.builder(packet)
                        .content(Buffers.wrap(connection.getMemoryManager(), body))
                        .last(true)
                        .build());
                connection.enableIOEvent(IOEvent.READ);
            } catch (IOException | RuntimeException e) {
                LOG.debug("no answer to {} {}: {}", request.getMethod(), path, e.toString());
                connection.terminateSilently();
                return;
            }
            closeIfDone();
        }

        private void closeIfDone() {
            if (answered && complete) {
                connection.closeSilently();
            }
        }

        @Override
        public void readInto(RequestCall asked) {
            loop.execute(() -> {
                if (!answered && !complete) {
                    time.run();
                }
                try {
                    connection.enableIOEvent(IOEvent.READ);
                } catch (IOException e) {
                    connection.terminateSilently();
                }
            });
        }
    }
}
