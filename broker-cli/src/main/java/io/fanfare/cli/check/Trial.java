package io.fanfare.cli.check;

import io.fanfare.cli.wire.HandshakeResponse;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** One run of a probe: its connections, which are closed at its end, and destinations of its own. Used by one thread. */
final class Trial implements AutoCloseable {

    /** A frame that a broker must answer with an ERROR (STOMP 1.2, SEND: what it can't process). */
    static final String IMPOSSIBLE = "SEND\n\nwithout destination^@";

    private final Target target;
    private final List<Peer> peers = new CopyOnWriteArrayList<>();
    private final List<TcpLine> lines = new CopyOnWriteArrayList<>();
    private final String name;
    private String note = "";

    Trial(Target target, int item) {
        this.target = target;
        this.name = String.format(
                Locale.ROOT,
                "fanfare-check-%d-%08x",
                item,
                ThreadLocalRandom.current().nextInt());
    }

    Target target() {
        return target;
    }

    /** A topic that no other trial uses. */
    String topic() {
        return target.topics() + name;
    }

    /** A queue that no other trial uses. */
    String queue() {
        return queue("");
    }

    String queue(String suffix) {
        return target.queues() + name + suffix;
    }

    /** Leaves a note beside a pass, where the specification leaves a choice. */
    void note(String text) {
        note = text;
    }

    String note() {
        return note;
    }

    /** A connection without a session. */
    Peer open() {
        try {
            return added(target.isWebSocket() ? WebSocketLine.open(target) : TcpLine.open(target));
        } catch (IOException e) {
            throw Finding.fail("no connection: " + e.getMessage());
        }
    }

    /** A WebSocket with these lines in its handshake, without a session. */
    Peer open(String... handshakeLines) {
        try {
            return added(WebSocketLine.open(target, handshakeLines));
        } catch (IOException e) {
            throw Finding.fail("no WebSocket: " + e.getMessage());
        }
    }

    private Peer added(Line line) {
        Peer peer = new Peer(line, target.timeout());
        peers.add(peer);
        return peer;
    }

    /** The answer to any HTTP request. */
    HandshakeResponse ask(byte[] request) {
        try {
            TcpLine line = TcpLine.open(target);
            lines.add(line);
            return WebSocketLine.ask(line, request);
        } catch (IOException e) {
            throw Finding.fail("no HTTP response: " + e.getMessage());
        }
    }

    /** CONNECT with the target's host and credentials and these lines, without an empty line behind it. */
    String connectFrame(String lines) {
        return "CONNECT\n" + target.connectLines() + lines + "\n^@";
    }

    /** A session of STOMP 1.2. */
    Peer connect() {
        return connect("1.2");
    }

    /** A session of this version. */
    Peer connect(String version) {
        Peer peer = open().send(connectFrame("accept-version:" + version + "\n"));
        Reply connected = peer.expect("CONNECTED");
        String chosen = connected.raw("version").orElse("1.0");
        if (!chosen.equals(version)) {
            throw Finding.skipped("the broker does not speak STOMP " + version);
        }
        return peer;
    }

    /** Sends a message from one session to another of the same version; returns what arrives. */
    Reply roundTrip(String version, String body, String... headerLines) {
        Peer subscriber = connect(version).subscribe("0", topic());
        connect(version).publish(topic(), body, headerLines);
        return subscriber.expect("MESSAGE");
    }

    /** Tests several inputs, a session of 1.2 each, all of which must be refused. */
    void eachRefused(String... transcripts) {
        eachRefused(finding -> finding, transcripts);
    }

    /**
     * Tests several SENDs, a session of 1.2 each, which the specification forbids clients without saying what a broker does
     * about them: one that takes them is lenient, unless a subscriber gets what {@code effect} finds wrong.
     */
    void eachRefusedOrHarmless(Consumer<Peer> effect, String... transcripts) {
        Peer subscriber = connect().subscribe("0", topic());
        eachRefused(
                finding -> {
                    effect.accept(subscriber);
                    return Finding.lenient(finding.note());
                },
                transcripts);
    }

    private void eachRefused(UnaryOperator<Finding> taken, String... transcripts) {
        Finding mildest = null;
        for (String transcript : transcripts) {
            Peer peer = connect();
            try {
                peer.send(transcript).refused(label(transcript) + " was not refused");
            } catch (Finding finding) {
                mildest = finding.verdict() == Verdict.LENIENT ? finding : taken.apply(finding);
                if (mildest.verdict() != Verdict.LENIENT) {
                    throw mildest;
                }
            }
        }
        if (mildest != null) {
            throw mildest;
        }
    }

    /** What is wrong with a frame: its command and the lines that are not there for the check's sake. */
    private static String label(String transcript) {
        return Reply.shown(transcript
                .replaceAll("(?m)^(destination|receipt):.*\n", "")
                .replace("^@", "")
                .strip()
                .replaceAll("\n+", " "));
    }

    /** Closes all connections; another thread may call it to end a trial that takes too long. */
    @Override
    public void close() {
        peers.forEach(Peer::close);
        lines.forEach(TcpLine::close);
    }
}
