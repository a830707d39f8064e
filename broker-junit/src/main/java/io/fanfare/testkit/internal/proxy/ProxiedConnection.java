package io.fanfare.testkit.internal.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.testkit.internal.WsFrame;
import io.fanfare.testkit.wire.ClientConnection;
import io.fanfare.testkit.wire.StompFrame;
import io.fanfare.testkit.wire.Transport;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** One connection through the proxy, with a thread for each direction. Any thread may call. */
public final class ProxiedConnection implements ClientConnection {

    /**
     * The client's side.
     *
     * @param wire the socket itself, for a reset: one with TLS may not close while it shakes hands
     * @param stream what the client says, without TLS
     */
    record Side(Socket wire, Socket stream) {}

    private static final long LONG_NANOS = Duration.ofHours(1).toNanos();

    private final int number;
    private final boolean isHttp;
    private final Socket clientWire;
    private final Socket client;
    private final Socket broker;
    private final FaultRules rules;
    private final Transcripts transcripts;
    private final Pump in;
    private final Pump out;
    private final Thread inThread;
    private final Thread outThread;
    private final Map<String, String> subscriptions = new ConcurrentHashMap<>();
    private volatile String login = "";
    private volatile String session = "";
    private volatile boolean asksForWebSocket;
    private volatile boolean halfOpen;

    /** Whether a fault has ended it, and the client has yet to take notice. */
    private volatile boolean ending;

    private volatile boolean closed;

    /** Directions that have ended. */
    private int ends;

    ProxiedConnection(int number, boolean isHttp, Side side, Socket broker, FaultRules rules, Transcripts transcripts) {
        this.number = number;
        this.isHttp = isHttp;
        this.clientWire = side.wire();
        this.client = side.stream();
        this.broker = broker;
        this.rules = rules;
        this.transcripts = transcripts;
        this.in = new Pump(this, true, client, broker);
        this.out = new Pump(this, false, broker, client);
        String name = "fanfare-test-proxy-" + broker.getPort() + "-" + number;
        this.inThread = new Thread(in, name + "-in");
        this.outThread = new Thread(out, name + "-out");
        inThread.setDaemon(true);
        outThread.setDaemon(true);
    }

    void start() {
        inThread.start();
        outThread.start();
    }

    // ---- what is known of it ----------------------------------------------------------------------------------------

    @Override
    public String login() {
        return login;
    }

    @Override
    public String session() {
        return session;
    }

    @Override
    public Transport transport() {
        return isHttp ? Transport.WEBSOCKET : Transport.TCP;
    }

    @Override
    public Set<String> subscriptions() {
        return Set.copyOf(subscriptions.values());
    }

    /** For transcripts and failures. */
    @Override
    public String toString() {
        return (login.isEmpty() ? "anonymous" : login) + "#" + number;
    }

    /** Whether it has not ended. */
    public boolean isOpen() {
        return !closed;
    }

    boolean isHttp() {
        return isHttp;
    }

    boolean asksForWebSocket() {
        return asksForWebSocket;
    }

    void asksForWebSocket(boolean asks) {
        asksForWebSocket = asks;
    }

    FaultRules rules() {
        return rules;
    }

    // ---- what pumps tell --------------------------------------------------------------------------------------------

    void saw(boolean fromClient, Piece piece) {
        StompFrame frame = piece.frame();
        if (frame != null) {
            learn(frame);
        }
        note(fromClient, piece.shown());
    }

    private void learn(StompFrame frame) {
        switch (frame.command()) {
            case "CONNECT", "STOMP" -> login = frame.find("login").orElse("");
            case "CONNECTED" -> session = frame.find("session").orElse("");
            case "SUBSCRIBE" ->
                subscriptions.put(
                        frame.find("id").orElse(""), frame.find("destination").orElse(""));
            case "UNSUBSCRIBE" -> subscriptions.remove(frame.find("id").orElse(""));
            default -> {}
        }
    }

    void note(boolean fromClient, String what) {
        transcripts.add(this + (fromClient ? " >" : " <"), what.replace("\n", "\n    "));
    }

    /** One side has ended its direction; the other side learns it, unless nothing gets there any more. */
    void ended(boolean fromClient, Socket other) {
        if (isSwallowing()) {
            endedAfterFault(fromClient);
            return;
        }
        note(fromClient, "(end)");
        try {
            other.shutdownOutput();
        } catch (IOException e) {
            // ended already
        }
        synchronized (this) {
            if (++ends < 2) {
                return;
            }
        }
        close();
    }

    /** A socket is broken; both sides get a reset, unless nothing gets there any more. */
    void broken(boolean fromClient) {
        if (isSwallowing()) {
            endedAfterFault(fromClient);
        } else if (!closed) {
            reset();
        }
    }

    private void endedAfterFault(boolean fromClient) {
        if (ending && fromClient) {
            close();
        }
    }

    // ---- faults -----------------------------------------------------------------------------------------------------

    /** Waits while its direction is stalled. */
    void awaitUnstalled(boolean fromClient) {
        synchronized (rules) {
            while (rules.stalls(this, fromClient) && !closed && !isSwallowing()) {
                waitFor(LONG_NANOS);
            }
        }
    }

    /** Waits this long, or until the connection or the faults end. */
    void pause(Duration time) {
        long deadline = System.nanoTime() + time.toNanos();
        synchronized (rules) {
            long left = time.toNanos();
            while (left > 0 && !closed && rules.areAboutFrames()) {
                waitFor(left);
                left = deadline - System.nanoTime();
            }
        }
    }

    /** Waits a while; for a condition, in a loop. */
    private void waitFor(long nanos) {
        try {
            TimeUnit.NANOSECONDS.timedWait(rules, nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            reset();
        }
    }

    /** Whether nothing gets through any more. */
    boolean isSwallowing() {
        return halfOpen || ending;
    }

    /** Nothing gets through any more, not even an end. */
    public void halfOpen() {
        halfOpen = true;
        wake();
    }

    /** Ends both sides with a reset. */
    public void reset() {
        close(true);
    }

    /** Has the client get a Close with this code, or over TCP the end, and the broker the end. */
    public void close(int code, String reason) {
        ending = true;
        if (asksForWebSocket) {
            toClient(WsFrame.close(code, reason, false).octets(), "a Close " + code + " " + reason);
        }
        endClient();
    }

    /** Has the client get an ERROR and then the end, and the broker the end. */
    public void error(String message, int code) {
        ending = true;
        byte[] error = ("ERROR\nmessage:" + message + "\ncontent-length:0\n\n\0").getBytes(UTF_8);
        byte[] octets =
                asksForWebSocket ? WsFrame.of(WsFrame.TEXT, error, false).octets() : error;
        toClient(octets, Piece.stomp(error).shown());
        close(code, message);
    }

    private void toClient(byte[] octets, String shown) {
        note(false, "(fault) " + shown);
        try {
            synchronized (client) {
                client.getOutputStream().write(octets);
            }
        } catch (IOException e) {
            // the client has gone meanwhile
        }
    }

    /** The client's stream ends behind what was written; the broker's connection is reset. */
    private void endClient() {
        wake();
        try {
            broker.setSoLinger(true, 0);
            broker.close();
            client.shutdownOutput();
        } catch (IOException e) {
            // one of them has gone meanwhile
            close();
        }
    }

    /** Passes on what waits for the end of its frame, and wakes what is stalled. */
    void faultsCleared() {
        if (halfOpen) {
            reset();
            return;
        }
        wake();
        try {
            in.releaseHeld();
            out.releaseHeld();
        } catch (IOException e) {
            reset();
        }
    }

    private void wake() {
        synchronized (rules) {
            rules.notifyAll();
        }
    }

    // ---- the end ----------------------------------------------------------------------------------------------------

    private void close() {
        close(false);
    }

    private void close(boolean withReset) {
        closed = true;
        for (Socket each : new Socket[] {withReset ? clientWire : client, broker}) {
            try {
                if (withReset && !each.isClosed()) {
                    each.setSoLinger(true, 0);
                }
                each.close();
            } catch (IOException e) {
                // closed already
            }
        }
        wake();
    }

    /** Whether its threads have ended within this time. */
    boolean awaitEnd(Duration most) {
        try {
            inThread.join(most.toMillis());
            outThread.join(most.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !inThread.isAlive() && !outThread.isAlive();
    }
}
