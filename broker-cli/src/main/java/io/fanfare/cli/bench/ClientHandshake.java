package io.fanfare.cli.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The client side of one WebSocket handshake (RFC 6455 4.1). */
final class ClientHandshake {

    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final String END = "\r\n\r\n";

    private final URI url;
    private final String key;

    ClientHandshake(URI url) {
        this.url = url;
        byte[] nonce = new byte[16];
        ThreadLocalRandom.current().nextBytes(nonce);
        this.key = Base64.getEncoder().encodeToString(nonce);
    }

    byte[] request() {
        String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        return ("GET " + path + query + " HTTP/1.1\r\n"
                        + "Host: " + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort()) + "\r\n"
                        + "Upgrade: websocket\r\n"
                        + "Connection: Upgrade\r\n"
                        + "Sec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: " + key + "\r\n"
                        + "Sec-WebSocket-Protocol: v12.stomp\r\n\r\n")
                .getBytes(ISO_8859_1);
    }

    /** The length of the response in bytes, or 0 while it is incomplete. */
    static int length(byte[] bytes, int from, int to) {
        int end = new String(bytes, from, to - from, ISO_8859_1).indexOf(END);
        return end < 0 ? 0 : end + END.length();
    }

    /** Checks a response: null when it is right, else a sentence that says what is wrong. */
    @Nullable
    String refusal(byte[] bytes, int from, int length) {
        String[] lines = new String(bytes, from, length, ISO_8859_1).split("\r\n");
        String[] status = lines[0].split(" ", 3);
        if (status.length < 2 || !status[0].startsWith("HTTP/")) {
            return url + " does not speak HTTP";
        }
        if (!status[1].equals("101")) {
            return url + " answered HTTP " + status[1] + " to the WebSocket handshake";
        }
        for (String line : lines) {
            String[] header = line.split(":", 2);
            if (header.length == 2
                    && header[0].equalsIgnoreCase("Sec-WebSocket-Accept")
                    && header[1].strip().equals(accept())) {
                return null;
            }
        }
        return url + " answered the WebSocket handshake with another key";
    }

    private String accept() {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            return Base64.getEncoder().encodeToString(sha1.digest((key + GUID).getBytes(ISO_8859_1)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }
}
