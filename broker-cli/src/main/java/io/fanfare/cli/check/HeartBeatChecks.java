package io.fanfare.cli.check;

import static io.fanfare.cli.check.Check.stomp;
import static io.fanfare.cli.check.Check.webSocket;
import static io.fanfare.cli.check.Finding.require;
import static io.fanfare.cli.check.Finding.same;

import io.fanfare.cli.wire.Opcode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Heart-beats. */
final class HeartBeatChecks {

    private static final String SECTION = "STOMP 1.2, Heart-beating";

    /** Longer than the shortest interval that is asked for here. */
    private static final Duration LONGER = Duration.ofMillis(1500);

    static final List<Check> ALL = List.of(
            stomp(
                    70,
                    "without the header there are no heart-beats",
                    SECTION,
                    trial -> require(
                            !settled(trial.connect()).comes(LONGER), "a heart-beat came that was not asked for")),
            stomp(
                    71,
                    "a 0 on the client's side switches that direction off",
                    SECTION,
                    trial -> require(
                            !connect(trial, "1000,0").comes(LONGER), "a heart-beat came to a client that wants none")),
            stomp(72, "the broker sends within the agreed interval", SECTION, HeartBeatChecks::inTime),
            webSocket(
                    73,
                    "a heart-beat is one WebSocket message with a line feed",
                    "clients compare it",
                    HeartBeatChecks::oneMessage),
            stomp(77, "blanks in heart-beat are ignored, what is no pair is refused", SECTION, HeartBeatChecks::pairs),
            stomp(78, "1.0 has no heart-beats", "STOMP 1.0", HeartBeatChecks::noneIn10));

    private HeartBeatChecks() {}

    /** Reads the line feed that may follow a frame, and is no heart-beat. */
    private static Peer settled(Peer peer) {
        return peer.quiet(Duration.ofMillis(100), "something came behind CONNECTED");
    }

    private static Peer connect(Trial trial, String heartBeat) {
        Peer peer = trial.open().send(trial.connectFrame("accept-version:1.2\nheart-beat:" + heartBeat + "\n"));
        peer.expect("CONNECTED");
        return settled(peer);
    }

    private static void inTime(Trial trial) {
        Peer peer = trial.open().send(trial.connectFrame("accept-version:1.2\nheart-beat:0,1000\n"));
        Reply connected = peer.expect("CONNECTED");
        long offered = offered(connected);
        Duration interval = Duration.ofMillis(Math.max(1000, offered));
        if (interval.compareTo(Duration.ofSeconds(15)) > 0) {
            throw Finding.skipped("the broker offers one every " + interval.toSeconds() + " s");
        }
        // a network may delay one
        require(
                settled(peer).comes(interval.multipliedBy(2).plusSeconds(1)),
                "none within twice " + interval.toMillis() + " ms");
    }

    /** How often the broker can send; skips the check where it sends none. */
    private static long offered(Reply connected) {
        String value = connected.raw("heart-beat").orElse("0,0");
        require(value.matches("\\d{1,9},\\d{1,9}"), "heart-beat is " + Reply.shown(value));
        long offered = Long.parseLong(value.substring(0, value.indexOf(',')));
        if (offered == 0) {
            throw Finding.skipped("the broker offers none");
        }
        return offered;
    }

    private static void noneIn10(Trial trial) {
        require(!settled(trial.connect("1.0")).comes(LONGER), "a heart-beat came to a session of 1.0");
        Peer peer = trial.open().send(trial.connectFrame("heart-beat:1000,1000\n"));
        peer.expect("CONNECTED");
        if (settled(peer).comes(LONGER)) {
            // a client that knows the header can read what it asks for
            throw Finding.lenient("a session of 1.0 that asks for heart-beats gets them");
        }
    }

    private static void oneMessage(Trial trial) {
        Peer peer = trial.open().send(trial.connectFrame("accept-version:1.2\nheart-beat:0,1000\n"));
        Duration interval = Duration.ofMillis(Math.max(1000, offered(peer.expect("CONNECTED"))));
        try {
            peer.webSocket().timeout(interval.multipliedBy(2).plusSeconds(1));
            WsFrame frame = peer.webSocket().frame();
            same("the message", "\n", frame == null ? "" : frame.text());
            if (frame != null && frame.opcode() != Opcode.TEXT) {
                throw Finding.lenient("a binary message");
            }
        } catch (IOException e) {
            throw Finding.fail("no heart-beat: " + e.getMessage());
        }
    }

    private static void pairs(Trial trial) {
        Reply blank = trial.open()
                .send(trial.connectFrame("accept-version:1.2\nheart-beat:0, 0\n"))
                .next();
        if (!blank.command().equals("CONNECTED")) {
            throw Finding.lenient("a blank behind the comma is refused: " + blank.summary());
        }
        for (String wrong : List.of("a,b", "-1,0", "1")) {
            Reply reply = trial.open()
                    .send(trial.connectFrame("accept-version:1.2\nheart-beat:" + wrong + "\n"))
                    .nextOrEnd();
            if (reply != null && reply.command().equals("CONNECTED")) {
                throw Finding.lenient("heart-beat:" + wrong + " is taken");
            }
        }
    }
}
