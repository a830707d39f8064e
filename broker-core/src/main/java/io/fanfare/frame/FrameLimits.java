package io.fanfare.frame;

/**
 * How large a frame may be. Each limit is checked while bytes arrive, so that no more than it is ever held.
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

    public FrameLimits {
        if (maxFrameBytes < 1 || maxCommandBytes < 1 || maxHeaderLineBytes < 1 || maxHeaders < 1) {
            throw new IllegalArgumentException("limits are at least 1");
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

    void checkFrame(long bytes) {
        if (bytes > maxFrameBytes) {
            throw tooLarge("frame", "the frame has %,d B", bytes, maxFrameBytes, maxFrameKey);
        }
    }

    static ProtocolException tooLarge(String what, String text, long actual, long limit, String key) {
        return new ProtocolException(what + " too large", Limits.exceeded(text, actual, limit, key), CloseCode.TOO_BIG);
    }
}
