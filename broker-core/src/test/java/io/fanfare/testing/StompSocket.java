package io.fanfare.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

/** A client that says STOMP, over a WebSocket or plain TCP, and answers nothing by itself. */
public abstract class StompSocket implements AutoCloseable {

    private int barriers;

    private StompSocket() {}

    public static StompSocket over(RawTcp tcp) {
        return new OverTcp(tcp);
    }

    public static StompSocket over(RawWebSocket webSocket) {
        return new OverWebSocket(webSocket);
    }

    // ---- out --------------------------------------------------------------------------------------------------------

    /** Sends a transcript: {@code SEND\ndestination:/topic/a\n\nhi^@}; one message of a WebSocket. */
    public abstract StompSocket sends(String transcript);

    public abstract StompSocket sends(byte[] bytes);

    public StompSocket connects(String version) {
        sends("CONNECT\naccept-version:" + version + "\nhost:h\n\n^@");
        return got("CONNECTED\nversion:" + version + "\n\n^@");
    }

    /** Subscribes and waits until it has. */
    public StompSocket subscribes(String headers) {
        return sends("SUBSCRIBE\n" + headers + "\nreceipt:subscribed\n\n^@")
                .got("RECEIPT\nreceipt-id:subscribed\n\n^@");
    }

    /** Sends a message and waits until the broker has it. */
    public StompSocket publishes(String destination, String body) {
        sends("SEND\ndestination:" + destination + "\nreceipt:published\n\n" + body + "^@");
        return got("RECEIPT\nreceipt-id:published\n\n^@");
    }

    // ---- in ---------------------------------------------------------------------------------------------------------

    /** The next frame; heart-beats before it are skipped. */
    public abstract Received next();

    /** The next frame is this one; {@code *} stands for any text. */
    public StompSocket got(String expected) {
        Received frame = next();
        Received wanted = Received.of(expected);
        assertThat(frame.matches(wanted))
                .as("expected %s%nbut got %s", wanted, frame)
                .isTrue();
        return this;
    }

    /** The next frame is a MESSAGE, which is returned, with this body. */
    public Received gotMessage(String body) {
        Received frame = next();
        assertThat(frame.command()).as("%s", frame).isEqualTo("MESSAGE");
        assertThat(frame.text()).as("%s", frame).isEqualTo(body);
        return frame;
    }

    /** The next frame is an ERROR with this {@code message} and all these texts in its body; then comes the end. */
    public Received gotError(int closeCode, String message, String... inBody) {
        Received frame = next();
        assertThat(frame.command()).as("%s", frame).isEqualTo("ERROR");
        assertThat(frame.header("message")).as("%s", frame).isEqualTo(message);
        for (String each : inBody) {
            assertThat(frame.text()).contains(each);
        }
        gotEnd(closeCode);
        return frame;
    }

    /** Nothing has come that the test has not looked at. */
    public StompSocket gotNothing() {
        // what another loop has for this client is there after a turn: the second answer comes behind it
        for (int i = 0; i < 2; i++) {
            String name = "barrier-" + ++barriers;
            sends("BEGIN\ntransaction:" + name + "\n\n^@ABORT\ntransaction:" + name + "\nreceipt:" + name + "\n\n^@");
            got("RECEIPT\nreceipt-id:" + name + "\n\n^@");
        }
        return this;
    }

    public abstract StompSocket gotHeartBeat();

    /** Not an octet comes for this long. */
    public abstract StompSocket silentFor(Duration time);

    /** The server ends the connection, so where there are close codes; nothing else comes before. */
    public abstract void gotEnd(int closeCode);

    /** Ends the connection without a word. */
    public abstract void vanishes();

    @Override
    public abstract void close();

    private static final class OverTcp extends StompSocket {

        private final RawTcp tcp;

        OverTcp(RawTcp tcp) {
            this.tcp = tcp;
        }

        @Override
        public StompSocket sends(String transcript) {
            tcp.sends(transcript);
            return this;
        }

        @Override
        public StompSocket sends(byte[] bytes) {
            tcp.sends(bytes);
            return this;
        }

        @Override
        public Received next() {
            return Received.of(tcp.frame());
        }

        @Override
        public StompSocket gotHeartBeat() {
            assertThat(tcp.read()).isEqualTo('\n');
            return this;
        }

        @Override
        public StompSocket silentFor(Duration time) {
            tcp.silentFor(time);
            return this;
        }

        @Override
        public void gotEnd(int closeCode) {
            tcp.ended();
        }

        @Override
        public void vanishes() {
            tcp.reset();
        }

        @Override
        public void close() {
            tcp.close();
        }
    }

    private static final class OverWebSocket extends StompSocket {

        private final RawWebSocket webSocket;

        OverWebSocket(RawWebSocket webSocket) {
            this.webSocket = webSocket;
        }

        @Override
        public StompSocket sends(String transcript) {
            webSocket.sends(transcript);
            return this;
        }

        @Override
        public StompSocket sends(byte[] bytes) {
            webSocket.sends(WsFrame.of(WsFrame.BINARY, bytes));
            return this;
        }

        @Override
        public Received next() {
            WsFrame frame = webSocket.message();
            while (frame.text().equals("\n") || frame.opcode() == WsFrame.PING) {
                frame = webSocket.message();
            }
            assertThat(frame.opcode()).as("%s", frame).isIn(WsFrame.TEXT, WsFrame.BINARY);
            return Received.of(frame.text());
        }

        @Override
        public StompSocket gotHeartBeat() {
            WsFrame frame = webSocket.frame();
            assertThat(frame.opcode()).as("%s", frame).isEqualTo(WsFrame.TEXT);
            assertThat(frame.text()).isEqualTo("\n");
            return this;
        }

        @Override
        public StompSocket silentFor(Duration time) {
            webSocket.tcp().silentFor(time);
            return this;
        }

        @Override
        public void gotEnd(int closeCode) {
            webSocket.gotClose(closeCode).closesToo(closeCode);
        }

        @Override
        public void vanishes() {
            webSocket.tcp().reset();
        }

        @Override
        public void close() {
            webSocket.close();
        }
    }
}
