package io.fanfare.cli.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;

/**
 * A server's answer to the handshake.
 *
 * @param status of HTTP; 0 when the answer is not HTTP
 * @param lines of the header, without the first
 */
public record HandshakeResponse(int status, List<String> lines) {

    private static final String END = "\r\n\r\n";

    /** The length of the response in bytes, or 0 while it is incomplete. */
    public static int length(byte[] bytes, int from, int to) {
        int end = new String(bytes, from, to - from, ISO_8859_1).indexOf(END);
        return end < 0 ? 0 : end + END.length();
    }

    /** Parses a whole response. */
    public static HandshakeResponse parse(byte[] bytes, int from, int length) {
        List<String> lines = new ArrayList<>(List.of(new String(bytes, from, length, ISO_8859_1).split("\r\n")));
        String[] status = lines.remove(0).split(" ", 3);
        boolean isHttp = status.length >= 2 && status[0].startsWith("HTTP/") && status[1].matches("\\d{3}");
        return new HandshakeResponse(isHttp ? Integer.parseInt(status[1]) : 0, List.copyOf(lines));
    }

    /** The values of a header, line by line. */
    public List<String> header(String name) {
        List<String> values = new ArrayList<>();
        for (String line : lines) {
            String[] header = line.split(":", 2);
            if (header.length == 2 && header[0].equalsIgnoreCase(name)) {
                values.add(header[1].strip());
            }
        }
        return values;
    }
}
