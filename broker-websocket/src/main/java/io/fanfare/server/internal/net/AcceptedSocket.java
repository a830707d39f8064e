package io.fanfare.server.internal.net;

import io.fanfare.statistics.Refusal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.glassfish.grizzly.Grizzly;
import org.glassfish.grizzly.attributes.Attribute;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;
import org.jspecify.annotations.Nullable;

/**
 * One accepted socket as {@link Admission} counts it, from accept to close, with the address of its client, which a proxy
 * in front may know better. The address is owned by the socket's loop.
 */
public final class AcceptedSocket {

    private static final Attribute<AcceptedSocket> ATTRIBUTE =
            Grizzly.DEFAULT_ATTRIBUTE_BUILDER.createAttribute(AcceptedSocket.class.getName());

    private final Admission admission;
    private final SelectorLoop loop;
    private final InetSocketAddress peer;
    private final Runnable abort;
    private InetAddress client;
    private int clientPort;

    // guarded by the admission's lock

    @Nullable
    AddressCounts counts;

    boolean isPending;
    boolean isConnection;

    /**
     * A socket of a loop.
     *
     * @param abort closes it at once; called on the loop
     */
    AcceptedSocket(Admission admission, SelectorLoop loop, InetSocketAddress peer, Runnable abort) {
        this.admission = admission;
        this.loop = loop;
        this.peer = peer;
        this.abort = abort;
        this.client = peer.getAddress();
        this.clientPort = peer.getPort();
    }

    /** What a {@link ConnectionEntry} has attached to a connection. */
    public static AcceptedSocket of(TCPNIOConnection connection) {
        return ATTRIBUTE.get(connection);
    }

    /** The same for a connection that may have none. */
    public static Optional<AcceptedSocket> find(TCPNIOConnection connection) {
        return Optional.ofNullable(ATTRIBUTE.get(connection));
    }

    void attachTo(TCPNIOConnection connection) {
        ATTRIBUTE.set(connection, this);
    }

    /** The client's address, as far as it is known by now. */
    public InetAddress client() {
        return client;
    }

    /**
     * A trusted proxy has opened this socket for a client elsewhere.
     *
     * @param port 0: unknown
     */
    public void proxiedFor(InetAddress address, int port) {
        assert loop.isCurrent();
        if (!address.equals(client)) {
            client = address;
            clientPort = port;
            admission.addressChanged(this);
        }
    }

    /** Makes it a connection; otherwise returns the reason why not. */
    public Optional<String> admit() {
        return admission.admit(this);
    }

    /**
     * The socket does not become a connection; the reason is counted.
     *
     * @param detail more than the reason for operators, in a sentence; may be empty
     */
    public void refused(Refusal why, String detail) {
        admission.refused(why, this, detail);
    }

    /** The client is CONNECTED: the socket is not pending any more. */
    public void connected() {
        admission.connected(this);
    }

    /** The socket has been closed, by either side; safe to call again. */
    void closed() {
        admission.closed(this);
    }

    /** Closes the socket soon; called by any thread. */
    void abort() {
        loop.execute(abort);
    }

    /** For logs: the client, and the proxy that it came by. */
    @Override
    public String toString() {
        String text = client.getHostAddress() + (clientPort == 0 ? "" : ":" + clientPort);
        return client.equals(peer.getAddress())
                ? text
                : text + " via=" + peer.getAddress().getHostAddress() + ":" + peer.getPort();
    }
}
