package io.fanfare.client;

import io.fanfare.client.Live.Member;
import io.fanfare.frame.Frame;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads what the broker says about a session: a JSON object (RFC 8259) whose members are strings, numbers and literals. A
 * client that reads nothing else needs no library for it.
 */
final class MemberReader {

    private static final char END = '\0';

    private final String json;
    private int at;

    private MemberReader(String json) {
        this.json = json;
    }

    /** @throws IllegalArgumentException when the body is not such an object, or has no {@code session} */
    static Member read(Frame message) {
        Map<String, String> parts = new MemberReader(message.bodyAsString()).object();
        String session = parts.get("session");
        if (session == null) {
            throw new IllegalArgumentException("a member without a session: " + message.bodyAsString());
        }
        Instant since = Instant.ofEpochMilli(Long.parseLong(parts.getOrDefault("since", "0")));
        String reason = message.headers().get("reason");
        return new Member(session, parts.getOrDefault("user", ""), since, reason);
    }

    private Map<String, String> object() {
        Map<String, String> parts = new HashMap<>();
        expect('{');
        if (peek() != '}') {
            readPart(parts);
            while (peek() == ',') {
                at++;
                readPart(parts);
            }
        }
        expect('}');
        if (peek() != END) {
            throw bad();
        }
        return parts;
    }

    private void readPart(Map<String, String> parts) {
        String name = string();
        expect(':');
        parts.put(name, peek() == '"' ? string() : literal());
    }

    private String string() {
        expect('"');
        StringBuilder text = new StringBuilder();
        for (char c = next(); c != '"'; c = next()) {
            text.append(c == '\\' ? escaped(next()) : c);
        }
        return text.toString();
    }

    private char escaped(char c) {
        return switch (c) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'u' -> (char) Integer.parseInt("" + next() + next() + next() + next(), 16);
            case '"', '\\', '/' -> c;
            default -> throw bad();
        };
    }

    /** A number, {@code true}, {@code false} or {@code null}. */
    private String literal() {
        int start = at;
        while (at < json.length()
                && (Character.isLetterOrDigit(json.charAt(at)) || "+-.".indexOf(json.charAt(at)) >= 0)) {
            at++;
        }
        if (at == start) {
            throw bad();
        }
        return json.substring(start, at);
    }

    /** The next character behind white space; {@link #END} where there is none. */
    private char peek() {
        while (at < json.length() && " \t\r\n".indexOf(json.charAt(at)) >= 0) {
            at++;
        }
        return at < json.length() ? json.charAt(at) : END;
    }

    private void expect(char c) {
        if (peek() != c) {
            throw bad();
        }
        at++;
    }

    private char next() {
        if (at == json.length()) {
            throw bad();
        }
        return json.charAt(at++);
    }

    private IllegalArgumentException bad() {
        return new IllegalArgumentException("not what a broker says about a session: " + json);
    }
}
