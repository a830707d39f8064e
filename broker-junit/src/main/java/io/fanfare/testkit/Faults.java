package io.fanfare.testkit;

import io.fanfare.testkit.internal.proxy.FaultRules;
import io.fanfare.testkit.internal.proxy.FrameFault;
import io.fanfare.testkit.internal.proxy.ProxiedConnection;
import io.fanfare.testkit.wire.ClientConnection;
import io.fanfare.testkit.wire.StompFrame;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Faults between the broker and chosen connections: {@code broker.faults().disconnect(c -> c.login().equals("alice"))}.
 * It happens in a proxy in front of the broker's ports, where both sides see what a network or a broken peer would show
 * them.
 *
 * <p>What happens at once ({@link #disconnect}, {@link #close}, {@link #error}, {@link #halfOpen}) needs a connection that fits
 * now, and fails without one. What holds from now on is about connections to come, too, until {@link #clear}, which every
 * clear of the broker does. Frames are chosen by what they are: a SEND comes from a client, a MESSAGE goes to one. Connections
 * with TLS can't be looked into: frames pass there. Any thread may call but those of the broker.
 */
public final class Faults {

    /** Every connection. */
    public static final Predicate<ClientConnection> ALL = connection -> true;

    private static final int CLOSE_OF_AN_ERROR = 1002;

    private final FaultRules rules;
    private final Supplier<List<ProxiedConnection>> connections;
    private final Runnable cleared;
    private final Runnable restart;

    Faults(FaultRules rules, Supplier<List<ProxiedConnection>> connections, Runnable cleared, Runnable restart) {
        this.rules = rules;
        this.connections = connections;
        this.cleared = cleared;
        this.restart = restart;
    }

    /** Frames of a command, such as {@code MESSAGE}. */
    public static Predicate<StompFrame> frames(String command) {
        return frame -> frame.command().equals(command);
    }

    // ---- at once ----------------------------------------------------------------------------------------------------

    /** Ends connections with a reset, for both sides. */
    public void disconnect(Predicate<ClientConnection> which) {
        chosen(which).forEach(ProxiedConnection::reset);
    }

    /** Closes connections: clients get a WebSocket's Close with this code, or over TCP the end of the stream. */
    public void close(Predicate<ClientConnection> which, int code, String reason) {
        chosen(which).forEach(each -> each.close(code, reason));
    }

    /** Has clients get an ERROR with this {@code message}, and then the Close that belongs to it. */
    public void error(Predicate<ClientConnection> which, String message) {
        chosen(which).forEach(each -> each.error(message, CLOSE_OF_AN_ERROR));
    }

    /** Has nothing get through any more, in both directions, not even the end of a side: as when a cable is pulled. */
    public void halfOpen(Predicate<ClientConnection> which) {
        chosen(which).forEach(ProxiedConnection::halfOpen);
    }

    /**
     * Stops the broker and starts it anew on the same ports, without what it held; returns when its ports accept connections.
     * All connections are ended.
     */
    public void restart() {
        restart.run();
    }

    // ---- from now on ------------------------------------------------------------------------------------------------

    /** Drops the next frame that fits. */
    public void dropNext(Predicate<ClientConnection> which, Predicate<StompFrame> frame) {
        rules.add(FrameFault.next(FrameFault.Effect.DROP, which, frame));
    }

    /** Has the next frame that fits come twice. */
    public void duplicateNext(Predicate<ClientConnection> which, Predicate<StompFrame> frame) {
        rules.add(FrameFault.next(FrameFault.Effect.DUPLICATE, which, frame));
    }

    /** Lets the first octets of the next frame that fits through; then the connection ends, for both sides. */
    public void cutNext(Predicate<ClientConnection> which, Predicate<StompFrame> frame, int octets) {
        rules.add(FrameFault.cut(which, frame, octets));
    }

    /** Delays each frame that fits, and what comes behind it in its direction; in time that passes, not by the broker's clock. */
    public void delay(Predicate<ClientConnection> which, Predicate<StompFrame> frame, Duration time) {
        rules.add(FrameFault.delay(which, frame, time));
    }

    /** Has the broker's heart-beats and Pings not arrive. */
    public void noHeartBeats(Predicate<ClientConnection> which) {
        rules.add(FrameFault.noHeartBeats(which));
    }

    /** Has the broker get nothing more of what clients send; it fills up on their side. */
    public void stallReads(Predicate<ClientConnection> which) {
        rules.stallReads(which);
    }

    /** Has clients get nothing more of what the broker sends; it fills up on the broker's side. */
    public void stallWrites(Predicate<ClientConnection> which) {
        rules.stallWrites(which);
    }

    /** Takes a sub-protocol, such as {@code v12.stomp}, out of the offers of handshakes; one without another is refused. */
    public void refuseSubProtocol(String name) {
        rules.refuseSubProtocol(name);
    }

    /** Ends new connections at once, as if the broker were down. */
    public void refuseConnections() {
        rules.refuseConnections();
    }

    /** Undoes all faults; connections that are half open get a reset. */
    public void clear() {
        rules.clear();
        cleared.run();
    }

    private List<ProxiedConnection> chosen(Predicate<ClientConnection> which) {
        List<ProxiedConnection> all = connections.get();
        List<ProxiedConnection> chosen = all.stream().filter(which).toList();
        if (chosen.isEmpty()) {
            throw new AssertionError("no connection fits, of " + all);
        }
        return chosen;
    }
}
