package io.fanfare.cli.check;

import static io.fanfare.cli.check.Check.stomp;
import static io.fanfare.cli.check.Finding.require;

import java.util.Arrays;
import java.util.List;

/** Transactions, ERROR, DISCONNECT and limits. */
final class TransactionChecks {

    private static final String BEGIN = "STOMP 1.2, BEGIN";
    private static final int MEBIBYTE = 1 << 20;
    private static final int MAX_MEBIBYTES = 16;

    static final List<Check> ALL = List.of(
            stomp(
                    109,
                    "BEGIN, COMMIT and ABORT need the name of a fitting transaction",
                    BEGIN,
                    trial -> trial.eachRefused(
                            "BEGIN\nreceipt:r\n\n^@",
                            "COMMIT\ntransaction:none\nreceipt:r\n\n^@",
                            "ABORT\ntransaction:none\nreceipt:r\n\n^@")),
            stomp(
                    110,
                    "messages of a transaction come at COMMIT, and not after ABORT",
                    "STOMP 1.2, COMMIT",
                    TransactionChecks::visibleAtCommit),
            stomp(111, "an ACK of a transaction that is aborted has no effect", "STOMP 1.2, ABORT", trial -> {
                trial.connect().publish(trial.queue(), "x");
                Peer peer = trial.connect().subscribe("0", trial.queue(), "ack:client-individual");
                Reply message = peer.message("x");
                peer.send("BEGIN\ntransaction:t\n\n^@");
                AckChecks.ack(peer, message, "transaction:t");
                peer.send("ABORT\ntransaction:t\nreceipt:a\n\n^@").receipt("a").close();
                if (trial.connect().subscribe("0", trial.queue()).nextOrNothing() == null) {
                    // STOMP 1.2, ACK: it SHOULD be part of the transaction
                    throw Finding.lenient("the ACK took effect at once");
                }
            }),
            stomp(112, "the end of a connection aborts its transactions", BEGIN, trial -> {
                Peer subscriber = trial.connect().subscribe("0", trial.topic());
                Peer peer = trial.connect()
                        .send("BEGIN\ntransaction:t\nreceipt:b\n\n^@")
                        .receipt("b");
                peer.send("SEND\ndestination:" + trial.topic() + "\ntransaction:t\n\nx^@");
                peer.send("BEGIN\ntransaction:later\nreceipt:l\n\n^@")
                        .receipt("l")
                        .close();
                subscriber.quiet("the transaction took effect");
            }),
            stomp(116, "behind an ERROR the connection ends", "STOMP 1.2, ERROR", trial -> {
                Peer peer = trial.connect().send(Trial.IMPOSSIBLE);
                peer.expect("ERROR");
                require(peer.ends(), "the connection stays open");
            }),
            stomp(
                    117,
                    "ERROR has message, content-type, content-length and receipt-id",
                    "STOMP 1.2, ERROR",
                    TransactionChecks::errorHeaders),
            stomp(118, "ERROR shows nothing of the inside", "attackers read it", trial -> {
                Reply error = trial.connect().send("SEND\nreceipt:r\n\nx^@").expect("ERROR");
                String all = error.lines() + error.text();
                require(
                        !all.matches("(?s).*(\\tat |Exception|\\.java|\\.erl|\\{badmatch).*"),
                        "ERROR " + Reply.shown(error.text()));
            }),
            stomp(120, "DISCONNECT gets its RECEIPT, then the connection ends", "STOMP 1.2, DISCONNECT", trial -> {
                Peer peer =
                        trial.connect().send("DISCONNECT\nreceipt:bye\n\n^@").receipt("bye");
                if (!peer.ends()) {
                    throw Finding.lenient("the broker leaves the end to the client");
                }
            }),
            stomp(121, "frames behind DISCONNECT are ignored", "STOMP 1.2, DISCONNECT", trial -> {
                Peer subscriber = trial.connect().subscribe("0", trial.topic());
                // waits for the RECEIPT or the end; which of them comes is another item
                trial.connect()
                        .send("DISCONNECT\nreceipt:bye\n\n^@SEND\ndestination:" + trial.topic() + "\n\nx^@")
                        .nextOrNothing();
                subscriber.quiet("a SEND behind DISCONNECT was delivered");
            }),
            stomp(122, "what came before a cut connection is handled", "STOMP 1.2, Connecting", trial -> {
                Peer subscriber = trial.connect().subscribe("0", trial.topic());
                // what has not been read would have TCP reset the connection
                trial.connect()
                        .quiet("behind CONNECTED")
                        .send("SEND\ndestination:" + trial.topic() + "\n\nlast words^@")
                        .close();
                subscriber.message("last words");
            }),
            stomp(
                    24,
                    "a frame that announces a gibibyte is refused",
                    "STOMP 1.2, Size Limits",
                    trial -> refusedWithin(
                            trial, "SEND\ndestination:" + trial.topic() + "\ncontent-length:1073741824\n\n")),
            stomp(
                    124,
                    "a header line without an end is refused at a limit",
                    "STOMP 1.2, Size Limits",
                    trial -> refusedWithin(trial, "SEND\nx:")));

    private TransactionChecks() {}

    private static void visibleAtCommit(Trial trial) {
        Peer subscriber = trial.connect().subscribe("0", trial.topic());
        Peer peer =
                trial.connect().send("BEGIN\ntransaction:t\nreceipt:b\n\n^@").receipt("b");
        peer.send("SEND\ndestination:" + trial.topic() + "\ntransaction:t\n\n1^@");
        peer.send("SEND\ndestination:" + trial.topic() + "\ntransaction:t\n\n2^@");
        subscriber.quiet("before COMMIT");
        peer.send("COMMIT\ntransaction:t\nreceipt:c\n\n^@").receipt("c");
        subscriber.message("1");
        subscriber.message("2");
        peer.send("BEGIN\ntransaction:u\n\n^@");
        peer.send("SEND\ndestination:" + trial.topic() + "\ntransaction:u\n\n3^@");
        peer.send("ABORT\ntransaction:u\nreceipt:a\n\n^@").receipt("a");
        subscriber.quiet("after ABORT");
    }

    private static void errorHeaders(Trial trial) {
        Reply error = trial.connect().send("SEND\nreceipt:r\\c1\n\nx^@").expect("ERROR");
        List<String> missing = List.of("message", "content-type", "content-length", "receipt-id").stream()
                .filter(name -> error.raw(name).isEmpty())
                .toList();
        if (!missing.isEmpty()) {
            throw Finding.lenient("without " + String.join(", ", missing));
        }
        Finding.same("receipt-id", "r\\c1", error.need("receipt-id"));
    }

    /** Sends a start and up to 16 MiB behind it, which must be refused. */
    private static void refusedWithin(Trial trial, String start) {
        Peer peer = trial.connect().send(start);
        byte[] more = new byte[MEBIBYTE];
        Arrays.fill(more, (byte) 'x');
        for (int i = 0; i < MAX_MEBIBYTES; i++) {
            peer.send(more);
        }
        Reply reply = peer.nextOrNothing();
        if (reply == null && !peer.ends()) {
            // the specification allows limits and does not ask for them
            throw Finding.lenient("16 MiB are taken");
        }
        require(reply == null || reply.command().equals("ERROR"), "got " + (reply == null ? "" : reply.summary()));
        if (reply == null) {
            throw Finding.lenient("the connection ends without an ERROR");
        }
    }
}
