package io.fanfare.message;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Percent-encoding of user names in destinations (RFC 3986 2.1): what has a meaning there, or can't be seen, is written as
 * the octets of its UTF-8, {@code %XX} each. Every name can be written so.
 */
final class UserNames {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    /** What separates, stands for other words, or begins an escape. */
    private static final String SPECIAL = "%/,*#>";

    private UserNames() {}

    /** A name as it is written in a destination; {@link #decode} gives it back. */
    static String encode(String name) {
        if (name.chars().noneMatch(UserNames::isEscaped)) {
            return name;
        }
        StringBuilder out = new StringBuilder(name.length() + 8);
        name.codePoints().forEach(character -> {
            if (!isEscaped(character)) {
                out.appendCodePoint(character);
                return;
            }
            for (byte octet : Character.toString(character).getBytes(StandardCharsets.UTF_8)) {
                out.append('%').append(HEX.toHexDigits(octet));
            }
        });
        return out.toString();
    }

    private static boolean isEscaped(int character) {
        return SPECIAL.indexOf(character) >= 0 || DestinationParser.isInvisible(character);
    }

    /** The name that is written so; null when an escape is none, or its octets are not UTF-8. */
    static @Nullable String decode(String written) {
        if (written.indexOf('%') < 0) {
            return written;
        }
        byte[] octets = written.getBytes(StandardCharsets.UTF_8);
        ByteBuffer name = ByteBuffer.allocate(octets.length);
        int i = 0;
        while (i < octets.length) {
            if (octets[i] != '%') {
                name.put(octets[i++]);
                continue;
            }
            if (i + 2 >= octets.length
                    || !HexFormat.isHexDigit(octets[i + 1])
                    || !HexFormat.isHexDigit(octets[i + 2])) {
                return null;
            }
            name.put((byte) (HexFormat.fromHexDigit(octets[i + 1]) << 4 | HexFormat.fromHexDigit(octets[i + 2])));
            i += 3;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(name.flip())
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
