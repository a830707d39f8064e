package io.fanfare.server.websocket;

import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.http.HttpHeader;
import org.glassfish.grizzly.http.HttpServerFilter;
import org.glassfish.grizzly.http.KeepAlive;

/**
 * Grizzly's HTTP codec, with one liberty taken from it: it ends a line at LF alone, where a proxy in front of it may not,
 * and would see another request than we do (RFC 9112 11.2).
 */
public final class StrictHttpFilter extends HttpServerFilter {

    // Grizzly 4 has only deprecated constructors that limit the headers' size; the builders they announce do not exist
    @SuppressWarnings("deprecation")
    public StrictHttpFilter(int maxHeaderBytes) {
        super(true, maxHeaderBytes, new KeepAlive(), null);
    }

    /** Whether the request is to be refused with 400. */
    @Override
    protected boolean onHttpHeaderParsed(HttpHeader header, Buffer buffer, FilterChainContext context) {
        return super.onHttpHeaderParsed(header, buffer, context) || hasBareLineFeed(buffer, buffer.position());
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
