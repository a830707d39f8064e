package io.fanfare.testkit.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A STOMP frame as it stands on the wire, read without the broker's codec. As text the NUL is {@code ^@}, as in STOMP's
 * specification: {@code SEND\ndestination:/topic/a\n\nhello^@}.
 *
 * @param command the first line
 * @param headers lines as they came, escapes and all
 * @param body octets between the empty line and the NUL; not to be changed
 */
public record StompFrame(String command, List<String> headers, byte[] body) {

    /** Headers that a transcript need not write down; when it does, they count. */
    private static final Set<String> OPTIONAL = Set.of(
            "timestamp",
            "message-id",
            "content-length",
            "server",
            "session",
            "heart-beat",
            "matched",
            "delivered",
            "queued",
            "dropped");

    private static final Set<String> SECRET = Set.of("passcode", "authorization");
    /** Where a client sends its next token. */
    private static final String RENEWAL = "/broker/auth";

    private static final int SHOWN_BODY_CHARS = 300;

    public StompFrame {
        headers = List.copyOf(headers);
    }

    /**
     * Reads a frame as a test writes it.
     *
     * @param transcript ends with {@code ^@}
     * @throws IllegalArgumentException when it is not a whole frame
     */
    public static StompFrame of(String transcript) {
        if (!transcript.endsWith("^@") || !transcript.contains("\n\n")) {
            throw new IllegalArgumentException(
                    "a frame has an empty line behind its headers and ends with ^@: " + transcript);
        }
        return parse(octets(transcript.substring(0, transcript.length() - 2)));
    }

    /** The octets of a transcript, in which {@code ^@} is the NUL. */
    public static byte[] octets(String transcript) {
        return transcript.replace("^@", "\0").getBytes(UTF_8);
    }

    /**
     * Reads a frame from its octets, without the NUL at its end; lines may end with CR LF.
     *
     * @throws IllegalArgumentException when there is no empty line
     */
    public static StompFrame parse(byte[] octets) {
        List<String> lines = new ArrayList<>();
        int line = 0;
        for (int i = 0; i < octets.length; i++) {
            if (octets[i] == '\n') {
                int end = i > line && octets[i - 1] == '\r' ? i - 1 : i;
                if (end == line && !lines.isEmpty()) {
                    return new StompFrame(
                            lines.get(0),
                            lines.subList(1, lines.size()),
                            Arrays.copyOfRange(octets, i + 1, octets.length));
                }
                lines.add(new String(octets, line, end - line, UTF_8));
                line = i + 1;
            }
        }
        throw new IllegalArgumentException("no empty line in " + new String(octets, UTF_8));
    }

    /** The octets of the frame, with the NUL. */
    public byte[] octets() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(command.getBytes(UTF_8));
        headers.forEach(line -> out.writeBytes(("\n" + line).getBytes(UTF_8)));
        out.writeBytes(new byte[] {'\n', '\n'});
        out.writeBytes(body);
        out.write(0);
        return out.toByteArray();
    }

    /**
     * The value of the first header of this name, its escapes resolved as STOMP 1.2 says.
     *
     * @throws AssertionError when there is none
     */
    public String header(String name) {
        return find(name).orElseThrow(() -> new AssertionError("no header " + name + " in\n" + this));
    }

    /** The value of the first header of this name, its escapes resolved as STOMP 1.2 says. */
    public Optional<String> find(String name) {
        return headers.stream()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> unescape(line.substring(name.length() + 1)))
                .findFirst();
    }

    private static String unescape(String value) {
        if (value.indexOf('\\') < 0) {
            return value;
        }
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c != '\\' || i + 1 == value.length()) {
                plain.append(c);
                continue;
            }
            char letter = value.charAt(++i);
            plain.append(
                    switch (letter) {
                        case 'n' -> "\n";
                        case 'r' -> "\r";
                        case 'c' -> ":";
                        case '\\' -> "\\";
                        default -> "\\" + letter;
                    });
        }
        return plain.toString();
    }

    /** The body read as UTF-8. */
    public String text() {
        return new String(body, UTF_8);
    }

    /**
     * Whether this frame is what was expected: {@code *} in a header or in the body of that stands for any text, and of the
     * headers that it does not have, {@code timestamp}, {@code message-id}, {@code content-length} and those that CONNECTED and
     * RECEIPT bring by the broker's choice do not matter.
     */
    public boolean matches(StompFrame expected) {
        if (!command.equals(expected.command)
                || !glob(expected.text()).matcher(text()).matches()) {
            return false;
        }
        List<String> left = new ArrayList<>(headers);
        for (String line : expected.headers) {
            Pattern pattern = glob(line);
            Optional<String> found = left.stream()
                    .filter(each -> pattern.matcher(each).matches())
                    .findFirst();
            if (found.isEmpty()) {
                return false;
            }
            left.remove(found.get());
        }
        return left.stream().allMatch(this::isOptional);
    }

    private boolean isOptional(String line) {
        String name = line.substring(0, Math.max(0, line.indexOf(':')));
        return OPTIONAL.contains(name) || (command.equals("ERROR") && name.equals("content-type"));
    }

    private static Pattern glob(String text) {
        return Pattern.compile("\\Q" + text.replace("*", "\\E.*\\Q") + "\\E", Pattern.DOTALL);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StompFrame that
                && command.equals(that.command)
                && headers.equals(that.headers)
                && Arrays.equals(body, that.body);
    }

    @Override
    public int hashCode() {
        return Objects.hash(command, headers, Arrays.hashCode(body));
    }

    /** The frame as a transcript; passcodes and tokens are hidden, and long bodies cut. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder(command);
        for (String line : headers) {
            out.append('\n').append(isSecret(line) ? line.substring(0, line.indexOf(':')) + ":***" : line);
        }
        // PROTOCOL: the token of a renewal may be the body
        String text = isRenewal() ? "***" : text().replace("\0", "^@");
        out.append("\n\n");
        if (text.length() > SHOWN_BODY_CHARS) {
            out.append(text, 0, SHOWN_BODY_CHARS)
                    .append("... ")
                    .append(body.length)
                    .append(" bytes");
        } else {
            out.append(text);
        }
        return out.append("^@").toString();
    }

    private boolean isRenewal() {
        return body.length > 0 && find("destination").filter(RENEWAL::equals).isPresent();
    }

    private static boolean isSecret(String line) {
        int colon = line.indexOf(':');
        return colon > 0 && SECRET.contains(line.substring(0, colon).strip().toLowerCase(Locale.ROOT));
    }

    /** A text with the secrets of its lines hidden, for what is no frame. */
    public static String withoutSecrets(String text) {
        return text.lines()
                .map(line -> isSecret(line) ? line.substring(0, line.indexOf(':')) + ":***" : line)
                .collect(Collectors.joining("\n"));
    }
}
