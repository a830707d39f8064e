package io.fanfare.broker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.loop.EventLoop;
import io.fanfare.loop.Framing;
import io.fanfare.session.Session;
import java.nio.ByteBuffer;

/** A broker and its one loop, on the caller's thread: what sessions do is all that happens. */
final class BrokerRig extends EventLoop {

    private final Broker broker = new Broker();

    @Override
    public boolean isCurrent() {
        return true;
    }

    @Override
    protected void wakeUp() {}

    /** A client that speaks STOMP 1.2, has sent these frames, and whose socket takes everything. */
    Session connect(Framing framing, String... frames) {
        Session session = broker.open(this, new OpenSocket(framing));
        read(session, bytes("CONNECT\naccept-version:1.2\nhost:h\n\n\0"));
        for (String frame : frames) {
            read(session, bytes(frame));
        }
        return session;
    }

    static ByteBuffer bytes(String frames) {
        return ByteBuffer.wrap(frames.getBytes(UTF_8));
    }

    /** The session reads this, and the loop takes turns until nothing is left to do. */
    void read(Session session, ByteBuffer bytes) {
        session.receive(bytes);
        do {
            turn();
        } while (hasWork());
    }
}
