package io.fanfare.cli.bench;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Finds the parts of a whole MESSAGE in an array, eight bytes at a time, without allocation. Anything else (CR LF, an
 * incomplete frame) is left to {@link io.fanfare.frame.FrameDecoder}. Owned by the generator's thread.
 */
final class MessageScanner {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long LINE_FEEDS = '\n' * ONES;
    private static final byte[] COMMAND = "MESSAGE\n".getBytes(StandardCharsets.US_ASCII);
    private static final long COMMAND_BITS = (long) LONGS.get(COMMAND, 0);
    private static final byte[] CONTENT_LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ACK = "ack:".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_DIGITS = 9;
    private static final int UNKNOWN = -1;

    private int ackFrom;
    private int ackTo;
    private int bodyLength;
    private int bodyFrom;
    private int bodyTo;

    /** The start of the {@code ack} header's value, still escaped; equal to {@link #ackTo()} without that header. */
    int ackFrom() {
        return ackFrom;
    }

    int ackTo() {
        return ackTo;
    }

    int bodyFrom() {
        return bodyFrom;
    }

    int bodyTo() {
        return bodyTo;
    }

    /**
     * Scans one frame.
     *
     * @return the start of the next frame; {@code from} when there is no whole MESSAGE at {@code from}
     */
    int scan(byte[] bytes, int from, int to) {
        if (to - from <= COMMAND.length
                || (long) LONGS.get(bytes, from) != COMMAND_BITS
                || !readHead(bytes, from, to)) {
            return from;
        }
        if (bodyLength == UNKNOWN) {
            bodyTo = bodyFrom;
            while (bodyTo < to && bytes[bodyTo] != 0) {
                bodyTo++;
            }
        } else {
            bodyTo = bodyFrom + bodyLength;
        }
        return bodyTo < to && bytes[bodyTo] == 0 ? endOfLines(bytes, bodyTo + 1, to) : from;
    }

    private boolean readHead(byte[] bytes, int from, int to) {
        ackFrom = 0;
        ackTo = 0;
        bodyLength = UNKNOWN;
        int line = from + COMMAND.length;
        int end = lineFeed(bytes, line, to);
        while (end > line) {
            if (bytes[end - 1] == '\r') {
                return false;
            }
            byte first = bytes[line];
            // STOMP 1.2, Repeated Header Entries: the first counts
            if (first == 'c' && bodyLength == UNKNOWN && startsWith(bytes, line, end, CONTENT_LENGTH)) {
                bodyLength = number(bytes, line + CONTENT_LENGTH.length, end);
                if (bodyLength == UNKNOWN) {
                    return false;
                }
            } else if (first == 'a' && ackTo == 0 && startsWith(bytes, line, end, ACK)) {
                ackFrom = line + ACK.length;
                ackTo = end;
            }
            line = end + 1;
            end = lineFeed(bytes, line, to);
        }
        bodyFrom = end + 1;
        return end >= 0;
    }

    /** The position of the next line feed, or -1. */
    private static int lineFeed(byte[] bytes, int from, int to) {
        int at = from;
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            // line feeds become zero bytes; the lowest zero byte is found exactly, higher ones perhaps not
            long zeros = (long) LONGS.get(bytes, at) ^ LINE_FEEDS;
            long found = (zeros - ONES) & ~zeros & (ONES << 7);
            if (found != 0) {
                return at + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        for (; at < to; at++) {
            if (bytes[at] == '\n') {
                return at;
            }
        }
        return -1;
    }

    private static boolean startsWith(byte[] bytes, int from, int to, byte[] prefix) {
        if (to - from < prefix.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if (bytes[from + i] != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    private static int number(byte[] bytes, int from, int to) {
        if (from == to || to - from > MAX_DIGITS) {
            return UNKNOWN;
        }
        int number = 0;
        for (int i = from; i < to; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                return UNKNOWN;
            }
            number = 10 * number + digit;
        }
        return number;
    }

    private static int endOfLines(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && bytes[at] == '\n') {
            at++;
        }
        return at;
    }
}
