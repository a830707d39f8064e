package io.fanfare.cli.check;

import static io.fanfare.cli.check.Check.stomp;
import static io.fanfare.cli.check.Finding.require;
import static io.fanfare.cli.check.Finding.same;

import java.time.Duration;
import java.util.List;

/** The grammar of frames: line ends, lengths, bodies, commands. */
final class GrammarChecks {

    /** How long the effect of a SEND may take. */
    private static final Duration EFFECT = Duration.ofMillis(500);

    static final List<Check> ALL = List.of(
            stomp(
                    31,
                    "several frames sent at once are handled in order",
                    "STOMP 1.2, STOMP Frames",
                    GrammarChecks::severalAtOnce),
            stomp(32, "a frame may be cut at every byte", "TCP and WebSocket cut anywhere", GrammarChecks::cutAnywhere),
            stomp(33, "lines end with LF or CR LF, also mixed", "STOMP 1.2, Augmented BNF", trial -> {
                Peer peer = trial.open()
                        .send("CONNECT\r\naccept-version:1.2\n"
                                + trial.target().connectLines().replace("\n", "\r\n") + "\r\n^@\r\n");
                peer.expect("CONNECTED");
                peer.send("BEGIN\r\ntransaction:t\nreceipt:r\r\n\n^@").receipt("r");
            }),
            stomp(34, "CR LF in 1.1", "left open: clients send it", GrammarChecks::carriageReturnsIn11),
            stomp(
                    35,
                    "line ends before and between frames are ignored",
                    "STOMP 1.2, Augmented BNF",
                    GrammarChecks::lineEndsBetween),
            stomp(
                    36,
                    "with content-length, so many octets are the body, NULs included",
                    "STOMP 1.2, content-length",
                    GrammarChecks::contentLength),
            stomp(
                    37,
                    "without content-length the body ends at the first NUL",
                    "STOMP 1.2, Body",
                    trial -> same(
                            "the body",
                            "up to here",
                            trial.roundTrip("1.2", "up to here").text())),
            stomp(39, "content-length counts octets, not characters", "STOMP 1.2, content-length", trial -> {
                Reply message = trial.roundTrip("1.2", "é€😀", "content-length:9");
                same("the body", "é€😀", message.text());
                same("content-length", "9", message.raw("content-length").orElse("9"));
            }),
            stomp(
                    40,
                    "a content-length that is no length is refused",
                    "STOMP 1.2, content-length",
                    trial -> trial.eachRefusedOrHarmless(
                            subscriber -> subscriber.during(EFFECT),
                            send(trial, "content-length:-1"),
                            send(trial, "content-length:5x"),
                            send(trial, "content-length:"))),
            stomp(
                    41,
                    "a body on frames that have none is refused",
                    "STOMP 1.2, Body",
                    trial -> lenientlyRefused(
                            trial, "SUBSCRIBE\nid:0\ndestination:" + trial.topic() + "\nreceipt:r\n\nbody^@")),
            stomp(
                    42,
                    "commands and header names are case-sensitive",
                    "STOMP 1.2, Augmented BNF",
                    trial -> trial.eachRefusedOrHarmless(
                            subscriber -> subscriber.quiet("capitals make no difference"),
                            "send\ndestination:" + trial.topic() + "\nreceipt:r\n\n^@",
                            "SEND\nDestination:" + trial.topic() + "\nreceipt:r\n\n^@")),
            stomp(
                    43,
                    "an unknown command is refused",
                    // which allows brokers to refuse it, and asks for no more
                    "STOMP 1.2, Client Frames",
                    trial -> trial.eachRefusedOrHarmless(
                            subscriber -> subscriber.quiet("SENDX is taken for SEND"),
                            "FANFARECHECK\nreceipt:r\n\n^@",
                            "SENDX\ndestination:" + trial.topic() + "\nreceipt:r\n\n^@")),
            stomp(
                    44,
                    "a header line without colon or name is refused, an empty value is not",
                    "STOMP 1.2, BNF",
                    trial -> {
                        same("empty", "", trial.roundTrip("1.2", "x", "empty:").need("empty"));
                        // a frame that can't be parsed must not reach a subscriber
                        trial.eachRefusedOrHarmless(
                                subscriber -> subscriber.during(EFFECT),
                                send(trial, "no colon"),
                                send(trial, ":no name"));
                    }),
            stomp(
                    45,
                    "a colon in a value may come unescaped",
                    "clients do not escape it",
                    trial -> same(
                            "x",
                            "a\\cb\\cc",
                            trial.roundTrip("1.2", "x", "x:a:b:c").need("x"))),
            stomp(
                    46,
                    "of repeated headers the first counts",
                    "STOMP 1.2, Repeated Header Entries",
                    GrammarChecks::firstCounts),
            stomp(
                    47,
                    "of repeated headers the first is forwarded, or all in order",
                    "STOMP 1.2, Repeated Header Entries",
                    trial -> {
                        List<String> all =
                                trial.roundTrip("1.2", "x", "x:1", "x:2").all("x");
                        require(all.equals(List.of("1")) || all.equals(List.of("1", "2")), "got " + all);
                    }),
            stomp(
                    48,
                    "names and values in UTF-8 pass unchanged",
                    "STOMP 1.2, Value Encoding",
                    trial -> same(
                            "the value",
                            "日本 😀",
                            trial.roundTrip("1.2", "x", "größe:日本 😀").need("größe"))),
            stomp(
                    49,
                    "blanks belong to a value",
                    "STOMP 1.2, Augmented BNF",
                    trial -> same(
                            "x",
                            "  a b ",
                            trial.roundTrip("1.2", "x", "x:  a b ").need("x"))));

    private GrammarChecks() {}

    private static String send(Trial trial, String line) {
        return "SEND\ndestination:" + trial.topic() + "\nreceipt:r\n" + line + "\n\nbody!^@";
    }

    /** What the specification forbids clients, without saying what a broker does about it. */
    private static void lenientlyRefused(Trial trial, String transcript) {
        Reply reply = trial.connect().send(transcript).nextOrEnd();
        if (reply != null && !reply.command().equals("ERROR")) {
            throw Finding.lenient("taken: " + reply.summary());
        }
    }

    private static void severalAtOnce(Trial trial) {
        Peer peer = trial.connect();
        StringBuilder frames = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            frames.append("BEGIN\ntransaction:t")
                    .append(i)
                    .append("\nreceipt:r")
                    .append(i)
                    .append("\n\n^@\n");
        }
        peer.send(frames.toString().substring(0, frames.indexOf("BEGIN\ntransaction:t10\n")));
        for (int i = 0; i < 10; i++) {
            peer.receipt("r" + i);
        }
    }

    private static void lineEndsBetween(Trial trial) {
        Peer peer = trial.open().send(trial.connectFrame("accept-version:1.2\n") + "\n\n\n");
        peer.expect("CONNECTED");
        peer.send("\n\nBEGIN\ntransaction:t\nreceipt:r\n\n^@\n\n").receipt("r");
        Reply reply = trial.open()
                .send("\n\n" + trial.connectFrame("accept-version:1.2\n"))
                .nextOrNothing();
        if (reply == null || !reply.command().equals("CONNECTED")) {
            // the grammar has them behind a NUL alone
            throw Finding.lenient("not before the first frame");
        }
    }

    private static void cutAnywhere(Trial trial) {
        Peer subscriber = trial.connect().subscribe("0", trial.topic());
        Peer peer = trial.connect();
        for (byte b : Peer.bytes("SEND\ndestination:" + trial.topic() + "\nx:é\n\nbödy^@")) {
            peer.send(new byte[] {b});
        }
        same("x", "é", subscriber.message("bödy").need("x"));
    }

    private static void carriageReturnsIn11(Trial trial) {
        Reply reply = trial.connect("1.1")
                .send("BEGIN\r\ntransaction:t\r\nreceipt:r\r\n\r\n^@")
                .nextOrEnd();
        if (reply == null || !reply.command().equals("RECEIPT")) {
            trial.note("refused, as the letter says");
        } else if (!reply.need("receipt-id").equals("r")) {
            throw Finding.lenient("CR is part of the values");
        }
    }

    private static void contentLength(Trial trial) {
        same(
                "the body",
                "a\0b\0",
                trial.roundTrip("1.2", "a^@b^@", "content-length:4").text());
        trial.eachRefusedOrHarmless(
                subscriber -> subscriber.message("ab"),
                "SEND\ndestination:" + trial.topic() + "\nreceipt:r\ncontent-length:2\n\nabc^@");
    }

    private static void firstCounts(Trial trial) {
        Peer subscriber = trial.connect().subscribe("0", trial.topic());
        trial.connect()
                .send("SEND\ndestination:" + trial.topic() + "\ndestination:" + trial.topic()
                        + ".other\nreceipt:first\nreceipt:second\n\nx^@")
                .receipt("first");
        subscriber.message("x");
    }
}
