package io.fanfare.cli.check;

import static io.fanfare.cli.check.Check.webSocket;
import static io.fanfare.cli.check.Finding.require;
import static io.fanfare.cli.check.Finding.same;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.cli.wire.FrameHeader;
import io.fanfare.cli.wire.Opcode;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** Frames of WebSocket, and how the connection closes. */
final class FramingChecks {

    private static final int PROTOCOL_ERROR = 1002;
    private static final int INVALID_DATA = 1007;
    private static final int RSV1 = 0x40;
    private static final int RESERVED_OPCODE = 3;

    static final List<Check> ALL = List.of(
            webSocket(
                    11,
                    "a frame that is not masked ends the connection",
                    "RFC 6455 5.1",
                    trial -> closed(trial, PROTOCOL_ERROR, WsFrame.text("\n").unmasked())),
            webSocket(12, "reserved bits and opcodes end the connection", "RFC 6455 5.2", trial -> {
                closed(
                        trial,
                        PROTOCOL_ERROR,
                        new WsFrame(FrameHeader.FIN | RSV1 | Opcode.TEXT, new byte[] {'\n'}).masked());
                closed(
                        trial,
                        PROTOCOL_ERROR,
                        WsFrame.whole(RESERVED_OPCODE, new byte[0]).masked());
            }),
            webSocket(
                    13,
                    "a Ping amid fragments is answered at once, the message once",
                    "RFC 6455 5.4",
                    FramingChecks::pingAmidFragments),
            webSocket(14, "fragments out of order end the connection", "RFC 6455 5.4", trial -> {
                closed(
                        trial,
                        PROTOCOL_ERROR,
                        WsFrame.whole(Opcode.CONTINUATION, new byte[] {'\n'}).masked());
                closed(
                        trial,
                        PROTOCOL_ERROR,
                        WsFrame.fragment(Opcode.TEXT, new byte[] {'\n'}).masked(),
                        WsFrame.text("\n").masked());
            }),
            webSocket(15, "control frames are short and whole", "RFC 6455 5.5", trial -> {
                closed(
                        trial,
                        PROTOCOL_ERROR,
                        WsFrame.whole(Opcode.PING, new byte[126]).masked());
                closed(
                        trial,
                        PROTOCOL_ERROR,
                        WsFrame.fragment(Opcode.PING, new byte[1]).masked());
            }),
            webSocket(16, "a Pong repeats the Ping's payload", "RFC 6455 5.5.2", FramingChecks::pong),
            webSocket(
                    17,
                    "a Close is echoed, then TCP ends; forbidden codes are refused",
                    "RFC 6455 5.5.1, 7.4",
                    FramingChecks::closeIsEchoed),
            webSocket(
                    18,
                    "a text message that is not UTF-8 ends the connection",
                    "RFC 6455 8.1",
                    trial -> closed(
                            trial,
                            INVALID_DATA,
                            WsFrame.whole(Opcode.TEXT, new byte[] {'\n', (byte) 0xC3, (byte) 0x28})
                                    .masked())),
            webSocket(
                    19,
                    "bytes that are not UTF-8 leave in a binary message",
                    "RFC 6455 5.6",
                    FramingChecks::binaryBody),
            webSocket(20, "binary messages carry STOMP like text ones", "clients send them", trial -> {
                Peer peer = trial.open();
                sends(peer, WsFrame.whole(Opcode.BINARY, connectBytes(trial)));
                peer.expect("CONNECTED");
            }),
            webSocket(
                    22,
                    "the Close behind an ERROR has a short reason and a lawful code",
                    "RFC 6455 7.4.1",
                    FramingChecks::lawfulClose),
            webSocket(23, "the Close behind DISCONNECT has code 1000", "RFC 6455 7.4.1", FramingChecks::normalClose),
            webSocket(30, "one STOMP frame in one WebSocket message", "STOMP over WebSocket", Trial::connect));

    private FramingChecks() {}

    private static byte[] connectBytes(Trial trial) {
        return Peer.bytes(trial.connectFrame("accept-version:1.2\n"));
    }

    /** The connection must end with this code, after these bytes. */
    private static void closed(Trial trial, int code, byte[]... frames) {
        Peer peer = trial.connect();
        try {
            for (byte[] frame : frames) {
                peer.webSocket().sendRaw(frame);
            }
        } catch (IOException e) {
            // it has closed
        }
        require(peer.ends(), "the connection stays open");
        WsFrame close = peer.webSocket().closeFrame();
        if (close == null) {
            throw Finding.lenient("the connection ends without a Close");
        }
        if (close.closeCode() != code) {
            throw Finding.lenient("Close " + close.closeCode() + ", not " + code);
        }
    }

    private static void pingAmidFragments(Trial trial) {
        Peer peer = trial.open();
        byte[] connect = connectBytes(trial);
        int middle = connect.length / 2;
        sends(peer, WsFrame.fragment(Opcode.TEXT, Arrays.copyOf(connect, middle)));
        sends(peer, WsFrame.whole(Opcode.PING, "amid".getBytes(UTF_8)));
        WsFrame pong = peer.webSocketFrame();
        require(pong.opcode() == Opcode.PONG, "opcode " + pong.opcode() + " instead of a Pong");
        sends(peer, WsFrame.whole(Opcode.CONTINUATION, Arrays.copyOfRange(connect, middle, connect.length)));
        peer.expect("CONNECTED");
    }

    private static void pong(Trial trial) {
        Peer peer = trial.connect();
        sends(peer, WsFrame.whole(Opcode.PING, "repeat me".getBytes(UTF_8)));
        WsFrame pong = peer.webSocketFrame();
        require(pong.opcode() == Opcode.PONG, "opcode " + pong.opcode() + " instead of a Pong");
        same("the Pong", "repeat me", pong.text());
    }

    private static void closeIsEchoed(Trial trial) {
        Peer peer = trial.connect();
        sends(peer, WsFrame.close(1000));
        WsFrame close = peer.webSocketFrame();
        require(close.opcode() == Opcode.CLOSE, "opcode " + close.opcode() + " instead of a Close");
        require(peer.tcpEnds(), "TCP stays open behind both Closes");
        closed(trial, PROTOCOL_ERROR, WsFrame.close(WsFrame.NO_CODE).masked());
    }

    private static void binaryBody(Trial trial) {
        Peer subscriber = trial.connect().subscribe("0", trial.topic());
        byte[] head = Peer.bytes("SEND\ndestination:" + trial.topic() + "\ncontent-length:2\n\n");
        byte[] frame = Arrays.copyOf(head, head.length + 3);
        frame[head.length] = (byte) 0xFF;
        frame[head.length + 1] = (byte) 0xFE;
        trial.connect().send(frame);
        WsFrame message = subscriber.webSocketFrameOrNothing();
        if (message == null) {
            throw Finding.skipped("no such message arrives");
        }
        require(message.opcode() == Opcode.BINARY, "opcode " + message.opcode() + " with a body that is not UTF-8");
    }

    private static void lawfulClose(Trial trial) {
        Peer peer = trial.connect().send(Trial.IMPOSSIBLE);
        peer.expect("ERROR");
        if (!peer.ends()) {
            throw Finding.skipped("the connection stays open");
        }
        WsFrame close = peer.webSocket().closeFrame();
        if (close == null) {
            throw Finding.lenient("the connection ends without a Close");
        }
        require(close.payload().length <= 125, "a Close of " + close.payload().length + " bytes");
        int code = close.closeCode();
        require(code >= 1000 && code < 5000 && code != 1006 && code != 1015, "Close " + code);
    }

    private static void normalClose(Trial trial) {
        // whether the RECEIPT comes is another item
        Peer peer = trial.connect().send("DISCONNECT\nreceipt:bye\n\n^@");
        if (!peer.ends()) {
            throw Finding.lenient("the broker leaves the Close to the client");
        }
        WsFrame close = peer.webSocket().closeFrame();
        if (close == null) {
            throw Finding.lenient("the connection ends without a Close");
        }
        if (close.closeCode() != 1000) {
            throw Finding.lenient("Close " + close.closeCode());
        }
    }

    private static void sends(Peer peer, WsFrame frame) {
        try {
            peer.webSocket().send(frame);
        } catch (IOException e) {
            throw Finding.fail("the connection broke: " + e.getMessage());
        }
    }
}
