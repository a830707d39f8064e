package io.fanfare.cli.check;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.frame.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A STOMP frame from the broker, as it is on the wire.
 *
 * @param lines the headers, not unescaped
 */
record Reply(String command, List<String> lines, byte[] body) {

    /** Parses the lines in front of a body. */
    static Reply parse(String head, byte[] body) {
        List<String> lines = new ArrayList<>();
        head.lines().filter(line -> !line.isEmpty()).forEach(lines::add);
        String command = lines.isEmpty() ? "" : lines.remove(0);
        for (String line : lines) {
            Finding.require(line.indexOf(':') > 0, "the header line " + Printable.of(line) + " of " + command);
        }
        return new Reply(command, List.copyOf(lines), body);
    }

    /** The values of a header as they are on the wire, in order. */
    List<String> all(String name) {
        return lines.stream()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1))
                .toList();
    }

    /** The first value of a header as it is on the wire. */
    Optional<String> raw(String name) {
        return all(name).stream().findFirst();
    }

    /** The first value of a header as it is on the wire; fails without one. */
    String need(String name) {
        return raw(name).orElseThrow(() -> Finding.fail(command + " has no " + name));
    }

    String text() {
        return new String(body, UTF_8);
    }

    /** For notes: the command and what tells most about the frame. */
    String summary() {
        String more = command.equals("ERROR")
                ? raw("message").orElseGet(this::text)
                : raw("receipt-id").orElseGet(this::text);
        return command + (more.isEmpty() ? "" : " " + Printable.of(more));
    }

    /** Any value, for notes: quoted, escaped and cut. */
    static String shown(Object value) {
        return value instanceof Number ? value.toString() : Printable.of(String.valueOf(value));
    }
}
