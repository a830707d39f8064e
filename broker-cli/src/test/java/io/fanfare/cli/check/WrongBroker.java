package io.fanfare.cli.check;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A server that answers in wrong ways, over TCP and WebSocket. Text is Latin-1 here, so that every octet passes. */
final class WrongBroker implements AutoCloseable {

    /** What is wrong. */
    enum Fault {
        /** Never says anything. */
        MUTE,
        /** Says CONNECTED, and then nothing, not even the heart-beats that it promises. */
        SILENT,
        /**
         * Takes everything: every frame has its RECEIPT, every SEND is delivered at once to all subscriptions, with the
         * sender's headers as they are. Knows no version, length, escape, transaction, acknowledgement or refusal, and
         * sends heart-beats to all.
         */
        AGREEABLE,
        /** As AGREEABLE, but bodies and values of a MESSAGE are other ones. */
        GARBLING,
        /** As AGREEABLE, but RECEIPTs have other ids. */
        MISNUMBERING,
        /**
         * Does what specifications allow or leave open: takes WebSocket's drafts 7 and 8, too; gives unknown commands a
         * RECEIPT and nothing else; leaves out header lines that are none; sends heart-beats to all clients that ask. Ends
         * the connection at DISCONNECT, and forgets the RECEIPT, which is wrong.
         */
        PECULIAR
    }

    private static final Set<String> COMMANDS =
            Set.of("CONNECT", "STOMP", "SEND", "SUBSCRIBE", "UNSUBSCRIBE", "ACK", "NACK", "BEGIN", "COMMIT", "ABORT");

    private static final int BEAT_MILLIS = 300;

    private final Fault fault;
    private final ServerSocket listener;
    private final Map<Connection, List<String>> subscriptions = new ConcurrentHashMap<>();
    private final List<Socket> sockets = new ArrayList<>();
    private final ScheduledExecutorService beats = Executors.newSingleThreadScheduledExecutor();

    private WrongBroker(Fault fault, ServerSocket listener) {
        this.fault = fault;
        this.listener = listener;
    }

    static WrongBroker start(Fault fault) {
        try {
            WrongBroker broker = new WrongBroker(fault, new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
            thread(broker::accept);
            return broker;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    private static void thread(Runnable task) {
        Thread thread = new Thread(task, "wrong-broker");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (!listener.isClosed()) {
                Socket socket = listener.accept();
                synchronized (sockets) {
                    sockets.add(socket);
                }
                Connection connection = new Connection(socket);
                thread(connection::serve);
            }
        } catch (IOException e) {
            // closed
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
            beats.shutdownNow();
            synchronized (sockets) {
                for (Socket socket : sockets) {
                    socket.close();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class Connection {

        private final Socket socket;
        private final StringBuilder received = new StringBuilder();
        private boolean webSocket;

        Connection(Socket socket) {
            this.socket = socket;
        }

        void serve() {
            try {
                InputStream in = new BufferedInputStream(socket.getInputStream());
                int first = in.read();
                webSocket = first == 'G';
                if (webSocket) {
                    upgrade(in);
                } else {
                    take((byte) first);
                }
                for (int b = in.read(); b >= 0; b = in.read()) {
                    if (webSocket) {
                        frame(in, in.read());
                    } else {
                        take((byte) b);
                    }
                }
            } catch (IOException e) {
                // the client has closed
            }
        }

        /** Any request is welcome, with a sub-protocol, an extension and the key of RFC 6455 1.3, whatever was asked. */
        private void upgrade(InputStream in) throws IOException {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) in.read());
            }
            if (fault == Fault.PECULIAR && !head.toString().matches("(?s).*Sec-WebSocket-Version: (7|8|13)\r\n.*")) {
                write("HTTP/1.1 426 Upgrade Required\r\nSec-WebSocket-Version: 13\r\n\r\n".getBytes(ISO_8859_1));
                return;
            }
            String key = head.toString().replaceFirst("(?s).*Sec-WebSocket-Key: (\\S+).*", "$1");
            String wrong = "Sec-WebSocket-Protocol: wrong\r\nSec-WebSocket-Extensions: x-wrong\r\n";
            write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + (fault == Fault.PECULIAR ? "" : wrong)
                            + "Sec-WebSocket-Accept: " + accept(key) + "\r\n\r\n")
                    .getBytes(ISO_8859_1));
        }

        private static String accept(String key) {
            try {
                byte[] digest = MessageDigest.getInstance("SHA-1")
                        .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(ISO_8859_1));
                return Base64.getEncoder().encodeToString(digest);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }

        /** Takes any frame for data, and answers no control frame. */
        private void frame(InputStream in, int second) throws IOException {
            long length = second & 0x7F;
            int more = length == 126 ? 2 : length == 127 ? 8 : 0;
            if (more > 0) {
                length = 0;
                for (byte b : in.readNBytes(more)) {
                    length = (length << 8) | (b & 0xFF);
                }
            }
            byte[] mask = (second & 0x80) == 0 ? new byte[4] : in.readNBytes(4);
            byte[] payload = in.readNBytes((int) length);
            for (int i = 0; i < payload.length; i++) {
                take((byte) (payload[i] ^ mask[i & 3]));
            }
        }

        private void take(byte b) throws IOException {
            if (b != 0) {
                if (received.length() > 0 || b != '\n') {
                    received.append((char) (b & 0xFF));
                }
                return;
            }
            String frame = received.toString();
            received.setLength(0);
            handle(frame);
        }

        private void handle(String frame) throws IOException {
            if (socket.isClosed()) {
                return;
            }
            String command = frame.lines().findFirst().orElse("");
            if (fault == Fault.PECULIAR && command.equals("DISCONNECT")) {
                end();
            } else if (fault == Fault.PECULIAR && !COMMANDS.contains(command)) {
                receipt(header(frame, "receipt"));
            } else if (frame.startsWith("CONNECT") || frame.startsWith("STOMP")) {
                connected(header(frame, "accept-version"), header(frame, "heart-beat"));
            } else if (fault != Fault.SILENT && fault != Fault.MUTE) {
                String destination = header(frame, "destination");
                if (frame.startsWith("SUBSCRIBE")) {
                    // before the receipt, behind which another connection sends
                    subscriptions
                            .computeIfAbsent(this, key -> new CopyOnWriteArrayList<>())
                            .add(destination);
                }
                receipt(header(frame, "receipt"));
                if (command.toUpperCase(Locale.ROOT).startsWith("SEND")) {
                    deliver(destination, frame);
                }
            }
        }

        /** Ends the connection, over WebSocket with a Close of code 1000. */
        private void end() throws IOException {
            if (webSocket) {
                write(new byte[] {(byte) 0x88, 2, 1000 >> 8, (byte) 1000});
            }
            socket.close();
        }

        /** Takes the last version, whatever it is. */
        private void connected(String versions, String heartBeat) throws IOException {
            String version = versions.isEmpty() ? "1.2" : versions.replaceFirst(".*,", "");
            if (fault != Fault.MUTE) {
                send("CONNECTED\nversion:" + version + "\nsession:one\nheart-beat:1000,1000\n\n\0");
            }
            boolean asked = fault != Fault.PECULIAR || heartBeat.matches("\\d+,[1-9].*");
            if (fault != Fault.MUTE && fault != Fault.SILENT && asked) {
                beats.scheduleAtFixedRate(this::beat, BEAT_MILLIS, BEAT_MILLIS, TimeUnit.MILLISECONDS);
            }
        }

        private void beat() {
            try {
                send("\n");
            } catch (IOException e) {
                // ends the schedule
                throw new UncheckedIOException("the client has closed", e);
            }
        }

        private void receipt(String id) throws IOException {
            if (!id.isEmpty()) {
                send("RECEIPT\nreceipt-id:" + (fault == Fault.MISNUMBERING ? id + "x" : id) + "\n\n\0");
            }
        }

        private static String header(String frame, String name) {
            return frame.lines()
                    .filter(line -> line.startsWith(name + ":"))
                    // the last counts
                    .reduce("", (first, second) -> second.substring(name.length() + 1));
        }

        private void send(String text) throws IOException {
            byte[] bytes = text.getBytes(ISO_8859_1);
            if (!webSocket) {
                write(bytes);
                return;
            }
            ByteArrayOutputStream frame = new ByteArrayOutputStream();
            frame.write(0x81);
            if (bytes.length < 126) {
                frame.write(bytes.length);
            } else {
                frame.write(126);
                frame.write(bytes.length >> 8);
                frame.write(bytes.length);
            }
            frame.writeBytes(bytes);
            write(frame.toByteArray());
        }

        private synchronized void write(byte[] bytes) throws IOException {
            OutputStream out = socket.getOutputStream();
            out.write(bytes);
        }
    }

    private void deliver(String destination, String frame) throws IOException {
        int end = frame.indexOf("\n\n");
        String head = end < 0 ? frame : frame.substring(frame.indexOf('\n') + 1, end + 1);
        String body = end < 0 ? "" : frame.substring(end + 2);
        if (fault == Fault.GARBLING) {
            head = head.replaceAll("(?m)^(?!destination)(.*):.*$", "$1:garbled");
            body = "garbled";
        } else if (fault == Fault.PECULIAR) {
            head = head.replaceAll("(?m)^(:.*|[^:\n]+)\n", "");
        }
        for (Map.Entry<Connection, List<String>> each : subscriptions.entrySet()) {
            if (each.getValue().contains(destination)) {
                each.getKey()
                        .send("MESSAGE\nmessage-id:1\nsubscription:first\nack:1\n"
                                + head.replaceAll("(?m)^(receipt|content-length):.*\n", "") + "\n" + body + "\0");
            }
        }
    }
}
