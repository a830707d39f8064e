package io.fanfare.server.internal.http;

import java.util.Arrays;
import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.Grizzly;
import org.glassfish.grizzly.attributes.Attribute;
import org.glassfish.grizzly.filterchain.BaseFilter;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.filterchain.NextAction;
import org.glassfish.grizzly.memory.Buffers;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;

/**
 * Keeps the octets of a connection's first request until its head is complete, and gives them to the HTTP codec then. What
 * the codec makes for a request takes many times as much memory, and a socket may never send more than the beginning of one.
 * A head that comes in one piece, as most do, is passed on as it is.
 */
public final class RequestHeadFilter extends BaseFilter {

    private static final Attribute<Head> HEAD =
            Grizzly.DEFAULT_ATTRIBUTE_BUILDER.createAttribute(RequestHeadFilter.class.getName() + ".head");

    /** Of a connection whose first request is with the codec: what follows goes there at once. */
    private static final Head PASSED = new Head();

    private final int maxHeaderBytes;

    /**
     * A filter of one listener.
     *
     * @param maxHeaderBytes a head of this size that is not complete goes to the codec, which refuses it
     */
    public RequestHeadFilter(int maxHeaderBytes) {
        this.maxHeaderBytes = maxHeaderBytes;
    }

    @Override
    public NextAction handleRead(FilterChainContext context) {
        TCPNIOConnection connection = (TCPNIOConnection) context.getConnection();
        Head begun = HEAD.get(connection);
        if (begun == PASSED) {
            return context.getInvokeAction();
        }
        Head head = begun == null ? new Head() : begun;
        Buffer received = context.getMessage();
        if (!head.endsIn(received) && head.length + received.remaining() < maxHeaderBytes) {
            head.keep(received);
            HEAD.set(connection, head);
            return context.getStopAction();
        }
        if (head.length > 0) {
            head.keep(received);
            context.setMessage(Buffers.wrap(context.getMemoryManager(), head.bytes, 0, head.length));
        }
        HEAD.set(connection, PASSED);
        return context.getInvokeAction();
    }

    /** The first octets of a connection. */
    private static final class Head {

        private byte[] bytes = {};
        private int length;

        /** Octets of the line that has begun, without CR. */
        private int line;

        /** Whether a line has ended that is not empty. */
        private boolean hasLine;

        /**
         * Whether an empty line is in what comes next; those in front of a request do not count (RFC 9112 2.2). Says so
         * of each head that the codec takes for complete, which ends lines with a bare LF, too, and refuses it later.
         */
        boolean endsIn(Buffer more) {
            for (int i = more.position(); i < more.limit(); i++) {
                byte octet = more.get(i);
                if (octet == '\n') {
                    if (line == 0 && hasLine) {
                        return true;
                    }
                    hasLine |= line > 0;
                    line = 0;
                } else if (octet != '\r') {
                    line++;
                }
            }
            return false;
        }

        void keep(Buffer more) {
            int count = more.remaining();
            if (length + count > bytes.length) {
                // doubles: octets that come one by one are not all copied for each
                bytes = Arrays.copyOf(bytes, Math.max(length + count, 2 * bytes.length));
            }
            more.get(bytes, length, count);
            length += count;
            more.tryDispose();
        }
    }
}
