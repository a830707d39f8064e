package io.fanfare.cli.check;

import static io.fanfare.cli.check.Check.stomp;
import static io.fanfare.cli.check.Finding.require;
import static io.fanfare.cli.check.Finding.same;

import java.util.Arrays;
import java.util.List;

/** SEND, and the MESSAGE that it becomes. */
final class SendChecks {

    static final List<Check> ALL = List.of(
            stomp(
                    79,
                    "SEND without destination is refused",
                    "STOMP 1.2, SEND",
                    trial -> trial.eachRefused("SEND\nreceipt:r\n\nx^@")),
            stomp(80, "the sender's headers pass unchanged", "STOMP 1.2, SEND", trial -> {
                Reply message = trial.roundTrip("1.2", "x", "x-$ {odd}!:a=b;c", "empty:");
                same("the value", "a=b;c", message.need("x-$ {odd}!"));
                same("empty", "", message.need("empty"));
            }),
            stomp(81, "a sender can't forge message-id or subscription", "STOMP 1.2, MESSAGE", SendChecks::forged),
            stomp(
                    82,
                    "the body's octets and its content-type pass unchanged",
                    "STOMP 1.2, Body",
                    SendChecks::allOctets),
            stomp(83, "what can't be done gets an ERROR and no RECEIPT", "STOMP 1.2, ERROR", trial -> {
                Reply reply = trial.connect().send("SEND\nreceipt:r\n\nx^@").next();
                require(reply.command().equals("ERROR"), "got " + reply.summary());
            }),
            stomp(84, "RECEIPT means that the broker has the message", "STOMP 1.2, RECEIPT", trial -> {
                trial.connect().publish(trial.queue(), "kept").close();
                trial.connect().subscribe("0", trial.queue()).message("kept");
            }),
            stomp(
                    85,
                    "SEND in a transaction that is not open is refused",
                    "STOMP 1.2, BEGIN",
                    trial -> trial.eachRefused(
                            "SEND\ndestination:" + trial.topic() + "\ntransaction:none\nreceipt:r\n\nx^@")),
            stomp(95, "MESSAGE has destination, message-id and subscription", "STOMP 1.2, MESSAGE", trial -> {
                Reply message = trial.roundTrip("1.2", "x");
                message.need("destination");
                message.need("message-id");
                same("subscription", "0", message.need("subscription"));
            }),
            stomp(96, "MESSAGE has the destination of the SEND", "STOMP 1.2, MESSAGE", trial -> {
                String destination = trial.roundTrip("1.2", "x").need("destination");
                if (!destination.equals(trial.topic())) {
                    throw Finding.lenient("destination is " + Reply.shown(destination));
                }
            }),
            stomp(97, "each message has a message-id of its own", "STOMP 1.2, MESSAGE", trial -> {
                Peer subscriber = trial.connect().subscribe("0", trial.topic());
                trial.connect().publish(trial.topic(), "1").publish(trial.topic(), "2");
                String first = subscriber.message("1").need("message-id");
                require(!first.equals(subscriber.message("2").need("message-id")), "two are " + Reply.shown(first));
            }),
            stomp(
                    98,
                    "ack is in MESSAGE if it is to be acknowledged, and only then",
                    "STOMP 1.2, MESSAGE",
                    SendChecks::ackHeader),
            stomp(
                    99,
                    "a body comes with its content-length, and no content-type is invented",
                    "STOMP 1.2, Body",
                    SendChecks::lengthAndType),
            stomp(100, "messages of one publisher arrive in order", "clients rely on it", trial -> {
                Peer subscriber = trial.connect().subscribe("0", trial.topic());
                Peer publisher = trial.connect();
                for (int i = 0; i < 50; i++) {
                    publisher.send("SEND\ndestination:" + trial.topic() + "\n\n" + i + "^@");
                }
                for (int i = 0; i < 50; i++) {
                    subscriber.message(Integer.toString(i));
                }
            }));

    private SendChecks() {}

    private static void forged(Trial trial) {
        Peer subscriber = trial.connect().subscribe("0", trial.topic());
        Reply reply = trial.connect()
                .send("SEND\ndestination:" + trial.topic()
                        + "\nmessage-id:forged\nsubscription:forged\nreceipt:r\n\nx^@")
                .nextOrEnd();
        if (reply == null || reply.command().equals("ERROR")) {
            trial.note("refused");
            return;
        }
        Reply message = subscriber.message("x");
        same("subscription", "0", message.need("subscription"));
        require(!message.need("message-id").equals("forged"), "message-id is the sender's");
        if (message.all("subscription").size() + message.all("message-id").size() > 2) {
            // STOMP 1.2, Repeated Header Entries: the first counts
            throw Finding.lenient("the sender's come, too, behind the broker's");
        }
    }

    private static void allOctets(Trial trial) {
        Peer subscriber = trial.connect().subscribe("0", trial.topic());
        byte[] head = Peer.bytes("SEND\ndestination:" + trial.topic()
                + "\ncontent-type:application/x-check;a=b\ncontent-length:256\n\n");
        byte[] frame = Arrays.copyOf(head, head.length + 257);
        byte[] body = new byte[256];
        for (int i = 0; i < body.length; i++) {
            body[i] = (byte) i;
        }
        System.arraycopy(body, 0, frame, head.length, body.length);
        trial.connect().send(frame);
        Reply message = trial.target().isWebSocket() ? subscriber.nextOrNothing() : subscriber.expect("MESSAGE");
        if (message == null) {
            // on WebSocket it takes a binary message to the broker, which is item 20
            throw Finding.skipped("no such message arrives");
        }
        require(Arrays.equals(body, message.body()), "the body has " + message.body().length + " other octets");
        same("content-type", "application/x-check;a=b", message.need("content-type"));
    }

    private static void ackHeader(Trial trial) {
        Peer automatic = trial.connect().subscribe("0", trial.topic());
        Peer individual = trial.connect().subscribe("0", trial.topic(), "ack:client-individual");
        trial.connect().publish(trial.topic(), "1").publish(trial.topic(), "2");
        if (automatic.message("1").raw("ack").isPresent()) {
            throw Finding.lenient("ack with ack:auto, too");
        }
        String first = individual.message("1").need("ack");
        require(!first.equals(individual.message("2").need("ack")), "two are " + Reply.shown(first));
    }

    private static void lengthAndType(Trial trial) {
        Reply message = trial.roundTrip("1.2", "four");
        message.raw("content-type").ifPresent(type -> {
            throw Finding.lenient("content-type is " + Reply.shown(type));
        });
        if (message.raw("content-length").isEmpty()) {
            throw Finding.lenient("no content-length");
        }
        same("content-length", "4", message.need("content-length"));
    }
}
