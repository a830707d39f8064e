package io.fanfare.cli.check;

import static io.fanfare.cli.check.Check.stomp;
import static io.fanfare.cli.check.Finding.require;
import static io.fanfare.cli.check.Finding.same;

import java.util.List;

/** CONNECT and CONNECTED. */
final class ConnectChecks {

    private static final String NEGOTIATION = "STOMP 1.2, Protocol Negotiation";

    static final List<Check> ALL = List.of(
            stomp(58, "the highest version in common is chosen", NEGOTIATION, ConnectChecks::highestInCommon),
            stomp(59, "without accept-version the session is 1.0", NEGOTIATION, trial -> {
                String version = trial.open()
                        .send(trial.connectFrame(""))
                        .expect("CONNECTED")
                        .raw("version")
                        .orElse("1.0");
                same("version", "1.0", version);
            }),
            stomp(
                    60,
                    "no version in common: ERROR with the versions that are spoken",
                    NEGOTIATION,
                    ConnectChecks::noneInCommon),
            stomp(
                    61,
                    "STOMP is the same as CONNECT",
                    "STOMP 1.2, Connecting",
                    trial -> trial.open()
                            .send("STOMP\naccept-version:1.2\n" + trial.target().connectLines() + "\n^@")
                            .expect("CONNECTED")),
            stomp(
                    62,
                    "CONNECTED has version, a session of its own, and a server that is well-formed",
                    "STOMP 1.2, CONNECTED Frame",
                    ConnectChecks::connectedHeaders),
            stomp(63, "a client without host is let in", "browser clients send none", ConnectChecks::withoutHost),
            stomp(
                    64,
                    "a first frame that is not CONNECT is refused",
                    "STOMP 1.2, Connecting",
                    ConnectChecks::sendFirst),
            stomp(
                    65,
                    "a second CONNECT is refused",
                    "STOMP 1.2, Connecting",
                    trial -> trial.connect()
                            .send(trial.connectFrame("accept-version:1.2\n"))
                            .refusedOrTaken("a second CONNECT was not refused")),
            stomp(
                    66,
                    "a wrong passcode is refused without CONNECTED",
                    "STOMP 1.2, CONNECT Frame",
                    ConnectChecks::wrongPasscode),
            stomp(67, "frames sent right behind CONNECT are handled", "clients do not wait", trial -> {
                Peer peer = trial.open()
                        .send(trial.connectFrame("accept-version:1.2\n") + "BEGIN\ntransaction:t\nreceipt:r\n\n^@");
                peer.expect("CONNECTED");
                peer.receipt("r");
            }),
            stomp(69, "receipt on CONNECT makes no RECEIPT", "STOMP 1.2, Standard Headers", trial -> {
                Peer peer = trial.open().send(trial.connectFrame("accept-version:1.2\nreceipt:no\n"));
                peer.expect("CONNECTED");
                peer.send("BEGIN\ntransaction:t\nreceipt:yes\n\n^@").receipt("yes");
            }));

    private ConnectChecks() {}

    private static String version(Trial trial, String accepted) {
        return trial.open()
                .send(trial.connectFrame("accept-version:" + accepted + "\n"))
                .expect("CONNECTED")
                .raw("version")
                .orElse("1.0");
    }

    private static void highestInCommon(Trial trial) {
        same("version", "1.1", version(trial, "1.0,1.1,2.0"));
        same("version", "1.2", version(trial, "1.2,1.0,1.1"));
    }

    private static void noneInCommon(Trial trial) {
        Reply error = trial.open()
                .send(trial.connectFrame("accept-version:3.7\n"))
                .refused("version 3.7 alone was not refused");
        if (error.raw("version").isEmpty()) {
            throw Finding.lenient("ERROR without the header version");
        }
    }

    private static void sendFirst(Trial trial) {
        Peer subscriber = trial.connect().subscribe("0", trial.topic());
        Peer peer = trial.open().send("SEND\ndestination:" + trial.topic() + "\nreceipt:r\n\n^@");
        Reply reply = peer.nextOrNothing();
        subscriber.quiet("SEND before CONNECT was delivered");
        require(reply == null || reply.command().equals("ERROR"), "SEND before CONNECT was not refused");
        boolean ended = peer.ends();
        if (reply == null) {
            throw Finding.lenient(ended ? "the connection ends without an ERROR" : "the frame is ignored");
        }
        if (!ended) {
            throw Finding.lenient("ERROR, but the connection stays open");
        }
    }

    private static void connectedHeaders(Trial trial) {
        Reply first =
                trial.open().send(trial.connectFrame("accept-version:1.2\n")).expect("CONNECTED");
        Reply second =
                trial.open().send(trial.connectFrame("accept-version:1.2\n")).expect("CONNECTED");
        same("version", "1.2", first.need("version"));
        first.raw("session")
                .ifPresent(session -> require(
                        !session.equals(second.raw("session").orElse("")), "two sessions are named " + session));
        first.raw("server")
                .ifPresent(
                        server -> require(server.matches("[^/ ]+(/[^ ]+)?( .*)?"), "server is " + Reply.shown(server)));
    }

    private static void withoutHost(Trial trial) {
        String frame = trial.connectFrame("accept-version:1.2\n").replaceFirst("host:[^\n]*\n", "");
        Reply reply = trial.open().send(frame).next();
        if (!reply.command().equals("CONNECTED")) {
            throw Finding.lenient("refused, as the letter allows: " + reply.summary());
        }
    }

    private static void wrongPasscode(Trial trial) {
        if (trial.target().passcode() == null) {
            throw Finding.skipped("needs --login and --passcode");
        }
        String frame = trial.connectFrame("accept-version:1.2\n").replaceFirst("passcode:[^\n]*\n", "passcode:wrong\n");
        Reply error = trial.open().send(frame).refused("a wrong passcode was not refused");
        require(!error.text().contains("wrong"), "ERROR repeats the passcode");
    }
}
