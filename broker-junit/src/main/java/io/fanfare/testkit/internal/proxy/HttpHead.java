package io.fanfare.testkit.internal.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Collects the head of an HTTP request or answer. Not thread-safe. */
final class HttpHead {

    private static final int MOST_BYTES = 64 << 10;
    private static final String END = "\r\n\r\n";
    private static final String OFFER = "sec-websocket-protocol:";

    private final ByteArrayOutputStream octets = new ByteArrayOutputStream();

    void add(byte[] more, int length) {
        octets.write(more, 0, length);
    }

    /** Whether its end has come, or it is too long for one. */
    boolean isWhole() {
        return text().contains(END) || octets.size() > MOST_BYTES;
    }

    private String text() {
        return octets.toString(ISO_8859_1);
    }

    boolean asksForWebSocket() {
        return text().toLowerCase(Locale.ROOT).contains("\r\nupgrade: websocket\r\n");
    }

    boolean grantsWebSocket() {
        return text().startsWith("HTTP/1.1 101 ");
    }

    /** For a transcript: without the query, in which applications have tokens. */
    String firstLine() {
        return text().lines().findFirst().orElse("").replaceFirst("\\?\\S*", "?***");
    }

    /** The octets of the head, without these sub-protocols; an offer of these alone becomes one that the broker refuses. */
    byte[] head(Set<String> refused) {
        String text = text();
        int end = text.indexOf(END);
        String head = end < 0 ? text : text.substring(0, end + END.length());
        if (refused.isEmpty()) {
            return head.getBytes(ISO_8859_1);
        }
        return Arrays.stream(head.split("\r\n", -1))
                .map(line -> line.toLowerCase(Locale.ROOT).startsWith(OFFER) ? without(refused, line) : line)
                .collect(Collectors.joining("\r\n"))
                .getBytes(ISO_8859_1);
    }

    private static String without(Set<String> refused, String line) {
        List<String> left = Arrays.stream(line.substring(OFFER.length()).split(","))
                .map(String::strip)
                .filter(each -> !refused.contains(each))
                .toList();
        return "Sec-WebSocket-Protocol: " + (left.isEmpty() ? "refused-by-test" : String.join(", ", left));
    }

    /** The octets behind the head. */
    byte[] rest() {
        int end = text().indexOf(END);
        byte[] all = octets.toByteArray();
        return end < 0 ? new byte[0] : Arrays.copyOfRange(all, end + END.length(), all.length);
    }
}
