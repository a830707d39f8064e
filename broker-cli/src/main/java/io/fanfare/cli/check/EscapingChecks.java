package io.fanfare.cli.check;

import static io.fanfare.cli.check.Check.stomp;
import static io.fanfare.cli.check.Finding.same;

import java.util.List;

/** Escapes in headers, by version. */
final class EscapingChecks {

    private static final String ENCODING = "STOMP 1.2, Value Encoding";

    static final List<Check> ALL = List.of(
            stomp(50, "\\r \\n \\c \\\\ stand for themselves in names and values", ENCODING, trial -> {
                Reply message = trial.roundTrip("1.2", "x", "na\\cme:a\\nb\\cc\\\\d\\re");
                same("the value", "a\\nb\\cc\\\\d\\re", message.need("na\\cme"));
            }),
            stomp(
                    51,
                    "1.1 has no \\r",
                    "STOMP 1.1, Value Encoding",
                    trial -> trial.connect("1.1")
                            .send("SEND\ndestination:" + trial.topic() + "\nreceipt:r\nx:a\\rb\n\n^@")
                            .refused("\\r was not refused")),
            stomp(
                    52,
                    "1.0 has no escapes",
                    "STOMP 1.0",
                    trial -> same(
                            "x", "a\\nb", trial.roundTrip("1.0", "x", "x:a\\nb").need("x"))),
            stomp(
                    53,
                    "an escape that is none is refused",
                    ENCODING,
                    trial -> trial.eachRefused(
                            "SEND\ndestination:" + trial.topic() + "\nreceipt:r\nx:a\\tb\n\n^@",
                            "SEND\ndestination:" + trial.topic() + "\nreceipt:r\nx:a\\\n\n^@")),
            stomp(
                    54,
                    "CONNECT is not unescaped",
                    ENCODING,
                    trial -> trial.open()
                            .send(trial.connectFrame("accept-version:1.2\nx:a\\tb\n"))
                            .expect("CONNECTED")),
            stomp(55, "each receiver gets the escapes of its own version", ENCODING, EscapingChecks::ownVersion),
            stomp(56, "what 1.0 can't express breaks no frame", "left open: replaced or left out", trial -> {
                Peer old = trial.connect("1.0").subscribe("0", trial.topic());
                trial.connect().publish(trial.topic(), "x", "x:a\\nb\\rc", "y:1");
                same("y", "1", old.message("x").need("y"));
            }),
            stomp(57, "RECEIPT and MESSAGE escape what they repeat", ENCODING, trial -> {
                Peer peer = trial.connect()
                        .send("BEGIN\ntransaction:t\nreceipt:r\\c1\n\n^@")
                        .receipt("r\\c1");
                peer.subscribe("i\\cd", trial.topic());
                trial.connect().publish(trial.topic(), "x");
                same("subscription", "i\\cd", peer.message("x").need("subscription"));
            }));

    private EscapingChecks() {}

    private static void ownVersion(Trial trial) {
        Peer first = trial.connect("1.0").subscribe("0", trial.topic());
        Peer second = trial.connect("1.1").subscribe("0", trial.topic());
        Peer third = trial.connect().subscribe("0", trial.topic());
        trial.connect().publish(trial.topic(), "x", "x:a\\cb\\\\c");
        same("x in 1.0", "a:b\\c", first.message("x").need("x"));
        same("x in 1.1", "a\\cb\\\\c", second.message("x").need("x"));
        same("x in 1.2", "a\\cb\\\\c", third.message("x").need("x"));
    }
}
