package io.fanfare.server.internal.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.glassfish.grizzly.Grizzly;
import org.glassfish.grizzly.attributes.Attribute;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;
import org.jspecify.annotations.Nullable;

/**
 * One accepted socket in the books of {@link Admission}, from its first moment to its last; and whose it is, which a proxy
 * in front may know better. What it says of addresses belongs to the socket's loop.
 */
public final class Arrival {

    private static final Attribute<Arrival> ATTRIBUTE =
            Grizzly.DEFAULT_ATTRIBUTE_BUILDER.createAttribute(Arrival.class.getName());

    private final Admission admission;
    private final InetSocketAddress peer;
    private final Runnable cut;
    private InetAddress client;
    private int clientPort;

    // what follows belongs to the admission's lock

    @Nullable
    Origin origin;

    boolean isPending;
    boolean isConnection;

    Arrival(Admission admission, InetSocketAddress peer, Runnable cut) {
        this.admission = admission;
        this.peer = peer;
        this.cut = cut;
        this.client = peer.getAddress();
        this.clientPort = peer.getPort();
    }

    /** The arrival of a socket that has come in by an {@link Entrance}. */
    public static Arrival of(TCPNIOConnection connection) {
        return ATTRIBUTE.get(connection);
    }

    void attachTo(TCPNIOConnection connection) {
        ATTRIBUTE.set(connection, this);
    }

    /** The client's address, as far as it is known by now. */
    public InetAddress client() {
        return client;
    }

    /** Who sent us this speaks for somebody else. */
    public void cameFrom(InetAddress address, int port) {
        if (!address.equals(client)) {
            client = address;
            clientPort = port;
            admission.moved(this);
        }
    }

    /** Lets it become a connection; otherwise tells why not. */
    public Optional<String> admit() {
        return admission.admit(this);
    }

    /** The client has said who it is, and is in. */
    public void connected() {
        admission.connected(this);
    }

    /** The socket is gone, however that came; nothing happens the second time. */
    void leave() {
        admission.leave(this);
    }

    void cut() {
        cut.run();
    }

    /** For logs: the client, and whom it came by. */
    @Override
    public String toString() {
        String text = client.getHostAddress() + (clientPort == 0 ? "" : ":" + clientPort);
        return client.equals(peer.getAddress())
                ? text
                : text + " via=" + peer.getAddress().getHostAddress() + ":" + peer.getPort();
    }
}
