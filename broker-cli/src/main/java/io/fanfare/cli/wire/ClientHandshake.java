package io.fanfare.cli.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The client side of one WebSocket handshake (RFC 6455 4.1). */
public final class ClientHandshake {

    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private final URI url;
    private final String key;

    public ClientHandshake(URI url) {
        this.url = url;
        byte[] nonce = new byte[16];
        ThreadLocalRandom.current().nextBytes(nonce);
        this.key = Base64.getEncoder().encodeToString(nonce);
    }

    /** A request for WebSocket 13 with further header lines, such as {@code Sec-WebSocket-Protocol: v12.stomp}. */
    public byte[] request(String... more) {
        return request(13, List.of(more));
    }

    /** A request for another version of WebSocket. */
    public byte[] request(int version, List<String> more) {
        StringBuilder lines = new StringBuilder();
        more.forEach(line -> lines.append(line).append("\r\n"));
        String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        return ("GET " + path + query + " HTTP/1.1\r\n"
                        + "Host: " + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort()) + "\r\n"
                        + "Upgrade: websocket\r\n"
                        + "Connection: Upgrade\r\n"
                        + "Sec-WebSocket-Version: " + version + "\r\n"
                        + "Sec-WebSocket-Key: " + key + "\r\n" + lines + "\r\n")
                .getBytes(ISO_8859_1);
    }

    /** Checks a response: null when it is right, else a sentence that says what is wrong. */
    public @Nullable String refusal(HandshakeResponse response) {
        if (response.status() == 0) {
            return url + " does not speak HTTP";
        }
        if (response.status() != 101) {
            return url + " answered HTTP " + response.status() + " to the WebSocket handshake";
        }
        return response.header("Sec-WebSocket-Accept").equals(List.of(accept()))
                ? null
                : url + " answered the WebSocket handshake with another key";
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
