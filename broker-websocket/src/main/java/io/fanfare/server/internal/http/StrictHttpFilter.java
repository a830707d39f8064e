package io.fanfare.server.internal.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.server.internal.net.AcceptedSocket;
import io.fanfare.statistics.Refusal;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.filterchain.NextAction;
import org.glassfish.grizzly.http.HttpContent;
import org.glassfish.grizzly.http.HttpHeader;
import org.glassfish.grizzly.http.HttpRequestPacket;
import org.glassfish.grizzly.http.HttpResponsePacket;
import org.glassfish.grizzly.http.HttpServerFilter;
import org.glassfish.grizzly.http.KeepAlive;
import org.glassfish.grizzly.http.Method;
import org.glassfish.grizzly.http.util.Header;
import org.glassfish.grizzly.memory.Buffers;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;

/**
 * Grizzly's HTTP codec, made strict: a bare LF does not end a header line, and a header that has one value comes once, since
 * a proxy in front may see another request there than the server does (RFC 9112 11.2). Also says why a request is refused.
 */
public final class StrictHttpFilter extends HttpServerFilter {

    /** RFC 6585 5. */
    private static final int HEADERS_TOO_LARGE = 431;

    /** Headers of requests that have one value and are no list (RFC 9110 5.3, RFC 6455 11.3). */
    private static final List<String> SINGLE =
            List.of("Host", "Content-Length", "Origin", "Authorization", "Sec-WebSocket-Key", "Sec-WebSocket-Version");

    private final int maxHeaderBytes;
    private final String limit;
    private boolean ignoresUpgrades;

    /**
     * A codec for one listener.
     *
     * @param maxHeaderBytes the request line and all headers
     * @param limit the name of that limit for the operator
     */
    // Grizzly 4 has only deprecated constructors that limit the headers' size; the builders they announce do not exist
    @SuppressWarnings("deprecation")
    public StrictHttpFilter(int maxHeaderBytes, String limit) {
        super(true, maxHeaderBytes, new KeepAlive(), null);
        this.maxHeaderBytes = maxHeaderBytes;
        this.limit = limit;
    }

    /**
     * Has it ignore the header Upgrade, as a server may (RFC 9110 7.8): Java's HTTP client sends one with each request, and
     * Grizzly would wait for a body without an end. To be called before the first connection.
     */
    void ignoreUpgrades() {
        ignoresUpgrades = true;
    }

    /** Ends a connection whose body comes in malformed chunks. */
    @Override
    public NextAction handleRead(FilterChainContext context) throws IOException {
        NextAction next = super.handleRead(context);
        if (context.getMessage() instanceof HttpContent content && HttpContent.isBroken(content)) {
            // answered with 400; filters that look into it would throw, and Grizzly would log that with its stack trace
            context.getConnection().closeSilently();
            return context.getStopAction();
        }
        return next;
    }

    /** Whether the request is refused with 400. */
    @Override
    protected boolean onHttpHeaderParsed(HttpHeader header, Buffer buffer, FilterChainContext context) {
        // without a switch of protocols Grizzly would wait for a body without an end: Java's HTTP client offers h2c
        if (ignoresUpgrades || !isHandshake(header)) {
            header.getUpgradeDC().recycle();
            header.setIgnoreContentModifiers(false);
        }
        return super.onHttpHeaderParsed(header, buffer, context)
                || isConnect((HttpRequestPacket) header)
                || hasBareLineFeed(buffer, buffer.position())
                || repeated(header).isPresent();
    }

    /** Whether it asks for a tunnel (RFC 9110 9.3.6), behind whose answer Grizzly would wait for octets without an end. */
    private static boolean isConnect(HttpRequestPacket request) {
        return request.getMethod().equals(Method.CONNECT);
    }

    /** Whether it may be the handshake of a WebSocket (RFC 6455 4.1), the only upgrade there is. */
    private static boolean isHandshake(HttpHeader header) {
        if (!((HttpRequestPacket) header).getMethod().equals(Method.GET)) {
            return false;
        }
        for (String protocols : header.getHeaders().values(Header.Upgrade)) {
            if (protocols.toLowerCase(Locale.ROOT).contains("websocket")) {
                return true;
            }
        }
        return false;
    }

    @Override
    protected void onHttpHeaderError(HttpHeader header, FilterChainContext context, Throwable why) throws IOException {
        // there is no other way to tell this from what is malformed
        if (why instanceof IllegalStateException
                && String.valueOf(why.getMessage()).endsWith("is too large")) {
            HttpResponsePacket response = ((HttpRequestPacket) header).getResponse();
            response.setStatus(HEADERS_TOO_LARGE);
            response.setReasonPhrase("Request Header Fields Too Large");
        }
        super.onHttpHeaderError(header, context, why);
    }

    @Override
    protected HttpContent customizeErrorResponse(HttpResponsePacket response) {
        String text = response.getStatus() == HEADERS_TOO_LARGE
                ? String.format(Locale.ROOT, "the request's headers are larger than %,d B (%s)", maxHeaderBytes, limit)
                : isConnect(response.getRequest())
                        ? "this is no proxy: there is no CONNECT"
                        : repeated(response.getRequest())
                                .map(name -> "the request has more than one " + name)
                                .orElse("the request is malformed");
        // sockets of the admin listener are no clients
        if (response.getRequest().getConnection() instanceof TCPNIOConnection connection) {
            AcceptedSocket.find(connection).ifPresent(socket -> socket.refused(Refusal.BAD_REQUEST, text));
        }
        byte[] body = (text + "\n").getBytes(UTF_8);
        response.setContentType("text/plain; charset=utf-8");
        response.setContentLength(body.length);
        return HttpContent.builder(response)
                .content(Buffers.wrap(null, body))
                .last(true)
                .build();
    }

    private static Optional<String> repeated(HttpHeader request) {
        return SINGLE.stream()
                .filter(name -> {
                    Iterator<String> values = request.getHeaders().values(name).iterator();
                    return values.hasNext() && values.next() != null && values.hasNext();
                })
                .findFirst();
    }

    private static boolean hasBareLineFeed(Buffer buffer, int end) {
        for (int i = 0; i < end; i++) {
            if (buffer.get(i) == '\n' && (i == 0 || buffer.get(i - 1) != '\r')) {
                return true;
            }
        }
        return false;
    }
}
