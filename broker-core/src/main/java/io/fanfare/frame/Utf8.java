package io.fanfare.frame;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Checks UTF-8 as it arrives (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF). One instance follows
 * one text, which may be cut anywhere.
 */
public final class Utf8 {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long NON_ASCII = 0x8080808080808080L;

    /** Continuation bytes that are still to come. */
    private int missing;

    /** What the next continuation byte may be at least and at most. */
    private int low = 0x80;

    private int high = 0xBF;

    public static boolean isValid(byte[] bytes) {
        return isValid(bytes, 0, bytes.length);
    }

    public static boolean isValid(byte[] bytes, int from, int to) {
        int i = skipAscii(bytes, from, to);
        if (i == to) {
            return true;
        }
        Utf8 check = new Utf8();
        return check.accept(bytes, i, to) && check.isComplete();
    }

    /** Takes the next bytes; false when they can't be part of any UTF-8 text. */
    public boolean accept(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to) {
            if (missing == 0) {
                i = skipAscii(bytes, i, to);
                if (i == to) {
                    return true;
                }
                if (!lead(bytes[i++] & 0xFF)) {
                    return false;
                }
            } else {
                int b = bytes[i++] & 0xFF;
                if (b < low || b > high) {
                    return false;
                }
                low = 0x80;
                high = 0xBF;
                missing--;
            }
        }
        return true;
    }

    /** Whether the bytes so far end with a whole character. */
    public boolean isComplete() {
        return missing == 0;
    }

    private boolean lead(int b) {
        if (b >= 0xC2 && b <= 0xDF) {
            missing = 1;
        } else if (b >= 0xE0 && b <= 0xEF) {
            missing = 2;
            low = b == 0xE0 ? 0xA0 : 0x80;
            high = b == 0xED ? 0x9F : 0xBF;
        } else if (b >= 0xF0 && b <= 0xF4) {
            missing = 3;
            low = b == 0xF0 ? 0x90 : 0x80;
            high = b == 0xF4 ? 0x8F : 0xBF;
        } else {
            return false;
        }
        return true;
    }

    private static int skipAscii(byte[] bytes, int from, int to) {
        int i = from;
        // four at a time: most texts are ASCII to their end, and each step has a branch
        while (i + 32 <= to && (longs(bytes, i) & NON_ASCII) == 0) {
            i += 32;
        }
        while (i + 8 <= to && ((long) LONGS.get(bytes, i) & NON_ASCII) == 0) {
            i += 8;
        }
        while (i < to && bytes[i] >= 0) {
            i++;
        }
        return i;
    }

    /** The bits that one of the next four longs has. */
    private static long longs(byte[] bytes, int i) {
        return (long) LONGS.get(bytes, i)
                | (long) LONGS.get(bytes, i + 8)
                | (long) LONGS.get(bytes, i + 16)
                | (long) LONGS.get(bytes, i + 24);
    }
}
