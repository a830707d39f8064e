package io.fanfare.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.testing.RawWebSocket;
import io.fanfare.testing.Transcript;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Hostile clients: each attack repeats one thing at a steady rate, from threads of its own. */
final class Attack implements AutoCloseable {

    enum Kind {
        /** 50 subscribers of 200 KB a second that read nothing, and reconnect when they are cut. */
        SLOW_READERS,
        /** 10,000 Pings a second. */
        PINGS,
        /** 10,000 SUBSCRIBE and UNSUBSCRIBE a second, each of a topic of its own. */
        SUBSCRIPTIONS,
        /** 500 more sockets a second that begin a handshake and stop; 5,000 at once. */
        HALF_OPEN,
        /** 200 messages a second that announce 100 MB and begin to send them. */
        OVERSIZED,
        /** 200 consumers a second with a selector that matches nothing of a queue of 99,000. */
        SELECTORS,
        /** 400 browses a second of a queue of 99,000, with a selector that matches nothing. */
        BROWSES,
        /** 2,000 SUBSCRIBE and UNSUBSCRIBE of {@code /topic/#} a second among 20,000 topics. */
        WILDCARDS,
        /** 1,000 reconnects a second of 500 pages with a paced wildcard of 20 topics. */
        RECONNECTS,
        /** 10 MB a second to a subscriber that reads and one that does not. */
        FLOOD
    }

    private static final int TICK_MILLIS = 10;
    private static final int MAX_HALF_OPEN = 5_000;
    static final byte[] CONNECT = Transcript.bytes("CONNECT\naccept-version:1.2\nhost:h\n\n^@");
    private static final byte[] HANDSHAKE = RawWebSocket.request().getBytes(UTF_8);

    private final Kind kind;
    private final int webSocketPort;
    private final int tcpPort;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final List<Socket> sockets = new ArrayList<>();
    private final HeavyUse heavyUse;
    private final AtomicLong blows = new AtomicLong();
    private long ticks;

    private Attack(Kind kind, int webSocketPort, int tcpPort) {
        this.kind = kind;
        this.webSocketPort = webSocketPort;
        this.tcpPort = tcpPort;
        this.heavyUse = new HeavyUse(this, tcpPort);
    }

    /** An attack that has not begun; what it needs of queues and topics is there. */
    static Attack prepared(Kind kind, int webSocketPort, int tcpPort) throws IOException {
        Attack attack = new Attack(kind, webSocketPort, tcpPort);
        switch (kind) {
            case SELECTORS, BROWSES -> attack.heavyUse.fillQueue();
            case WILDCARDS -> attack.heavyUse.nameTopics();
            default -> {}
        }
        return attack;
    }

    void begin() {
        thread.scheduleAtFixedRate(this::tick, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Number of attacks so far. */
    long blows() {
        return blows.get();
    }

    void blow() {
        blows.incrementAndGet();
    }

    private void tick() {
        ticks++;
        try {
            switch (kind) {
                case SLOW_READERS -> readSlowly();
                case PINGS -> ping();
                case SUBSCRIPTIONS -> subscribe();
                case HALF_OPEN -> openHalf();
                case OVERSIZED -> announce();
                case SELECTORS -> heavyUse.selectOnALongQueue();
                case BROWSES -> heavyUse.browseALongQueue();
                case WILDCARDS -> heavyUse.joinByWildcard();
                case RECONNECTS -> heavyUse.reconnectPages();
                case FLOOD -> heavyUse.floodAStalledReader();
            }
        } catch (IOException e) {
            // the broker is right to cut it; the next tick opens another
            forgetTheEnded();
        }
    }

    private void readSlowly() throws IOException {
        if (sockets.isEmpty()) {
            Socket publisher = open(tcpPort, 0);
            publisher.getOutputStream().write(CONNECT);
            sockets.add(publisher);
        }
        // one is replaced each tick: more than the broker cuts
        int victim = 1 + (int) (ticks % 50);
        if (sockets.size() <= victim || hasEnded(sockets.get(victim))) {
            Socket reader = open(tcpPort, 4 << 10);
            reader.getOutputStream().write(CONNECT);
            reader.getOutputStream().write("SUBSCRIBE\nid:0\ndestination:/topic/flood\n\n\0".getBytes(UTF_8));
            if (sockets.size() <= victim) {
                sockets.add(reader);
            } else {
                sockets.set(victim, reader).close();
            }
        }
        byte[] send = ("SEND\ndestination:/topic/flood\n\n" + "x".repeat(10_000) + "\0").getBytes(UTF_8);
        if (ticks % 5 == 0) {
            sockets.get(0).getOutputStream().write(send);
            blows.incrementAndGet();
        }
    }

    private void ping() throws IOException {
        while (sockets.size() < 4) {
            Socket socket = open(webSocketPort, 0);
            sockets.add(socket);
            socket.getOutputStream().write(HANDSHAKE);
        }
        byte[] pings = new byte[25 * 6];
        for (int i = 0; i < pings.length; i += 6) {
            pings[i] = (byte) 0x89;
            pings[i + 1] = (byte) 0x80;
        }
        for (Socket socket : sockets) {
            socket.getOutputStream().write(pings);
            blows.addAndGet(25);
            drain(socket);
        }
    }

    private void subscribe() throws IOException {
        while (sockets.size() < 4) {
            Socket socket = open(tcpPort, 0);
            sockets.add(socket);
            socket.getOutputStream().write(CONNECT);
        }
        StringBuilder storm = new StringBuilder();
        for (int i = 0; i < 25; i++) {
            storm.append("SUBSCRIBE\nid:").append(i).append("\ndestination:/topic/storm.");
            storm.append(ticks)
                    .append('.')
                    .append(i)
                    .append("\n\n\0UNSUBSCRIBE\nid:")
                    .append(i)
                    .append("\n\n\0");
        }
        for (Socket socket : sockets) {
            socket.getOutputStream().write(storm.toString().getBytes(UTF_8));
            blows.addAndGet(25);
            drain(socket);
        }
    }

    private void openHalf() throws IOException {
        if (sockets.size() >= MAX_HALF_OPEN) {
            for (Socket socket : sockets.subList(0, 5)) {
                socket.close();
            }
            sockets.subList(0, 5).clear();
        }
        for (int i = 0; i < 5; i++) {
            Socket socket = open(webSocketPort, 0);
            sockets.add(socket);
            socket.getOutputStream().write("GET /ws HT".getBytes(UTF_8));
            blows.incrementAndGet();
        }
    }

    private void announce() throws IOException {
        for (int i = 0; i < 2; i++) {
            blows.incrementAndGet();
            try (Socket socket = open(webSocketPort, 0)) {
                socket.getOutputStream().write(HANDSHAKE);
                socket.getOutputStream()
                        .write(new byte[] {(byte) 0x82, (byte) 0xFF, 0, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0});
                socket.getOutputStream().write(new byte[64 << 10]);
            }
        }
    }

    static void drain(Socket socket) throws IOException {
        int available = socket.getInputStream().available();
        if (available > 0) {
            socket.getInputStream().readNBytes(available);
        }
    }

    static Socket open(int port, int receiveBuffer) throws IOException {
        Socket socket = new Socket();
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
        socket.setSoTimeout(1_000);
        return socket;
    }

    /** Finds sockets that the broker has closed, by writing: these clients do not read. */
    static boolean hasEnded(Socket socket) {
        try {
            socket.getOutputStream().write('\n');
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private void forgetTheEnded() {
        sockets.removeIf(Attack::hasEnded);
        heavyUse.forgetTheEnded();
        if (kind == Kind.SLOW_READERS) {
            // the first of them is the publisher
            closeAll();
        }
    }

    private void closeAll() {
        closeAll(sockets);
    }

    static void closeAll(List<Socket> sockets) {
        for (Socket socket : sockets) {
            try {
                socket.close();
            } catch (IOException e) {
                // closed already
            }
        }
        sockets.clear();
    }

    @Override
    public void close() {
        thread.shutdownNow();
        try {
            thread.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        closeAll();
        heavyUse.close();
    }
}
