package io.fanfare.frame;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** A fixed set of header names that can be asked with bytes, so that no string is made for a header that is not read. */
public final class HeaderNames {

    /**
     * What only a frame has: what the broker takes away when it accepts a message, and what it writes into the MESSAGE of one
     * subscription. No message has one of them between the two.
     */
    public static final HeaderNames OF_ONE_FRAME = of(
            "ack",
            "browser",
            "conflated",
            "content-length",
            "delivery-count",
            "delta",
            "dropped",
            "epoch",
            "message-id",
            "receipt",
            "recovered",
            "redelivered",
            "replayed",
            "retained",
            "seq",
            "snapshot",
            "subscription",
            "transaction");

    private final List<String> names;

    /** The names of each length. */
    private final byte[][][] byLength;

    /** The {@link #bit} of each name. */
    private final long bits;

    private HeaderNames(List<String> names, byte[][][] byLength, long bits) {
        this.names = names;
        this.byLength = byLength;
        this.bits = bits;
    }

    /** One of 64 bits for a name: most names that differ have different ones. */
    static long bit(int first, int length) {
        return 1L << (7 * length + first);
    }

    /** A set of these names. */
    public static HeaderNames of(String... names) {
        return of(List.of(names));
    }

    private static HeaderNames of(List<String> names) {
        List<byte[]> all = names.stream().map(name -> name.getBytes(UTF_8)).toList();
        int longest = all.stream().mapToInt(name -> name.length).max().orElse(0);
        byte[][][] byLength = new byte[longest + 1][][];
        for (int length = 0; length <= longest; length++) {
            int wanted = length;
            byLength[length] =
                    all.stream().filter(name -> name.length == wanted).toArray(byte[][]::new);
        }
        long bits = all.stream().mapToLong(name -> bit(name[0], name.length)).reduce(0, (some, more) -> some | more);
        return new HeaderNames(names, byLength, bits);
    }

    /** These and some more. */
    public HeaderNames and(String... more) {
        return of(Stream.concat(names.stream(), Arrays.stream(more)).toList());
    }

    /** Each of them, once. */
    public List<String> names() {
        return names;
    }

    /** Whether one of several names may be here, of which these are the bits; false: none is. */
    boolean mayHaveOneOf(long bitsOfNames) {
        return (bits & bitsOfNames) != 0;
    }

    boolean contains(byte[] bytes, int from, int to) {
        int length = to - from;
        if (length == 0 || length >= byLength.length) {
            return false;
        }
        for (byte[] name : byLength[length]) {
            // most differ in the first octet
            if (name[0] == bytes[from] && Arrays.equals(name, 0, length, bytes, from, to)) {
                return true;
            }
        }
        return false;
    }
}
