package io.fanfare.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;

/** A WebSocket client that does what it is told, right or wrong, and answers nothing by itself. */
public final class RawWebSocket implements AutoCloseable {

    public static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    private final RawTcp tcp;
    private final Response response;

    private RawWebSocket(RawTcp tcp, Response response) {
        this.tcp = tcp;
        this.response = response;
    }

    /** What the server answered to a handshake; a body only when it refused. */
    public record Response(int status, List<String> lines, String body) {

        /** The values of a header, line by line. */
        public List<String> header(String name) {
            String prefix = name.toLowerCase(Locale.ROOT) + ":";
            return lines.stream()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
                    .map(line -> line.substring(prefix.length()).strip())
                    .toList();
        }
    }

    /** A proper handshake with further header lines. */
    public static String request(String... moreLines) {
        StringBuilder more = new StringBuilder();
        for (String line : moreLines) {
            more.append(line).append("\r\n");
        }
        return "GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + KEY + "\r\n" + more + "\r\n";
    }

    /** Makes a handshake that must succeed. */
    public static RawWebSocket open(RawTcp tcp, String... moreLines) {
        Response response = handshake(tcp, request(moreLines));
        assertThat(response.status()).as("%s", response).isEqualTo(101);
        return new RawWebSocket(tcp, response);
    }

    /** Sends any request and reads the answer. */
    public static Response handshake(RawTcp tcp, String request) {
        return response(tcp.sends(request.getBytes(ISO_8859_1)));
    }

    public static Response response(RawTcp tcp) {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
            head.write(tcp.read());
        }
        List<String> lines = head.toString(ISO_8859_1).lines().toList();
        int status = Integer.parseInt(lines.get(0).split(" ")[1]);
        String body = status == 101 ? "" : new String(tcp.readToEnd(), ISO_8859_1);
        return new Response(status, lines, body);
    }

    public Response response() {
        return response;
    }

    public RawTcp tcp() {
        return tcp;
    }

    public RawWebSocket sends(WsFrame... frames) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (WsFrame frame : frames) {
            all.writeBytes(frame.bytes());
        }
        tcp.sends(all.toByteArray());
        return this;
    }

    /** Sends a transcript in one text message. */
    public RawWebSocket sends(String transcript) {
        return sends(WsFrame.text(transcript));
    }

    public RawWebSocket connects() {
        return sends("CONNECT\naccept-version:1.2\nhost:test\n\n^@").gotStart("CONNECTED\nversion:1.2\n");
    }

    /** The next WebSocket frame from the server. */
    public WsFrame frame() {
        int first = tcp.read();
        int second = tcp.read();
        assertThat(second & 0x80).as("a server never masks").isZero();
        long length = second & 0x7F;
        if (length == 126) {
            length = ByteBuffer.wrap(tcp.read(2)).getShort() & 0xFFFF;
        } else if (length == 127) {
            length = ByteBuffer.wrap(tcp.read(8)).getLong();
        }
        byte[] payload = tcp.read(Math.toIntExact(length));
        return new WsFrame((first & 0x80) != 0, first >> 4 & 7, first & 15, false, payload);
    }

    /** The next message, in one piece, or the next control frame; no control frame comes between its fragments. */
    public WsFrame message() {
        WsFrame first = frame();
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        payload.writeBytes(first.payload());
        for (WsFrame part = first; !part.last(); ) {
            part = frame();
            assertThat(part.opcode()).as("%s", part).isEqualTo(WsFrame.CONTINUATION);
            payload.writeBytes(part.payload());
        }
        return new WsFrame(true, first.reserved(), first.opcode(), false, payload.toByteArray());
    }

    /** The next text message must be this frame; {@code *} stands for anything within a line. */
    public RawWebSocket got(String transcript) {
        WsFrame frame = frame();
        assertThat(frame.opcode()).as("%s", frame).isEqualTo(WsFrame.TEXT);
        assertThat(frame.text()).matches(Transcript.pattern(transcript));
        return this;
    }

    /** The next text message must begin like this. */
    public RawWebSocket gotStart(String transcript) {
        WsFrame frame = frame();
        assertThat(frame.opcode()).as("%s", frame).isEqualTo(WsFrame.TEXT);
        assertThat(Transcript.pattern(transcript).matcher(frame.text()).lookingAt())
                .as("%s begins with %s", frame, transcript)
                .isTrue();
        return this;
    }

    /** The next frame must be an ERROR with this {@code message}. */
    public RawWebSocket gotError(String message) {
        return gotStart("ERROR\nmessage:" + message + "\n");
    }

    /** The next frames are an ERROR and a Close with this code, which tell the same reason. */
    public RawWebSocket gotDismissal(int code) {
        String error = frame().text();
        WsFrame close = frame();
        assertThat(close.closeCode()).as("%s behind %s", close, error).isEqualTo(code);
        String reason = new String(close.payload(), 2, close.payload().length - 2, UTF_8);
        assertThat(Received.of(error).command()).isEqualTo("ERROR");
        assertThat(Received.of(error).header("message")).isNotEmpty().isEqualTo(reason);
        return this;
    }

    public RawWebSocket gotPong(String payload) {
        WsFrame frame = frame();
        assertThat(frame.opcode()).as("%s", frame).isEqualTo(WsFrame.PONG);
        assertThat(frame.text()).isEqualTo(payload);
        return this;
    }

    /** The next frame must be a Close with this code. */
    public RawWebSocket gotClose(int code) {
        WsFrame frame = frame();
        assertThat(frame.opcode()).as("%s", frame).isEqualTo(WsFrame.CLOSE);
        assertThat(frame.closeCode()).as("%s", frame).isEqualTo(code);
        assertThat(frame.payload().length).isLessThanOrEqualTo(125);
        return this;
    }

    /** Answers the server's Close, upon which it must end the connection. */
    public void closesToo(int code) {
        sends(WsFrame.close(code));
        tcp.ended();
    }

    @Override
    public void close() {
        tcp.close();
    }
}
