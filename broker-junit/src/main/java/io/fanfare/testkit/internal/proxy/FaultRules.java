package io.fanfare.testkit.internal.proxy;

import io.fanfare.testkit.wire.ClientConnection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** The faults that hold until they are cleared, for connections of now and of later. Any thread may call. */
public final class FaultRules {

    private final List<FrameFault> frames = new CopyOnWriteArrayList<>();
    private final List<Predicate<ClientConnection>> unread = new CopyOnWriteArrayList<>();
    private final List<Predicate<ClientConnection>> unwritten = new CopyOnWriteArrayList<>();
    private final Set<String> refusedSubProtocols = ConcurrentHashMap.newKeySet();
    private volatile boolean refusing;

    public void add(FrameFault fault) {
        frames.add(fault);
    }

    /** Nothing more is read from these clients. */
    public void stallReads(Predicate<ClientConnection> which) {
        unread.add(which);
    }

    /** Nothing more is written to these clients. */
    public void stallWrites(Predicate<ClientConnection> which) {
        unwritten.add(which);
    }

    /** Handshakes offer this no longer. */
    public void refuseSubProtocol(String name) {
        refusedSubProtocols.add(name);
    }

    /** New connections are ended at once. */
    public void refuseConnections() {
        refusing = true;
    }

    public void clear() {
        frames.clear();
        unread.clear();
        unwritten.clear();
        refusedSubProtocols.clear();
        refusing = false;
    }

    boolean areAboutFrames() {
        return !frames.isEmpty();
    }

    List<FrameFault> frames() {
        return frames;
    }

    boolean stalls(ClientConnection connection, boolean fromClient) {
        List<Predicate<ClientConnection>> stalled = fromClient ? unread : unwritten;
        return !stalled.isEmpty() && stalled.stream().anyMatch(which -> which.test(connection));
    }

    boolean refusesConnections() {
        return refusing;
    }

    Set<String> refusedSubProtocols() {
        return refusedSubProtocols;
    }
}
