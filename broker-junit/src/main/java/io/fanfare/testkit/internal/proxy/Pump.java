package io.fanfare.testkit.internal.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One direction of a connection, on a thread of its own. */
final class Pump implements Runnable {

    private static final int BUFFER_BYTES = 16 << 10;
    private static final int TLS_HANDSHAKE = 0x16;

    private enum Mode {
        /** Nothing has come yet. */
        NEW,
        /** The head of a request or its answer. */
        HTTP,
        STOMP,
        /** Anything else passes as it is. */
        OPAQUE
    }

    private final ProxiedConnection connection;
    private final boolean fromClient;
    private final Socket from;
    private final Socket to;
    private final HttpHead head = new HttpHead();
    private Mode mode = Mode.NEW;
    private @Nullable Decoder decoder;

    /** Octets of a unit that has begun and that have not been passed on. Changed under the lock of this. */
    private volatile byte[] held = new byte[0];

    /** Octets of a unit that has begun and that have been passed on already. */
    private int passed;

    Pump(ProxiedConnection connection, boolean fromClient, Socket from, Socket to) {
        this.connection = connection;
        this.fromClient = fromClient;
        this.from = from;
        this.to = to;
    }

    @Override
    public void run() {
        byte[] buffer = new byte[BUFFER_BYTES];
        try {
            InputStream in = from.getInputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                connection.awaitUnstalled(fromClient);
                if (!connection.isSwallowing()) {
                    arrived(buffer, count);
                }
            }
            connection.awaitUnstalled(fromClient);
            connection.ended(fromClient, to);
        } catch (IOException e) {
            // a reset, of this side or the other: both are to have one
            connection.broken(fromClient);
        }
    }

    private synchronized void arrived(byte[] octets, int count) throws IOException {
        if (mode == Mode.NEW) {
            mode = octets[0] == TLS_HANDSHAKE ? Mode.OPAQUE : connection.isHttp() ? Mode.HTTP : Mode.STOMP;
            decoder = mode == Mode.STOMP ? new Decoder(false) : null;
        }
        switch (mode) {
            case HTTP -> http(octets, count);
            case STOMP -> stomp(octets, count);
            case NEW, OPAQUE -> write(octets, count);
        }
    }

    private void http(byte[] octets, int count) throws IOException {
        head.add(octets, count);
        if (!head.isWhole()) {
            return;
        }
        byte[] whole = head.head(fromClient ? connection.rules().refusedSubProtocols() : Set.of());
        connection.note(fromClient, head.firstLine());
        boolean isWebSocket;
        if (fromClient) {
            isWebSocket = head.asksForWebSocket();
            connection.asksForWebSocket(isWebSocket);
        } else {
            isWebSocket = connection.asksForWebSocket() && head.grantsWebSocket();
        }
        mode = isWebSocket ? Mode.STOMP : Mode.OPAQUE;
        decoder = isWebSocket ? new Decoder(true) : null;
        byte[] rest = head.rest();
        write(whole, whole.length);
        if (rest.length > 0) {
            arrived(rest, rest.length);
        }
    }

    private void stomp(byte[] octets, int count) throws IOException {
        Decoder units = decoder;
        if (units == null) {
            write(octets, count);
            return;
        }
        List<Unit> whole = new ArrayList<>();
        units.feed(octets, count, whole::add);
        if (units.isTooLong()) {
            mode = Mode.OPAQUE;
        }
        if (connection.rules().areAboutFrames() && mode == Mode.STOMP) {
            hold(octets, count, whole);
            return;
        }
        whole.forEach(unit -> unit.pieces().forEach(piece -> connection.saw(fromClient, piece)));
        releaseHeld();
        int behind = count;
        for (Unit unit : whole) {
            behind -= unit.octets().length - passed;
            passed = 0;
        }
        write(octets, count);
        passed += behind;
    }

    /** Passes whole units alone, each with what the faults make of it. */
    private void hold(byte[] octets, int count, List<Unit> whole) throws IOException {
        byte[] all = Arrays.copyOf(held, held.length + count);
        System.arraycopy(octets, 0, all, held.length, count);
        int used = 0;
        for (Unit unit : whole) {
            int left = unit.octets().length - passed;
            if (passed > 0) {
                // its beginning is on the way: too late for a fault
                unit.pieces().forEach(piece -> connection.saw(fromClient, piece));
                write(unit.octets(), passed, left);
            } else {
                pass(unit);
            }
            used += left;
            passed = 0;
        }
        held = Arrays.copyOfRange(all, used, all.length);
        if (passed > 0) {
            releaseHeld();
        }
    }

    private void pass(Unit unit) throws IOException {
        List<byte[]> out = new ArrayList<>();
        boolean changed = false;
        for (Piece piece : unit.pieces()) {
            connection.saw(fromClient, piece);
            FrameFault fault = connection.rules().frames().stream()
                    .filter(each -> each.takes(connection, piece, fromClient))
                    .findFirst()
                    .orElse(null);
            byte[] alone = unit.encode(piece, fromClient);
            if (fault == null) {
                out.add(alone);
                continue;
            }
            connection.note(fromClient, "(fault: " + fault.effect() + ")");
            changed |= fault.effect() != FrameFault.Effect.DELAY;
            switch (fault.effect()) {
                case DROP -> {}
                case DUPLICATE -> {
                    out.add(alone);
                    out.add(alone);
                }
                case DELAY -> {
                    connection.pause(fault.time());
                    out.add(alone);
                }
                case CUT -> {
                    cut(out, alone, alone.length - piece.octets().length + fault.octets());
                    return;
                }
            }
        }
        if (!changed) {
            write(unit.octets(), unit.octets().length);
            return;
        }
        for (byte[] each : out) {
            write(each, each.length);
        }
    }

    private void cut(List<byte[]> before, byte[] frame, int octets) throws IOException {
        for (byte[] each : before) {
            write(each, each.length);
        }
        write(frame, Math.min(frame.length, octets));
        connection.ended(fromClient, to);
        connection.ended(!fromClient, from);
        throw new IOException("cut");
    }

    /** Passes on what waits for the end of its unit; when no fault is about frames any more. */
    void releaseHeld() throws IOException {
        if (held.length == 0) {
            // without the lock, which a pump has that waits for its socket
            return;
        }
        synchronized (this) {
            byte[] released = held;
            held = new byte[0];
            write(released, released.length);
            passed += released.length;
        }
    }

    private void write(byte[] octets, int count) throws IOException {
        write(octets, 0, count);
    }

    private void write(byte[] octets, int from, int count) throws IOException {
        if (count > 0) {
            OutputStream out = to.getOutputStream();
            synchronized (to) {
                out.write(octets, from, count);
            }
        }
    }
}
