package io.fanfare.frame;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Limits on the size of a frame. Each limit is checked while bytes arrive, so that no more than it is ever held.
 *
 * @param maxFrameBytes a whole frame, from its command to its NUL
 * @param maxCommandBytes the command line without its end
 * @param maxHeaderLineBytes one header line without its end
 * @param maxHeaders header lines of one frame
 * @param maxFrameKey what the option for {@code maxFrameBytes} is called, for the text of an ERROR
 */
public record FrameLimits(
        int maxFrameBytes, int maxCommandBytes, int maxHeaderLineBytes, int maxHeaders, String maxFrameKey) {

    /** 4 MiB frames, 32 B commands, 8 KiB header lines, 64 headers. */
    public static final FrameLimits DEFAULT = new FrameLimits(4 << 20, 32, 8 << 10, 64);

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException when one is less than 1; the message names its key
     */
    public FrameLimits {
        checkPositive(maxFrameKey, maxFrameBytes);
        checkPositive("max_command_bytes", maxCommandBytes);
        checkPositive("max_header_line_bytes", maxHeaderLineBytes);
        checkPositive("max_headers", maxHeaders);
    }

    private static void checkPositive(String key, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(key + " must be 1 or more, not " + value);
        }
    }

    public FrameLimits(int maxFrameBytes, int maxCommandBytes, int maxHeaderLineBytes, int maxHeaders) {
        this(maxFrameBytes, maxCommandBytes, maxHeaderLineBytes, maxHeaders, "max_frame_bytes");
    }

    public FrameLimits withMaxFrameBytes(int bytes) {
        return withMaxFrameBytes(bytes, maxFrameKey);
    }

    /** The same with another limit for whole frames, which has an option of its own. */
    public FrameLimits withMaxFrameBytes(int bytes, String key) {
        return new FrameLimits(bytes, maxCommandBytes, maxHeaderLineBytes, maxHeaders, key);
    }

    public FrameLimits withMaxCommandBytes(int bytes) {
        return new FrameLimits(maxFrameBytes, bytes, maxHeaderLineBytes, maxHeaders, maxFrameKey);
    }

    public FrameLimits withMaxHeaderLineBytes(int bytes) {
        return new FrameLimits(maxFrameBytes, maxCommandBytes, bytes, maxHeaders, maxFrameKey);
    }

    public FrameLimits withMaxHeaders(int headers) {
        return new FrameLimits(maxFrameBytes, maxCommandBytes, maxHeaderLineBytes, headers, maxFrameKey);
    }

    /**
     * Makes sure that what did not come as a frame would be allowed in one.
     *
     * @throws ProtocolException when it would not; its text names the limit
     */
    public void check(Headers headers, byte[] body) {
        if (headers.size() > maxHeaders) {
            throw tooLarge("head", "the message has %,d headers", headers.size(), maxHeaders, "max_headers");
        }
        long bytes = body.length;
        for (int i = 0; i < headers.size(); i++) {
            long line = (headers.name(i) + ":" + headers.value(i)).getBytes(UTF_8).length;
            if (line > maxHeaderLineBytes) {
                throw tooLarge("header", "a header has %,d B", line, maxHeaderLineBytes, "max_header_line_bytes");
            }
            bytes += line + 1;
        }
        checkFrame(bytes);
    }

    void checkFrame(long bytes) {
        if (bytes > maxFrameBytes) {
            throw tooLarge("frame", "the frame has %,d B", bytes, maxFrameBytes, maxFrameKey);
        }
    }

    static ProtocolException tooLarge(String what, String text, long actual, long limit, String key) {
        return new ProtocolException(what + " too large", Limits.exceeded(text, actual, limit, key), CloseCode.TOO_BIG);
    }
}
