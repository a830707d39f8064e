package io.fanfare.broker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.loop.Framing;
import io.fanfare.session.Session;
import io.fanfare.testing.FakeConnection;
import io.fanfare.testing.HandLoop;
import io.fanfare.testing.Received;
import io.fanfare.testing.Wire;
import java.nio.ByteBuffer;
import java.util.List;

/** A connected client of which the test keeps no transcript, for tests that measure the heap. */
final class BareClient {

    private final HandLoop loop;
    private final FakeConnection connection;

    BareClient(Broker broker, HandLoop loop) {
        this(broker, loop, "");
    }

    /** A client that comes with these header lines, each with its line feed. */
    BareClient(Broker broker, HandLoop loop, String lines) {
        this(broker, loop, lines, new FakeConnection(Framing.TCP, loop, "bare"));
    }

    private BareClient(Broker broker, HandLoop loop, String lines, FakeConnection connection) {
        this.loop = loop;
        this.connection = connection;
        loop.run(() -> connection.session(broker.open(loop, connection)));
        sends("CONNECT\naccept-version:1.2\nhost:h\n" + lines + "\n\0");
    }

    /** A client that comes with these header lines, and of which nothing is kept that it gets. */
    static BareClient thatForgets(Broker broker, HandLoop loop, String lines) {
        FakeConnection connection = new FakeConnection(Framing.TCP, loop, "bare");
        connection.forgets();
        return new BareClient(broker, loop, lines, connection);
    }

    Session session() {
        return connection.session();
    }

    /** The session reads this, and its loop does all that there is to do. */
    void sends(String frames) {
        feeds(frames);
        work();
    }

    /** The session reads this; its loop takes no turn yet. */
    void feeds(String frames) {
        loop.run(() -> session().receive(ByteBuffer.wrap(frames.getBytes(UTF_8))));
    }

    /** Whether the broker has closed or cut it. */
    boolean isOver() {
        return connection.closeCode() != null || connection.isLost();
    }

    /** Whether the broker does not read from it at present. */
    boolean isSuspended() {
        return connection.isSuspended();
    }

    /** How often something was written to it. */
    int writes() {
        return connection.writes().size();
    }

    void stopsReading() {
        connection.room(0);
    }

    /** How many frames it has got, CONNECTED among them. */
    int received() {
        return Wire.read(connection.taken(), Framing.TCP).size();
    }

    /** The body of the last frame that it has got. */
    String lastText() {
        List<Received> all = Wire.read(connection.taken(), Framing.TCP);
        return all.get(all.size() - 1).text();
    }

    void isLost() {
        goes();
        work();
    }

    /** The network loses the connection; its loop takes no turn yet. */
    void goes() {
        loop.run(connection::abort);
    }

    private void work() {
        while (loop.isAwake() || loop.isWaitedFor()) {
            loop.takeTurn();
        }
    }
}
