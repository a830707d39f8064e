package io.fanfare.broker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.loop.EventLoop;
import io.fanfare.loop.Framing;
import io.fanfare.session.Session;
import java.nio.ByteBuffer;

/** A broker with one loop on the caller's thread; nothing else runs. */
final class BrokerRig extends EventLoop {

    private final Broker broker = new Broker();

    @Override
    public boolean isCurrent() {
        return true;
    }

    @Override
    protected void wakeUp() {}

    /** A STOMP 1.2 client that has sent these frames, with a socket that takes everything. */
    Session connect(Framing framing, String... frames) {
        return connect(new OpenSocket(framing), frames);
    }

    /** As {@link #connect(Framing, String...)}, on a socket that the caller keeps. */
    Session connect(OpenSocket socket, String... frames) {
        Session session = broker.open(this, socket);
        read(session, bytes("CONNECT\naccept-version:1.2\nhost:h\n\n\0"));
        for (String frame : frames) {
            read(session, bytes(frame));
        }
        return session;
    }

    static ByteBuffer bytes(String frames) {
        return ByteBuffer.wrap(frames.getBytes(UTF_8));
    }

    /** Lets the session read bytes, and the loop take turns until it is idle. */
    void read(Session session, ByteBuffer bytes) {
        session.receive(bytes);
        do {
            turn();
        } while (hasWork());
    }
}
