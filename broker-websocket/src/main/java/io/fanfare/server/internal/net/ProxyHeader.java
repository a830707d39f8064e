package io.fanfare.server.internal.net;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.fanfare.frame.Printable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** Parser of one header of the PROXY protocol, version 1 or 2, as its octets come in. */
final class ProxyHeader {

    /** "\r\n\r\n\0\r\nQUIT\n" (PROXY protocol 2.2). */
    private static final byte[] SIGNATURE = {13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10};

    private static final byte[] TEXT_SIGNATURE = "PROXY ".getBytes(US_ASCII);

    /** Signature, command, family, length. */
    private static final int FIXED_BYTES = 16;

    /** The longest line of version 1 (2.1). */
    private static final int MAX_TEXT_BYTES = 107;

    /** The fixed part, addresses, and the fields that a proxy may add. */
    private static final int MAX_BINARY_BYTES = FIXED_BYTES + 4096;

    private static final int LOCAL = 0x20;
    private static final int PROXY = 0x21;
    private static final int TCP4 = 0x11;
    private static final int TCP6 = 0x21;

    private byte[] bytes = new byte[MAX_TEXT_BYTES];
    private int length;

    /** How many octets the header still needs at least, never more than belong to it; 0: it is complete. */
    int missing() {
        if (length < SIGNATURE.length) {
            // shorter than the shortest header of either version
            return SIGNATURE.length - length;
        }
        if (isBinary()) {
            return length < FIXED_BYTES ? FIXED_BYTES - length : binaryLength() - length;
        }
        return bytes[length - 1] == '\n' ? 0 : 1;
    }

    /**
     * Takes octets, at most {@link #missing} of them.
     *
     * @throws IllegalArgumentException when they are no header
     */
    void add(ByteBuffer part) {
        if (length + part.remaining() > bytes.length) {
            bytes = Arrays.copyOf(bytes, MAX_BINARY_BYTES);
        }
        int count = part.remaining();
        part.get(bytes, length, count);
        length += count;
        check();
    }

    private void check() {
        if (length >= SIGNATURE.length) {
            if (isBinary()) {
                if (length >= FIXED_BYTES && binaryLength() > MAX_BINARY_BYTES) {
                    throw new IllegalArgumentException("a header of " + binaryLength() + " B");
                }
            } else if (!startsWith(TEXT_SIGNATURE)) {
                throw new IllegalArgumentException("it begins with " + Printable.of(text(length)));
            } else if (length == MAX_TEXT_BYTES && bytes[length - 1] != '\n') {
                throw new IllegalArgumentException("a line of more than " + MAX_TEXT_BYTES + " B");
            }
        }
    }

    private boolean isBinary() {
        return startsWith(SIGNATURE);
    }

    private boolean startsWith(byte[] start) {
        return Arrays.equals(bytes, 0, start.length, start, 0, start.length);
    }

    private int binaryLength() {
        return FIXED_BYTES + (ByteBuffer.wrap(bytes).getShort(FIXED_BYTES - 2) & 0xFFFF);
    }

    private String text(int end) {
        return new String(bytes, 0, end, US_ASCII);
    }

    /**
     * The client's address; empty when the proxy connects for itself, or does not know it.
     *
     * @throws IllegalArgumentException when the header is malformed
     */
    Optional<InetSocketAddress> source() {
        return isBinary() ? binarySource() : textSource();
    }

    private Optional<InetSocketAddress> textSource() {
        String line = text(length);
        if (!line.endsWith("\r\n")) {
            throw new IllegalArgumentException("its line does not end with CR LF");
        }
        // PROXY TCP4 192.0.2.1 198.51.100.1 56324 443
        String[] words = line.substring(0, line.length() - 2).split(" ");
        if (words.length > 1 && words[1].equals("UNKNOWN")) {
            return Optional.empty();
        }
        if (words.length != 6 || !(words[1].equals("TCP4") || words[1].equals("TCP6"))) {
            throw new IllegalArgumentException("its line is " + Printable.of(line));
        }
        return Optional.of(new InetSocketAddress(IpLiteral.parse(words[2]), Integer.parseInt(words[4])));
    }

    private Optional<InetSocketAddress> binarySource() {
        int command = bytes[SIGNATURE.length] & 0xFF;
        int family = bytes[SIGNATURE.length + 1] & 0xFF;
        if (command == LOCAL) {
            return Optional.empty();
        }
        if (command != PROXY) {
            throw new IllegalArgumentException("its command is " + command);
        }
        return switch (family) {
            case TCP4 -> Optional.of(address(4));
            case TCP6 -> Optional.of(address(16));
            default -> Optional.empty();
        };
    }

    /** The first of two addresses, behind which stand two ports. */
    private InetSocketAddress address(int size) {
        if (length < FIXED_BYTES + 2 * size + 4) {
            throw new IllegalArgumentException("its addresses are cut off");
        }
        try {
            InetAddress address = InetAddress.getByAddress(Arrays.copyOfRange(bytes, FIXED_BYTES, FIXED_BYTES + size));
            int port = ByteBuffer.wrap(bytes).getShort(FIXED_BYTES + 2 * size) & 0xFFFF;
            return new InetSocketAddress(address, port);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
