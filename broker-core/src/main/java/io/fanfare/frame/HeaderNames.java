package io.fanfare.frame;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;

/** A fixed set of header names that can be asked with bytes, so that no string is made for a header that is not read. */
public final class HeaderNames {

    /** The names of each length. */
    private final byte[][][] byLength;

    private HeaderNames(byte[][][] byLength) {
        this.byLength = byLength;
    }

    public static HeaderNames of(String... names) {
        List<byte[]> all =
                Arrays.stream(names).map(name -> name.getBytes(UTF_8)).toList();
        int longest = all.stream().mapToInt(name -> name.length).max().orElse(0);
        byte[][][] byLength = new byte[longest + 1][][];
        for (int length = 0; length <= longest; length++) {
            int wanted = length;
            byLength[length] =
                    all.stream().filter(name -> name.length == wanted).toArray(byte[][]::new);
        }
        return new HeaderNames(byLength);
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
